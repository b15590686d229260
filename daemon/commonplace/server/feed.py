"""A vault-wide feed of notes touched, whoever's turn it is: so that a window on the vault can mark them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonplace.server.numbered import Numbered


@dataclass(frozen=True, slots=True)
class Touched:
    """A note was read or written by a turn."""

    vault: str
    """The path of the vault's folder."""
    path: str
    """Relative to it."""
    access: str
    session: str
    turn: str
    seq: int
    """The number of the session's update that tells it."""

    def message(self) -> Mapping[str, Any]:
        """The notification."""
        params = {name: getattr(self, name) for name in ("vault", "path", "access", "session", "turn", "seq")}
        return {"jsonrpc": "2.0", "method": "_commonplace/touched", "params": params}


Subscriber = Callable[[Touched], None]


class Feed:
    """Who wants to know of which vault."""

    def __init__(self) -> None:
        self._subscribers: dict[str, set[Subscriber]] = {}

    def subscribe(self, vault: Path, subscriber: Subscriber) -> None:
        """Tell the subscriber, which must not block, of every note of the vault that is touched from now on."""
        self._subscribers.setdefault(str(vault), set()).add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Tell it no more."""
        for subscribers in self._subscribers.values():
            subscribers.discard(subscriber)

    def tell(self, vault: str, numbered: Numbered) -> None:
        """Pass an update on if it tells of a note."""
        meta = numbered.update.meta
        if "access" not in meta:
            return
        touched = Touched(vault, meta["path"], meta["access"], numbered.session, meta["turn"], numbered.seq)
        for subscriber in tuple(self._subscribers.get(vault, ())):
            subscriber(touched)
