"""A memory as a filtered client's turns see it: notes that are not there, lines that are masked."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commonplace.filters.kinds import KINDS
from commonplace.filters.mask import FACT, NAME, NOTE, Mask, placeholder
from commonplace.filters.rule import Rule, stems_of
from commonplace.vault import conventions
from commonplace.vault.errors import VaultError
from commonplace.vault.facts import facts
from commonplace.vault.frontmatter import FrontmatterMalformed, properties
from commonplace.vault.memory import Memory
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath, locate

_LONGEST_VALUE = 120
_SAYS_LITTLE = frozenset(["none", "unknown", "true", "false", "yes", "today", "never", "high", "medium"])


class Subjects:
    """What rules name, as it is found in notes: keys, headings, names, folders, tags. Pure."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._key_stems = [
            frozenset(stem for key in KINDS[kind].keys for stem in stems_of(key))
            for kind in sorted({kind for rule in self.rules for kind in rule.kinds})
        ]
        phrases = [phrase for rule in self.rules for phrase in rule.phrases]
        self._phrases = [stems for phrase in phrases if (stems := stems_of(phrase))]
        self._named = {folded(name) for rule in self.rules for name in rule.names} | set(_parts_of(phrases))
        self._folders = [folder.casefold() for rule in self.rules for folder in rule.folders]
        self._tags = frozenset(tag for rule in self.rules for tag in rule.tags)

    def keyed(self, key: str) -> bool:
        """Whether a fact of this key, or what stands under this heading, is withheld."""
        stems = stems_of(key)
        if not stems:
            return False
        kinds = any(stems & keys for keys in self._key_stems)
        return kinds or any(stems <= phrase or phrase <= stems for phrase in self._phrases)

    def told_in(self, line: str) -> bool:
        """Whether a line of prose speaks of a fact that is withheld."""
        stems = stems_of(line)
        if any(phrase <= stems for phrase in self._phrases):
            return True
        return any(self.keyed(match[1]) for match in _STATED.finditer(line))

    def in_folder(self, name: str) -> bool:
        """Whether a note or folder lies in a withheld folder, or is one."""
        inside = f"/{name.casefold()}/"
        return any(f"/{folder}/" in inside for folder in self._folders)

    def called(self, names: Iterable[str]) -> bool:
        """Whether one of a note's names is withheld."""
        return any(folded(name) in self._named for name in names)

    def tagged(self, text: str) -> bool:
        """Whether a note carries a withheld tag, in its text or its properties; a tag's own tags count."""
        if not self._tags or not ("#" in text or "tag" in text):
            return False
        tags = {tag.casefold() for tag in (*_TAG.findall(text), *_property_tags(text))}
        return any(tag == own or tag.startswith(f"{own}/") for tag in tags for own in self._tags)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a note gives away."""

    stamp: tuple[int, int]
    hidden: bool
    names: tuple[str, ...]
    """Of a note that a rule names."""
    values: tuple[str, ...]


class FilterLens:
    """Rules applied to one memory; ``look`` again when the notes may have changed."""

    def __init__(self, rules: Sequence[Rule], memory: Memory) -> None:
        """``memory`` is unfiltered; nothing is read until ``look``."""
        self.rules = tuple(rules)
        self._subjects = Subjects(rules)
        self._memory = memory
        self._looks: dict[NotePath, _Look] = {}
        self._hidden_stems: frozenset[str] = frozenset()
        self.mask = Mask(rules)

    def look(self) -> None:
        """Read what notes are withheld and which values; notes that are as they were are not read again."""
        vault = self._memory.vault
        looks: dict[NotePath, _Look] = {}
        for path in filter(self._memory.reaches, vault.notes()):
            with suppress(VaultError, OSError):
                found = locate(vault.root, path).stat()
                stamp = (found.st_mtime_ns, found.st_size)
                known = self._looks.get(path)
                looks[path] = known if known and known.stamp == stamp else self._look_at(path, stamp)
        self._looks = looks
        self._hidden_stems = frozenset(folded(path.stem) for path, look in looks.items() if look.hidden)
        names = {name for look in looks.values() for name in look.names if _is_telling(name)}
        values = {value for look in looks.values() for value in look.values}
        self.mask = Mask(self.rules, names, values)

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

    def hides_text(self, path: NotePath, text: str) -> bool:
        """See ``Lens``."""
        is_user = path == self._memory.user_note
        called = not is_user and self._subjects.called(conventions.names_of(path, text))
        return called or self._subjects.tagged(text)

    def seen(self, text: str) -> str:
        """See ``Lens``."""
        return "\n".join(self._seen(text.split("\n")))

    def said(self, text: str) -> str:
        """See ``Lens``. Code and results hold whole notes, with line ends as ``\\n``: their lines are lines as well."""
        parts = _LINE_END.split(text)
        parts[::2] = self._seen(parts[::2], holds_notes=True)
        return "".join(parts)

    def _seen(self, lines: Sequence[str], *, holds_notes: bool = False) -> Iterator[str]:
        in_properties, under_key, hidden_level, in_table, deeper = False, False, 0, False, -1
        for number, line in enumerate(lines):
            if line == "---" and (number == 0 or in_properties):
                in_properties, under_key = number == 0, False
                yield line
                continue
            indent = len(line) - len(line.lstrip())
            deeper = deeper if not line.strip() or indent > deeper else -1
            in_table = in_table and line.lstrip().startswith("|")
            heading = None if in_properties else _HEADING.match(line)
            heading = heading or (_QUOTED_HEADING.search(line) if holds_notes else None)
            if heading:
                level = len(heading[1])
                if level <= hidden_level:
                    hidden_level = 0
                named = self._names_something(line)
                is_part = level > 1 or (named and holds_notes)
                if not hidden_level and is_part and (named or self._subjects.keyed(heading[2])):
                    hidden_level = level
                yield f"{heading[1]} {placeholder(NAME)}" if named else self.mask.text(line)
            elif hidden_level and line.strip():
                yield _behind_marker(line, NOTE)
            elif (under_key and _ITEM.match(line)) or (deeper >= 0 and line.strip()) or in_table:
                yield _behind_marker(line, FACT)
            else:
                in_table = self._names_a_column(line)
                deeper = indent if self._begins_a_list(line) else deeper
                seen = self._line(line, in_properties=in_properties)
                under_key = in_properties and seen is not None and line.rstrip().endswith(":")
                yield self.mask.text(_LINK.sub(self._link, line)) if seen is None else seen

    def _names_something(self, text: str) -> bool:
        return any(span.label == NAME for span in self.mask.spans(text))

    def _names_a_column(self, line: str) -> bool:
        """Whether a table's row names a column that is withheld: the rows below it have its values."""
        cells = line.strip().strip("|").split("|") if line.lstrip().startswith("|") else []
        return any(self._subjects.keyed(cell) for cell in cells[1:])

    def _begins_a_list(self, line: str) -> bool:
        """Whether the values of a fact that is withheld stand below it, further in."""
        bare = line.strip()
        return bare.startswith(("-", "*", "+")) and bare.rstrip("*").endswith(":") and self._subjects.keyed(bare)

    def _line(self, line: str, *, in_properties: bool) -> str | None:
        """A line with its value masked; None where nothing but values as such are hidden in it."""
        found = (_PROPERTY if in_properties else _FACT).match(line)
        row = _ROW.match(line)
        if found and self._subjects.keyed(found[2]):
            return f"{found[1]}{found[2]}{found[3]}{placeholder(FACT)}" if found[4].strip() else line
        if row and self._subjects.keyed(row[2]):
            return f"{row[1]}{row[2]}| {placeholder(FACT)} |"
        if self._names_something(line):
            key = found and not self._names_something(found[2])
            return f"{found[1]}{found[2]}{found[3]}{placeholder(NAME)}" if found and key else _behind_marker(line, NAME)
        if not found and not in_properties and self._subjects.told_in(line):
            return _behind_marker(line, FACT)
        return None

    def _link(self, link: "re.Match[str]") -> str:
        """A link as it is seen: none that leads to a note that is hidden."""
        target = link[1].removesuffix(".md")
        hidden = folded(target.rpartition("/")[2]) in self._hidden_stems or self._subjects.in_folder(target)
        return placeholder(NOTE) if hidden else link[0]

    def _look_at(self, path: NotePath, stamp: tuple[int, int]) -> _Look:
        text = self._memory.vault.read(path).text
        names = () if path == self._memory.user_note else conventions.names_of(path, text)
        named = self._subjects.called(names)
        folder = bool(names) and self._subjects.in_folder(self._memory.name(path))
        hidden = named or folder or self._subjects.tagged(text)
        values = tuple(value for fact in facts(text) if self._subjects.keyed(fact.key) for value in _values(fact.value))
        return _Look(stamp, hidden, names if named else (), values)

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
        self._told = 0
        """Characters passed on."""
        self.holds = False
        """Whether a part of the text waits."""

    def feed(self, piece: str) -> str:
        """Take a piece; what may be passed on now."""
        self._whole += piece
        ends = [match.end() for match in _LINE_END.finditer(self._whole)]
        return self._pass(ends[-1] if ends else 0)

    def end(self) -> str:
        """The rest, when the text has ended."""
        return self._pass(len(self._whole))

    def _pass(self, until: int) -> str:
        self.holds = until < len(self._whole)
        said = self._lens.said(self._whole[:until])
        told, self._told = said[self._told :], len(said)
        return told


