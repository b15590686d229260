"""What a question may ask for: every reading of its words that makes sense as English. Pure.

The words are those of ``names``: lower case, with marks for the names and for the user.
"""

import re
from collections.abc import Iterator

from commonplace.models.reader.answering.asking_dealings import DEALING_PATTERNS
from commonplace.models.reader.answering.asking_parts import AUX, DO, FORMS, IS, NOUN, PREP, Read
from commonplace.models.reader.answering.phrase import ActedOn, Acting, Kind, Named, Related, noun_phrases, subjects
from commonplace.models.reader.answering.readings import (
    Compared,
    Counted,
    Having,
    Most,
    Reading,
    SaysWho,
    Summed,
    Things,
    Value,
    Whether,
)
from commonplace.models.reader.language.frames import DIMENSIONS


def readings(marked: str) -> Iterator[Reading]:
    """Yield the readings of a question."""
    text = _FOR_A_LIVING.sub("do", _POLITE.sub("", marked).removesuffix(" please").rstrip(" ,"))
    text = _WHERE_SOMEBODY_WORKS.sub(r"of \g<who> 's employer", text)
    for pattern, read in _PATTERNS:
        match = pattern.match(text)
        if match:
            yield from read({name: (group or "").strip() for name, group in match.groupdict().items()}, text)


def _compared(part: dict[str, str], _: str) -> Iterator[Reading]:
    adjective, asked = _adjective_in(part["how"])
    for one in noun_phrases(part["one"]) if adjective else ():
        for other in noun_phrases(part["other"]):
            yield Compared(adjective, asked, one, other)


def _asserted(part: dict[str, str], _: str) -> Iterator[Reading]:
    adjective = part["adjective"]
    named = re.search(r"@\d+", part["one"])
    if adjective not in ADJECTIVES:
        return
    if named and part["other"] in ("him", "her", "them", "it"):
        part = {**part, "other": named[0]}
    for one, asked in ((one, verb) for one, verb in subjects(f"{part['one']} .") if part["one"]):
        if re.fullmatch(r"[\d.,]+", part["other"]):
            yield Compared(adjective, asked.strip(" ."), one, part["other"], asserted=True)
        for other in noun_phrases(part["other"]):
            yield Compared(adjective, _verb_key(asked), one, other, asserted=True)


def _most(part: dict[str, str], _: str) -> Iterator[Reading]:
    adjective, asked = _adjective_in(part["how"])
    if not adjective or " than " in part["how"]:
        return
    group = part.get("group") or asked or "person"
    if part.get("group"):
        yield from (Most(adjective, asked, phrase) for phrase in noun_phrases(group))
    else:
        yield Most(adjective, "", Kind(_singular(group)))


def _most_among(part: dict[str, str], _: str) -> Iterator[Reading]:
    adjective = {"earliest": "first", "latest": "last"}.get(part["adjective"], part["adjective"])
    yield Most(adjective, part["asked"], Related(part["member"], Named(part["owner"])))


def _own_most(part: dict[str, str], _: str) -> Iterator[Reading]:
    adjective, asked = _adjective_in(part["how"])
    for phrase in noun_phrases(f"{part['owner']} 's {asked}") if adjective and asked else ():
        yield Most(adjective, "", phrase)


def _named(part: dict[str, str], _: str) -> Iterator[Reading]:
    for phrase in noun_phrases(part["phrase"]):
        if isinstance(phrase, Related):
            yield Value(phrase.words, phrase.of, form=part.get("wh", ""))
            if phrase.words in ("name", "names") and not isinstance(phrase.of, Named):
                yield Things(phrase.of)
        yield Things(phrase)


def _attribute(part: dict[str, str], _: str) -> Iterator[Reading]:
    """Where, when or how something is or does: what it does names the fact."""
    wh = part["wh"]
    form = FORMS.get(wh.split()[0], "")
    rest = part["rest"]
    for subject in noun_phrases(rest):
        yield Value("" if wh in _WH else wh, subject, wh, form)
    for subject in noun_phrases(rest) if wh not in _WH else ():
        yield Value("", subject, wh, form)
    for subject, verb in subjects(rest):
        yield Value(verb if wh in _WH else f"{wh} {verb}", subject, f"{wh} {verb}", form, verb)
        if wh in ("what", "who"):
            yield Things(Acting("", verb, subject))


def _noun_of(part: dict[str, str], _: str) -> Iterator[Reading]:
    """ "Which city does my sister live in": the noun is the key, or the kind of what is linked."""
    noun, rest = part["noun"], part["rest"]
    for subject in noun_phrases(rest):
        yield Value(noun, subject, noun)
    for subject, verb in subjects(rest):
        yield Value(noun, subject, noun, verb=verb)
        yield Things(Acting(noun, verb, subject))
        if not part.get("plain"):
            yield Things(ActedOn(noun, verb, subject))


