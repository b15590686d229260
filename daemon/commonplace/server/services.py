"""What every client of the daemon shares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from commonplace.filters.looks import SharedLooks
from commonplace.server.editors import Editors
from commonplace.server.engine import Engines
from commonplace.server.feed import Feed
from commonplace.server.keys import Keys
from commonplace.server.live_config import LiveConfig
from commonplace.server.page import Pages
from commonplace.server.repairs import Repairs
from commonplace.server.retention import Retention
from commonplace.server.scope import Begun
from commonplace.server.sessions import Sessions
from commonplace.server.vaults import OpenVault, Vaults
from commonplace.vault.journal import Journal
from commonplace.vault.origins import Origins


class Purgeable(Protocol):
    """A store that can be made to forget."""

    def purge(self, texts: Sequence[str]) -> int:
        """Remove what holds one of the texts; how many pieces went."""
        ...


StartedBy = Literal["hand", "client", "service"]
"""Who started the daemon: a person who typed ``serve``, a client that found none, the system at login."""


@dataclass(frozen=True, slots=True)
class Life:
    """The daemon's own particulars."""

    began: float
    """Seconds since 1970."""
    started_by: StartedBy
    clients: Callable[[], int]
    """How many are connected now."""
    stop: Callable[[], None]
    """Ends the daemon."""
    rotate_token: Callable[[], None]
    """Replaces the daemon's token, in daemon.json too."""
    drop_revoked: Callable[[], None]
    """Hangs up on clients whose token was revoked."""


@dataclass(frozen=True, slots=True)
class Services:
    """The daemon as a client's requests see it."""

    home: Path
    sessions: Sessions
    retention: Retention
    feed: Feed
    vaults: Vaults
    editors: Editors
    journal: Journal
    origins: Origins
    purgeable: Mapping[str, Purgeable]
    """The stores, beside the journal, from which ``forget --purge`` removes a text."""
    config: LiveConfig
    engines: Engines
    keys: Keys
    pages: Pages
    looks: SharedLooks
    """What the clients' filters name in the notes."""
    begun: Begun
    repairs: Repairs
    life: Life
    seen: Callable[[OpenVault], OpenVault] = lambda vault: vault
    """A vault as the client that asks sees it; it may read all notes. What tells of notes begins with it."""
    progress: Callable[[int, int], None] = lambda _, __: None
    """Tells the client that asks how many of how many are done."""

    @property
    def model_name(self) -> str:
        """The model that the next turn runs on."""
        return self.engines.model_name