def _parts_of(phrases: Iterable[str]) -> Iterator[str]:
    """The phrases and the runs of two or more of their words, as names are compared."""
    for phrase in phrases:
        words = phrase.split()
        yield folded(phrase)
        for size in range(2, min(len(words), 6)):
            yield from (folded("".join(words[at : at + size])) for at in range(len(words) - size + 1))


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


def _property_tags(text: str) -> Iterator[str]:
    try:
        found = properties(text)
    except FrontmatterMalformed:
        return
    for key in ("tags", "tag"):
        value: object = found.get(key)
        yield from re.findall(r"[\w/-]+", str(value)) if value else ()


def _behind_marker(line: str, label: str) -> str:
    """A line of which only its list mark, quote mark or indent is seen."""
    return f"{_MARKER.match(line)[0]}{placeholder(label)}"  # pyright: ignore[reportOptionalSubscript]  # it matches ""


_LINK = re.compile(r"!?\[\[([^\]|#\n]+)[^\]\n]*\]\]")
_LINE_END = re.compile(r"(\\n|\n)")
_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*$")
_QUOTED_HEADING = re.compile(r"[\"'](#{1,6})\s+(.+)")
_FACT = re.compile(r"(\s*(?:[-*+]\s+)?)([^\s:|\[\]][^:|\[\]]{0,79}?)(::?\**\s+)(\S.*)$")
_PROPERTY = re.compile(r"()([^\s:#-][^:]{0,80})(:\s*)(.*)$")
_ROW = re.compile(r"(\s*\|\s*)([^|]+?)(\s*)\|(.+)$")
_ITEM = re.compile(r"\s*-\s")
_MARKER = re.compile(r"\s*(?:[-*+>]\s+|\d+[.)]\s+)?")
_TAG = re.compile(r"(?<![\w/#])#([\w][\w/-]*)")
_STATED = re.compile(r"((?:[\w'’-]+\s){0,2}[\w'’-]+)\s*(?:\b(?:is|are|was|were)\b|:|=)\s", re.IGNORECASE)
