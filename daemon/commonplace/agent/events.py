"""What happens in a turn, in order. Everything that is shown, stored or sent is one of these."""

from dataclasses import dataclass
from typing import Literal

from commonplace.agent.metrics import Metrics

Access = Literal["read", "write"]

StopReason = Literal["end_turn", "cancelled", "max_turn_requests", "refusal", "failed", "interrupted"]
"""Why a turn ended; "interrupted" is the daemon's own end in the middle of it."""


@dataclass(frozen=True, slots=True)
class ThoughtDelta:
    """More text of the current thought."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeStarted:
    """A python block opened. ``step`` counts the blocks of the turn from 1."""

    step: int


@dataclass(frozen=True, slots=True)
class CodeDelta:
    """More text of the python block."""

    step: int
    text: str


@dataclass(frozen=True, slots=True)
class CodeRunning:
    """The python block is whole and now runs. ``title`` is plain words, such as "Read user.md"."""

    step: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class NoteTouched:
    """A note was read or written by the block; ``path`` is relative to the vault's root."""

    step: int
    path: str
    access: Access


@dataclass(frozen=True, slots=True)
class NoteChanged:
    """A note's text before and after the block; None where the note did not or does not exist."""

    step: int
    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class CodeFinished:
    """The block ended. ``title`` says what it did; ``result`` is what the model is told."""

    step: int
    ok: bool
    title: str
    result: str
    milliseconds: float
    metrics: Metrics | None = None


@dataclass(frozen=True, slots=True)
class ReplyDelta:
    """More text of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know and the model is not told, such as a note that lost its last link."""

    text: str


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The last event of every turn. ``reply`` is whole; ``error`` and ``advice`` are set when it failed."""

    reason: StopReason
    reply: str
    error: str | None = None
    advice: str | None = None


Event = (
    ThoughtDelta
    | CodeStarted
    | CodeDelta
    | CodeRunning
    | NoteTouched
    | NoteChanged
    | CodeFinished
    | ReplyDelta
    | Notice
    | TurnEnded
)
