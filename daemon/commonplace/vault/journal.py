"""What every write replaced, kept outside the vault, so that it can be undone and explained.

One SQLite file: a write is one transaction, both texts by their content and the entry that names them, synced
before the note is touched (``PRAGMA synchronous = FULL``). An entry that was not followed by its write is
harmless, since undo looks at what stands in the note.
"""

import errno
import math
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from commonplace.vault.database import open_database
from commonplace.vault.disk import version_of
from commonplace.vault.path import NotePath

KEEP_DAYS = 90
KEEP_BYTES = 500_000_000
"""The journal keeps as long and as much as this by default, the newest first."""

NOT_FINISHED = "Not finished: undo it once more"
"""What the undo of a whole turn says (``asked``) until it has come to its end."""

_SCHEMA = """
CREATE TABLE contents (version TEXT PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE entries (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    time REAL NOT NULL,
    vault TEXT NOT NULL,
    path TEXT NOT NULL,
    before TEXT,
    after TEXT,
    session TEXT NOT NULL,
    turn TEXT NOT NULL,
    asked TEXT NOT NULL,
    undoes TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX entries_of_turn ON entries (vault, turn, number);
CREATE INDEX entries_in_doubt ON entries (vault) WHERE NOT done
"""
_COLUMNS = "number, time, vault, path, before, after, session, turn, asked, undoes"
_INSERT = f"INSERT INTO entries ({_COLUMNS}) VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_DROP_UNUSED = """
DELETE FROM contents WHERE version NOT IN (
    SELECT before FROM entries WHERE before IS NOT NULL UNION SELECT after FROM entries WHERE after IS NOT NULL
)
"""


class JournalFailed(OSError):
    """The journal's file cannot be read or written; no note was touched."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a write was done."""

    session: str = ""
    turn: str = ""
    asked: str = ""
    """The user's sentence."""
    undoes: str = ""
    """The turn that this one takes back."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: the versions of the note before and after it; None where there was or is no note."""

    number: int
    time: float
    """Seconds since 1970."""
    vault: str
    path: str
    before: str | None
    after: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class JournaledTurn:
    """The writes of one turn, in order."""

    turn: str
    entries: tuple[Entry, ...]

    @property
    def time(self) -> float:
        """When its first write was done, in seconds since 1970."""
        return self.entries[0].time

    @property
    def origin(self) -> Origin:
        """Why it wrote."""
        return self.entries[0].origin

    def net(self) -> Iterator[tuple[str, str | None, str | None]]:
        """For each note: its path, its version before the turn and after it."""
        first: dict[str, str | None] = {}
        last: dict[str, str | None] = {}
        for entry in self.entries:
            first.setdefault(entry.path, entry.before)
            last[entry.path] = entry.after
        for path, after in last.items():
            if first[path] != after:
                yield path, first[path], after


@dataclass(frozen=True, slots=True)
class Kept:
    """How much the journal holds."""

    size: int
    """Bytes of all contents."""
    turns: int
    since: float | None
    """The time of the oldest entry, in seconds since 1970."""