def _type_of(part: dict[str, str], _: str) -> Iterator[Reading]:
    for subject, verb in subjects(part["rest"]):
        yield Value(part["type"], Acting(part["noun"], verb, subject))


def _doer(part: dict[str, str], _: str) -> Iterator[Reading]:
    kind = part.get("noun") or ""
    for target in noun_phrases(part["target"]):
        yield Things(ActedOn(kind, part["verb"], target))


def _having(part: dict[str, str], _: str) -> Iterator[Reading]:
    group = part.get("group") or part.get("noun") or "person"
    if re.match(r"@\d+ 's ", part["said"]):
        return
    for phrase in noun_phrases(group if "@" in group else _singular(group)):
        yield Having(phrase, part["said"])


def _having_of(part: dict[str, str], _: str) -> Iterator[Reading]:
    for group, said in subjects(part["rest"]):
        yield Having(group, said, "in all" if part.get("counted") else "")


def _says_who(part: dict[str, str], _: str) -> Iterator[Reading]:
    for other in noun_phrases(part["other"]):
        yield SaysWho(Named(part["one"]), other)


def _linked(part: dict[str, str], _: str) -> Iterator[Reading]:
    for subject, verb in subjects(part["rest"]):
        yield SaysWho(Named(part["one"]), Acting("", verb, subject))


def _whose(part: dict[str, str], _: str) -> Iterator[Reading]:
    for target in noun_phrases(part["target"]):
        yield Things(ActedOn("", part["noun"] + " of", target))


def _counted(part: dict[str, str], _: str) -> Iterator[Reading]:
    noun, rest = part["noun"], part["rest"]
    for subject in noun_phrases(rest):
        yield Counted(noun, subject, frame=f"how many {noun} {part['verb']}")
    for subject, verb in subjects(rest):
        yield Counted(noun, subject, verb, frame=f"how many {noun} {verb}")


def _summed(part: dict[str, str], _: str) -> Iterator[Reading]:
    for group in noun_phrases(part["group"]):
        yield Summed(part["noun"], group)


def _reached(part: dict[str, str], _: str) -> Iterator[Reading]:
    for phrase in noun_phrases(part["rest"]):
        yield Value("", phrase, "how reach")
        yield Value("contact", phrase)


def _whether(part: dict[str, str], _: str) -> Iterator[Reading]:
    for subject, said in subjects(part["rest"], determined=True):
        yield Whether(subject, said)


def _one_of(part: dict[str, str], _: str) -> Iterator[Reading]:
    for phrase in noun_phrases(part["group"]):
        if isinstance(phrase, Related):
            yield Whether(phrase.of, f"{phrase.words} {part['item']}")


def _adjective_in(text: str) -> tuple[str, str]:
    """Cut "larger budget" into the adjective and what it is said of."""
    words = [word for word in text.split() if word not in ("the", "a", "more", "most", "one", "is", "are", "has")]
    adjective = next((word for word in words if word in ADJECTIVES), "")
    return adjective, _verb_key(" ".join(word for word in words if word != adjective))


def _verb_key(words: str) -> str:
    return "" if words.strip(" .") in ("", "person", "people") else words.strip(" .")


def _singular(words: str) -> str:
    return words.removesuffix("s") if not words.endswith("ss") else words


