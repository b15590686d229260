"""A note's lines as they are seen under rules: each in its place, with what is withheld taken out. Pure.

Whoever writes a fact may put its value beside its key, below it, or in a column under it: a key that is withheld owns
what belongs to it.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from commonplace.filters.mask import FACT, NAME, NOTE, Mask, Span, masked_by, placeholder, united
from commonplace.filters.subjects import Subjects


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line."""

    text: str
    """As it is seen."""
    taken: str = ""
    """What the rules took out for where it stands; values found by their looks are not told here."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is known of the notes while other text is looked at: code, results, what was said."""

    is_withheld_line: Callable[[str], bool]
    """Whether a line stands in a withheld note or section."""
    is_withheld_title: Callable[[str], bool]


@dataclass(slots=True)
class _Owner:
    """A key whose value may go on in the lines that follow."""

    indent: int
    until_blank: bool
    in_properties: bool = False


@dataclass(slots=True)
class _Table:
    """A table of which some columns are withheld."""

    columns: set[int]
    first_is_withheld: bool
    """Whether the first cell of the first row names something withheld: a column, or what stands beside it."""


class Lines:
    """Goes through the lines of a note, or of other text that may hold lines of notes."""

    def __init__(
        self,
        subjects: Subjects,
        mask: Mask,
        hide_links: Callable[[str], str],
        elsewhere: Elsewhere | None = None,
    ) -> None:
        self._subjects = subjects
        self._mask = mask
        self._hide_links = hide_links
        self._elsewhere = elsewhere
        self._hidden_level = 0
        """Of the heading whose section is withheld; 0 outside of one."""
        self._owner: _Owner | None = None
        self._table: _Table | None = None
        self._in_fence = self._rest_of_fence = self._in_properties = False

    def seen(self, lines: Sequence[str]) -> list[SeenLine]:
        """The lines as they are seen."""
        spans = _by_line(lines, self._mask.spans("\n".join(lines)))
        told = set[int]() if self._elsewhere else self._told_over_lines(lines)
        return [self._line(lines, number, spans[number], is_told=number in told) for number in range(len(lines))]

    def _line(self, lines: Sequence[str], number: int, spans: Sequence[Span], *, is_told: bool) -> SeenLine:
        line = lines[number]
        if line == "---" and (number == 0 or self._in_properties):
            self._in_properties, self._owner = number == 0, None
            return SeenLine(line)
        if not self._in_properties and (heading := self._heading(lines, number)):
            return self._seen_heading(line, *heading, spans)
        if not line.strip():
            self._owner = None if self._owner and self._owner.until_blank else self._owner
            self._table = None
            return SeenLine(line)
        self._follow_fence(line)
        if self._hidden_level or (self._elsewhere and self._elsewhere.is_withheld_line(line)):
            return _behind_marker(line, NOTE)
        if self._belongs_to_owner(line) or self._rest_of_fence or is_told:
            return _behind_marker(line, FACT)
        if (row := self._row(line, spans)) is not None:
            return row
        seen = self._fact(line, spans)
        return seen or SeenLine(self._hide_links(masked_by(line, spans)))

    def _heading(self, lines: Sequence[str], number: int) -> tuple[int, str] | None:
        line = lines[number]
        if self._in_fence and self._elsewhere is None:
            return None
        found = _HEADING.match(line) or (_QUOTED_HEADING.search(line) if self._elsewhere else None)
        if found:
            return len(found[1]), found[2]
        below = lines[number + 1] if number + 1 < len(lines) and self._elsewhere is None else ""
        if line.strip() and _UNDERLINE.match(below) and not line.lstrip().startswith(("|", "-", ">", "#")):
            return (1 if below.startswith("=") else 2), line.strip()
        return None

    def _seen_heading(self, line: str, level: int, text: str, spans: Sequence[Span]) -> SeenLine:
        if level <= self._hidden_level:
            self._hidden_level = 0
        self._owner = self._table = None
        named = any(span.label == NAME for span in spans)
        key, colon, value = text.partition(":")
        hides = self._subjects.keyed(text) if level > 1 else self._subjects.is_key(text)
        if self._elsewhere and level == 1:
            hides = hides or named or self._elsewhere.is_withheld_title(text)
        if not self._hidden_level and (hides or (named and level > 1)):
            self._hidden_level = level
        if named:
            return SeenLine(f"{'#' * level} {placeholder(NAME)}", text)
        if colon and value.strip() and self._subjects.keyed(key):
            return SeenLine(line[: line.index(":") + 1] + f" {placeholder(FACT)}", value)
        if self._elsewhere and level == 1 and hides:
            return SeenLine(f"{'#' * level} {placeholder(NOTE)}", text)
        return SeenLine(masked_by(line, spans))

    def _belongs_to_owner(self, line: str) -> bool:
        owner = self._owner
        if owner is None:
            return False
        indent = _indent(line) + (owner.in_properties and line.lstrip().startswith("- "))
        if indent > owner.indent or owner.until_blank:
            return True
        self._owner = None
        return False

    def _follow_fence(self, line: str) -> None:
        if _FENCE.match(line):
            self._in_fence, self._rest_of_fence = not self._in_fence, False

    def _row(self, line: str, spans: Sequence[Span]) -> SeenLine | None:
        """A row of a table, without what stands in a withheld column or beside a withheld key."""
        if "|" not in line or self._in_properties or (_LINK.search(line) and not line.lstrip().startswith("|")):
            self._table = None
            return None
        cells = _CELL.split(line)
        first = 0 if cells[0].strip() else 1
        keyed = {at for at in range(first, len(cells)) if self._subjects.keyed(cells[at])}
        if self._table is None:
            self._table = _Table(keyed - {first}, first_is_withheld=first in keyed)
            return self._without(
                line, cells, range(first + 1, len(cells)) if first in keyed else (), spans, bool(keyed)
            )
        if _DELIMITER.match(line):
            self._table.columns |= {first} if self._table.first_is_withheld else set()
            return SeenLine(line)
        hidden = self._table.columns | (set(range(first + 1, len(cells))) if first in keyed else set[int]())
        return self._without(line, cells, hidden, spans, bool(hidden))

    def _without(
        self, line: str, cells: Sequence[str], hidden: Collection[int], spans: Sequence[Span], is_told: bool
    ) -> SeenLine | None:
        if not is_told:
            return None
        place, found = 0, list[Span]()
        for at, cell in enumerate(cells):
            if at in hidden and cell.strip():
                found.append(Span(place + _indent(cell), place + len(cell.rstrip()), FACT))
            place += len(cell) + 1
        taken = ", ".join(line[span.start : span.end] for span in found)
        return SeenLine(self._hide_links(masked_by(line, united([*spans, *found]))), taken)

    def _fact(self, line: str, spans: Sequence[Span]) -> SeenLine | None:
        """A line with its value taken out; None where nothing but values as such are hidden in it."""
        in_properties, indent = self._in_properties, _indent(line)
        found = (_PROPERTY if in_properties else _FACT).match(line)
        if found and self._subjects.keyed(found[2]):
            self._owner = _Owner(indent, until_blank=False, in_properties=in_properties)
            if not found[4].strip():
                return SeenLine(line)
            return SeenLine(f"{found[1]}{found[2]}{found[3]}{placeholder(FACT)}", found[4])
        content = _content(line)
        is_item = bool(_ITEM.match(line))
        if self._owns(line, content):
            self._owner = _Owner(indent, until_blank=not (is_item or in_properties), in_properties=in_properties)
            return SeenLine(line)
        if any(span.label == NAME for span in spans):
            key_end = found.end(2) if found else 0
            if found and not any(span.label == NAME and span.start < key_end for span in spans):
                return SeenLine(f"{found[1]}{found[2]}{found[3]}{placeholder(NAME)}", found[4])
            return _behind_marker(line, NAME)
        inline = in_properties and "{" in line and any(self._subjects.keyed(key) for key in _INLINE_KEY.findall(line))
        if inline or (not found and not in_properties and self._subjects.told_in(line)):
            cells = re.split(r"[,;\t]", line)
            self._rest_of_fence = self._in_fence and len(cells) > 1 and any(map(self._subjects.keyed, cells))
            return _behind_marker(line, FACT)
        if found and not in_properties and self._subjects.told_in(line):
            return _behind_marker(line, FACT) if self._states(found[4]) else None
        return None

    def _states(self, value: str) -> bool:
        return any(self._subjects.keyed(key) for key in _FIELD_KEY.findall(value))

    def _owns(self, line: str, content: str) -> bool:
        """Whether a line is a key whose value stands below it."""
        if content.endswith(":") or _STRESSED.search(line):
            return self._subjects.keyed(content) and len(content.split()) <= _LONGEST_KEY
        return self._subjects.is_key(content) and len(content.split()) <= _LONGEST_KEY

    def _told_over_lines(self, lines: Sequence[str]) -> set[int]:
        """The lines of sentences that go over more than one and speak of what is withheld."""
        told: set[int] = set()
        for begin, end in _paragraphs(lines):
            text = "\n".join(lines[begin:end])
            for sentence in _SENTENCE.finditer(text):
                said = sentence[0].strip()
                if "\n" in said and self._subjects.told_in(said.replace("\n", " ")):
                    first = begin + text.count("\n", 0, sentence.start() + len(sentence[0]) - len(sentence[0].lstrip()))
                    told.update(range(first, first + said.count("\n") + 1))
        return told


