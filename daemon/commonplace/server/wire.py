"""What is ours on the wire, as far as the sidebar and the page read it: their TypeScript types are made of these.

They are in ``obsidian-plugin/src/protocol/wire.ts``; after a change, ``pytest tests/server/test_wire.py
--write-golden`` writes them anew.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

from commonplace.agent.events import Access
from commonplace.vault.origins import Why
from commonplace.vault.undo import Undone


class Ended(TypedDict):
    """The end of a turn."""

    reason: str
    reply: str
    error: str | None
    advice: str | None


class PermissionState(TypedDict):
    """A question to the user: put, or answered."""

    question: str
    path: str
    outcome: str | None
    """Null while it is open."""


class UpdateMeta(TypedDict, total=False):
    """``_meta.commonplace`` of a ``session/update``."""

    seq: int
    """Its number in the session, from 1."""
    first: int
    """Where several deltas are joined, the number of the first of them."""
    turn: str
    prompt_id: str | None
    """Of a prompt, the client's own name for it."""
    code_delta: str
    path: str
    """The note that was touched, relative to the vault."""
    access: Access
    deleted: bool
    """The change is a deletion."""
    notice: bool
    """A sentence for the user, not a thought."""
    milliseconds: float
    permission: PermissionState
    metrics: Mapping[str, float]
    """What the step cost, in tokens and milliseconds, as far as it is known."""
    ended: Ended


class QuestionMeta(TypedDict):
    """``_meta.commonplace`` of a ``session/request_permission``."""

    question: str
    path: str
    deleted: bool


class WelcomeMeta(TypedDict):
    """``_meta.commonplace`` of the answer to ``initialize``."""

    model: str
    model_host: str | None
    """The machine that the model runs on where it is not this one."""


class TouchedNote(TypedDict):
    """``_commonplace/touched``: a note was read or written by a turn on the vault, whoever began it."""

    vault: str
    """The path of the vault's folder."""
    path: str
    access: Access
    session: str
    turn: str
    seq: int


class UndoneNote(TypedDict):
    """``_commonplace/undone``: what a turn wrote in a note was taken back, whoever did it."""

    vault: str
    path: str
    turn: str


class OverviewAnswer(TypedDict):
    """``_commonplace/overview``."""

    entities: int
    notes: int
    memory: str
    """Its folder in the vault; "" is the root."""
    questions: Sequence[str]
    """Three at most that the memory can answer."""


class NotesAnswer(TypedDict):
    """``_commonplace/notes``."""

    notes: Sequence[str]
    all: bool
    """Whether these are all."""


class RegisteredVault(TypedDict):
    """A vault of the config."""

    name: str
    path: str
    memory: str
    there: bool


class VaultsAnswer(TypedDict):
    """``_commonplace/vaults``."""

    vaults: Sequence[RegisteredVault]
    default: str | None
    """The name of the one that is meant where none is named; null where there is no vault."""


class WhyAnswer(TypedDict):
    """``_commonplace/why``."""

    path: str
    lines: Sequence[Why]


class Fact(TypedDict):
    """A fact of a note."""

    line: int
    key: str
    value: str
    origin: Why


class KnownNote(TypedDict):
    """A note with its facts, the newest first."""

    path: str
    title: str | None
    time: float
    facts: Sequence[Fact]


class FactsAnswer(TypedDict):
    """``_commonplace/facts``: the note that learned something last comes first."""

    notes: Sequence[KnownNote]
    total: int


class NoteDiff(TypedDict):
    """What goes from a note that something is forgotten of."""

    path: str
    change: Literal["changed", "deleted"]
    diff: Sequence[str]


class ForgetAnswer(TypedDict):
    """``_commonplace/forget``: without ``plan`` in the request nothing is changed."""

    plan: str
    """It is carried out only while the notes are as they were."""
    notes: Sequence[NoteDiff]
    out_of_reach: Sequence[str]
    turn: NotRequired[str]
    """When it was carried out: the turn by which it is undone."""
    purged: NotRequired[Mapping[str, int] | None]


class TurnNote(TypedDict):
    """A note that a turn wrote."""

    path: str
    change: Literal["created", "changed", "deleted"]
    undone: bool


class WrittenTurn(TypedDict):
    """A turn that wrote notes, as ``_commonplace/history`` tells it."""

    turn: str
    session: str
    notes: Sequence[TurnNote]


class UndoneTurn(TypedDict):
    """What became of a turn in ``_commonplace/undo``."""

    turn: str
    undone_by: str
    notes: Sequence[Undone]


TOLD = (
    Ended,
    PermissionState,
    UpdateMeta,
    QuestionMeta,
    WelcomeMeta,
    TouchedNote,
    UndoneNote,
    OverviewAnswer,
    NotesAnswer,
    RegisteredVault,
    VaultsAnswer,
    Why,
    WhyAnswer,
    Fact,
    KnownNote,
    FactsAnswer,
    NoteDiff,
    ForgetAnswer,
    TurnNote,
    WrittenTurn,
    Undone,
    UndoneTurn,
)
"""All of them, in the order in which they are written."""
