"""What a filter forbids to tell: by kind ("my age"), and by what is named in it ("Blue Fern Bakery"). Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from commonplace.kinds import GROUPS, KINDS, Kind
from commonplace.models.reader.language.words import Word, best_likeness, stem_of, words_of
from commonplace.models.reader.message.question import Question
from commonplace.models.reader.notes.facts import Fact, NoteText, without_links
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.withholding.ailments import TELLS_OF_HEALTH


def forbids(filters: str, note: NoteText, fact: Fact) -> bool:
    """Say whether a filter forbids to tell a fact, or what would let one infer it."""
    if not filters:
        return False
    words = [word for word in fact.key_words if word.text not in _SAYS_NOTHING]
    for ban in _bans(filters):
        if ban.is_about(note) and (
            ban.says_one_of(words) or any(ban.looks_so(f"{fact.key}{mark} {fact.value}") for mark in (":", ""))
        ):
            return True
    return any(names(name, filters) for name in (note.title, without_links(fact.value)))


def forbids_asking(filters: str, question: Question) -> bool:
    """Say whether a filter forbids the very thing that a question asks for, whether or not a note says it."""
    heads = [term.word for term in question.terms if term.weight > 0.5 and term.word.text not in _SAYS_NOTHING]
    return any(ban.says_one_of(heads) for ban in (_bans(filters) if filters else ()))


def withheld(filters: str, known: KnownNotes) -> KnownNotes:
    """Return the notes without the parts of values that a filter forbids: "Harbour Bank, account 1234 5678"."""
    if not filters:
        return known
    bans = _bans(filters)
    return replace(
        known,
        notes={
            path: _without_parts(note, [ban for ban in bans if ban.is_about(note)])
            for path, note in known.notes.items()
        },
    )


def _without_parts(note: NoteText, bans: Sequence["_Ban"]) -> NoteText:
    if not bans:
        return note

    def is_kept(part: str, key: str) -> bool:
        return not any(ban.looks_so(f"{key}: {part}") or ban.says_kind(part) for ban in bans)

    def told(fact: Fact) -> Fact:
        parts = re.split(r"(?<=[,;])\s+", fact.value)
        kept = [part for part in parts if is_kept(part, fact.key)]
        return replace(fact, value=" ".join(kept).rstrip(",; ")) if kept and len(kept) < len(parts) else fact

    return replace(note, facts=tuple(map(told, note.facts)), told=tuple(map(told, note.told)))


@dataclass(frozen=True, slots=True)
class _Ban:
    """What a sentence of a filter forbids: words of keys, what the values look like, and of whom."""

    words: tuple[Word, ...]
    looks: tuple[regex.Pattern[str], ...]
    owner: str = ""
    """``USER``, a name as it stands in the filter, or "" for everybody."""

    def is_about(self, note: NoteText) -> bool:
        """Say whether a note is that of whose facts are forbidden."""
        if not self.owner:
            return True
        return note.is_user if self.owner == _USER else _shares_a_name(self.owner, note.title)

    def says_one_of(self, words: Sequence[Word]) -> bool:
        """Say whether one of some words is forbidden."""
        return any(best_likeness(word, self.words) >= _ALIKE for word in words)

    def looks_so(self, text: str) -> bool:
        """Say whether a text holds a value that is forbidden, by its look."""
        return any(look.search(text) for look in self.looks)

    def says_kind(self, part: str) -> bool:
        """Say whether a part of a value names what is forbidden and gives a number for it."""
        said = [word for word in words_of(part) if word.text not in _SAYS_NOTHING]
        return re.search(r"\d", part) is not None and self.says_one_of(said)


@lru_cache(maxsize=64)
def _bans(filters: str) -> tuple[_Ban, ...]:
    return tuple(_ban(sentence) for sentence in re.split(r"[\n;]|(?<=[.!?])\s+", filters) if sentence.strip())


def _ban(sentence: str) -> _Ban:
    meant = ALLOWED.sub(" ", sentence)
    said = _LINK.sub(" ", meant)
    words = [word for word in words_of(said) if word.text not in _SAYS_NOTHING]
    kinds = _kinds_in(words_of(_WHERE_ONE_LIVES.sub("address", said)))
    heavy = [word for word in words if word.weight > 0.5]
    keys = " ".join(word for kind in kinds for word in sorted(kind.keys | kind.infers))
    prose = TELLS_OF_HEALTH if any(kind.name == "health" for kind in kinds) else ()
    patterns = (*(look for kind in kinds for look in kind.patterns), *prose)
    looks = tuple(regex.compile(look, regex.IGNORECASE) for look in patterns)
    return _Ban((*(heavy or words), *words_of(keys)), looks, _owner(meant))


def _owner(sentence: str) -> str:
    """Return whose facts alone a sentence forbids: one owner, of all that it names, and nothing of other people's."""
    if _is_said_by(_OWN, sentence):
        return _USER
    theirs = [name for found in _THEIRS.finditer(sentence) for name in found.groups() if name]
    return theirs[0] if len(theirs) == 1 and _is_said_by(_THEIRS, sentence) else ""


