"""Facts that list items state without a key: the heading above them, or the item that they stand under, is it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """A list item; ``under`` is the item that it is indented under, "" where there is none."""

    number: int
    under: str
    heading: str
    text: str
    line: str

    @property
    def key(self) -> str:
        """What an item says that has no key of its own, "" where it has one, or is a paragraph."""
        key = self.under or self.heading
        return key if not _KEYED.match(self.text) and len(self.text) <= _LONGEST and len(key) <= _LONGEST_KEY else ""


def items_in(lines: Sequence[tuple[int, str]]) -> Iterator[Item]:
    """Yield the items of lists; ``lines`` are numbered lines outside code."""
    heading = ""
    above: list[tuple[int, str]] = []
    for number, line in lines:
        title, item = _HEADING.match(line), _ITEM.match(line)
        if title:
            heading, above = ("" if len(title[1]) == 1 else title[2]), []
        elif item:
            depth, text = len(item["indent"].expandtabs(4)), item["text"].strip()
            above = [(at, name) for at, name in above if at < depth]
            if not text.endswith(":"):
                yield Item(number, above[-1][1] if above else "", heading, text, line)
            above.append((depth, text.rstrip(":").strip("*_ ")))
        elif line.strip():
            above = []


_HEADING = re.compile(r"^(#{1,6})\s+(.*\S)\s*$")
_ITEM = re.compile(r"^(?P<indent>\s*)(?:[-*+]|\d+[.)])\s+(?:\[[ xX]\]\s+)?(?P<text>\S.*)$")
_KEYED = re.compile(r"[^\[\]{}|]{1,60}?::?\s")
_LONGEST = 120
"""Characters of an item: what is longer is a paragraph."""
_LONGEST_KEY = 60
