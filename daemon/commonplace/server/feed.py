"""A vault-wide feed: notes touched and taken back, whoever does it, so that a window can mark them; the index.

Whoever may not know of every turn hears only that something changed, and looks for itself.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonplace.server.numbered import Numbered
from commonplace.vault.index.progress import Progress


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


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What a turn wrote in a note is undone."""

    vault: str
    path: str
    turn: str

    def message(self) -> Mapping[str, Any]:
        """The notification."""
        params = {"vault": self.vault, "path": self.path, "turn": self.turn}
        return {"jsonrpc": "2.0", "method": "_commonplace/undone", "params": params}


@dataclass(frozen=True, slots=True)
class Indexed:
    """A vault's index has come further, or has something to warn of."""

    vault: str
    progress: Progress

    def message(self) -> Mapping[str, Any]:
        """The notification."""
        params = {"vault": self.vault, **self.progress.as_json()}
        return {"jsonrpc": "2.0", "method": "_commonplace/index", "params": params}


@dataclass(frozen=True, slots=True)
class Changed:
    """Some notes of the vault are not what they were, whoever changed them."""

    vault: str

    def message(self) -> Mapping[str, Any]:
        """The notification."""
        return {"jsonrpc": "2.0", "method": "_commonplace/changed", "params": {"vault": self.vault}}


Told = Touched | TakenBack | Indexed | Changed
Subscriber = Callable[[Told], None]


class Feed:
    """Who wants to know of which vault."""

    def __init__(self) -> None:
        self._subscribers: dict[str, set[Subscriber]] = {}
        self._waiting: dict[str, set[Subscriber]] = {}
        self._progress: dict[str, Progress] = {}

    def subscribe(self, vault: Path, subscriber: Subscriber) -> None:
        """Tell the subscriber, which must not block, of all that comes of the vault from now on."""
        self._subscribers.setdefault(str(vault), set()).add(subscriber)

    def subscribe_to_changes(self, vault: Path, subscriber: Subscriber) -> None:
        """Tell the subscriber, which must not block, whenever notes of the vault have changed, and nothing else."""
        self._waiting.setdefault(str(vault), set()).add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Tell it no more."""
        for subscribers in (*self._subscribers.values(), *self._waiting.values()):
            subscribers.discard(subscriber)

    def tell(self, vault: str, numbered: Numbered) -> None:
        """Pass an update on if it tells of a note."""
        meta = numbered.update.meta
        if "access" not in meta:
            return
        self._pass(Touched(vault, meta["path"], meta["access"], numbered.session, meta["turn"], numbered.seq))

    def tell_undone(self, vault: Path, turn: str, paths: Iterable[str]) -> None:
        """Pass on that the notes are as they were before the turn."""
        for path in paths:
            self._pass(TakenBack(str(vault), path, turn))

    def tell_progress(self, vault: str, progress: Progress) -> None:
        """Pass on how far a vault's index is, and that notes have changed."""
        before = self._progress.get(vault, Progress())
        self._progress[vault] = progress
        if before.as_json() != progress.as_json():
            self._pass(Indexed(vault, progress))
        if before.edits != progress.edits:
            for subscriber in tuple(self._waiting.get(vault, ())):
                subscriber(Changed(vault))

    def _pass(self, told: Told) -> None:
        for subscriber in tuple(self._subscribers.get(told.vault, ())):
            subscriber(told)
