"""What a sentence states that tells how it is now: "Maya moved to Oslo", "I quit climbing and took up chess". Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.clauses import (
    Parts,
    Read,
    clause,
    key_of,
    readings_of,
    subject_of,
    value_of,
    whose,
)
from commonplace.models.reader.changing.events import EVENTS, HOME, JOB, LOVE, MEASURED, SCHOOLS, WHAT_ONE_IS
from commonplace.models.reader.changing.requesting import renames, sets, swaps
from commonplace.models.reader.changing.statement import ANYONE, LATEST, Does, Statement
from commonplace.models.reader.language.doings import key_of_doing
from commonplace.models.reader.language.occupations import OUT_OF_WORK, is_occupation


def _predicates(part: Parts) -> Iterator[Statement]:
    """ "My wife is a doula": the key is what she is, where "wife" itself is somebody."""
    subject, value = part["key"], part["value"]
    if re.match(r"(?:no longer|not|never)\b", value):
        return
    yield from sets(part)
    if re.match(r"(?:an?|the) ", value):
        yield Statement(Does.SETS, subject_of(subject), WHAT_ONE_IS, value_of(value))
    else:
        keys = _STATES[:-1] if re.match(r"[a-z]+ing \S", value) else _STATES
        yield Statement(Does.SETS, subject_of(subject), keys, value_of(value), must_stand=True)
        if value_of(value).casefold() in OUT_OF_WORK:
            yield Statement(Does.SETS, subject_of(subject), WHAT_ONE_IS, value_of(value), must_stand=True)


def _changes_from(part: Parts) -> Iterator[Statement]:
    yield from (replace(one, is_change=True) for one in sets(part))


def _is_the_new(part: Parts) -> Iterator[Statement]:
    """ "Rosa is the new treasurer of my club": the name is the value."""
    owner, key = whose(part["key"])
    if owner != ANYONE:
        yield Statement(Does.SETS, owner, (key,), part["value"], is_change="new" in part["key"].split(), is_named=True)


def _is_no_more(part: Parts) -> Iterator[Statement]:
    owner, key = whose(part["key"])
    if owner != ANYONE:
        yield Statement(Does.REMOVES, owner, (key,), value_of(part["value"]), must_stand=True)


def _is_not_but(part: Parts) -> Iterator[Statement]:
    owner, key = whose(part["key"])
    new, old = value_of(part["value"]), value_of(part["old"])
    yield Statement(Does.REPLACES, owner, (key,), new, old, is_change=True, must_stand=True)
    yield Statement(Does.REPLACES, subject_of(part["key"]), (), new, old, is_change=True, must_stand=True)


def _has_or_not(part: Parts) -> Iterator[Statement]:
    """ "My car has winter tyres now": a fact that says yes or no."""
    value = "No" if part["none"] else "Yes"
    yield Statement(Does.SETS, subject_of(part["who"]), (part["key"],), value, verb="has", must_stand=True)


def _relates(part: Parts) -> Iterator[Statement]:
    """ "I supervise Lowri Vance"."""
    key = key_of_doing(part["verb"])
    if key:
        yield Statement(Does.ADDS, subject_of(part["who"]), (key,), part["value"], is_named=True)


def _have_named(part: Parts) -> Iterator[Statement]:
    """ "I have two sons, Abel and Bo"."""
    names = fitting.items(part["value"])
    if fitting.is_plural(part["key"]) and len(names) == _COUNTS.get(part["count"].casefold(), len(names)):
        yield Statement(Does.ADDS, subject_of(part["who"]), (key_of(part["key"]),), part["value"], is_named=True)


def _has_named(part: Parts) -> Iterator[Statement]:
    yield Statement(
        Does.ADDS, subject_of(part["who"]), (key_of(part["key"]),), part["value"], is_change=True, is_named=True
    )


def _has_new(part: Parts) -> Iterator[Statement]:
    owner, key = next(readings_of(part["key"]))
    who = owner if owner not in (ANYONE, "") else subject_of(part["who"])
    value = part["value"] if part["value"][:1].isupper() else value_of(part["value"])
    yield Statement(Does.SETS, who, (key_of(key),), value, is_change=True)


def _measures(part: Parts) -> Iterator[Statement]:
    keys = MEASURED.get(part["how"].split()[0], ())
    if keys:
        yield Statement(Does.SETS, subject_of(part["who"]), keys, part["value"])


def _does_no_more(part: Parts) -> Iterator[Statement]:
    who = subject_of(part["who"])
    left = part.get("value", "")
    if left:
        yield Statement(Does.REMOVES, who, (), value_of(left), verb=part["verb"], is_change=True, must_stand=True)
    for value in (f"{part['verb']} {left}".strip(), left):
        if value:
            yield Statement(Does.REMOVES, who, (), value_of(value), is_change=True, must_stand=True)


def _has_new_number(part: Parts) -> Iterator[Statement]:
    """Read "Ann moved to locker 399"."""
    yield Statement(
        Does.SETS, subject_of(part["who"]), (part["key"],), part["value"], verb="has", is_change=True, must_stand=True
    )
    numbered = f"{part['key']} {part['value']}"
    yield Statement(Does.SETS, subject_of(part["who"]), (), numbered, is_change=True, must_stand=True)


def _follows(part: Parts) -> Iterator[Statement]:
    """Read "Rosa replaces Wim as treasurer of my club"."""
    owner, key = whose(part["key"])
    yield Statement(
        Does.REPLACES, owner, (key,), part["value"], part["old"], is_change=True, must_stand=True, succeeds=True
    )


def _changes_something(part: Parts) -> Iterator[Statement]:
    """ "The landlord raised the rent to 750": the landlord's, or whosever rent it is."""
    owner, key = whose(part["what"])
    for one in (subject_of(part["key"]), owner):
        yield Statement(Does.SETS, one, (key,), value_of(part["value"]), is_change=True, must_stand=True)


