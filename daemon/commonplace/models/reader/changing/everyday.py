"""What everyday sentences of change state: "she gets 18 pounds an hour now", "I swapped the van for a Caddy". Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.clauses import Parts, Read, clause, key_of, subject_of, value_of
from commonplace.models.reader.changing.events import LOVE
from commonplace.models.reader.changing.linking import is_relation_key
from commonplace.models.reader.changing.statement import ANYONE, COUNTED, OURS, Does, Statement
from commonplace.models.reader.language.doings import key_of_done


def _swaps(part: Parts) -> Iterator[Statement]:
    """ "I swapped the van for a Caddy": the old thing is called as its fact is, or by what it is."""
    old = re.sub(r"^(?:my|our|his|her|their) ", "", value_of(part["old"]))
    yield Statement(
        Does.REPLACES, subject_of(part["who"]), (), value_of(part["value"]), old, is_change=True, must_stand=True
    )


def _corrects_name(part: Parts) -> Iterator[Statement]:
    """ "It's Jona Fisk, not Jonah Fisk": the wrong name says whose it is."""
    yield Statement(Does.RENAMES, part["old"], ("name",), part["value"], part["old"], is_change=True)


def _is_spelled(part: Parts) -> Iterator[Statement]:
    yield Statement(Does.RENAMES, part["who"], ("name",), part["value"], is_change=True)


def _counts(part: Parts) -> Iterator[Statement]:
    """ "We now have 52 sheep": a count that stands somewhere, under its noun or beside it, before a new one."""
    who = OURS if part["who"].casefold() in ("we", "us") else subject_of(part["who"])
    noun, is_rest = part["key"].removesuffix(" left"), part["key"].endswith(" left")
    number = fitting.in_digits(part["number"])
    is_change = is_rest and " " in noun
    standing = Statement(Does.SETS, who, (), f"{number} {noun}", is_change=is_change, must_stand=True)
    yield standing
    yield replace(standing, keys=(noun,), value=number)
    if not is_rest and " of " not in noun and part["number"][:1].isdigit():
        yield replace(standing, keys=(noun,), value=number, verb=COUNTED, must_stand=False)


def _is_paid(part: Parts) -> Iterator[Statement]:
    for keys in (_PAY, _RATES) if re.match(r"charge|ask", part["verb"]) is None else (_RATES,):
        yield Statement(Does.SETS, subject_of(part["who"]), keys, part["value"], must_stand=True)


def _has_somebody(part: Parts) -> Iterator[Statement]:
    """ "She has a daughter, Isla": only of whom a relation may lead to; a new one takes the place of another."""
    if is_relation_key(part["key"]) and not fitting.is_plural(part["key"]):
        does = Does.SETS if part["new"] else Does.ADDS
        key = key_of(part["key"])
        yield Statement(does, subject_of(part["who"]), (key,), part["value"], is_change=True, is_named=True)


def _does_now(part: Parts) -> Iterator[Statement]:
    """ "He does physics", "she is with Delta Maps": what took the place of what the clause before ended."""
    yield Statement(Does.ADDS, subject_of(part["who"]), (), value_of(part["value"]), verb=part["verb"], must_stand=True)


def _has_another(part: Parts) -> Iterator[Statement]:
    """ "I have another hobby: pottery"."""
    key, who, value = key_of(part["key"]), subject_of(part["who"]), part["value"]
    yield Statement(Does.ADDS, who, (key, f"{key}s"), value_of(value), is_change=True, is_asked=True, must_stand=True)
    if is_relation_key(key) and value[:1].isupper():
        yield Statement(Does.ADDS, who, (key,), value, is_change=True, is_named=True)


def _leaves(part: Parts) -> Iterator[Statement]:
    """ "Tomos has left City Lines": asked first, unless it is a partner, or the next clause says who came instead."""
    who = subject_of(part["who"])
    yield Statement(Does.REMOVES, who, LOVE, part["value"], is_change=True, must_stand=True)
    yield Statement(Does.REMOVES, who, (), part["value"], must_stand=True)


def _is_done_no_more(part: Parts) -> Iterator[Statement]:
    """ "Kim is no longer supervised by me"."""
    key = key_of_done(part["verb"])
    if key:
        yield Statement(Does.REMOVES, subject_of(part["agent"]), (key,), part["who"], is_change=True, must_stand=True)


def _is_in_no_more(part: Parts) -> Iterator[Statement]:
    yield Statement(Does.REMOVES, subject_of(part["who"]), (), value_of(part["value"]), is_change=True, must_stand=True)


def _is_given(part: Parts) -> Iterator[Statement]:
    """ "Ursa was given flat 11": what differs from what stands there in its number only."""
    yield replace(next(_is_in(part)), is_change=True)


def _is_in(part: Parts) -> Iterator[Statement]:
    yield Statement(Does.SETS, subject_of(part["who"]), (), value_of(part["value"]), must_stand=True)


def _new_value(part: Parts) -> Iterator[Statement]:
    """ "New opening time at the workshop: 08:30"."""
    owner = part["owner"] or ANYONE
    yield Statement(Does.SETS, owner, (key_of(part["key"]),), value_of(part["value"]), is_change=True, must_stand=True)


_PAY = ("wage", "wages", "salary", "pay", "income", "earnings", "hourly rate")
_RATES = ("fee", "rate", "price", "charge")
_NUMBERS = r"(?P<number>\d[\d.,]*(?: (?:million|thousand))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
EVERYDAY: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (clause(pattern), read)
    for pattern, read in (
        (
            r"WHO HAVE *(swapped|swaps|traded|exchanged|replaced|switched)( in)? OLDEST( in)? (for|with|by) SOME",
            _swaps,
        ),
        (
            r"(((my|our) [a-z ]+?|[^,]+?'s [a-z ]+?) (BE|should be) (?=called |named |spelled |spelt |written )"
            r"|((it|that|(his|her|their|the|its) (correct |right |real )?name|[^,]+?'s name) (BE|should be) )?)"
            r"(called |named |spelled |spelt |written )?(?P<value>(?-i:[A-Z])[^,]*?),? (and |but )?not "
            r"(?P<old>(?-i:[A-Z])[^,]+)",
            _corrects_name,
        ),
        (r"WHO BE (spelled|spelt|written) (?P<value>(?-i:[A-Z])[^,]+?)(, not .+)?", _is_spelled),
        (r"WHO BE no longer (?P<verb>[a-z]+) by (?P<agent>[^,]+)", _is_done_no_more),
        (r"WHO BE no longer (in|on|part of|a member of|a part of) VALUE", _is_in_no_more),
        (
            rf"WHO (has|have) {_NUMBERS} (?P<key>(?!(?:an?|the|more|of)\b)[a-z][a-z -]*?)",
            _counts,
        ),
        (
            r"WHO (?P<verb>gets?|earns?|makes?|charges?|asks?|BE paid|BE on|takes? home) AMOUNT",
            _is_paid,
        ),
        (
            r"WHO HAVE *(has|have|got|has got|have got|joined|taken up|found|started)"
            r" (another|a (second|third|fourth|fifth|further)|(some )?(new|more)) NOUN"
            r"(,|:| -)? ((called|named) )?(?P<value>[^,:]+)",
            _has_another,
        ),
        (
            r"WHO (HAVE *got|has|have)( an?| another)?( (?P<new>new)| little| baby| second| third)* NOUN(,|:| -) NAME",
            _has_somebody,
        ),
        (r"WHO HAVE *(been )?(given|moved to|got|assigned|allotted|transferred to|relocated to) VALUE", _is_given),
        (r"WHO HAVE *left NAME", _leaves),
        (r"WHO BE ((sitting|staying|living|working) )?(in|on|at) (?P<value>[a-z ]*\d\S*)", _is_in),
        (r"WHO (?P<verb>does|do|takes?|plays?|BE with|BE at|BE on) SOME", _does_now),
        (r"(the )?new NOUN( (at|for|of|in|on) (?P<owner>[^:,]+?))?(:| BE) VALUE", _new_value),
    )
)
"""Read before the plainer ones, since a more particular wording is the surer reading."""
