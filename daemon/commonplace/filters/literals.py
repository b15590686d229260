"""Names and values found letter by letter in a text that was read. Pure.

The texts are one tree of letters, so that a thousand of them cost no more than ten.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from commonplace.filters.reading import read

_LONG = 8
"""Letters of a text that is found within a longer word as well: "thebluefernbakery.example"."""
_GAP = re.compile(r"(?:'s(?![^\W_]))?[\W_]{0,6}")
"""What may stand between two words of a text, or nothing at all."""
_HYPHEN = re.compile(r"-\s{0,3}")
"""What may stand between two letters: a word may be parted at the end of a line."""
_PLURAL = re.compile(r"e?s(?![^\W_])")
_PLURALS = 3
"""Characters that show whether a word ends."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class _Node:
    """What has been read of some texts."""

    following: "dict[str, _Node]" = field(default_factory=dict[str, "_Node"])
    ends_word: bool = False
    label: str | None = None
    """Of the text that is whole here."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A text that was found."""

    start: int
    end: int
    label: str


class Literals:
    """The texts to look for, each with what it is called where it is hidden."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._short, self._long = _Node(), _Node()
        for text, label in texts.items():
            words = _WORD.findall(read(text).text.lower())
            if words:
                _grow(self._long if sum(map(len, words)) >= _LONG else self._short, words, label)
        self._starts = _beginnings((self._long, self._short))

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self._short.following or self._long.following)

    def scan(self, read_text: str, begin: int) -> tuple[list[Literal], int]:
        """The texts that stand there from ``begin`` on, and where one may begin that the text's end cuts off."""
        if not self:
            return [], len(read_text)
        text = lowered(read_text)
        found: list[Literal] = []
        opened, at = len(text), begin
        for start in self._starts.finditer(text, begin):
            if start.start() < at:
                continue
            longest = None
            for literal, is_open in self._walks(text, start.start()):
                opened = min(opened, start.start()) if is_open else opened
                if literal is not None and (longest is None or literal.end > longest.end):
                    longest = literal
            if longest is not None:
                found.append(longest)
                at = longest.end
        return found, opened

    def _walks(self, text: str, at: int) -> Iterator[tuple[Literal | None, bool]]:
        letter = text[at]
        if letter in self._long.following:
            yield _walk(self._long, text, at, within=True)
        if letter in self._short.following and not (at and text[at - 1].isalnum()):
            yield _walk(self._short, text, at, within=False)


def _beginnings(roots: Iterable[_Node]) -> "re.Pattern[str]":
    """Finds the first letters of the texts, where the second follows or may yet come."""
    seconds: dict[str, set[str]] = {}
    for root in roots:
        for letter, node in root.following.items():
            seconds.setdefault(letter, set()).update({""} if node.ends_word else node.following)
    parts = [
        re.escape(letter) if "" in those else rf"{re.escape(letter)}(?=[{re.escape(''.join(sorted(those)))}-]|\Z)"
        for letter, those in sorted(seconds.items())
    ]
    return re.compile("|".join(parts))


def lowered(text: str) -> str:
    """The text in lower case, each character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[:1] for char in text)


def _grow(root: _Node, words: list[str], label: str) -> None:
    node = root
    for word in words:
        for letter in word:
            node = node.following.setdefault(letter, _Node())
        node.ends_word = True
    node.label = node.label or label


def _walk(root: _Node, text: str, begin: int, *, within: bool) -> tuple[Literal | None, bool]:
    """The longest text that begins there; and whether the end of the text cuts one off."""
    node, at, found = root, begin, None
    while True:
        if node.label is not None and (within or _ends_word(text, at)):
            found = Literal(begin, at, node.label)
        following = node.following.get(text[at]) if at < len(text) else None
        if following is None:
            gap = (_GAP if node.ends_word else _HYPHEN).match(text, at)
            after = gap.end() if gap is not None else at
            following = node.following.get(text[after]) if after < len(text) else None
            if following is None:
                goes_on = after == len(text) and bool(node.following)
                return found, goes_on or (node.label is not None and not within and len(text) - at < _PLURALS)
            at = after
        node, at = following, at + 1


def _ends_word(text: str, at: int) -> bool:
    return at == len(text) or not text[at].isalnum() or _PLURAL.match(text, at) is not None