def _part(part: Parts) -> Iterator[Statement]:
    """ "Cleo and Theo broke up": in the note of either."""
    for who, other in ((part["who"], part["value"]), (part["value"], part["who"])):
        yield Statement(Does.REMOVES, who, LOVE, other, is_change=True, must_stand=True)


def _is_in_a_state(part: Parts) -> Iterator[Statement]:
    yield Statement(Does.SETS, subject_of(part["who"]), _STATES, part["value"], must_stand=True)


def _begins_doing(part: Parts) -> Iterator[Statement]:
    yield Statement(
        Does.ADDS,
        subject_of(part["who"]),
        (),
        value_of(part["value"]),
        verb=part["verb"],
        is_change=True,
        must_stand=True,
    )


def _does(part: Parts) -> Iterator[Statement]:
    """Read a sentence of any verb: where its subject ends is tried word by word."""
    words = part["all"].split()
    if words[0].casefold() in _IMPERATIVES:
        return
    for cut in range(1, min(len(words) - 1, MOST_SUBJECT_WORDS + 1)):
        rest = re.sub(
            r"^(?:(?:me|us) )?(?:(?:in|on|at|to|by|for|with|from|of|as|about|under) )?", "", " ".join(words[cut + 1 :])
        )
        who = " ".join(words[:cut])
        if words[cut].islower() and rest and words[cut] not in _NO_DOING and not _UNFINISHED.search(who):
            yield Statement(Does.SETS, subject_of(who), (), value_of(rest), verb=words[cut], must_stand=True)
            place = re.fullmatch(r"(.+?) (?:at|of|for|in) ((?:the|my|our) .+|[A-Z].+)", rest)
            if place:
                key = f"{key_of(re.sub('^(?:the|my|our) ', '', who))} {words[cut]}"
                value = value_of(place[1])
                yield Statement(Does.SETS, place[2], (key,), value, verb=words[cut], must_stand=True)
            owner, key = whose(who)
            yield Statement(
                Does.SETS, owner, (f"{key} {words[cut]}",), value_of(rest), verb=words[cut], must_stand=True
            )


def _is_done(part: Parts) -> Iterator[Statement]:
    """ "The kettle was serviced on 2026-03-03"."""
    yield Statement(
        Does.SETS, subject_of(part["who"]), (), part["value"], verb=part["verb"], is_change=True, must_stand=True
    )


