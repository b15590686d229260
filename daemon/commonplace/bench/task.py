"""What a task is: notes, what is asked, and how to tell that it was done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

Category = Literal["retrieval", "filter", "update", "clarification"]
CATEGORIES: tuple[Category, ...] = get_args(Category)

Wording = tuple[str, ...]
"""Texts of which any one will do."""

LONGEST_REPLY = 400
"""Characters; an answer that drowns in others is none."""
MOST_OTHER_FACTS = 2


class TasksUnreadable(Exception):
    """The tasks cannot be read; the text names the file, the line and the field."""


@dataclass(frozen=True, slots=True)
class ReplyChecks:
    """What the reply must be like."""

    says: tuple[Wording, ...] = ()
    never: tuple[str, ...] = ()
    """What it must not hold, however it is spaced."""
    asks: bool = False
    """Whether it must ask the user something."""
    refuses: bool = False
    """Whether it must say that it may not tell."""
    longest: int = LONGEST_REPLY
    others: int = MOST_OTHER_FACTS
    """Facts of the notes that it may tell beside those that are asked for."""


@dataclass(frozen=True, slots=True)
class NoteChecks:
    """What must have become of one note; each of its other lines must stand as it stood."""

    fate: Literal["changed", "created", "deleted"] = "changed"
    new: tuple[Wording, ...] = ()
    """What new lines must say, each in a line of its own or together."""
    gone: tuple[str, ...] = ()
    """What no line may say any more."""
    may: tuple[Wording, ...] = ()
    """What new lines may say as well, and need not."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is asked afterwards, of the notes as the turn left them."""

    ask: str
    says: tuple[Wording, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A transcript that does the task."""

    code: tuple[str, ...]
    reply: str


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do in a vault."""

    name: str
    domain: str
    category: Category
    ask: str
    notes: Mapping[str, str]
    """The texts of the vault, by path."""
    reply: ReplyChecks
    reference: Reference
    hops: int = 0
    """Links to follow from user.md to what is needed."""
    about: tuple[str, ...] = ()
    """What makes it hard, such as "table" or "stale copy"."""
    filters: tuple[str, ...] = ()
    after: Mapping[str, NoteChecks] = field(default_factory=dict[str, NoteChecks])
    """By path, or by a pattern of paths where the name of a new note is the model's to choose."""
    then: FollowUp | None = None
    """Of an update."""
