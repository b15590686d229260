"""A SQLite file of ours: for its owner alone, write-ahead, and set aside when it is damaged."""

import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

_ASIDE = ".damaged-"
_BESIDE = ("-wal", "-shm")
"""What SQLite keeps beside a file; it finds them by the file's name."""


def open_database(
    place: Path, schema: str, *, version: int, disposable: bool = False, check: bool = True
) -> sqlite3.Connection:
    """Open the file, made by the schema if it is new; the connection is any thread's, one at a time.

    A damaged file, or one of another version, is moved aside (see ``set_aside_in``), or deleted where it can be made
    again.
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
        return _opened(place, schema, version, check)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError):
            raise
    _set_aside(place, disposable)
    os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))
    return _opened(place, schema, version, check)


def set_aside_in(folder: Path) -> list[Path]:
    """The damaged files that were moved aside in a folder and still lie there; each is named after what it was."""
    return sorted(place for place in folder.glob(f"*{_ASIDE}*") if not place.name.endswith(_BESIDE))


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


def _set_aside(place: Path, disposable: bool) -> None:
    aside = f"{place.name}{_ASIDE}{time.strftime('%Y%m%d-%H%M%S')}"
    for suffix in (*_BESIDE, ""):
        with suppress(FileNotFoundError):
            if disposable:
                place.with_name(place.name + suffix).unlink()
            else:
                place.with_name(place.name + suffix).rename(place.with_name(aside + suffix))
