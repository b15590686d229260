"""A SQLite file of ours: for its owner alone, write-ahead, and set aside when it is damaged."""

import os
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Database:
    """An open file."""

    connection: sqlite3.Connection
    """Usable from any thread, one at a time."""
    moved_aside: Path | None = None
    """Where the damaged file is now that stood there before; the user is told."""


def open_database(place: Path, schema: str, *, version: int, disposable: bool = False, check: bool = True) -> Database:
    """Open the file, made by the schema if it is new.

    A damaged file, or one of another version, is moved aside, or deleted where it can be made again.
    A commit is on disk after ``checkpoint``; until then a power cut may take it, a crash of ours may not
    (https://sqlite.org/pragma.html#pragma_synchronous: NORMAL under WAL).

    Args:
        place: the file.
        schema: the statements that make its tables.
        version: counts the schema; written to ``user_version``.
        disposable: whether its content can be made again.
        check: whether to look for damage now, which reads the whole file; otherwise it is met when it is used.

    Raises:
        OSError, sqlite3.OperationalError: the file cannot be made.

    """
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    try:
        return Database(_opened(place, schema, version, check))
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
    moved = _set_aside(place, disposable)
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    return Database(_opened(place, schema, version, check), moved)


def checkpoint(connection: sqlite3.Connection) -> None:
    """Make every commit so far last through a power cut."""
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _opened(place: Path, schema: str, version: int, check: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        damaged = check and connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"
        if found not in (0, version) or damaged:
            raise sqlite3.DatabaseError("another version, or damaged")
        if found == 0:
            connection.executescript(f"BEGIN; {schema}; PRAGMA user_version = {version}; COMMIT;")
    except BaseException:
        connection.close()
        raise
    return connection


def _set_aside(place: Path, disposable: bool) -> Path | None:
    for suffix in ("-wal", "-shm"):
        place.with_name(place.name + suffix).unlink(missing_ok=True)
    if disposable:
        place.unlink(missing_ok=True)
        return None
    aside = place.with_name(f"{place.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
    return place.rename(aside)
