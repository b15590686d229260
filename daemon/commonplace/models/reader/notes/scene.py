"""The notes that a message is understood in, and of what kind each is. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from commonplace.models.reader.language.frames import ANY_KIND
from commonplace.models.reader.language.matching import is_agent
from commonplace.models.reader.language.verbs import is_verb
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.notes.facts import Fact, NoteText, title_of_path
from commonplace.models.reader.notes.memory import KnownNotes


@dataclass(frozen=True, slots=True)
class Meant:
    """A note that a phrase means. ``relation`` is what leads there, where something does."""

    path: str
    score: float
    relation: Fact | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that goes by what was asked."""

    note: NoteText
    fact: Fact
    score: float


@dataclass(slots=True)
class Scene:
    """The notes that a message is understood in; it keeps what else would have to be read."""

    known: KnownNotes
    paths: Sequence[str]
    wanted: dict[str, Fact] = field(default_factory=dict[str, Fact])
    """Unread notes that a phrase led to, with the relation that leads there."""
    needs_all: bool = False
    """Whether a phrase can only be told from the whole memory."""

    def note(self, path: str, relation: Fact | None = None) -> NoteText | None:
        """Return a note, or remember that it is wanted."""
        note = self.known.notes.get(path)
        if note is None and relation is not None:
            self.wanted.setdefault(path, relation)
        return note

    def everyone(self) -> Iterable[NoteText]:
        """Return every note that was read; the others are wanted."""
        self.needs_all = self.needs_all or bool(self.known.unread) or not self.known.lists_all
        return self.known.notes.values()

    def name(self, path: str) -> str:
        """Return what a note is called, read or not."""
        note = self.known.notes.get(path)
        if note is None:
            return title_of_path(path)
        return (_name_said(note) or "You") if note.is_user else note.title

    def targets(self, fact: Fact) -> Iterator[str]:
        """Yield the notes that a fact links to."""
        for target in fact.links:
            if path := self.known.resolve(target):
                yield path


def is_person(note: NoteText) -> bool:
    """Say whether a note is about somebody, by its type or else by what only people have."""
    kinds = [fact.value.casefold() for fact in note.facts if fact.key.casefold() in ("type", "kind", "entity type")]
    if kinds:
        return "person" in kinds
    return any(
        best_likeness(word, words_of("age birthday occupation spouse role")) >= 0.85
        for fact in note.statements
        for word in fact.key_words
    )


def _name_said(note: NoteText) -> str:
    """Return the name that a note gives its subject, or ""."""
    return next(
        (fact.value for fact in note.statements if {"name"} == {word.text for word in fact.key_words} - {"full"}), ""
    )


def is_any_kind(words: str) -> bool:
    """Say whether words name no particular kind: "the person", "what"."""
    return set(words.split()) <= ANY_KIND


def is_kind(kind: Sequence[Word], path: str, scene: Scene) -> bool:
    """Say whether a note is of a kind, by its name, type or role; whom I supervise is no supervisor for that."""
    linked = scene.known.linked_as(path)
    if kind and is_agent(kind[-1].text):
        linked = tuple(word for word in linked if not is_verb(word.text))
    called = (*scene.known.called(path), *scene.known.roles(path), *linked)
    return bool(kind) and best_likeness(kind[-1], called) >= 0.85
