"""What each note of a memory gives away under some rules, kept for as long as the note stays as it is."""

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from commonplace.filters.mask import Mask
from commonplace.filters.notes import Lines
from commonplace.filters.rule import Rule
from commonplace.filters.subjects import Subjects
from commonplace.vault import conventions
from commonplace.vault.errors import PathRefused, VaultError
from commonplace.vault.journal import Journal, JournalFailed
from commonplace.vault.likeness import is_telling
from commonplace.vault.memory import Memory
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText
from commonplace.vault.walking import Stamp, stamps

_LONGEST_VALUE = 120
_MOST_SHARED = 16
_SAYS_LITTLE = frozenset(["none", "unknown", "true", "false", "yes", "today", "never", "high", "medium"])


@dataclass(frozen=True, slots=True)
class Look:
    """What a note gives away."""

    hidden: bool = False
    named: bool = False
    """Whether a rule names the note itself."""
    names: tuple[str, ...] = ()
    """Of a note that is hidden."""
    values: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()
    """The lines that are withheld for where they stand, as ``line_key`` knows them."""


_NOTHING = Look()


@dataclass(frozen=True, slots=True)
class Seen:
    """A memory as it was at one time."""

    notes: Mapping[NotePath, Look] = field(default_factory=dict[NotePath, Look])
    stems: Mapping[NotePath, str] = field(default_factory=dict[NotePath, str])
    """The notes' file names, folded."""
    gone: Mapping[tuple[str, str], Look] = field(default_factory=dict[tuple[str, str], Look])
    """What turns have deleted, by path and version."""

    @property
    def telling(self) -> list[Look]:
        """The looks at what gives anything away."""
        return [look for look in (*self.notes.values(), *self.gone.values()) if look is not _NOTHING]


@dataclass(frozen=True, slots=True)
class _Known:
    stamp: Stamp
    path: NotePath
    stem: str
    look: Look | None
    """None of a note that the memory does not reach."""


class Looks:
    """Looks at the notes of a memory for what some rules name; several lenses may share it."""

    def __init__(self, rules: Sequence[Rule], memory: Memory, journal: Journal | None = None) -> None:
        """``memory`` is unfiltered; nothing is read until ``renewed``.

        What the rules name in notes that are gone is told as well, as far as the journal keeps them.
        """
        self.rules = tuple(rules)
        self.memory = memory
        self._journal = journal
        self._subjects = Subjects(rules)
        self._names = Mask((), [name for rule in rules for name in rule.names])
        self._known: dict[str, _Known] = {}
        self._stamps: dict[str, Stamp] = {}
        """Of the notes that are known."""
        self._seen = Seen()
        self._looking = threading.Lock()

    def renewed(self) -> Seen:
        """The memory as it is; the same object as before where nothing has changed."""
        with self._looking:
            known, gone = self._look_at_notes(), self._look_at_gone()
            if known is not None or gone != self._seen.gone:
                self._known = self._known if known is None else known
                reached = [(each.path, each.stem, each.look) for each in self._known.values() if each.look is not None]
                self._seen = Seen(
                    {path: look for path, _, look in reached}, {path: stem for path, stem, _ in reached}, gone
                )
            return self._seen

    def _look_at_notes(self) -> dict[str, _Known] | None:
        """What is known of the notes now; None where it is what was known before."""
        standing = stamps(str(self.memory.vault.root))
        if standing == self._stamps:
            return None
        found: dict[str, _Known] = {}
        for name, stamp in standing.items():
            known = self._known.get(name)
            if known is None or known.stamp != stamp:
                known = self._known_of(name, stamp)
            if known is not None:
                found[name] = known
        self._stamps = {name: known.stamp for name, known in found.items()}
        return found

    def _known_of(self, name: str, stamp: Stamp) -> _Known | None:
        """What is known of a note as it stands; None of one that cannot be read, so that it is looked at again."""
        with suppress(VaultError, PathRefused, OSError):
            path = NotePath.parse(name)
            if not self.memory.reaches(path):
                return _Known(stamp, path, "", None)
            return _Known(stamp, path, folded(path.stem), self._look_at(path, self.memory.vault.read(path).text))
        return None

    def _look_at_gone(self) -> Mapping[tuple[str, str], Look]:
        if self._journal is None:
            return {}
        gone: dict[tuple[str, str], Look] = {}
        with suppress(JournalFailed):
            for each in self._journal.deleted(self.memory.vault.root):
                if look := self._seen.gone.get(each) or self._look_at_version(self._journal, *each):
                    gone[each] = look
        return gone

    def _look_at_version(self, journal: Journal, name: str, version: str) -> Look | None:
        data = journal.content(version)
        if data is None or not self.memory.reaches(NotePath(name)):
            return None
        try:
            return self._look_at(NotePath(name), NoteText.decode(data).text)
        except UnicodeDecodeError:
            return None

    def _look_at(self, path: NotePath, text: str) -> Look:
        is_user = path == self.memory.user_note
        names = (path.stem,) if is_user else conventions.names_of(path, text)
        named = not is_user and self._subjects.called(names)
        folder = not is_user and self._subjects.in_folder(self.memory.name(path))
        hidden = named or folder or self._subjects.tagged(text)
        if not hidden and not self._subjects.occur_in(text) and not self._names.spans(text):
            return _NOTHING
        lines = Lines(self._subjects, self._names, str).seen(text.split("\n"))
        values = tuple(value for line in lines if line.taken for value in _values(line.taken))
        taken = text.split("\n") if hidden else [line.taken for line in lines if line.taken]
        withheld = frozenset(line_key(line) for line in taken if is_telling(line))
        return Look(hidden, named, names if hidden else (), values, withheld)


class SharedLooks:
    """The looks of all clients, so that those with the same rules read a vault once."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._looks: OrderedDict[tuple[Memory, tuple[Rule, ...]], Looks] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, rules: Sequence[Rule], memory: Memory) -> Looks:
        """The looks under these rules at an open memory; the least used of many are forgotten."""
        key = (memory, tuple(rules))
        with self._lock:
            if key not in self._looks:
                self._looks[key] = Looks(rules, memory, self._journal)
            self._looks.move_to_end(key)
            if len(self._looks) > _MOST_SHARED:
                self._looks.popitem(last=False)
            return self._looks[key]


def line_key(line: str) -> int:
    """What two lines have in common that say the same, whatever marks they bear."""
    return hash(re.sub(r"[\W_]+", "", line.casefold()))


def is_found_anywhere(text: str) -> bool:
    """Whether a text is hidden wherever it stands: one such as "34" or "yes" would be found everywhere."""
    letters = sum(character.isalnum() for character in text)
    digits = sum(character.isdigit() for character in text)
    return (letters >= 4 or digits >= 3) and text.casefold() not in _SAYS_LITTLE


def _values(value: str) -> Iterator[str]:
    """A fact's value, and each of several, where they are telling; a link names a note, which is none."""
    if "[[" in value:
        return
    for part in dict.fromkeys((value, *re.split(r"[,;]", value))):
        bare = part.strip().strip("\"'[]() .")
        if len(bare) <= _LONGEST_VALUE and is_found_anywhere(bare):
            yield bare
