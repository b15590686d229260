"""Facts that tables state: the row's name and the column's heading are the key, the cell is the value. Pure."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise


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
