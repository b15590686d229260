"""Lists in a note: what stands indented under somebody is of them, and a list of bare items says its heading. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence

from commonplace.models.reader.language.words import best_likeness, words_of


def owners_of_lines(lines: Sequence[tuple[int, str]]) -> Mapping[int, tuple[str, ...]]:
    """Return, by line, what whoever the line is indented under is called: ("mother", "Else Brandt")."""
    owners: dict[int, tuple[str, ...]] = {}
    above: list[tuple[int, tuple[str, ...]]] = []
    for number, line in lines:
        item = _ITEM.match(line)
        if item is None:
            if line.strip():
                above.clear()
            continue
        depth = len(item["indent"].expandtabs(4))
        while above and above[-1][0] >= depth:
            above.pop()
        if above and above[-1][1]:
            owners[number] = above[-1][1]
        above.append((depth, tuple(_called(item["text"]))))
    return owners


def bare_item(line: str, heading: str) -> str:
    """Return what a list item under a heading says where it is no sentence, link, task or fact; else ""."""
    item = _BARE.match(line)
    return item["text"] if item and heading and heading.casefold() not in _NO_LISTS else ""


def _called(text: str) -> Iterator[str]:
    """Yield the names of whom an item is about: its relation and its value, a link, two words with capitals."""
    keyed = _KEYED.match(text)
    linked = _LINK.search(text)
    if keyed and _is_relation(keyed["key"]):
        yield keyed["key"].strip()
        yield _plain(keyed["value"])
    elif keyed is None and (linked or _NAME.match(text)):
        aside = re.search(r"\(([^)]+)\)", text)
        if aside:
            yield aside[1]
        yield _plain(re.sub(r"\(.*", "", text))


def _is_relation(key: str) -> bool:
    words = words_of(key)
    return bool(words) and best_likeness(words[-1], RELATIONS) >= 0.85


def _plain(text: str) -> str:
    named = _LINK.sub(lambda found: found[2] or found[1].rsplit("/", 1)[-1].removesuffix(".md").replace("_", " "), text)
    return named.strip(" .,*").title() if named.islower() else named.strip(" .,*")


RELATIONS = words_of(
    "employer company spouse wife husband partner boss manager colleague friend mother father sister brother son "
    "daughter doctor dentist lawyer teacher school university landlord neighbour client team coach assistant mentor "
    "girlfriend boyfriend fiance flatmate roommate cousin aunt uncle niece nephew grandmother grandfather accountant "
    "supplier tutor trainer therapist nephew pet dog cat"
)
"""What somebody or something with a note of its own is to another."""
_ITEM = re.compile(r"^(?P<indent>\s*)[-*+]\s+(?P<text>\S.*)$")
_BARE = re.compile(r"^\s*[-*+]\s+(?P<text>[^\W\d_][\w'’-]*(?: [\w'’-]+){0,3})\s*$")
_KEYED = re.compile(r"(?:\*\*)?(?P<key>[^:*\[\]]{1,40}?)(?:\*\*)?::?(?:\*\*)?\s+(?P<value>\S.*)")
_LINK = re.compile(r"\[\[([^\]|#]+)(?:\|([^\]]+))?\]\]")
_NAME = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)+(?: \(.+\))?$")
_NO_LISTS = frozenset(
    ("notes", "log", "journal", "tasks", "to do", "todo", "ideas", "diary", "history", "links", "---")
)
"""Headings over lists that are no lists of values."""
