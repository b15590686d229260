"""Words as the reader compares them: stems, wordings that mean the same, and how much a word says.

Stems are those of Snowball's English stemmer; what means the same is listed in ``wordings``.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import Stemmer  # pyright: ignore[reportMissingTypeStubs, reportMissingModuleSource]  # the package ships no types

from commonplace.models.reader.language.foreign_keys import FOREIGN_KEYS
from commonplace.models.reader.language.wordings import LIGHT_WORDS, PHRASES, STOP_WORDS, WORDINGS

SAME = 1.0
ALIKE = 0.85
RELATED = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Word:
    """A word of a question or of a key, with what it can be matched by. ``weight`` is 0 to 1.

    There is one object a word (see ``make_word``), so that likenesses can be kept.
    """

    text: str
    stem: str
    groups: frozenset[int]
    weight: float


@lru_cache(maxsize=1 << 17)
def likeness(one: Word, other: Word) -> float:
    """How much two words mean the same: 1 for the same stem, less for another wording, else 0."""
    if one.stem == other.stem:
        return SAME
    if one.groups & other.groups:
        return ALIKE
    return RELATED if _share_a_root(one.stem, other.stem) else 0.0


def best_likeness(word: Word, others: Iterable[Word]) -> float:
    """Return the likeness of ``word`` to the nearest of ``others``."""
    return max((likeness(word, other) for other in others), default=0.0)


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a question, a key or a title that say something, in their order."""
    return tuple(make_word(token) for token in tokens(text) if token not in STOP_WORDS)


def tokens(text: str) -> list[str]:
    """Cut a text into lowercase words; keys such as ``job_title`` and ``jobTitle`` into their parts."""
    spaced = _CAMEL.sub(" ", text.replace("’", "'").replace("_", " ")).casefold()
    for phrase, word in _PHRASES:
        spaced = phrase.sub(word, spaced)
    return [match[0] for match in _TOKEN.finditer(_CONTRACTION.sub("", spaced))]


@lru_cache(maxsize=8192)
def make_word(token: str) -> Word:
    """Return the word that a lowercase token is."""
    stem = stem_of(token)
    weight = _WEIGHTS.get(token) or (0.35 if stem in _LIGHT_STEMS else 1.0)
    return Word(token, stem, _GROUPS_OF.get(stem, frozenset()), weight)


@lru_cache(maxsize=8192)
def stem_of(token: str) -> str:
    """Return the Snowball stem of a lowercase word."""
    return _STEMMER.stemWord(token)


def wordings_of(word: Word) -> tuple[str, ...]:
    """Return the other wordings of a word that are listed."""
    return tuple(other for group in sorted(word.groups) for other in _LINES[group].split() if other != word.text)


def _share_a_root(one: str, other: str) -> bool:
    """Say whether two stems look like forms of one word, such as "special" and "specialti"."""
    shorter, longer = sorted((one, other), key=len)
    return (
        len(shorter) >= 5 and longer.startswith(shorter[: max(5, len(shorter) - 1)]) and len(longer) - len(shorter) <= 4
    )


class _Stemmer(Protocol):
    """The one method used of a package that ships no types."""

    def stemWord(self, word: str) -> str: ...  # the package's name for it


_STEMMER = cast("_Stemmer", Stemmer.Stemmer("english"))  # pyright: ignore[reportUnknownMemberType]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[^\W_]+")
_CONTRACTION = re.compile(r"(?<=\w)'(?:s|m|ve|re|d|ll|t)?(?!\w)")

_PHRASES = tuple((re.compile(rf"\b(?:{phrase})\b"), word) for phrase, word in PHRASES)
_WEIGHTS = {"type": 0.6, "types": 0.6, "where": 0.2, "when": 0.2}
_LIGHT_STEMS = frozenset(stem_of(word) for word in LIGHT_WORDS)


_LINES = [*WORDINGS.split("\n"), *FOREIGN_KEYS.split("\n")]


def _groups_of_stems() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_LINES):
        for token in line.split():
            groups.setdefault(stem_of(token), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


_GROUPS_OF = _groups_of_stems()
