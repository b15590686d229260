"""Writing the index: one thread puts notes in and takes them out, in small transactions."""

import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.database import open_database
from commonplace.vault.index.entry import Entry, State, link_names
from commonplace.vault.index.schema import SCHEMA, VERSION
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath

_CACHE_KIBIBYTES = 16_384
_CHECKPOINT_PAGES = 16_000
"""64 MB: a page of a tree that is written a hundred times in a build goes into the file a few times."""
_WORTH_REBUILDING = 1_000
"""Stale rows of words beyond half of the notes; below that they cost less than a new start."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a look at a file tells without reading it."""

    size: int
    modified: int
    """Nanoseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Known:
    """A note as the index has it."""

    id: int
    stamp: Stamp
    state: State
    version: bytes | None


class Store:
    """The index file, open for writing. Use it from one thread."""

    def __init__(self, place: Path) -> None:
        """Open or make it.

        Raises:
            OSError, sqlite3.Error.

        """
        self._connection = open_database(place, SCHEMA, version=VERSION, disposable=True, check=False)
        self._connection.execute(f"PRAGMA cache_size = -{_CACHE_KIBIBYTES}")
        self._connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        self._counts: dict[str, tuple[int, int]] = {}

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All writes in the block, or none."""
        self._counts.clear()
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._write_counts()
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    def known_in(self, folder: str) -> dict[str, Known]:
        """The notes directly in a folder ("" is the root), by path."""
        rows = self._connection.execute(
            "SELECT path, id, size, modified, state, version FROM note WHERE folder = ?", (folder,)
        )
        return {row[0]: Known(row[1], Stamp(row[2], row[3]), State(row[4]), row[5]) for row in rows}

    def known(self, path: str) -> Known | None:
        """The note of that path."""
        row = self._connection.execute(
            "SELECT id, size, modified, state, version FROM note WHERE path = ?", (path,)
        ).fetchone()
        return row and Known(row[0], Stamp(row[1], row[2]), State(row[3]), row[4])

    def folders_below(self, folder: str) -> set[str]:
        """The folders with notes below a folder ("" is the root), itself left out."""
        if not folder:
            rows = self._connection.execute("SELECT path FROM folder WHERE path <> ''")
        else:
            rows = self._connection.execute(
                "SELECT path FROM folder WHERE path > ? AND path < ?", (f"{folder}/", f"{folder}0")
            )
        return {row[0] for row in rows}

    def list_new(self, notes: Sequence[tuple[NotePath, Stamp]]) -> None:
        """Put notes that were seen for the first time, so that links to them resolve before they are read."""
        for path, stamp in notes:
            number = self._put_note(path.value, stamp, None, (State.UNREAD, None, None, None))
            self._connection.execute("INSERT INTO called VALUES(?, ?)", (number, folded(path.stem)))

    def put(self, entry: Entry, stamp: Stamp, before: Known | None) -> None:
        """Put a note that was read, in place of what was known of it."""
        self._forget_content(before)
        text = self._connection.execute(
            "INSERT INTO words(names, body) VALUES(?, ?)", ("\n".join(entry.called), entry.text)
        ).lastrowid
        targets = "\n".join(entry.targets)
        number = self._put_note(entry.path.value, stamp, before, (State.READ, entry.version, text, targets))
        self._connection.executemany(
            "INSERT OR IGNORE INTO link VALUES(?, ?)", [(name, number) for name in link_names(entry.targets)]
        )
        self._connection.executemany(
            "INSERT OR IGNORE INTO called VALUES(?, ?)", [(number, name) for name in entry.folded_names]
        )
        self._connection.executemany(
            "INSERT INTO fact VALUES(?, ?, ?, ?, ?, ?)",
            [
                (number, position, fact.line, fact.key, fact.value, fact.form)
                for position, fact in enumerate(entry.facts)
            ],
        )

    def list_only(self, path: NotePath, stamp: Stamp, before: Known | None, state: State) -> None:
        """Put a note whose text is not known."""
        self._forget_content(before)
        self._put_note(path.value, stamp, before, (state, None, None, None))

    def restamp(self, path: str, stamp: Stamp) -> None:
        """The file was written again with the same bytes."""
        self._connection.execute("UPDATE note SET modified = ? WHERE path = ?", (stamp.modified, path))

    def remove(self, path: str) -> None:
        """Take a note out."""
        known = self.known(path)
        if known is not None:
            self._forget_content(known)
            self._connection.execute("DELETE FROM called WHERE note = ?", (known.id,))
            self._connection.execute("DELETE FROM note WHERE id = ?", (known.id,))
            self._count(path, -1, -known.stamp.size)

    def remember_rename(self, old: str, new: str) -> None:
        """Keep where a note went, so that links to its old name can be mended."""
        self._connection.execute("INSERT OR REPLACE INTO renamed VALUES(?, ?, ?)", (old, new, time.time()))

    def count(self) -> int:
        """How many notes are known."""
        return self._connection.execute("SELECT coalesce(sum(notes), 0) FROM folder").fetchone()[0]

    @property
    def is_worn(self) -> bool:
        """Whether stale rows are so many that a new start pays."""
        stale = self._connection.execute("SELECT value FROM counter WHERE name = 'stale'").fetchone()[0]
        return stale > self.count() / 2 + _WORTH_REBUILDING

    def _forget_content(self, known: Known | None) -> None:
        if known is None or known.version is None:
            return
        self._connection.execute("UPDATE counter SET value = value + 1 WHERE name = 'stale'")
        for table in ("called", "fact"):
            self._connection.execute(f"DELETE FROM {table} WHERE note = ?", (known.id,))

    def _put_note(self, path: str, stamp: Stamp, before: Known | None, content: tuple[object, ...]) -> int:
        """The note's row; its number. ``content`` is state, version, text, targets."""
        if before is not None:
            self._connection.execute(
                "UPDATE note SET size = ?, modified = ?, state = ?, version = ?, text = ?, targets = ? WHERE id = ?",
                (stamp.size, stamp.modified, *content, before.id),
            )
            self._count(path, 0, stamp.size - before.stamp.size)
            return before.id
        folder, _, name = path.rpartition("/")
        number = self._connection.execute(
            "INSERT INTO note(path, folder, name, size, modified, state, version, text, targets)"
            " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (path, folder, name.casefold(), stamp.size, stamp.modified, *content),
        ).lastrowid
        self._count(path, 1, stamp.size)
        return number or 0

    def _count(self, path: str, notes: int, size: int) -> None:
        """Remember what the transaction changes in a folder's counts."""
        folder = path.rpartition("/")[0]
        before = self._counts.get(folder, (0, 0))
        self._counts[folder] = (before[0] + notes, before[1] + size)

    def _write_counts(self) -> None:
        self._connection.executemany(
            "INSERT INTO folder VALUES(?, ?, ?) ON CONFLICT(path) DO UPDATE"
            " SET notes = notes + excluded.notes, bytes = bytes + excluded.bytes",
            [(folder, notes, size) for folder, (notes, size) in self._counts.items()],
        )
        self._connection.execute("DELETE FROM folder WHERE notes = 0")
        self._counts.clear()
