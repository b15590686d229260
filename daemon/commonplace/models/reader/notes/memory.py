"""The notes read so far and the links between them: what the search walks over. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from commonplace.models.reader.language.words import Word, words_of
from commonplace.models.reader.notes.facts import Fact, NoteText, read_note, stem_of_path


@dataclass(frozen=True, slots=True)
class Hop:
    """A step from one note to another, over a relation that stands in either of them."""

    relation: Fact
    target: str


@dataclass(frozen=True)
class KnownNotes:
    """What the reader knows of the memory: notes that it read, and the names of the others."""

    notes: Mapping[str, NoteText]
    listed: tuple[str, ...]
    lists_all: bool = True
    """Whether ``listed`` has every note; a large memory is listed by its folders only."""
    missing: frozenset[str] = frozenset()
    """Notes that could not be read."""

    @property
    def user(self) -> NoteText | None:
        """The note about the user."""
        return self.notes.get("user.md")

    @property
    def unread(self) -> tuple[str, ...]:
        """Notes that are listed and were not read."""
        return tuple(path for path in self.listed if path not in self.notes)

    def hops(self, path: str) -> Sequence[Hop]:
        """Return where one can go from a note: its own links, then those that point at it."""
        return self._hops.get(path, ())

    def resolve(self, target: str) -> str | None:
        """Return the note that a link means, as the tools name it; None where it leads nowhere."""
        found = self._by_name.get(_plain(stem_of_path(target)))
        if found or self.lists_all:
            return found
        path = target if target.endswith(".md") else f"{target}.md"
        path = path if "/" in path else f"entities/{path}"
        return None if path in self.missing else path

    def named_in(self, words: Sequence[Word]) -> Sequence[str]:
        """Return the notes whose whole name stands among some words."""
        said = {word.text for word in words}
        return [path for path in self.listed if (name := _name_tokens(path)) and name <= said and path != "user.md"]

    def called(self, path: str) -> tuple[Word, ...]:
        """Return the words by which a question may call a note: its name, title and type."""
        return self._called.get(path) or words_of(stem_of_path(path))

    def linked_as(self, path: str) -> tuple[Word, ...]:
        """Return the words of the relations that lead to a note: what "project" links to is a project."""
        return self._linked_as.get(path, ())

    def says_kind(self, path: str) -> bool:
        """Say whether a note tells of what kind it is."""
        note = self.notes.get(path)
        return bool(note and _values(note, _TYPE_KEYS | _ROLE_KEYS))

    def roles(self, path: str) -> tuple[Word, ...]:
        """Return the words for what somebody does: "the nurse" may mean them."""
        return self._roles.get(path, ())

    @cached_property
    def _by_name(self) -> dict[str, str]:
        names = {_plain(stem_of_path(path)): path for path in reversed(self.listed)}
        names |= {_plain(stem_of_path(path)): path for path in self.notes}
        for note in self.notes.values():
            names.setdefault(_plain(note.title), note.path)
        return names

    @cached_property
    def _hops(self) -> dict[str, list[Hop]]:
        hops: dict[str, list[Hop]] = {}
        backwards: dict[str, list[Hop]] = {}
        for note in self.notes.values():
            for fact, target in _links(note):
                found = self.resolve(target)
                if found and found != note.path:
                    hops.setdefault(note.path, []).append(Hop(fact, found))
                    backwards.setdefault(found, []).append(Hop(fact, note.path))
        return {path: _distinct(hops.get(path, []) + backwards.get(path, [])) for path in hops | backwards}

    @cached_property
    def _linked_as(self) -> dict[str, tuple[Word, ...]]:
        linked: dict[str, tuple[Word, ...]] = {}
        for note in self.notes.values():
            for fact, target in _links(note):
                if (path := self.resolve(target)) and fact.key_words:
                    linked[path] = (*linked.get(path, ()), fact.key_words[-1])
        return linked

    @cached_property
    def _called(self) -> dict[str, tuple[Word, ...]]:
        return {
            path: (*words_of(note.stem), *words_of(note.title), *_values(note, _TYPE_KEYS))
            for path, note in self.notes.items()
        }

    @cached_property
    def _roles(self) -> dict[str, tuple[Word, ...]]:
        return {path: _values(note, _ROLE_KEYS) for path, note in self.notes.items()}


def known_notes(texts: Mapping[str, str | None], listed: tuple[str, ...], *, lists_all: bool = True) -> KnownNotes:
    """Read the texts into notes; a note that could not be read is left out."""
    notes = {path: read_note(path, text) for path, text in texts.items() if text is not None}
    missing = frozenset(texts.keys() - notes.keys())
    return KnownNotes(notes, tuple(path for path in listed if path not in missing), lists_all, missing)


def note_named(name: str, known: KnownNotes) -> str | None:
    """Return the note whose file name or title is a name; None where none is, or more than one."""
    words = _plain(name)
    found: list[str] = []
    for path in known.listed:
        titles = (known.notes[path].title,) if path in known.notes else ()
        if words and words in (_plain(stem_of_path(path)), *map(_plain, titles)):
            found.append(path)
    return found[0] if len(found) == 1 else None


def _plain(name: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", name.replace("_", " ").casefold()))


@lru_cache(maxsize=4096)
def _name_tokens(path: str) -> frozenset[str]:
    return frozenset(word.text for word in words_of(stem_of_path(path)))


def _links(note: NoteText) -> Iterator[tuple[Fact, str]]:
    for fact in (*note.facts, *note.told, *note.mentions):
        for target in fact.links:
            yield fact, target


def _distinct(hops: Sequence[Hop]) -> list[Hop]:
    """Keep one hop of those over the same relation, which often stands in both notes."""
    return list({(hop.relation.key, hop.target): hop for hop in reversed(hops)}.values())[::-1]


def _values(note: NoteText, keys: frozenset[str]) -> tuple[Word, ...]:
    """Return the words of the values of some keys, given by their stems."""
    return tuple(
        word
        for fact in note.facts
        if not fact.links and not keys.isdisjoint(key.stem for key in fact.key_words)
        for word in words_of(fact.value)
    )


_TYPE_KEYS = frozenset(word.stem for word in words_of("type kind category"))
_ROLE_KEYS = frozenset(word.stem for word in words_of("role profession occupation job title rank position"))
