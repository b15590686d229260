"""Notes that came from elsewhere: each carries, in its properties, the id that it has there.

So a note is known again wherever the human moved it, whatever they called it, and on another machine.
"""

import os
import re
from collections.abc import Iterator

from commonplace.vault.errors import VaultError
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath, locate

PROPERTY = "imported"
"""``imported: "chatgpt:6f1c..."``: the source, and the note's id there."""

_HEAD_BYTES = 8_192
_LINE = re.compile(rb"""^imported:[ \t]*(["']?)([a-z]+):([^"'\r\n]+)\1[ \t]*\r?$""", re.MULTILINE)
_END = re.compile(rb"^---[ \t]*\r?$", re.MULTILINE)


def imported_notes(vault: Vault, source: str) -> Iterator[tuple[str, NotePath, int]]:
    """The notes of the vault that came from the source: the id there, where the note is now, its bytes."""
    wanted = source.encode()
    for path in vault.notes():
        try:
            place = locate(vault.root, path)
            with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
                head = file.read(_HEAD_BYTES).removeprefix(b"\xef\xbb\xbf")
                size = os.fstat(file.fileno()).st_size
        except (OSError, VaultError):
            continue
        end = _END.search(head, 3)
        found = _LINE.search(head, 0, end.start() if end else len(head)) if head.startswith(b"---") else None
        if found is not None and found[2] == wanted:
            yield found[3].decode("utf-8", "replace").strip(), path, size