def _is_said_by(pattern: re.Pattern[str], sentence: str) -> bool:
    """Say whether a pattern finds all of a sentence that says something."""
    rest = pattern.sub(" ", sentence)
    return rest != sentence and not any(word.text not in _SAYS_NOTHING | _WHO_ASKS for word in words_of(rest))


def _kinds_in(words: Sequence[Word]) -> list[Kind]:
    """Return the kinds of value that some words of a filter mean, whatever their form."""
    stems = {word.stem for word in words}
    names = [name for group, kinds in GROUPS.items() if stem_of(group) in stems for name in kinds]
    return [kind for kind in KINDS.values() if kind.name in names or stems & {stem_of(word) for word in kind.words}]


def names(name: str, filters: str) -> bool:
    """Say whether a filter names somebody, whole or by one name of theirs, other than as whose something is."""
    meant = _OWNER.sub(" ", _THEIRS.sub(" ", ALLOWED.sub(" ", filters)))
    plain, said = _plain(name), f" {_plain(meant)} "
    if len(plain) > 3 and f" {plain} " in said:
        return True
    return any(_shares_a_name(run, name) for run in _CAPITALISED.findall(meant))


def _shares_a_name(named: str, name: str) -> bool:
    """Say whether a name in a filter is one in a text: by its first word, or by all of it."""
    parts = {part for part in re.findall(r"[^\W_]{3,}", name) if part[:1].isupper()}
    words = re.findall(r"[^\W_]{3,}", named)
    return bool(words) and (words[0] in parts or set(words) <= parts)


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


_ALIKE = 0.8
_USER = "@0"
_NAME = r"[^\W\d_a-z][\w-]+(?: [^\W\d_a-z][\w-]+)*"
_LINK = re.compile(r"\[\[[^\]]*\]\](?:'s)?")
_CAPITALISED = re.compile(rf"(?<!^)(?<![.!?;:]\s)\b{_NAME}")
_OWNER = re.compile(rf"(?:\[\[[^\]]*\]\]|{_NAME})['’]s?(?=\s(?!(?:name|identity|existence)\b))")
"""Whose something is: what a filter says of "Tuva's phone" does not forbid to name her."""
ALLOWED = re.compile(r"\b(?:except(?: for)?|other than|apart from|but(?! (?:not|never)\b))\b[^.;]*", re.IGNORECASE)
"""What a filter leaves out: "..., but names are fine"."""
_WHAT = r"(?:own )?[a-z][\w-]*(?: (?!(?:and|or|nor|to|is|are|know|see|hear|learn|have|find|get)\b)[a-z][\w-]*){0,2}?"
_UP_TO = r"(?=\s*(?:$|[.,!?]|(?:and|or|nor|to|is|are|stays?|with|private|secret)\b))"
_OWN = re.compile(
    rf"\bmy {_WHAT}{_UP_TO}|\bhow \w+ i am\b|\b(?:where|when|how much|what) i (?:am |was |do )?[a-z]+{_UP_TO}",
    re.IGNORECASE,
)
_WHO = "(?:names?|identity|existence|mention|speak|talk|think|know|knowledge|hear|tell|word|aware)"
"""Words with which a filter forbids somebody and not something of theirs."""
_THEIRS = re.compile(
    rf"(?:\[\[([^\]]+)\]\]|\b({_NAME}))['’]s? (?!{_WHO}\b){_WHAT}{_UP_TO}"
    rf"|\b(?!{_WHO}\b)[a-z]+ of (?:my [a-z ]{{1,30}}? )?(?:\[\[([^\]]+)\]\]|({_NAME})){_UP_TO}"
    rf"|\b(?:where|when|how \w+|what) (?:my [a-z ]{{1,30}}? )?(?:\[\[([^\]]+)\]\]|({_NAME})) [a-z]+{_UP_TO}"
)
"""What forbids the user's own, or that of somebody who is named; a sentence that says more forbids everybody's."""
_WHERE_ONE_LIVES = re.compile(r"\bwhere\b.*\b(?:lives?|living|resides?)\b", re.IGNORECASE)
_WHO_ASKS = frozenset("people anyone anybody someone somebody strangers know don doesn yourself".split())  # noqa: SIM905  # words read better in a row
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