def _by_line(lines: Sequence[str], spans: Sequence[Span]) -> list[list[Span]]:
    """What is hidden in each line; what goes over several is hidden in each of them."""
    found: list[list[Span]] = [[] for _ in lines]
    number = begin = 0
    for span in spans:
        while span.start > begin + len(lines[number]):
            begin += len(lines[number]) + 1
            number += 1
        at, line_begin = number, begin
        while at < len(lines) and line_begin < span.end:
            start, end = max(span.start - line_begin, 0), min(span.end - line_begin, len(lines[at]))
            if start < end:
                found[at].append(Span(start, end, span.label))
            line_begin += len(lines[at]) + 1
            at += 1
    return found


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Runs of two and more lines of prose."""
    begin = 0
    for number in range(len(lines) + 1):
        line = lines[number] if number < len(lines) else ""
        ends = not line.strip() or _NO_PROSE.match(line) is not None
        if ends or _ITEM.match(line):
            if number - begin > 1:
                yield begin, number
            begin = number + 1 if ends else number


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _content(line: str) -> str:
    """A line without its marks: of a list, a quote, a callout, a task, emphasis, tags."""
    return _MARKS.sub("", _LEADING.sub("", line, count=1)).strip()


def _behind_marker(line: str, label: str) -> SeenLine:
    """A line of which only its list mark, quote mark or indent is seen."""
    found = _MARKER.match(line)
    marker = "" if found is None else found[0]
    return SeenLine(f"{marker}{placeholder(label)}", line[len(marker) :])


_LONGEST_KEY = 6
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_QUOTED_HEADING = re.compile(r"[\"'](#{1,6})\s+(.+)")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\s*$")
_FENCE = re.compile(r"\s*(?:`{3,}|~{3,})")
_FACT = re.compile(r"(\s*(?:[-*+]\s+)?)([^\s:|\[\]][^:|\[\]]{0,79}?)(::?\**\s+)(\S.*)$")
_PROPERTY = re.compile(r"(\s*)([^\s:#-][^:]{0,80})(:\s*)(.*)$")
_FIELD_KEY = re.compile(r"[\[(]([^\[\]():]{1,80})::")
_INLINE_KEY = re.compile(r"[{,]\s*\"?([\w -]{1,80})\"?\s*:")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s")
_MARKER = re.compile(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)?")
_LEADING = re.compile(r"^\s*(?:>\s*)*(?:\[![\w-]+\][+-]?\s*|[-*+]\s+|\d+[.)]\s+)?(?:\[.\]\s+)?")
_MARKS = re.compile(r"[*`\"]{1,3}|__|</?[a-zA-Z][^<>]*>|\[\^[^\]]*\]")
_STRESSED = re.compile(r"^\s*(?:[-*+>]\s+)*(?:\*\*[^*]+\*\*:?|__[^_]+__:?|<(?:dt|th|h\d)>.*|\[![\w-]+\].*)\s*$")
_NO_PROSE = re.compile(r"\s*(?:#{1,6}\s|\||`{3}|~{3}|>\s*\[!|---)|[^:]{1,80}::?\s")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*")
_CELL = re.compile(r"(?<!\\)\|")
_DELIMITER = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_LINK = re.compile(r"\[\[[^\]\n]*\|[^\]\n]*\]\]")
