"""A memory as a filtered client's turns see it: notes that are not there, lines that are masked."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commonplace.filters.mask import NOTE, Mask, placeholder
from commonplace.filters.notes import Elsewhere, Lines
from commonplace.filters.rule import Rule
from commonplace.filters.subjects import Subjects
from commonplace.vault import conventions
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import Journal, JournalFailed
from commonplace.vault.likeness import is_telling
from commonplace.vault.links import Resolver
from commonplace.vault.memory import Memory
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath, locate
from commonplace.vault.text import NoteText

_LONGEST_VALUE = 120
_SAYS_LITTLE = frozenset(["none", "unknown", "true", "false", "yes", "today", "never", "high", "medium"])


@dataclass(frozen=True, slots=True)
class _Look:
    """What a note gives away."""

    hidden: bool = False
    named: bool = False
    """Whether a rule names the note itself."""
    names: tuple[str, ...] = ()
    """Of a note that is hidden."""
    values: tuple[str, ...] = ()
    lines: frozenset[int] = frozenset()
    """The lines that are withheld for where they stand, as ``_line_key`` knows them."""


class FilterLens:
    """Rules applied to one memory; ``look`` again when the notes may have changed."""

    def __init__(self, rules: Sequence[Rule], memory: Memory, journal: Journal | None = None) -> None:
        """``memory`` is unfiltered; nothing is read until ``look``.

        What the rules name in notes that are gone is withheld as well, as far as the journal keeps them.
        """
        self.rules = tuple(rules)
        self._subjects = Subjects(rules)
        self._memory = memory
        self._journal = journal
        self._looks: dict[NotePath, _Look] = {}
        self._stamps: dict[NotePath, tuple[int, int]] = {}
        self._gone: dict[tuple[str, str], _Look] = {}
        """By path and version."""
        self._hidden_names: frozenset[str] = frozenset()
        self._withheld_titles: frozenset[str] = frozenset()
        """The hidden names by which no note goes that is seen."""
        self._seen_namesakes = Resolver(())
        """Of the notes that are seen, those that have a hidden note's name."""
        self._hidden_lines: frozenset[int] = frozenset()
        self._plain = Mask(rules)
        self._elsewhere = Elsewhere(self._is_withheld_line, lambda title: folded(title) in self._withheld_titles)
        self.mask = self._plain

    def look(self) -> None:
        """Read what notes are withheld and which values; notes that are as they were are not read again."""
        self._look_at_notes()
        self._look_at_gone()
        looks = [*self._looks.values(), *self._gone.values()]
        hidden = [look for look in looks if look.hidden]
        self._hidden_names = frozenset(folded(name) for look in hidden for name in look.names)
        namesakes = [path for path, look in self._looks.items() if not look.hidden and self._is_namesake(path)]
        self._seen_namesakes = Resolver(namesakes)
        self._withheld_titles = self._hidden_names - {folded(path.stem) for path in namesakes}
        self._hidden_lines = frozenset[int]().union(*(look.lines for look in looks))
        names = {name for look in hidden if look.named for name in look.names if _is_telling(name)}
        others = {
            name
            for look in hidden
            for name in look.names
            if not look.named and folded(name) in self._withheld_titles and _is_of_words(name)
        }
        values = {value for look in looks for value in look.values}
        self.mask = Mask(self.rules, names, values, others)

    @property
    def root(self) -> Path:
        """The vault's folder."""
        return self._memory.vault.root

    @property
    def hidden(self) -> list[NotePath]:
        """The notes that are withheld whole, as they were at the last look."""
        return sorted(path for path, look in self._looks.items() if look.hidden)

    @property
    def masks_notes(self) -> list[NotePath]:
        """The other notes of which something is withheld."""
        return sorted(path for path, look in self._looks.items() if not look.hidden and self._masks(path))

    def hides(self, path: NotePath) -> bool:
        """See ``Lens``."""
        if path == self._memory.user_note:
            return False
        name = self._memory.name(path)
        look = self._looks.get(path)
        return (
            self._subjects.in_folder(name) or self._subjects.called([path.stem]) or (look is not None and look.hidden)
        )

    def hid(self, path: NotePath) -> bool:
        """Whether a note that is gone was hidden; the journal may still tell of it."""
        return path not in self._looks and any(
            look.hidden for (name, _), look in self._gone.items() if name == path.value
        )

    def hides_text(self, path: NotePath, text: str) -> bool:
        """See ``Lens``."""
        is_user = path == self._memory.user_note
        called = not is_user and self._subjects.called(conventions.names_of(path, text))
        return called or self._subjects.tagged(text)

    def seen(self, text: str) -> str:
        """See ``Lens``."""
        lines = Lines(self._subjects, self.mask, self._without_links).seen(text.split("\n"))
        return "\n".join(line.text for line in lines)

    def said(self, text: str) -> str:
        """See ``Lens``. Code and results hold whole notes, with line ends as ``\\n``: their lines are lines as well."""
        parts = _LINE_END.split(text)
        lines = Lines(self._subjects, self.mask, self._without_links, self._elsewhere).seen(parts[::2])
        parts[::2] = [line.text for line in lines]
        return "".join(parts)

    def named(self, text: str) -> str:
        """A text that may name notes, such as a title, without those that are hidden."""
        return self._without_links(self.mask.text(text))

    def _without_links(self, line: str) -> str:
        """A line in which no link or path leads to a note that is hidden."""
        if "[[" in line:
            line = _LINK.sub(lambda link: placeholder(NOTE) if self._is_hidden(link[1]) else link[0], line)
        if ".md" in line:
            line = _PATH.sub(self._without_path, line)
        return line

    def _without_path(self, found: "re.Match[str]") -> str:
        """A path that stands at the end of some words, without it if it leads to a hidden note."""
        begin = next((at for at in _words_begin(found[1]) if self._is_hidden(found[1][at:])), None)
        return found[0] if begin is None else found[1][:begin] + placeholder(NOTE)

    def _is_hidden(self, target: str) -> bool:
        name = target.removesuffix(".md").strip("/ ")
        if self._subjects.in_folder(name):
            return True
        return folded(name.rpartition("/")[2]) in self._hidden_names and self._seen_namesakes.resolve(name) is None

    def _is_namesake(self, path: NotePath) -> bool:
        return folded(path.stem) in self._hidden_names

    def _is_withheld_line(self, line: str) -> bool:
        """Whether a line, or what is quoted in it, stands in a withheld note or section, or names such a note."""
        if not self._hidden_lines and not self._hidden_names:
            return False
        if any(
            _line_key(part) in self._hidden_lines
            for part in (line, *("".join(quoted) for quoted in _QUOTED.findall(line)))
        ):
            return True
        return ".md" in line and self._without_links(line) != line

    def _look_at_notes(self) -> None:
        vault = self._memory.vault
        looks: dict[NotePath, _Look] = {}
        stamps: dict[NotePath, tuple[int, int]] = {}
        for path in filter(self._memory.reaches, vault.notes()):
            with suppress(VaultError, OSError):
                found = locate(vault.root, path).stat()
                stamp = stamps[path] = found.st_mtime_ns, found.st_size
                known = self._looks.get(path) if self._stamps.get(path) == stamp else None
                looks[path] = known or self._look_at(path, vault.read(path).text)
        self._looks, self._stamps = looks, stamps

    def _look_at_gone(self) -> None:
        if self._journal is None:
            return
        gone: dict[tuple[str, str], _Look] = {}
        with suppress(JournalFailed):
            for each in self._journal.deleted(self.root):
                if look := self._gone.get(each) or self._look_at_version(self._journal, *each):
                    gone[each] = look
        self._gone = gone

    def _look_at_version(self, journal: Journal, name: str, version: str) -> _Look | None:
        data = journal.content(version)
        if data is None or not self._memory.reaches(NotePath(name)):
            return None
        try:
            return self._look_at(NotePath(name), NoteText.decode(data).text)
        except UnicodeDecodeError:
            return None

    def _look_at(self, path: NotePath, text: str) -> _Look:
        names = (path.stem,) if path == self._memory.user_note else conventions.names_of(path, text)
        is_user = path == self._memory.user_note
        named = not is_user and self._subjects.called(names)
        folder = not is_user and self._subjects.in_folder(self._memory.name(path))
        hidden = named or folder or self._subjects.tagged(text)
        lines = Lines(self._subjects, self._plain, str).seen(text.split("\n"))
        values = tuple(value for line in lines if line.taken for value in _values(line.taken))
        taken = text.split("\n") if hidden else [line.taken for line in lines if line.taken]
        withheld = frozenset(_line_key(line) for line in taken if is_telling(line))
        return _Look(hidden, named, names if hidden else (), values, withheld)

    def _masks(self, path: NotePath) -> bool:
        with suppress(VaultError):
            text = self._memory.vault.read(path).text
            return self.seen(text) != text
        return False


