"""Notes by the words in them: the lines to show of a note that was found. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.vault.path import NotePath

MOST_WORDS = 12
_MOST_LINES = 3
_LONGEST_LINE = 200
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Hit:
    """A note that holds words of a query, with the lines that hold most of them."""

    path: NotePath
    lines: tuple[tuple[int, str], ...]
    """Each with its number, counted from 1."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the best first."""

    hits: tuple[Hit, ...]
    left_out: str | None = None
    """What could not be searched, in a few words."""


def words_of(query: str) -> list[str]:
    """The words of a query as they are compared, each once; the first dozen."""
    return list(dict.fromkeys(plain(word) for word in _WORD.findall(query)))[:MOST_WORDS]


def plain(text: str) -> str:
    """Text without case and accents, as the index compares it."""
    if text.isascii():
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def hit(path: NotePath, text: str, words: Sequence[str]) -> Hit | None:
    """The note's best lines; None where neither they nor its name hold any of the words."""
    scored: list[tuple[int, int, str]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if found := score(line, words):
            scored.append((-found, number, line.strip()[:_LONGEST_LINE]))
    if not scored and not score(path.value, words):
        return None
    best = sorted(scored)[:_MOST_LINES]
    return Hit(path, tuple(sorted((number, line) for _, number, line in best)))


def score(text: str, words: Sequence[str]) -> int:
    """How many of the words begin a word of the text."""
    folded = plain(text)
    if not any(word in folded for word in words):
        return 0
    standing = _WORD.findall(folded)
    return sum(any(other.startswith(word) for other in standing) for word in words)
