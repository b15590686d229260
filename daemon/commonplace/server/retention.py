"""How long sessions are kept, and how a text is made to be forgotten in them."""

import json
import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, cast

from commonplace.server.log import EventLog
from commonplace.server.records import deletion
from commonplace.server.store import Store
from commonplace.settings import SessionsConfig

logger = logging.getLogger(__name__)

FORGOTTEN = "[forgotten]"
_EMPTY_SECONDS = 86_400.0
"""A session that was begun and never asked anything goes after this."""


class Retention:
    """Drops what is too old or too much. Its methods run in a thread; each session is a short transaction."""

    def __init__(self, store: Store, log: EventLog) -> None:
        self._keeper = store.keeper
        self._log = log

    def prune(self, config: SessionsConfig, running: Iterable[str]) -> int:
        """Drop sessions after so many days, then the oldest ones until the rest fits; how many went."""
        with self._log.keeping:
            spared = set(running)
            oldest = time.time() - config.days * 86_400
            gone = 0
            rows = self._keeper.execute("SELECT id, title, updated FROM session ORDER BY updated").fetchall()
            for session, title, updated in rows:
                never_asked = not title and updated < time.time() - _EMPTY_SECONDS
                in_time = updated >= oldest and self._size() <= config.megabytes * 1_000_000
                if session in spared or (in_time and not never_asked):
                    continue
                self._write(list(deletion(session)))
                gone += 1
            if gone:
                logger.info("%d sessions were dropped by the rule of [sessions]", gone)
            return gone

    def purge(self, texts: Sequence[str], running: Iterable[str] = ()) -> int:
        """Replace the texts, wherever they stand in what was said, by "[forgotten]"; how many rows changed.

        A session in which a turn runs is left; call again after it. The bytes are gone from the disk afterwards.
        """
        wanted = sorted({form for text in texts if text for form in _forms(text)}, key=len, reverse=True)
        if not wanted:
            return 0
        with self._log.keeping:
            spared = set(running)
            sessions = [row[0] for row in self._keeper.execute("SELECT id FROM session").fetchall()]
            changed = sum(self._purge_session(session, wanted) for session in sessions if session not in spared)
            self._keeper.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return changed

    def move_vault(self, old: Path, new: Path) -> None:
        """The vault's folder is another one now; its sessions stay its own."""
        with self._log.keeping:
            self._write([("UPDATE session SET vault = ? WHERE vault = ?", (str(new), str(old)))])

    def _purge_session(self, session: str, texts: Sequence[str]) -> int:
        statements: list[tuple[str, Sequence[object]]] = []
        events = self._keeper.execute("SELECT seq, body, text, sizes FROM event WHERE session = ?", (session,))
        for seq, body, text, sizes in events.fetchall():
            clean = (_cleaned_json(body, texts), _cleaned(text, texts))
            if clean != (body, text):
                statement = "UPDATE event SET body = ?, text = ?, sizes = ? WHERE session = ? AND seq = ?"
                statements.append((statement, (*clean, _all_in_first(sizes, clean[1]), session, seq)))
        turns = self._keeper.execute("SELECT number, question, ended, messages FROM turn WHERE session = ?", (session,))
        for number, question, ended, messages in turns.fetchall():
            clean = (_cleaned(question, texts), _cleaned_json(ended, texts), _cleaned_json(messages, texts))
            if clean != (question, ended, messages):
                statement = "UPDATE turn SET question = ?, ended = ?, messages = ? WHERE session = ? AND number = ?"
                statements.append((statement, (*clean, session, number)))
        title = self._keeper.execute("SELECT title FROM session WHERE id = ?", (session,)).fetchone()[0]
        if (clean_title := _cleaned(title, texts)) != title:
            statements.append(("UPDATE session SET title = ? WHERE id = ?", (clean_title, session)))
        self._write(statements)
        return len(statements)

    def _size(self) -> int:
        """Bytes in use."""
        pages, free, size = (
            self._keeper.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("page_count", "freelist_count", "page_size")
        )
        return (pages - free) * size

    def _write(self, statements: Iterable[tuple[str, Sequence[object]]]) -> None:
        self._keeper.execute("BEGIN IMMEDIATE")
        try:
            for statement in statements:
                self._keeper.execute(*statement)
            self._keeper.execute("COMMIT")
        except sqlite3.Error:
            if self._keeper.in_transaction:
                self._keeper.execute("ROLLBACK")
            raise


def _forms(text: str) -> set[str]:
    """The text as it is, and as it stands within quotes in code."""
    return {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1], repr(text)[1:-1]}


def _cleaned(text: str, texts: Sequence[str]) -> str:
    for forgotten in texts:
        text = text.replace(forgotten, FORGOTTEN)
    return text


def _cleaned_json(stored: str | None, texts: Sequence[str]) -> str | None:
    """The same JSON with the texts replaced in each of its strings."""
    if stored is None:
        return None
    value = json.loads(stored)
    clean = _cleaned_value(value, texts)
    return stored if clean == value else json.dumps(clean, ensure_ascii=False, separators=(",", ":"))


def _cleaned_value(value: Any, texts: Sequence[str]) -> Any:
    if isinstance(value, str):
        return _cleaned(value, texts)
    if isinstance(value, list):
        return [_cleaned_value(one, texts) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _cleaned_value(one, texts) for key, one in cast("dict[str, Any]", value).items()}
    return value


def _all_in_first(sizes: str | None, text: str) -> str | None:
    """The sizes of joined deltas whose text was replaced: no delta of it can be told alone any more."""
    return None if sizes is None else json.dumps([len(text), *[0] * (len(json.loads(sizes)) - 1)])
