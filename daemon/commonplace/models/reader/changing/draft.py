"""The notes as a message wants them: a draft of their texts, and what each change is. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from commonplace.models.reader.block_text import Swap
from commonplace.models.reader.notes.facts import NoteText, read_note
from commonplace.models.reader.notes.memory import KnownNotes


@dataclass(frozen=True, slots=True)
class Done:
    """A fact that the draft changes. ``old`` is None where it is new, ``new`` where it goes."""

    path: str
    key: str
    old: str | None
    new: str | None
    is_asked_first: bool = False
    """Whether it contradicts a note that the words do not speak of."""
    is_whole: bool = False
    """Whether it is the whole note that goes."""


@dataclass(frozen=True)
class Draft:
    """The notes as they are to be: texts of those that change, what each change is, and who was spoken of last."""

    known: KnownNotes
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    done: tuple[Done, ...] = ()
    subject: str = ""
    renamed: tuple[str, str] | None = None
    """The path of a note whose name changes, and its new name."""
    links: Mapping[str, str] = field(default_factory=dict[str, str])
    """The notes that are known to be about a name, beside those that are listed."""
    cards: Mapping[str, str] = field(default_factory=dict[str, str])
    """By path, the link to the user's own note about the same person or thing."""
    thing: str = ""
    """The note that "it" means: what was taken out last, else the one spoken of."""
    latest: str = ""
    """The note that was begun last."""
    deleted: tuple[str, ...] = ()
    """Notes that go, with the links to them."""
    written: tuple[str, ...] = ()
    """Notes that the turn has created already."""

    @property
    def changes(self) -> tuple[Done, ...]:
        """What each change is in the end: what is changed twice, from how it stood to how it will."""
        changes: dict[tuple[str, str], Done] = {}
        for done in self.done:
            before = changes.get((done.path, done.key))
            changes[done.path, done.key] = replace(done, old=before.old) if before and before.old else done
        return tuple(changes.values())

    def note(self, path: str) -> NoteText | None:
        """Return a note as it is to be."""
        if path in self.texts:
            return read_note(path, self.texts[path])
        return self.known.notes.get(path)

    def created(self, path: str) -> bool:
        """Say whether the draft creates a note."""
        return path in self.texts and path not in self.known.notes

    def swapped(self, swap: Swap, done: Done) -> "Draft":
        """Return the draft with one more text swapped."""
        text = self.texts[swap.path] if swap.path in self.texts else self.known.notes[swap.path].text
        texts = {**self.texts, swap.path: text.replace(swap.old, swap.new, 1)}
        return replace(self, texts=texts, done=(*self.done, done))


@dataclass(slots=True)
class Reads:
    """Notes that would have to be read: ``first`` before anything is written, ``late`` if nothing else fits."""

    first: dict[str, None] = field(default_factory=dict[str, None])
    late: dict[str, None] = field(default_factory=dict[str, None])
