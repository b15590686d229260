"""One person, one note: who already has a note, under any of their names."""

import os
import re
import unicodedata
from dataclasses import dataclass

from commonplace.vault.conventions import names_of
from commonplace.vault.errors import VaultError
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath, locate

_HEAD_BYTES = 8_192
"""Frontmatter and title stand at the top; more of a note is not read for its names."""


@dataclass(frozen=True, slots=True)
class _Entry:
    stamp: tuple[int, int]
    names: frozenset[str]


class Names:
    """The names of every note in a vault: file names, titles and aliases. Unchanged notes are not read again."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._entries: dict[NotePath, _Entry] = {}

    def find(self, *names: str) -> list[NotePath]:
        """The notes that go by any of the names, without case, spaces, hyphens and underscores; sorted."""
        wanted = {folded(name) for name in names} - {""}
        self._refresh()
        return sorted(path for path, entry in self._entries.items() if entry.names & wanted)

    def all(self) -> dict[str, list[NotePath]]:
        """Every name by which a note goes, folded, and the notes that go by it."""
        self._refresh()
        called: dict[str, list[NotePath]] = {}
        for path, entry in sorted(self._entries.items()):
            for name in entry.names:
                called.setdefault(name, []).append(path)
        return called

    def _refresh(self) -> None:
        current: dict[NotePath, _Entry] = {}
        for path in self._vault.notes():
            entry = self._look(path)
            if entry is not None:
                current[path] = entry
        self._entries = current

    def _look(self, path: NotePath) -> _Entry | None:
        try:
            place = locate(self._vault.root, path)
            found = place.stat()
            stamp = (found.st_mtime_ns, found.st_size)
            known = self._entries.get(path)
            if known is not None and known.stamp == stamp:
                return known
            descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as file:
                head = file.read(_HEAD_BYTES).decode("utf-8", "replace").removeprefix("\ufeff").replace("\r\n", "\n")
        except (OSError, VaultError):
            return None
        return _Entry(stamp, frozenset(folded(name) for name in names_of(path, head)))


def folded(name: str) -> str:
    """A name reduced to what people would call the same: "Jane-Doe", "jane_doe" and "JANE DOE" are one."""
    if name.isascii():
        return _NOT_ALNUM.sub("", name.lower())
    return "".join(c for c in unicodedata.normalize("NFKC", name).casefold() if c.isalnum())


_NOT_ALNUM = re.compile(r"[^0-9a-z]+")
