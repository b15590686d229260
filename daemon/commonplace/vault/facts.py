"""Facts as notes state them, each with its place: a change belongs where the fact stands."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from commonplace.vault.frontmatter import body_start
from commonplace.vault.links import Span, prose

Form = Literal["property", "field", "list"]

_PROPERTY = re.compile(r"^([^\s:#\-][^:\n]{0,80}):(?:[ \t]+(.*))?$")
_FIELD = re.compile(r"(?:\n[ \t]*(?:[-*+] +)?|([\[(]))([^\s\[\]():`|][^\[\]():`\n|]{0,79}):: *(?=([^\n]*))")
_LISTED = re.compile(r"\n[ \t]*[-*+] +([^\s:\[\]][^:\[\]\n]{0,79}): +(\S[^\n]*)")
"""These begin with a line end, since ``re`` searches for a literal many times as quickly as for ``^``."""
_CLOSING = {"[": "]", "(": ")"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One key and its value.

    A "property" stands in the frontmatter, a "field" is Dataview's ``key:: value``, a "list" fact is the
    memory's ``- key: value``.
    """

    key: str
    value: str
    """As it is spelled; the items of a list in the frontmatter, joined by ", "."""
    line: int
    """Counted from 1."""
    form: Form


def facts(text: str, spans: Iterable[Span] | None = None) -> list[Fact]:
    """The facts of a note, in order of their lines; ``spans`` are its ``prose``, where that is known already."""
    body = body_start(text)
    found = list(_properties(text[:body])) if body else []
    line, position = 1, 0
    for place, key, value, form in sorted(_in_prose("\n" + text, body, prose(text) if spans is None else spans)):
        line += text.count("\n", position, place)
        position = place
        found.append(Fact(key.strip(), value.strip(), line, form))
    return found


def _in_prose(text: str, body: int, spans: Iterable[Span]) -> Iterator[tuple[int, str, str, Form]]:
    """The facts below the frontmatter: where the key stands in the note, key, value, form.

    ``text`` is the note with a line end before it, which counts in no place and in no span.
    """
    has_fields = "::" in text
    for start, end in spans:
        begin = max(start, body)
        for match in _LISTED.finditer(text, begin, end + 1):
            yield match.start(1) - 1, match[1], match[2], "list"
        for match in _FIELD.finditer(text, begin, end + 1) if has_fields else ():
            value = match[3].partition(_CLOSING[match[1]])[0] if match[1] else match[3]
            yield match.start(2) - 1, match[2], value, "field"


def _properties(frontmatter: str) -> Iterator[Fact]:
    lines = frontmatter.split("\n")
    for index, line in enumerate(lines):
        match = _PROPERTY.match(line)
        if match is None:
            continue
        value = (match[2] or "").strip()
        yield Fact(match[1].strip(), value or ", ".join(_items(lines, index + 1)), index + 1, "property")


def _items(lines: list[str], start: int) -> Iterator[str]:
    for line in lines[start:]:
        item = line.strip()
        if not item.startswith("- "):
            return
        yield item.removeprefix("- ").strip()