def _is_done_to(part: Parts) -> Iterator[Statement]:
    """ "I calibrated the scale on 2026-03-03"."""
    yield from _is_done(part)


def _contact_of(part: Parts) -> Iterator[Statement]:
    """ "Mia's guardian has a new phone number": in the note of whom they speak for, where they have none."""
    yield from _has_new(part)
    speaks = _SPEAKS_FOR.fullmatch(part["who"])
    for one in _has_new({**part, "who": speaks["who"]}) if speaks else ():
        yield replace(one, must_stand=True)


def _detail(part: Parts) -> Iterator[Statement]:
    """ "..., phone 555 01": more of what the clause before has made a note of."""
    yield Statement(Does.SETS, LATEST, (part["key"],), part["value"], is_change=True)


def _event(keys: tuple[str, ...], does: Does, *, is_named: bool = False, changes: bool = True) -> Read:
    def read(part: Parts) -> Iterator[Statement]:
        named = is_named and part["value"][:1].isupper()
        value = part["value"] if named else value_of(part["value"])
        if keys == JOB and value[:1].islower() and not is_occupation(value):
            return
        if is_named and not named and re.match(r"(?:the|a|an) (?=[A-Z])", part["value"]):
            value, named = re.sub(r"^\w+ ", "", part["value"]), True
        if keys == HOME and _SCHOOL.search(value):
            yield Statement(does, subject_of(part["who"]), SCHOOLS, value, is_change=changes, must_stand=True)
        elif not is_named or named:
            yield Statement(does, subject_of(part["who"]), keys, value, is_change=changes, is_named=named)

    return read


