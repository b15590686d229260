"""A memory as a filtered client's turns see it: notes that are not there, lines that are masked."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from commonplace.filters.looks import Looks, Seen, is_found_anywhere, line_key
from commonplace.filters.mask import NOTE, Mask, placeholder
from commonplace.filters.notes import Elsewhere, Lines
from commonplace.filters.subjects import Subjects
from commonplace.vault import conventions
from commonplace.vault.errors import VaultError
from commonplace.vault.links import Resolver
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath

_MOST_TEXTS = 256
_LONGEST_TEXT = 32_000


class FilterLens:
    """Rules applied to one memory; ``look`` again when the notes may have changed."""

    def __init__(self, looks: Looks) -> None:
        """Nothing is read until ``look``."""
        self.looks = looks
        self._rules = looks.rules
        self._subjects = Subjects(looks.rules)
        self._memory = looks.memory
        self._at = Seen()
        self._hidden_names: frozenset[str] = frozenset()
        self._withheld_titles: frozenset[str] = frozenset()
        """The hidden names by which no note goes that is seen."""
        self._seen_namesakes = Resolver(())
        """Of the notes that are seen, those that have a hidden note's name."""
        self._hidden_lines: frozenset[int] = frozenset()
        self._elsewhere = Elsewhere(self._is_withheld_line, lambda title: folded(title) in self._withheld_titles)
        self._masked: tuple[set[str], set[str], set[str]] = (set(), set(), set())
        """The names, values and names of notes that ``mask`` hides."""
        self._seen, self._said = _Texts(), _Texts()
        self._looking = threading.Lock()
        self.mask = Mask(self._rules)

    def look(self) -> None:
        """Read what notes are withheld and which values; notes that are as they were are not read again."""
        with self._looking:
            at = self.looks.renewed()
            if at is not self._at:
                self._take(at)

    def _take(self, at: Seen) -> None:
        telling = at.telling
        hidden = [look for look in telling if look.hidden]
        hidden_names = frozenset(folded(name) for look in hidden for name in look.names)
        namesakes = (
            [path for path, stem in at.stems.items() if stem in hidden_names and not at.notes[path].hidden]
            if hidden_names
            else []
        )
        self._hidden_names = hidden_names
        self._seen_namesakes = Resolver(namesakes)
        self._withheld_titles = hidden_names - {at.stems[path] for path in namesakes}
        self._hidden_lines = frozenset[int]().union(*(look.lines for look in telling))
        names = {name for look in hidden if look.named for name in look.names if is_found_anywhere(name)}
        others = {
            name
            for look in hidden
            for name in look.names
            if not look.named and folded(name) in self._withheld_titles and _is_of_words(name)
        }
        values = {value for look in telling for value in look.values}
        if self._masked != (names, values, others):
            self.mask, self._masked = Mask(self._rules, names, values, others), (names, values, others)
        self._at, self._seen, self._said = at, _Texts(), _Texts()

    @property
    def root(self) -> Path:
        """The vault's folder."""
        return self._memory.vault.root

    @property
    def hidden(self) -> list[NotePath]:
        """The notes that are withheld whole, as they were at the last look."""
        return sorted(path for path, look in self._at.notes.items() if look.hidden)

    @property
    def masks_notes(self) -> list[NotePath]:
        """The other notes of which something is withheld."""
        return sorted(path for path, look in self._at.notes.items() if not look.hidden and self._masks(path))

    def hides(self, path: NotePath) -> bool:
        """See ``Lens``."""
        if path == self._memory.user_note:
            return False
        look = self._at.notes.get(path)
        if look is not None:
            return look.hidden
        return self._subjects.in_folder(self._memory.name(path)) or self._subjects.called([path.stem])

    def hid(self, path: NotePath) -> bool:
        """Whether a note that is gone was hidden; the journal may still tell of it."""
        return path not in self._at.notes and any(
            look.hidden for (name, _), look in self._at.gone.items() if name == path.value
        )

    def hides_text(self, path: NotePath, text: str) -> bool:
        """See ``Lens``."""
        is_user = path == self._memory.user_note
        called = not is_user and self._subjects.called(conventions.names_of(path, text))
        return called or self._subjects.tagged(text)

    def seen(self, text: str) -> str:
        """See ``Lens``."""
        return self._seen.of(text, self._seen_now)

    def said(self, text: str) -> str:
        """See ``Lens``. Code and results hold whole notes, with line ends as ``\\n``: their lines are lines as well."""
        return self._said.of(text, self.said_now)

    def said_now(self, text: str) -> str:
        """As ``said``, of a text that is not looked at again."""
        parts = _LINE_END.split(text)
        lines = Lines(self._subjects, self.mask, self._without_links, self._elsewhere).seen(parts[::2])
        parts[::2] = [line.text for line in lines]
        return "".join(parts)

    def _seen_now(self, text: str) -> str:
        lines = Lines(self._subjects, self.mask, self._without_links).seen(text.split("\n"))
        return "\n".join(line.text for line in lines)

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

    def _is_withheld_line(self, line: str) -> bool:
        """Whether a line, or what is quoted in it, stands in a withheld note or section, or names such a note."""
        if not self._hidden_lines and not self._hidden_names:
            return False
        if any(
            line_key(part) in self._hidden_lines
            for part in (line, *("".join(quoted) for quoted in _QUOTED.findall(line)))
        ):
            return True
        return ".md" in line and self._without_links(line) != line

    def _masks(self, path: NotePath) -> bool:
        with suppress(VaultError):
            text = self._memory.vault.read(path).text
            return self.seen(text) != text
        return False


class _Texts:
    """Texts as they are seen, for as long as the lens is as it was: each turn sees those of the turns before again."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def of(self, text: str, look: Callable[[str], str]) -> str:
        """The text as it is seen; looked at where it is new, or too long to be kept."""
        if (known := self._texts.get(text)) is not None:
            return known
        told = look(text)
        if len(self._texts) >= _MOST_TEXTS:
            self._texts.clear()
        if len(text) <= _LONGEST_TEXT:
            self._texts[text] = told
        return told


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
        said = self._lens.said_now(self._whole[:until])
        told, self._told = said[self._told :], len(said)
        return told


def _is_of_words(name: str) -> bool:
    """Whether a name is more than a word or a date, so that it is hidden in prose as well."""
    return len(re.findall(r"[^\W\d_]{3,}", name)) >= 2


def _words_begin(text: str) -> Iterator[int]:
    return (match.start() for match in re.finditer(r"(?<!\S)\S", text))


_LINK = re.compile(r"!?\[\[([^\]|#\n]+)[^\]\n]*\]\]")
_PATH = re.compile(r"([\w\-./& ]+)\.md\b")
_LINE_END = re.compile(r"(\\n|\n)")
_QUOTED = re.compile(r"\"([^\"]{10,})\"|'([^']{10,})'")