ADJECTIVES = frozenset(word for words, _, _ in DIMENSIONS for word in words.split())
_WH = ("where", "when", "how", "what", "who", "until when", "since when")
_POLITE = re.compile(
    r"^(?:(?:please|hey|hi|hello|ok|so|and|also|well)\s+)*(?:(?:can|could|would) you )?(?:please )?"
    r"(?:(?:tell|show|give|remind) @0\s+|do you know\s+|i want to know\s+)?"
)
_WHERE_SOMEBODY_WORKS = re.compile(r"(?<=\w )(?:at the place )?where (?P<who>@\d+(?: 's [^@]+?)?) works?$")
"""A place told by who works there: "the harbourmaster where my husband works"."""
_FOR_A_LIVING = re.compile(r"\bdo for (?:a living|work)$")
_PATTERNS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (re.compile(pattern + "$"), read)
    for pattern, read in (
        (r"(?:who|which|what)\s+(?P<how>[^@,]+?),?\s+(?P<one>(?:the )?@[^,]*?),? or (?P<other>.+)", _compared),
        (rf"{IS} (?P<one>.+?) (?P<adjective>{'|'.join(ADJECTIVES)})(?: \w+)?? than (?P<other>.+)", _asserted),
        (rf"{IS} (?P<one>.+?) (?P<adjective>before|after) (?P<other>.+)", _asserted),
        (
            r"(?:who|which|what) of (?P<group>.+?) (?:is|are|was|has|comes?|came)(?: due| up)?"
            r" (?P<how>(?:the )?(?:more |most )?[^@]+)",
            _most,
        ),
        (
            r"(?:which|what) (?P<member>[^@ ]+) (?:of|in|on|from) (?:the )?(?P<owner>@\d+)"
            r"(?: (?:team|group|crew|staff|project))? (?P<asked>[^@ ]+) (?P<adjective>first|last|earliest|latest)",
            _most_among,
        ),
        (rf"(?:who|which|what) (?:{IS} )?(?P<how>(?:the )?[^@]+) (?:of|among|in) (?P<group>@.+)", _most),
        (rf"(?:who|what|which) {IS} (?P<how>(?:the )?[^@]+)", _most),
        (rf"(?:which|what) (?P<group>[^@]+?) (?:has|{IS})(?: due)? (?P<how>(?:the )?[^@]+)", _most),
        (rf"(?:who|what|which) {IS} (?P<owner>@\d+) 's (?P<how>[^@]+)", _own_most),
        (rf"(?P<wh>what|who|which) {IS} (?P<phrase>.+?)(?: called| named)?", _named),
        (
            rf"(?P<wh>who) (?:{IS}|belongs|plays|works|sits) (?:in|on|at|among|part of|to) (?P<phrase>@\d+ 's [^@]+)",
            _named,
        ),
        (r"(?:list |name )?(?P<phrase>(?:@|the |all |names? of ).+)", _named),
        (
            rf"how (?:many|much) (?P<noun>{NOUN}) {AUX} (?P<group>.+?)"
            r" (?:have |has |cost |give |bring )?(?:together|altogether|in total|combined|in all)",
            _summed,
        ),
        *DEALING_PATTERNS,
        (r"how (?:can|could|do|should|may|will) @0 (?:reach|contact|call|get hold of) (?P<rest>.+)", _reached),
        (rf"(?P<wh>where|when|until when|since when|how|how \w+) {AUX} (?P<rest>.+)", _attribute),
        (rf"(?P<wh>what|who) {DO} (?P<rest>.+)", _attribute),
        (rf"how {DO} @0 \w+ (?P<phrase>@0 's .+)", _named),
        (rf"(?P<wh>what|who) {IS} (?P<rest>.+ \w+ing(?: (?!@)\w+)*)", _attribute),
        (rf"(?:what|which) (?P<type>type|kind|sort) of (?P<noun>{NOUN}) {AUX} (?P<rest>.+)", _type_of),
        (rf"{PREP}(?:what|which) (?P<noun>{NOUN}) (?P<plain>{IS}) (?P<rest>.+)", _noun_of),
        (rf"{PREP}(?:what|which|how much) (?P<noun>{NOUN}) {AUX} (?P<rest>.+)", _noun_of),
        (r"(?P<wh>how much) (?:do|does|did|is) (?P<rest>.+?)(?: @0)?", _attribute),
        (rf"(?:who|(?:what|which) (?P<noun>{NOUN})) (?P<verb>(?:{IS} )?{NOUN}) (?P<target>(?:@|the |a ).+)", _doer),
        (
            rf"(?:who|which|what) (?:of (?P<group>@.+?) |(?P<noun>{NOUN}) )?"
            rf"(?:{IS}|has|have|do @0 do)\b (?P<said>.+)",
            _having,
        ),
        (r"who (?P<said>(?!is\b|are\b|was\b)\w+ .+)", _having),
        (
            r"(?:which|what|who) (?:of (?P<group>@\d+ 's [^@ ]+) |(?P<noun>[^@ ]+) )(?P<said>(?:[^@ ]+ ){0,2}"
            r"(?:more|less|over|under|above|below|at least|at most|before|after)\b.*\d.*)",
            _having,
        ),
        (
            r"(?:who|which|what|list|name)(?: ones?)? (?:all )?(?:of|among|in) (?P<rest>(?:@\d+ 's|the|all) .+)",
            _having_of,
        ),
        (r"how (?P<counted>many) (?:of|among) (?P<rest>(?:@\d+ 's|the|all) .+)", _having_of),
        (rf"{IS} (?P<one>@\d+) (?P<other>(?:@\d+ 's |the )[^@]+|the .+)", _says_who),
        (rf"{IS} (?P<other>@\d+ 's [^@]+?) (?:called |named )?(?P<one>@\d+)", _says_who),
        (rf"{AUX} (?P<rest>.+) (?P<one>@\d+)", _linked),
        (rf"whose (?P<noun>[^@]+?) {IS} (?P<target>.+)", _whose),
        (
            rf"{PREP}how many (?P<noun>{NOUN}) "
            rf"(?P<verb>(?:{AUX}|there are|are there|work)(?: in| on| at| for)?) (?P<rest>.+?)",
            _counted,
        ),
        (r"(?:is|are|was) (?P<item>.+?) (?:one of|among|in) (?P<group>@.+)", _one_of),
        (rf"{AUX} (?P<rest>.+)", _whether),
    )
)
