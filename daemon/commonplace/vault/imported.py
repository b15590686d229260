"""Notes that came from elsewhere: each carries, in its properties, the id that it has there.

So a note is known again wherever the human moved it, whatever they called it, and on another machine.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from commonplace.vault.errors import VaultError
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath, locate

PROPERTY = "imported"
"""``imported: "chatgpt:6f1c..."``: the source, and the note's id there."""
UPDATED = "updated"
"""``updated: 2024-03-05T14:02:00``: when the source changed it last, in UTC, where it tells."""
INDEX = ":index/"
"""With it the ids of index notes begin; no id of a source holds a colon."""

_HEAD_BYTES = 8_192
_LINE = re.compile(rb"""^imported:[ \t]*(["']?)([a-z]+):([^"'\r\n]+)\1[ \t]*\r?$""", re.MULTILINE)
_UPDATED = re.compile(rb"""^updated:[ \t]*["']?([0-9T:-]{10,19})["']?[ \t]*\r?$""", re.MULTILINE)
_END = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class FoundNote:
    """A note of the vault that came from a source."""

    id: str
    """Its id there."""
    path: NotePath
    updated: str
    """Its property of that name; "" where it has none."""


def imported_notes(vault: Vault, source: str) -> Iterator[FoundNote]:
    """The notes of the vault that came from the source."""
    wanted = source.encode()
    for path in vault.notes():
        try:
            place = locate(vault.root, path)
            with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
                head = file.read(_HEAD_BYTES)
        except (OSError, VaultError):
            continue
        if (found := _told(head)) is not None and found[0] == wanted:
            yield FoundNote(found[1], path, found[2])


def id_in(data: bytes) -> str:
    """The source and the id that a note's bytes carry; "" where they carry none."""
    found = _told(data[:_HEAD_BYTES])
    return f"{found[0].decode()}:{found[1]}" if found is not None else ""


def _told(head: bytes) -> tuple[bytes, str, str] | None:
    head = head.removeprefix(b"\xef\xbb\xbf")
    end = _END.search(head, 3)
    last = end.start() if end else len(head)
    found = _LINE.search(head, 0, last) if head.startswith(b"---") else None
    if found is None:
        return None
    updated = _UPDATED.search(head, 0, last)
    return found[2], found[3].decode("utf-8", "replace").strip(), updated[1].decode() if updated else ""
