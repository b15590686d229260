"""What every client of the daemon shares."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from commonplace.server.feed import Feed
from commonplace.server.retention import Retention
from commonplace.server.sessions import Sessions
from commonplace.server.vaults import Vaults
from commonplace.vault.journal import Journal


@dataclass(frozen=True, slots=True)
class Services:
    """The daemon as a client's requests see it."""

    home: Path
    sessions: Sessions
    retention: Retention
    feed: Feed
    vaults: Vaults
    journal: Journal
    model_name: str
    stop: Callable[[], None]
    """Ends the daemon."""
