"""``sessions.db``: what every session said, in one SQLite file of the home folder."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.database import open_database

SCHEMA = """
CREATE TABLE session (
    id TEXT PRIMARY KEY,
    vault TEXT NOT NULL,
    title TEXT NOT NULL,
    mode TEXT NOT NULL,
    updated REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_updated ON session (updated, id);
CREATE TABLE turn (
    session TEXT NOT NULL,
    number INTEGER NOT NULL,
    first INTEGER NOT NULL,
    question TEXT NOT NULL,
    prompt_id TEXT,
    ended TEXT,
    messages TEXT,
    PRIMARY KEY (session, number)
) WITHOUT ROWID;
CREATE UNIQUE INDEX turn_prompt ON turn (session, prompt_id) WHERE prompt_id IS NOT NULL;
CREATE INDEX turn_open ON turn (session) WHERE ended IS NULL;
CREATE TABLE event (
    session TEXT NOT NULL,
    seq INTEGER NOT NULL,
    body TEXT NOT NULL,
    stream TEXT,
    text TEXT NOT NULL,
    sizes TEXT,
    PRIMARY KEY (session, seq)
) WITHOUT ROWID;
"""
VERSION = 1


@dataclass(frozen=True, slots=True)
class Store:
    """The open file."""

    connection: sqlite3.Connection
    """The event loop's: it writes, and never waits for the disk."""
    keeper: sqlite3.Connection
    """A thread's: it moves what was written to where a power cut cannot reach it, and tidies up."""

    def close(self) -> None:
        """Close both; the last one moves the write-ahead log into the file."""
        self.keeper.close()
        self.connection.close()


def open_store(home: Path) -> Store:
    """Open ``sessions.db``; a damaged one is set aside and a new one begun.

    Raises:
        OSError, sqlite3.OperationalError: the file cannot be made.

    """
    writer = open_database(home / "sessions.db", SCHEMA, version=VERSION)
    keeper = open_database(home / "sessions.db", SCHEMA, version=VERSION)
    for connection in (writer, keeper):
        connection.execute("PRAGMA secure_delete = ON")
    writer.execute("PRAGMA wal_autocheckpoint = 0")
    return Store(writer, keeper)
