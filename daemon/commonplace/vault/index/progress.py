"""How far the index is: what clients and ``doctor`` show."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

Phase = Literal["looking", "reading", "ready", "away", "stopped"]
Mode = Literal["events", "polling"]


@dataclass(frozen=True, slots=True)
class Progress:
    """The state of a vault's index."""

    phase: Phase = "looking"
    """"away": the vault's folder is not there. "stopped": the index cannot be written; ``warning`` says why."""
    done: int = 0
    """Notes of ``total`` that are read."""
    total: int = 0
    mode: Mode = "events"
    warning: str | None = None
    """What the user should know, in one sentence or two."""
    looked: float | None = None
    """When all folders were looked at last, in seconds since 1970."""
    unreadable: tuple[str, ...] = ()
    """Folders that could not be read, a few of them; what is known of their notes stays."""

    edits: int = 0
    """Notes that were seen to change since the index was opened; for whoever waits for one, not for clients."""

    def as_json(self) -> dict[str, Any]:
        """As it goes to clients."""
        return {name: value for name, value in asdict(self).items() if name != "edits"}
