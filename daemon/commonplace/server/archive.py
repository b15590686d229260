"""All that is kept of sessions: opened with the daemon, closed with it."""

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from commonplace.server.log import EventLog
from commonplace.server.records import Records
from commonplace.server.recovery import close_open_turns
from commonplace.server.retention import Retention
from commonplace.server.store import open_store
from commonplace.vault.journal import Journal


class ArchiveError(Exception):
    """``sessions.db`` cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Archive:
    """The log, the records, and what tidies them."""

    log: EventLog
    records: Records
    retention: Retention


def open_archive(home: Path, journal: Journal) -> Archive:
    """Open it, and close the turns that a crash left open.

    Raises:
        ArchiveError.

    """
    try:
        store = open_store(home)
        log, records = EventLog(store), Records(store)
        close_open_turns(log, records, journal)
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(
            f"{home / 'sessions.db'} cannot be used: {error}. Make room on the disk, or move the file away."
        ) from None
    return Archive(log, records, Retention(store, log))
