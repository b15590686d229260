"""What a message says beside a name: "Lowri Vance, a 27-year-old diver", "a greyhound called Sprint". Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commonplace.models.reader.changing.statement import Does, Statement
from commonplace.models.reader.language.matching import is_agent
from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.notes.facts import NoteText
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.scene import is_person


@dataclass(frozen=True, slots=True)
class Description:
    """Somebody or something with a name, and what is said of it."""

    name: str
    words: str


def without_descriptions(text: str) -> tuple[str, Sequence[Description]]:
    """Return a text with its names alone, and what it said of them."""
    found: list[Description] = []

    def taken(match: re.Match[str]) -> str:
        found.append(Description(match["name"], match["words"].strip(" ,")))
        return match["name"]

    for pattern in _BESIDE:
        text = pattern.sub(taken, text)
    return text, found


def stated_of(one: Description, note: NoteText, known: KnownNotes) -> Iterator[Statement]:
    """Yield what a description states of the one it is about, under the keys that the memory has for it."""
    where = _WHERE.fullmatch(one.words)
    if where:
        keys = _ADDRESSES if where["way"] in ("on", "at") else _in_use(_PLACES, known)
        yield Statement(Does.SETS, one.name, keys, where["place"])
        return
    match = _PARTS.fullmatch(one.words)
    if match is None:
        yield Statement(Does.SETS, one.name, ("description",), one.words)
        return
    noun = match["noun"]
    person = bool(match["age"]) or is_person(note) or _is_of_people(note) or is_agent(noun.split()[-1])
    person = person or noun.split()[-1] in _PEOPLE
    if match["age"]:
        yield Statement(Does.SETS, one.name, ("age",), match["age"])
    if noun not in _PEOPLE:
        yield Statement(Does.SETS, one.name, _in_use(_JOBS if person else _KINDS, known), noun)
    place = match["place"]
    if place:
        at = match["way"] in ("at", "for", "with")
        yield Statement(Does.SETS, one.name, _in_use(_EMPLOYERS if at and person else _PLACES, known), place)


def _is_of_people(note: NoteText) -> bool:
    """Say whether what a note is to another is said of people only: "cousin_of"."""
    return any(best_likeness(word, _RELATIVES) >= 0.85 for fact in note.facts if fact.links for word in fact.key_words)


def _in_use(keys: Sequence[str], known: KnownNotes) -> tuple[str, ...]:
    """Return keys with the one first that most notes have."""
    said = [fact.key.replace("_", " ").casefold() for note in known.notes.values() for fact in note.facts]
    return tuple(sorted(keys, key=lambda key: -said.count(key)))


_JOBS = ("occupation", "job", "profession", "role")
_KINDS = ("type", "kind", "breed", "species")
_EMPLOYERS = ("employer", "works at", "company")
_ADDRESSES = ("address", "location")
_PLACES = ("location", "city", "place", "lives in", "town")
_RELATIVES = words_of(
    "spouse wife husband partner boss manager colleague friend mother father sister brother son daughter cousin aunt "
    "uncle niece nephew grandmother grandfather neighbour landlord coach mentor tutor teacher assistant girlfriend "
    "boyfriend fiance flatmate supervised taught trained instructed advised treated"
)
_PEOPLE = frozenset(("man", "woman", "person", "girl", "boy", "child", "baby", "guy", "lady"))
_WORD = r"(?:[A-Z0-9]|&(?= ))[\w'’&-]*"
_NAME = rf"(?P<name>(?:Dr\.? |Prof\.? )?[A-Z0-9][\w'’-]*(?: (?:(?:of|the|and|de|van|von|for) )*{_WORD})*)"
_WORDS = r"(?P<words>[a-z\d][^,;:()]*?)"
_END = r"(?=\W*$|[.;:]\s|,? (?:and|but|so|please)\b|,)"
_BESIDE = (
    re.compile(rf"{_NAME},? (?:which|who) (?:is|was) (?:now )?an? {_WORDS}{_END}"),
    re.compile(rf"{_NAME}(?:,| [–—-]) an? {_WORDS}{_END}(?:, (?=(?:has|is|was|[a-z]+ed)\b))?"),
    re.compile(rf"{_NAME}, (?P<words>(?:in|on|at|from|near) (?:the )?[A-Z][^,;:.]*?){_END}"),
    re.compile(rf"{_NAME} \((?:an? )?{_WORDS}\)"),
    re.compile(rf"(?<=\bis )an? {_WORDS},? (?:called|named) {_NAME}"),
    re.compile(rf"(?<=\bis now )an? {_WORDS},? (?:called|named) {_NAME}"),
)
_PLACE = (
    r"(?:(?:who )?(?:based|living|lives|working|works) )?"
    r"(?P<way>in|at|from|near|for|with) (?P<place>(?:the )?[A-Z][\w'’ -]*)"
)
_NO_NOUN = r"(?!(?:in|at|from|for|near|with|of|who|which|that|and|or|based|living|working)\b)"
_WHERE = re.compile(r"(?P<way>in|on|at|from|near) (?P<place>.+)")
_PARTS = re.compile(
    r"(?:(?P<age>\d{1,3})[- ]years?[- ]old )?(?P<noun>(?!(?:friend|fan|member)\b)[a-z][a-z-]*"
    rf"(?: {_NO_NOUN}[a-z][a-z-]*){{0,4}})(?: {_PLACE})?"
)
