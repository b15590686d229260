"""What a question may ask for: the forms that a reading of it takes. Pure."""

from dataclasses import dataclass

from commonplace.models.reader.answering.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Value:
    """A fact: ``asked`` of ``of``. ``frame`` is the question's own wording, ``form`` what a value must look like."""

    asked: str
    of: Phrase
    frame: str = ""
    form: str = ""
    verb: str = ""


@dataclass(frozen=True, slots=True)
class Things:
    """The names of what a phrase means."""

    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Having:
    """Those of a group that a fact is true of: "which of my friends is a baker"."""

    group: Phrase
    said: str
    counted: str = ""
    """What they are called where only their number is asked for."""


@dataclass(frozen=True, slots=True)
class SaysWho:
    """Whether somebody is who a phrase means: "is Otto my brother"."""

    one: Phrase
    other: Phrase


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are of something that somebody has or does."""

    asked: str
    of: Phrase
    verb: str = ""
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Whether:
    """Whether something is said of somebody."""

    subject: Phrase
    said: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Which of two is more; ``asserted`` where the question is whether the first is, or is more than a number."""

    adjective: str
    asked: str
    one: Phrase
    other: Phrase | str
    asserted: bool = False


@dataclass(frozen=True, slots=True)
class Most:
    """Which of a group is most."""

    adjective: str
    asked: str
    group: Phrase


@dataclass(frozen=True, slots=True)
class Summed:
    """How much there is of something in a group, all together."""

    asked: str
    group: Phrase


Reading = Summed | SaysWho | Value | Things | Having | Counted | Whether | Compared | Most