class LineStream:
    """Code that comes in pieces: each line is passed on when it is whole, since it may hold lines of notes."""

    def __init__(self, lens: FilterLens) -> None:
        self._lens = lens
        self._whole = ""
        self._begin = 0
        """Of the first line that was not passed on."""
        self._told = 0
        """Characters passed on, as they are told."""
        self.holds = False
        """Whether a part of the text waits."""

    def feed(self, piece: str) -> str:
        """Take a piece; what may be passed on now."""
        self._whole += piece
        ends = [match.end() for match in _LINE_END.finditer(self._whole, self._begin)]
        opened = self._lens.mask.open_from(self._whole, self._begin) if ends else 0
        return self._pass(max((end for end in ends if end <= opened), default=self._begin))

    def end(self) -> str:
        """The rest, when the text has ended."""
        return self._pass(len(self._whole))

    def _pass(self, until: int) -> str:
        self._begin = until
        self.holds = until < len(self._whole)
        said = self._lens.said(self._whole[:until])
        told, self._told = said[self._told :], len(said)
        return told


def _values(value: str) -> Iterator[str]:
    """A fact's value, and each of several, where they are telling; a link names a note, which is none."""
    if "[[" in value:
        return
    for part in dict.fromkeys((value, *re.split(r"[,;]", value))):
        bare = part.strip().strip("\"'[]() .")
        if len(bare) <= _LONGEST_VALUE and _is_telling(bare):
            yield bare


def _is_telling(text: str) -> bool:
    """Whether a text is hidden wherever it stands: one such as "34" or "yes" would be found everywhere."""
    letters = sum(character.isalnum() for character in text)
    digits = sum(character.isdigit() for character in text)
    return (letters >= 4 or digits >= 3) and text.casefold() not in _SAYS_LITTLE


def _is_of_words(name: str) -> bool:
    """Whether a name is more than a word or a date, so that it is hidden in prose as well."""
    return len(re.findall(r"[^\W\d_]{3,}", name)) >= 2


def _words_begin(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(r"(?<!\S)\S", text))


def _line_key(line: str) -> int:
    """What two lines have in common that say the same, whatever marks they bear."""
    return hash(re.sub(r"[\W_]+", "", line.casefold()))


_LINK = re.compile(r"!?\[\[([^\]|#\n]+)[^\]\n]*\]\]")
_PATH = re.compile(r"([\w\-./& ]+)\.md\b")
_LINE_END = re.compile(r"(\\n|\n)")
_QUOTED = re.compile(r"\"([^\"]{10,})\"|'([^']{10,})'")