class Journal:
    """The record of writes in one folder. Safe to use from several threads of one process."""

    def __init__(self, folder: Path) -> None:
        """Open the journal, made if there is none.

        Raises:
            OSError: it cannot be made or read.

        """
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        try:
            self._connection = open_database(folder / "journal.db", _SCHEMA, version=1)
        except sqlite3.Error as error:
            raise _failed(error, folder) from None
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")
        self._lock = threading.Lock()
        self._in_flight: set[int] = set()

    def close(self) -> None:
        """Close the file; nothing can be recorded any more."""
        with self._lock:
            self._connection.close()

    def intend(self, root: Path, path: NotePath, before: bytes | None, after: bytes | None, origin: Origin) -> Entry:
        """Record a write that is about to be done; it is on disk when this returns.

        Follow it with ``settle`` or ``abandon``, or with ``leave_open`` where nobody knows.

        Raises:
            JournalFailed: it could not be recorded, so the write must not be done.

        """
        return self.intend_all(root, [(path, before, after)], origin)[0]

    def intend_all(
        self, root: Path, writes: Sequence[tuple[NotePath, bytes | None, bytes | None]], origin: Origin
    ) -> list[Entry]:
        """Record several writes in one transaction, each with the bytes before and after it; see ``intend``."""
        named = origin if origin.turn else replace(origin, turn=f"write-{secrets.token_hex(6)}")
        entries: list[Entry] = []
        with self._transaction() as database:
            for path, before, after in writes:
                versions = [None if data is None else version_of(data) for data in (before, after)]
                contents = [(v, data) for v, data in zip(versions, (before, after), strict=True) if data is not None]
                database.executemany("INSERT OR IGNORE INTO contents VALUES (?, ?)", contents)
                entry = Entry(0, time.time(), str(root), path.value, versions[0], versions[1], named)
                database.execute(_INSERT, _values(entry))
                number: int = database.execute("SELECT last_insert_rowid()").fetchone()[0]
                entries.append(replace(entry, number=number))
            self._in_flight |= {entry.number for entry in entries}
        return entries

    def settle(self, *entries: Entry) -> None:
        """Record that writes were done. Where that does not reach the disk, the next start looks at the notes."""
        self._end("UPDATE entries SET done = 1 WHERE number = ?", entries)

    def abandon(self, *entries: Entry) -> None:
        """Record that writes were not done after all."""
        self._end("DELETE FROM entries WHERE number = ?", entries)

    def leave_open(self, *entries: Entry) -> None:
        """Nobody knows whether the writes were done; the entries stay, and undo looks at what stands in the notes."""
        with self._lock:
            self._in_flight.difference_update(entry.number for entry in entries)

    def content(self, version: str) -> bytes | None:
        """The bytes of that version; None where they are no longer kept, or are damaged."""
        try:
            rows = self._rows("SELECT data FROM contents WHERE version = ?", (version,))
        except JournalFailed:
            return None
        data = bytes(rows[0][0]) if rows else None
        return data if data is not None and version_of(data) == version else None

    def each_turn(self, root: Path) -> Iterator[JournaledTurn]:
        """The turns that wrote to the vault, the newest first, each read when it is come to."""
        rows = self._rows(
            "SELECT turn FROM entries WHERE vault = ? GROUP BY turn ORDER BY max(number) DESC", (str(root),)
        )
        return (turn for (name,) in rows if (turn := self.turn(root, name)) is not None)

    def turns(self, root: Path, *, most: int | None = None) -> list[JournaledTurn]:
        """The last turns that wrote to the vault, the newest first; all unless it is said how many."""
        return list(islice(self.each_turn(root), most))

    def turn(self, root: Path, name: str) -> JournaledTurn | None:
        """The turn of that name, if it wrote to the vault and is still kept."""
        entries = self._entries("WHERE vault = ? AND turn = ? ORDER BY number", (str(root), name))
        return JournaledTurn(name, tuple(entries)) if entries else None

    def has_created(self, root: Path, path: str) -> bool:
        """Whether a turn wrote a new note at that path, as far as the journal reaches back."""
        query = "SELECT 1 FROM entries WHERE vault = ? AND path = ? AND before IS NULL AND undoes = '' LIMIT 1"
        return bool(self._rows(query, (str(root), path)))

    def deleted(self, root: Path) -> list[tuple[str, str]]:
        """The notes that turns deleted, each by its path and its last version; some may be there again."""
        rows = self._rows(
            "SELECT DISTINCT path, before FROM entries WHERE vault = ? AND after IS NULL AND before IS NOT NULL",
            (str(root),),
        )
        return [(path, version) for path, version in rows]

    def undone(self, root: Path) -> set[str]:
        """The turns that were taken back, and not brought back since."""
        rows = self._rows(
            # A bare column beside max() is that of the row with the greatest: https://sqlite.org/lang_select.html
            "SELECT undoes, asked, max(number) FROM entries WHERE vault = ? AND undoes != '' GROUP BY undoes",
            (str(root),),
        )
        cut_off = {turn for turn, asked, _ in rows if asked == NOT_FINISHED}
        undone = self.undone_notes(root)
        return {turn for turn, paths in undone.items() if turn not in cut_off and paths >= self._paths(root, turn)}

    def cut_off_undo(self, root: Path, turn: str) -> str | None:
        """The undo of the whole turn that did not come to its end, unless it was taken back itself."""
        query = "SELECT turn FROM entries WHERE vault = ? AND undoes = ? AND asked = ? ORDER BY number DESC LIMIT 1"
        rows = self._rows(query, (str(root), turn, NOT_FINISHED))
        return rows[0][0] if rows and rows[0][0] not in self.undone_notes(root) else None

    def finish_undo(self, root: Path, undo: str) -> None:
        """The undo of a whole turn has come to its end."""
        with self._transaction() as database:
            database.execute(
                "UPDATE entries SET asked = '' WHERE vault = ? AND turn = ? AND asked = ?",
                (str(root), undo, NOT_FINISHED),
            )

    def undone_notes(self, root: Path) -> dict[str, set[str]]:
        """Which notes of which turns were taken back, and not brought back since.

        An undo of a whole turn says nothing of its own (``asked``), and what it left as it was counts as looked at;
        one of single notes names them, and one that was cut off has undone what it wrote.
        """
        rows = self._rows(
            "SELECT turn, undoes, asked, path FROM entries WHERE vault = ? AND undoes != '' ORDER BY number DESC",
            (str(root),),
        )
        undone: dict[str, set[str]] = {}
        whole: set[str] = set()
        """The undos of whole turns that were counted: each stands in as many rows as it wrote notes."""
        for turn, undoes, asked, path in rows:
            if turn in whole or path in undone.get(turn, ()):
                continue
            if asked:
                undone.setdefault(undoes, set()).add(path)
            else:
                whole.add(turn)
                undone.setdefault(undoes, set()).update(self._paths(root, undoes))
        return undone

    def _paths(self, root: Path, turn: str) -> set[str]:
        rows = self._rows("SELECT DISTINCT path FROM entries WHERE vault = ? AND turn = ?", (str(root), turn))
        return {path for (path,) in rows}

    def entries_after(self, number: int, *, most: int = 1_000) -> list[Entry]:
        """The entries of all vaults with greater numbers, in order, up to the first whose write is in hand.

        Numbers only grow, and never come again.
        """
        with self._lock:
            limit = min(self._in_flight, default=None)
        entries = self._entries("WHERE number > ? ORDER BY number LIMIT ?", (number, most))
        return [entry for entry in entries if limit is None or entry.number < limit]

    def last_number(self) -> int:
        """The greatest number that an entry was given, whether it is still kept or not; 0 in a new journal."""
        rows = self._rows("SELECT seq FROM sqlite_sequence WHERE name = 'entries'")
        return rows[0][0] if rows else 0

    def in_doubt(self, root: Path) -> list[Entry]:
        """The entries whose writes a crash may have cut off, oldest first; none that is in hand."""
        entries = self._entries("WHERE vault = ? AND NOT done ORDER BY number", (str(root),))
        with self._lock:
            return [entry for entry in entries if entry.number not in self._in_flight]

    def kept(self) -> Kept:
        """How much there is."""
        (size,) = self._rows("SELECT coalesce(sum(length(data)), 0) FROM contents")[0]
        turns, since = self._rows("SELECT count(DISTINCT turn), min(time) FROM entries")[0]
        return Kept(size, turns, since)

    def prune(self, *, days: float = KEEP_DAYS, most_bytes: int = KEEP_BYTES, keep_from: int | None = None) -> int:
        """Forget what is older or beyond the size, by whole turns, the oldest first; the number of entries that went.

        Args:
            days: how long a turn is kept.
            most_bytes: how many bytes the contents may have together.
            keep_from: the entry from which on nothing is forgotten, whatever the limits: somebody has yet to read it.

        """
        entries = self._entries("ORDER BY number DESC")
        sizes: dict[str, int] = dict(self._rows("SELECT version, length(data) FROM contents"))
        beyond = _newest_beyond(entries, sizes, time.time() - days * 86_400, most_bytes)
        with self._lock:
            spared_from = min(self._in_flight | ({keep_from} if keep_from is not None else set()), default=math.inf)
        spared = {e.origin.turn for e in entries if e.number >= spared_from}
        cut = {e.origin.turn for e in entries if e.number <= beyond} - spared
        dropped = [(e.number,) for e in entries if e.origin.turn in cut]
        with self._transaction() as database:
            database.executemany("DELETE FROM entries WHERE number = ?", dropped)
            database.execute(_DROP_UNUSED)
        return len(dropped)

    def purge(self, holds: Callable[[bytes], bool]) -> int:
        """Forget every content, and every user's sentence, of which ``holds`` is true; the number of contents.

        The entries stay, and say that their texts are no longer kept. The bytes are overwritten on disk.
        """
        versions = [row for row in self._rows("SELECT version FROM contents") if holds(self.content(row[0]) or b"")]
        sentences = [row for row in self._rows("SELECT DISTINCT asked FROM entries") if holds(row[0].encode())]
        with self._transaction() as database:
            database.executemany("DELETE FROM contents WHERE version = ?", versions)
            database.executemany("UPDATE entries SET asked = '' WHERE asked = ?", sentences)
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return len(versions)

    def move_vault(self, old: Path, new: Path) -> None:
        """The vault's folder is another one now; its entries stay its own."""
        with self._transaction() as database:
            database.execute("UPDATE entries SET vault = ? WHERE vault = ?", (str(new), str(old)))

    def _end(self, statement: str, entries: Sequence[Entry]) -> None:
        numbers = [entry.number for entry in entries]
        with self._lock:
            self._in_flight.difference_update(numbers)
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA synchronous = NORMAL")
                self._connection.execute("BEGIN IMMEDIATE")
                self._connection.executemany(statement, [(number,) for number in numbers])
                self._connection.execute("COMMIT")
            with suppress(sqlite3.Error):
                self._connection.execute("PRAGMA synchronous = FULL")

    def _entries(self, where: str, values: Sequence[object] = ()) -> list[Entry]:
        return [_entry(row) for row in self._rows(f"SELECT {_COLUMNS} FROM entries {where}", values)]

    def _rows(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise _failed(error) from None

    @contextmanager
    def _transaction(self) -> Generator[sqlite3.Connection]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException as error:
                with suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise _failed(error) from None
                raise


def _newest_beyond(entries: Sequence[Entry], sizes: Mapping[str, int], oldest: float, most_bytes: int) -> int:
    """The number of the newest entry that is too old or does not fit any more; 0 where all fit. Newest first."""
    counted: set[str] = set()
    size = 0
    for entry in entries:
        fresh = {version for version in (entry.before, entry.after) if version} - counted
        counted |= fresh
        size += sum(sizes.get(version, 0) for version in fresh)
        if entry.time < oldest or size > most_bytes:
            return entry.number
    return 0


def _values(entry: Entry) -> tuple[object, ...]:
    origin = entry.origin
    where = (entry.time, entry.vault, entry.path, entry.before, entry.after)
    return (*where, origin.session, origin.turn, origin.asked, origin.undoes)


def _entry(row: tuple[Any, ...]) -> Entry:
    return Entry(*row[:6], origin=Origin(*row[6:]))


def _failed(error: sqlite3.Error, folder: Path | None = None) -> JournalFailed:
    full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    reason = f"the journal cannot be used ({error})"
    return JournalFailed(errno.ENOSPC if full else errno.EIO, reason, None if folder is None else str(folder))
