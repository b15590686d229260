"""Notes that were not seen: believed to be gone after a second look only, and looked for under new names."""

import time
from collections.abc import Callable
from pathlib import Path

from commonplace.vault.index.scan import names_in

SECOND_LOOK_SECONDS = 0.25
"""Editors and sync programs replace a note by deleting it and writing it anew."""
_MOST_NEW = 20_000


class Absent:
    """What is suspected to be gone."""

    def __init__(self, root: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._root = root
        self._clock = clock
        self._suspects: dict[str, tuple[float, bytes | None]] = {}
        self._new: dict[bytes, str] = {}

    def __bool__(self) -> bool:
        return bool(self._suspects)

    @property
    def next_look(self) -> float:
        """When to look again, on the monotonic clock."""
        return min((due for due, _ in self._suspects.values()), default=float("inf"))

    def clear(self) -> None:
        """Suspect nothing."""
        self._suspects.clear()
        self._new.clear()

    def suspect(self, path: str, version: bytes | None) -> None:
        """A note was not seen."""
        self._suspects.setdefault(path, (self._clock() + SECOND_LOOK_SECONDS, version))

    def appeared(self, path: str, version: bytes) -> None:
        """A note is new in the index; another one may have been renamed to it."""
        if len(self._new) >= _MOST_NEW:
            self._new.clear()
        self._new[version] = path

    def take(self) -> list[tuple[str, str | None]]:
        """The notes that are gone for certain, each with the path of a new note of the same bytes, if any.

        A folder that cannot be read now says nothing about its notes.
        """
        now = self._clock()
        due = [path for path, (when, _) in self._suspects.items() if when <= now]
        listed: dict[str, set[str] | None] = {}
        gone: list[tuple[str, str | None]] = []
        for path in due:
            _, version = self._suspects.pop(path)
            folder, _, name = path.rpartition("/")
            if folder not in listed:
                listed[folder] = names_in(self._root, folder)
            names = listed[folder]
            if names is not None and name not in names:
                new = self._new.get(version) if version is not None else None
                gone.append((path, None if new == path else new))
        return gone
