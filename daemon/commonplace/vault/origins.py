"""Why a line stands in a note: which turn wrote it, for which sentence of the user."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from commonplace.vault.errors import NoteNotFound, VaultError
from commonplace.vault.following import Following
from commonplace.vault.journal import Journal
from commonplace.vault.likeness import plain, says_something
from commonplace.vault.notes import Vault
from commonplace.vault.origins_store import OriginStore, VaultRow
from commonplace.vault.path import NotePath
from commonplace.vault.provenance import AGED, Anchor, Known

Writer = Literal["turn", "human", "unknown"]


@dataclass(frozen=True, slots=True)
class Why:
    """Who wrote a line.

    "human": no turn did. "unknown": it stood there before the oldest write that is remembered, so a human wrote
    it, or a turn of which no record is kept.
    """

    path: str
    line: int
    """Counted from 1."""
    text: str
    writer: Writer
    session: str = ""
    turn: str = ""
    asked: str = ""
    """The user's sentence; empty where it was purged."""
    time: float | None = None
    """When the turn wrote it; for "unknown", before when. Seconds since 1970."""
    written: str = ""
    """The line as the turn wrote it."""
    edited: bool = False
    """Whether a human changed it since."""


class Origins:
    """The origins of lines in all vaults, in one file. Safe to use from several threads."""

    def __init__(self, place: Path, journal: Journal, *, clock: Callable[[], float] = time.time) -> None:
        """Open or make the file.

        Raises:
            OSError, sqlite3.OperationalError.

        """
        self._store = OriginStore(place)
        self._journal = journal
        self._clock = clock
        self._lock = threading.Lock()
        self._is_open = True

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._is_open = False
            self._store.close()

    def sync(self, vault: Vault, changed: Iterable[NotePath] | None = None) -> None:
        """Follow the lines through all that turns and humans did since the last time.

        Args:
            vault: the vault; where its folder is not there, nothing is done.
            changed: the notes that may have changed, come or gone; None looks at all of them.

        """
        with self._lock:
            self._sync(vault, changed)

    def why(self, vault: Vault, path: NotePath, line: int | None = None) -> list[Why]:
        """Who wrote the line (from 1), or every line of the note that is not a human's.

        Raises:
            NoteNotFound: no such note, or no such line in it.
            VaultError: the note cannot be read.

        """
        with self._lock:
            self._sync(vault, None)
            row = self._store.vault(vault.root)
            lines = vault.read(path).text.split("\n")
            anchors = self._anchors(row, path, lines)
            if line is None:
                return [self._told(path, index, lines[index], anchors[index], row.aged_before) for index in anchors]
            if not 1 <= line <= len(lines):
                raise NoteNotFound(f"{path} has {len(lines):,} lines; there is no line {line:,}.")
            return [self._told(path, line - 1, lines[line - 1], anchors.get(line - 1), row.aged_before)]

    def why_of(self, vault: Vault, paths: Iterable[NotePath]) -> dict[str, list[Why]]:
        """The lines of each note that are not a human's, after one look at the vault; a note that is gone has none."""
        with self._lock:
            self._sync(vault, None)
            row = self._store.vault(vault.root)
            return {path.value: self._lines(vault, row, path) for path in paths}

    def _lines(self, vault: Vault, row: VaultRow, path: NotePath) -> list[Why]:
        try:
            lines = vault.read(path).text.split("\n")
        except VaultError:
            return []
        anchors = self._anchors(row, path, lines)
        return [self._told(path, index, lines[index], anchors[index], row.aged_before) for index in anchors]

    def seen(self, roots: Iterable[Path]) -> int:
        """The number of the last journal entry that was followed in all these vaults: later ones must be kept."""
        with self._lock:
            return self._store.seen(roots)

    def move_vault(self, old: Path, new: Path) -> None:
        """The vault's folder is another one now; its lines keep their origins."""
        with self._lock, self._store.transaction():
            self._store.move_vault(old, new)

    def purge(self, texts: Sequence[str]) -> int:
        """Remove what holds one of the texts: sentences, and lines that left their notes; how many."""
        wanted = [plain(text).casefold() for text in texts if says_something(text)]
        with self._lock:
            with self._store.transaction():
                count = self._store.purge(lambda text: any(part in plain(text).casefold() for part in wanted))
            self._store.overwrite()
        return count

    def _anchors(self, row: VaultRow, path: NotePath, lines: Sequence[str]) -> Mapping[int, Anchor]:
        """Which line is whose; none where the note has changed since it was looked at."""
        found = self._store.note(row.id, path.value)
        known = found.known if found and found.known else Known()
        return known.anchors if list(known.lines) == list(lines) else {}

    def _sync(self, vault: Vault, changed: Iterable[NotePath] | None) -> None:
        if self._is_open and vault.root.is_dir():
            with self._store.transaction():
                Following(self._store, vault, self._journal, self._clock()).run(changed)

    def _told(self, path: NotePath, index: int, text: str, anchor: Anchor | None, aged_before: float | None) -> Why:
        if anchor is None:
            return Why(path.value, index + 1, text, "human")
        origin = None if anchor.origin == AGED else self._store.origin(anchor.origin)
        if origin is None:
            return Why(path.value, index + 1, text, "unknown", time=aged_before)
        edited = plain(text) != plain(anchor.written)
        told = (origin.session, origin.turn, origin.asked, origin.time)
        return Why(path.value, index + 1, text, "turn", *told, written=anchor.written, edited=edited)
