"""The durable log of what every session said: each update is stored before it is sent.

Updates are stored in one transaction for each pass of the event loop, on the loop itself, since a commit under WAL
with synchronous=NORMAL costs some tens of microseconds and waits for no disk. The busier the loop, the longer a pass
and the more updates share a transaction. What must outlast a power cut waits in ``sync``, in a thread that several
sessions share. Figures: docs/performance.md.
"""

import asyncio
import json
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from commonplace.server.numbered import Numbered, Run, Update, join, joined
from commonplace.server.store import Store

logger = logging.getLogger(__name__)

PAGE_ROWS = 512
PAGE_CHARACTERS = 500_000
LARGEST_WAL = 16_000
"""Pages of 4 KiB in the write-ahead log; beyond it writers wait a moment until it has been emptied."""

Statement = tuple[str, Sequence[object]]
Deliver = Callable[[Numbered], None]


class LogFailed(Exception):
    """What a session said could not be stored; the text says why."""


@dataclass(frozen=True, slots=True)
class _Pending:
    numbered: Numbered
    deliver: Deliver | None
    statements: Sequence[Statement]


class EventLog:
    """Stores updates and gives them back. All of it is the event loop's, but the waiting in ``sync``."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._pending: list[_Pending] = []
        self._runs: dict[str, Run] = {}
        self._failed: dict[str, str] = {}
        self._soon: asyncio.Handle | None = None
        self._sync: asyncio.Task[None] | None = None
        self._next_sync: asyncio.Task[None] | None = None
        self.keeping = threading.Lock()
        """Held by whoever uses the keeper's connection."""

    def append(self, numbered: Numbered, deliver: Deliver | None = None, statements: Sequence[Statement] = ()) -> None:
        """Store an update soon, with the statements in the same transaction, then hand it to ``deliver``."""
        self._pending.append(_Pending(numbered, deliver, [*statements, *self._finish_run(numbered)]))
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_soon(self.flush)

    def flush(self) -> None:
        """Store what waits now. A session whose updates could not be stored learns it from ``check``."""
        if self._soon is not None:
            self._soon.cancel()
            self._soon = None
        batch, self._pending = self._pending, []
        if not batch:
            return
        try:
            self._write(batch)
        except sqlite3.Error as error:
            logger.error("%d updates could not be stored: %s", len(batch), error)
            self._failed |= {pending.numbered.session: str(error) for pending in batch}
            return
        for pending in batch:
            if pending.deliver is not None:
                pending.deliver(pending.numbered)

    def check(self, session: str) -> None:
        """Tell, once, that something of this session could not be stored.

        Raises:
            LogFailed.

        """
        reason = self._failed.pop(session, None)
        if reason is not None:
            raise LogFailed(_NOT_STORED.format(reason))

    async def sync(self) -> None:
        """Make everything appended so far outlast a power cut. Those who ask at once share the wait.

        Raises:
            LogFailed.

        """
        self.flush()
        if self._sync is None or self._sync.done():
            self._sync = asyncio.create_task(asyncio.to_thread(self._checkpoint))
            await asyncio.shield(self._sync)
            return
        if self._next_sync is None or self._next_sync.done():
            self._next_sync = asyncio.create_task(self._sync_after(self._sync))
        await asyncio.shield(self._next_sync)

    def read(self, session: str, after: int) -> list[Numbered]:
        """The next updates after that number, deltas joined; none when there are no more."""
        self.flush()
        query = "SELECT seq, body, stream, text, sizes FROM event WHERE session = ? AND seq > ? ORDER BY seq LIMIT ?"
        rows = self._store.connection.execute(query, (session, after, PAGE_ROWS))
        taken = 0

        def fits(row: tuple[int, str, str | None, str, str | None]) -> bool:
            nonlocal taken
            before, taken = taken, taken + len(row[1]) + len(row[3])
            return before < PAGE_CHARACTERS

        found = (_numbered(session, *row).after(after) for row in takewhile(fits, rows.fetchall()))
        return list(joined(update for update in found if update is not None))

    def last_seq(self, session: str) -> int:
        """The number of the session's last update; 0 where there is none."""
        self.flush()
        query = "SELECT seq FROM event WHERE session = ? ORDER BY seq DESC LIMIT 1"
        row = self._store.connection.execute(query, (session,)).fetchone()
        return row[0] if row else 0

    def forget(self, session: str) -> None:
        """Drop what is remembered of a session that is deleted."""
        self.flush()
        self._runs.pop(session, None)
        self._failed.pop(session, None)

    def close(self) -> None:
        """Store what waits, and close the file."""
        self.flush()
        with self.keeping:
            self._store.close()

    def _write(self, batch: Iterable[_Pending]) -> None:
        connection = self._store.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            for pending in batch:
                connection.execute(*insertion(pending.numbered))
                for statement in pending.statements:
                    connection.execute(*statement)
            connection.execute("COMMIT")
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def _finish_run(self, numbered: Numbered) -> list[Statement]:
        """What makes one row of a finished run of deltas, which so far had a row each."""
        run = self._runs.pop(numbered.session, None)
        if run is not None and run.take(numbered):
            self._runs[numbered.session] = run
            return []
        if numbered.update.stream is not None:
            self._runs[numbered.session] = Run(numbered)
        return one_row(run.updates) if run is not None and len(run.updates) > 1 else []

    async def _sync_after(self, running: "asyncio.Task[None]") -> None:
        await asyncio.wait((running,))
        self._sync = asyncio.create_task(asyncio.to_thread(self._checkpoint))
        await asyncio.shield(self._sync)

    def _checkpoint(self) -> None:
        try:
            with self.keeping:
                _, pages, _ = self._store.keeper.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
                if pages > LARGEST_WAL:
                    self._store.keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise LogFailed(_NOT_STORED.format(error)) from None


_NOT_STORED = "What this session says could not be stored ({}). Make room on the disk, then ask again."


def insertion(numbered: Numbered) -> Statement:
    """The statement that stores an update."""
    update = numbered.update
    body = json.dumps({"update": update.update, "meta": update.meta}, ensure_ascii=False, separators=(",", ":"))
    sizes = json.dumps(numbered.sizes, separators=(",", ":")) if numbered.sizes else None
    row = (numbered.session, numbered.seq, _storable(body), update.stream, _storable(update.text), sizes)
    return "INSERT INTO event (session, seq, body, stream, text, sizes) VALUES (?, ?, ?, ?, ?, ?)", row


def one_row(run: Sequence[Numbered]) -> list[Statement]:
    """The statements that put one row in place of a run's rows."""
    whole = join(run)
    deletion = "DELETE FROM event WHERE session = ? AND seq BETWEEN ? AND ?"
    return [(deletion, (whole.session, whole.first, whole.seq)), insertion(whole)]


def _numbered(session: str, seq: int, body: str, stream: str | None, text: str, sizes: str | None) -> Numbered:
    stored = json.loads(body)
    update = Update(stored["update"], stored["meta"], stream, text)
    return Numbered(session, seq, update, tuple(json.loads(sizes)) if sizes else ())


def _storable(text: str) -> str:
    """SQLite takes UTF-8; half of a character (a lone surrogate) becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