_SCHOOL = re.compile(r"\b(?:College|School|Academy|University|Primary|Grammar|High)$")
"""What ends the name of a place where one learns and does not live."""
_SPEAKS_FOR = re.compile(r"(?P<who>.+)['’]s (?:guardian|parents?|carer|contact|secretary|assistant|office|reception)")
MOST_SUBJECT_WORDS = 8
_IMPERATIVES = frozenset(
    "take put add remove delete drop cross strike scratch move shift set change update note write keep".split()  # noqa: SIM905  # words read better in a row
)
"""Words that begin a request: whoever does them is not told."""
_NO_DOING = frozenset(
    "is are am was were be been has have had do does did not no the a an of and or to it them him her out off".split()  # noqa: SIM905  # as above
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_UNFINISHED = re.compile(r"(?:^|\s)(?:the|a|an|of|and|or|my|our|in|on|at|'s|is|are|am|was|were|has|have|had)$", re.I)
_STATES = ("status", "state", "condition", "diet")
SENTENCES: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (clause(pattern), read)
    for pattern, read in (
        (r"OWNED BE (not|no longer) OLDEST,? (but|PRONOUN BE) SOME", _is_not_but),
        (r"SUBJECT BE (not|no longer) OLDEST,? (but|(PRONOUN|i|we) BE) SOME", _is_not_but),
        (r"OWNED (BE|should be|must be) SOMETHING, not (?P<old>[^,]+)", _is_not_but),
        (r"WHO HAVE *(switched|changed|went|moved|gone|shifted|transferred) from OLD to VALUE", swaps),
        (r"WHO [a-z]+ (to |with |for |at |in )?SOMETHING (instead of|rather than|in place of) OLDER", swaps),
        (r"(?P<value>(?-i:[A-Z])[^,]{0,40}?|(my|our) [a-z]+) BE (no longer|not) ROLE", _is_no_more),
        (r"WHO (BE|has been|have been) (called|named|renamed( to)?|known as) NAME", renames),
        (r"WHO HAVE *(changed|changes) (his|her|its|their|my|our) name to SOME", renames),
        (r"WHO's name BE NAME", renames),
        (r"WHO's (name BE )?(spelled|spelt) SOME", renames),
        (r"SOMEBODY (is|became|has become|was made) ROLE", _is_the_new),
        (
            r"WHO BE (?P<value>\d[\d.,]* ?(cm|m|kg|km|ft|feet|inches|metres|meters|tons?)) "
            r"(?P<how>tall|high|long|wide|deep|heavy)",
            _measures,
        ),
        (r"WHO (?P<how>weighs?|costs?|measures?) AMOUNT", _measures),
        (r"WHO BE (?P<value>\d{1,3})( years old)?", _event(("age",), Does.SETS, changes=False)),
        (r"WHO HAVE *(turned|turns) (?P<value>\d{1,3})( years old)?", _event(("age",), Does.SETS)),
        (r"WHO BE no longer (?P<verb>[a-z]+(ed|en|n|t|ing)|with|at)( PREPOSITION)? VALUE", _does_no_more),
        (r"WHO no longer VERB", _does_no_more),
        (r"WHO no longer VERB( PREPOSITION)? VALUE", _does_no_more),
        (r"WHO HAVE *(stopped|quit|given up|gave up|finished) DOING( PREPOSITION)?( VALUE)?", _does_no_more),
        (r"WHO HAVE *(started|began|begun|taken up) DOING VALUE", _begins_doing),
        *(
            (f"WHO HAVE *{verbs} VALUE", _event(keys, does, is_named=named, changes=changes))
            for verbs, keys, does, named, changes in EVENTS
        ),
        (
            r"OWNED (has |have |was |were )?(been )?(changed|switched|moves|moved|goes up|goes down|goes|rises|drops"
            r"|gone up"
            r"|gone down|went up|went down|risen"
            r"|rose|dropped|fell|increased|decreased|set|raised|lowered|reduced|shifted|extended|postponed)"
            r"( from OLD)? to VALUE",
            _changes_from,
        ),
        (
            r"SUBJECT HAVE *(raised|lowered|increased|reduced|cut|changed|extended|shortened|postponed|put up) "
            r"(?P<what>POSSESSIVE [a-z -]+?)( from OLD)? to VALUE",
            _changes_something,
        ),
        (
            r"WHO and (?P<value>[A-Z][^,]*?) HAVE *((broke|broken|split) up|split|separated|(got )?divorced)",
            _part,
        ),
        (
            r"WHO HAVE *(moved|switched|changed|moves|upgraded|downgraded|transferred|relocated) to"
            r" (?P<key>[a-z]+) (?P<value>[A-Z]?\d\S*|(?-i:[A-Z]))",
            _has_new_number,
        ),
        (
            r"SOMEBODY (replaces|replaced|follows|succeeds|succeeded|takes over from|took over from) OLD as ROLE"
            r"(,? .*)?",
            _follows,
        ),
        (r"WHO (has|have) been (?P<value>[a-z]+(ed|en))", _is_in_a_state),
        (r"OWNED BE VALUE", _predicates),
        (r"OWNED (will be|should be|must be|=) VALUE", sets),
        (r"SUBJECT BE VALUE", _predicates),
        (r"WHO VERB NAME", _relates),
        (
            r"WHO (has|have|have got|has got) (?P<count>two|three|four|five|six|some|[2-6])( new| little| grown-up)?"
            r" NOUN(,|:| -| called| named|, called|, named) NAMES",
            _have_named,
        ),
        (r"WHO (has|have) (?P<none>no )?NOUN", _has_or_not),
        (
            r"WHO HAVE *(has|have|adopted|got|bought|have got|has got|own|owns|hired|gained|welcomed)( an?)?"
            r"( (new|second|third|baby|little))* NOUN,? "
            r"(called|named|whose name is|and (his|her|its|their) name BE|(his|her|its|their) name BE) SOME",
            _has_named,
        ),
        (r"WHO HAVE *(has|have|got|bought|has got|have got)( an?)? new NOUN(,|:| -) ?(it is )?SOME", _contact_of),
        (r"(?:i|we|he|she|they) HAVE *(?P<verb>[a-z]+(ed|en|n|t)) WHO (on|in) AMOUNT", _is_done_to),
        (r"NOUN (number )?AMOUNT", _detail),
        (r"WHO (was|were|has been|have been|got) DONE( on| in| at)? AMOUNT", _is_done),
        (r"(?P<all>.+)", _does),
    )
)
