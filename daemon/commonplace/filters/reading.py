"""A text as somebody reads it, whatever it is spelled with: each character with the place that it came from. Pure.

Entities, percent signs and escapes are what they stand for; signs without width and accents are left out; letters
that look alike are one; letters apart ("B l u e") are together. So a value has one spelling to look for.
"""

import html
import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read."""

    text: str
    _starts: Sequence[int] | None
    """Where each character's spelling begins in the original; None where it is read as it stands."""
    _ends: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the characters from ``start`` to ``end``, at least one, are spelled."""
        return (start, end) if self._starts is None else (self._starts[start], self._ends[end - 1])

    def after(self, place: int) -> int:
        """The first character that is spelled at that place of the original, or later."""
        return place if self._starts is None else bisect_left(self._starts, place)


@lru_cache(maxsize=8)
def read(text: str) -> Reading:
    """Read a text."""
    if text.isascii() and not _SPELLED.search(text):
        return Reading(text, None, ())
    pieces: list[str] = []
    starts, ends = array("L"), array("L")
    place = 0
    for match in _SPELLING.finditer(text):
        plain = text[place : match.start()]
        pieces.append(plain)
        starts.extend(range(place, match.start()))
        ends.extend(range(place + 1, match.start() + 1))
        place = match.end()
        if match["apart"]:
            letters = [(_letter(text[at]), at) for at in range(match.start(), place) if text[at].isalnum()]
            spelled = [(char, at, at + 1) for letter, at in letters for char in letter]
        else:
            spelled = [(char, match.start(), place) for char in _read(match[0])]
        pieces += [char for char, _, _ in spelled]
        starts.extend(start for _, start, _ in spelled)
        ends.extend(end for _, _, end in spelled)
    pieces.append(text[place:])
    starts.extend(range(place, len(text)))
    ends.extend(range(place + 1, len(text) + 1))
    return Reading("".join(pieces), starts, ends)


def unfinished_from(text: str) -> int:
    """Where a spelling begins that the end of the text may cut off; the text's length where none does."""
    found = _UNFINISHED.search(text, max(0, len(text) - _LONGEST_UNFINISHED))
    return found.start() if found else len(text)


def _read(spelling: str) -> str:
    match spelling[0]:
        case "&":
            read = html.unescape(spelling)
        case "%":
            try:
                read = unquote(spelling, errors="strict")
            except UnicodeDecodeError:
                return spelling
        case "\\" if spelling[1] in "xu":
            read = chr(int(spelling[2:], 16))
        case "\\":
            return " "
        case "<":
            return ""
        case _:
            return _letter(spelling)
    return read if read.isascii() else "".join(map(_letter, read))


@lru_cache(maxsize=4096)
def _letter(char: str) -> str:
    if unicodedata.category(char) in ("Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKD", char).translate(_ALIKE)
    return "".join(each for each in plain if unicodedata.category(each) not in ("Mn", "Me"))


_ALIKE = str.maketrans(
    "аеорсухіјѕԁһкмвнтАВЕЅІЈКМНОРСТУХΑΒΕΖΗΙΚΜΝΟΡΤΥΧονακ‐‑‒–—―−’‘ʼ⁄",
    "aeopcyxijsdhkmbhtABESIJKMHOPCTYXABEZHIKMNOPTYXovak-------'''/",
)
_LONGEST_UNFINISHED = 200
_TAGS = r"</?(?:b|br|code|em|i|kbd|mark|s|small|span|strong|sub|sup|u|wbr)\s?/?>"
_APART = r"(?<![^\W_])(?:[^\W_][ ._-]){3,}[^\W_](?![^\W_])"
_SPELLING = re.compile(
    r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d{0,2});|(?:%[0-9a-fA-F]{2})+"
    rf"|\\(?:x[0-9a-fA-F]{{2}}|u[0-9a-fA-F]{{4}}|[ntr])|{_TAGS}|(?P<apart>{_APART})|[^\x00-\x7f]",
    re.IGNORECASE,
)
_SPELLED = re.compile(rf"[&%\\<]|{_APART}")
_UNFINISHED = re.compile(
    r"(?:&#?\w{0,9}|(?:%[0-9a-fA-F]{2})+%?[0-9a-fA-F]?|%[0-9a-fA-F]?"
    r"|\\(?:x[0-9a-fA-F]?|u[0-9a-fA-F]{0,3})?|</?[a-zA-Z]{0,6}\s?/?"
    r"|(?<![^\W_])(?:[^\W_][ ._-])*[^\W_][ ._-]?)\Z"
)
