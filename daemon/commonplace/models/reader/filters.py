"""What a filter forbids to tell: by kind ("my age"), and by what is named in it ("Blue Fern Bakery"). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from commonplace.kinds import GROUPS, KINDS, Kind
from commonplace.models.reader.facts import Fact, NoteText, without_links
from commonplace.models.reader.memory import KnownNotes
from commonplace.models.reader.question import Question
from commonplace.models.reader.words import Word, best_likeness, stem_of, words_of


def forbids(filters: str, note: NoteText, fact: Fact) -> bool:
    """Say whether a filter forbids to tell a fact, or what would let one infer it."""
    if not filters:
        return False
    ban = _ban(filters)
    words = [word for word in fact.key_words if word.text not in _SAYS_NOTHING]
    if any(best_likeness(word, ban.words) >= _ALIKE for word in words) or ban.looks_so(f"{fact.key}: {fact.value}"):
        return True
    return any(_names(name, filters) for name in (note.title, without_links(fact.value)))


def forbids_asking(filters: str, question: Question) -> bool:
    """Say whether a filter forbids the very thing that a question asks for, whether or not a note says it."""
    banned = _ban(filters).words if filters else ()
    heads = [term.word for term in question.terms if term.weight > 0.5 and term.word.text not in _SAYS_NOTHING]
    return any(best_likeness(word, banned) >= _ALIKE for word in heads)


def withheld(filters: str, known: KnownNotes) -> KnownNotes:
    """Return the notes without the parts of values that a filter forbids: "Harbour Bank, account 1234 5678"."""
    if not filters:
        return known
    return replace(known, notes={path: _without_parts(note, _ban(filters)) for path, note in known.notes.items()})


def _without_parts(note: NoteText, ban: "_Ban") -> NoteText:
    def told(fact: Fact) -> Fact:
        parts = re.split(r"(?<=[,;])\s+", fact.value)
        kept = [part for part in parts if not ban.looks_so(f"{fact.key}: {part}") and not ban.says_kind(part)]
        return replace(fact, value=" ".join(kept).rstrip(",; ")) if kept and len(kept) < len(parts) else fact

    return replace(note, facts=tuple(map(told, note.facts)), told=tuple(map(told, note.told)))


@dataclass(frozen=True, slots=True)
class _Ban:
    """What some filters forbid: words of keys, and what the values look like."""

    words: tuple[Word, ...]
    looks: tuple[regex.Pattern[str], ...]

    def looks_so(self, text: str) -> bool:
        """Say whether a text holds a value that is forbidden, by its look."""
        return any(look.search(text) for look in self.looks)

    def says_kind(self, part: str) -> bool:
        """Say whether a part of a value names what is forbidden and gives a number for it."""
        return re.search(r"\d", part) is not None and any(
            best_likeness(word, self.words) >= _ALIKE for word in words_of(part) if word.text not in _SAYS_NOTHING
        )


@lru_cache(maxsize=64)
def _ban(filters: str) -> _Ban:
    said = _ALLOWED.sub(" ", filters)
    words = [word for word in words_of(said) if word.text not in _SAYS_NOTHING]
    kinds = _kinds_in(words_of(said))
    heavy = [word for word in words if word.weight > 0.5]
    keys = " ".join(word for kind in kinds for word in sorted(kind.keys | kind.infers))
    looks = tuple(regex.compile(look, regex.IGNORECASE) for kind in kinds for look in kind.patterns)
    return _Ban((*(heavy or words), *words_of(keys)), looks)


def _kinds_in(words: Sequence[Word]) -> list[Kind]:
    """Return the kinds of value that some words of a filter mean, whatever their form."""
    stems = {word.stem for word in words}
    names = [name for group, kinds in GROUPS.items() if stem_of(group) in stems for name in kinds]
    return [kind for kind in KINDS.values() if kind.name in names or stems & {stem_of(word) for word in kind.words}]


def _names(name: str, filters: str) -> bool:
    """Say whether a filter names somebody, whole or by one name of theirs, other than as whose something is."""
    meant = _OWNER.sub(" ", filters)
    plain, said = _plain(name), f" {_plain(meant)} "
    if len(plain) > 3 and f" {plain} " in said:
        return True
    parts = {part for part in re.findall(r"[^\W_]{3,}", name) if part[:1].isupper()}
    return not parts.isdisjoint(_CAPITALISED.findall(meant))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


_ALIKE = 0.8
_CAPITALISED = re.compile(r"(?<!^)(?<![.!?;:]\s)\b[^\W\d_a-z]\w{2,}")
_OWNER = re.compile(r"(?:[^\W\d_a-z][\w-]*\s)*[^\W\d_a-z][\w-]*['’]s?(?=\s)")
"""Whose something is: what a filter says of "Tuva's phone" does not forbid to name her."""
_ALLOWED = re.compile(r"\b(?:except(?: for)?|other than|apart from|but(?! (?:not|never)\b))\b[^.;]*", re.IGNORECASE)
"""What a filter leaves out: "..., but names are fine"."""
_SAYS_NOTHING = frozenset(
    [
        "not",
        "never",
        "no",
        "reveal",
        "share",
        "mention",
        "disclose",
        "information",
        "info",
        "personal",
        "details",
        "detail",
        "any",
        "anything",
        "data",
        "user",
        "users",
        "about",
        "related",
        "without",
        "unless",
        "avoid",
        "hide",
        "keep",
        "private",
        "secret",
        "filter",
        "filters",
        "talk",
        "answer",
        "questions",
        "question",
        "other",
        "others",
        "all",
        "type",
        "status",
        "current",
    ]
)
