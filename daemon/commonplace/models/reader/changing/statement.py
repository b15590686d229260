"""What a message states of somebody: the form in which free wordings are handed on."""

from dataclasses import dataclass
from enum import Enum, auto


class Does(Enum):
    """What a statement does to the fact that it is about."""

    SETS = auto()
    ADDS = auto()
    """Its value joins what stands there."""
    REMOVES = auto()
    """Its value leaves what stands there; without a value the whole fact goes."""
    REPLACES = auto()
    """``old`` makes room for its value, wherever it stands."""
    RENAMES = auto()
    MOVES = auto()
    """Its value goes from one list to another: ``keys`` are theirs."""
    DELETES = auto()
    """The owner's whole note goes, and the links to it."""
    FORGETS = auto()
    """All that is known of the owner goes: asked first where that is much."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One reading of a clause.

    ``owner`` is whose fact it is in the user's words, "" for the user's own and ``ANYONE`` where it is not said;
    ``keys`` are the keys that may hold it, the first for a new fact; ``verb`` names the key where the clause has
    no noun for it.
    """

    does: Does
    owner: str = ""
    keys: tuple[str, ...] = ()
    value: str = ""
    old: str = ""
    verb: str = ""
    is_change: bool = False
    """Whether the words themselves say that it was otherwise before."""
    is_asked: bool = False
    """Whether it is put as a request."""
    must_stand: bool = False
    """Whether only a fact that stands can be meant: no new one is added."""
    succeeds: bool = False
    """Whether somebody takes the place of somebody else, whose own note may say so as well."""
    is_named: bool = False
    """Whether the value is somebody or something with a name: it gets a note of its own."""


ANYONE = "*"
"""The owner of "the rent": the user's own fact or, where only one note has it, that note's."""
LATEST = "+"
"""The owner of a detail: the note that the clause before has begun."""
COUNTED = "counted"
"""The verb of a count, "Kim has 3 dogs": what stands nowhere yet is asked about first."""
OURS = "our"
"""The owner of "our rent": as ``ANYONE``, and the user's own where no note has it."""
