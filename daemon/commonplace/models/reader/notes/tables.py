"""Facts that tables state: the row's name and the column's heading are the key, the cell is the value. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands: the heading above it, the heads of its columns, and its rows with their line numbers."""

    heading: str
    heads: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]

    def line(self, cells: Sequence[str]) -> str:
        """Return a row as a line of the note."""
        escaped = [cell.replace("|", "\\|") for cell in cells]
        return f"| {' | '.join(escaped)} |"


def tables_in(text: str) -> Iterator[Table]:
    """Yield the tables of a note's text; a row that has not a cell for each column is left out."""
    heading, lines = "", text.split("\n")
    for number, line in enumerate(lines[1:], 1):
        if lines[number - 1].startswith("#"):
            heading = lines[number - 1].lstrip("# ").strip()
        if _RULE.match(line) and _ROW.match(lines[number - 1]):
            heads, rows = tuple(_cells(lines[number - 1])), list[tuple[int, tuple[str, ...]]]()
            for at in range(number + 1, len(lines)):
                if not _ROW.match(lines[at]):
                    break
                cells = tuple(_cells(lines[at]))
                rows += [(at, cells)] if len(cells) == len(heads) else []
            yield Table(heading, heads, tuple(rows))


def table_facts(lines: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str, str, str]]:
    """Yield line number, key, value and line of each cell of the tables with more than two columns.

    A row is named by its first cell. ``lines`` are numbered lines outside code.
    """
    heads: list[str] = []
    for (_, line), (number, after) in pairwise(lines):
        if _RULE.match(after):
            heads = _cells(line)
        elif not _ROW.match(after):
            heads = []
        elif len(heads) > 2:
            row, *cells = _cells(after)
            for head, cell in zip(heads[1:], cells, strict=False):
                if row and cell and head:
                    yield number, f"{row} {head}", cell, after


def _cells(line: str) -> list[str]:
    return [cell.strip().replace("\\|", "|") for cell in _BETWEEN.split(line.strip().strip("|"))]


_ROW = re.compile(r"^\s*\|.*\|\s*$")
_RULE = re.compile(r"^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*(?::?-{2,}:?\s*\|?)?\s*$")
_BETWEEN = re.compile(r"(?<!\\)\|")
