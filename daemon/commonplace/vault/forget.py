"""Forgetting a fact: its line, and the entities that nothing but it leads to."""

import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from commonplace.vault import links
from commonplace.vault.disk import TRASH, version_of
from commonplace.vault.errors import NoteNotFound, VaultError, changed_meanwhile
from commonplace.vault.journal import Origin
from commonplace.vault.likeness import plain
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Note
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText
from commonplace.vault.workspace import Workspace

_MOST_NAMED = 5
_BULLET = re.compile(r"^(?:[-*+]\s+(?:\[.\]\s+)?|\d+[.)]\s+|>\s*|#+\s+)+")


class FactUnclear(VaultError):
    """No line says it, or several do; the text names them."""


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What will be changed: nothing is, until ``carry_out``."""

    note: Note
    line: int
    """From 1; the line that goes."""
    entities: tuple[Note, ...]
    """The notes that nothing else links."""

    @property
    def text(self) -> str:
        """The line that goes."""
        return self.note.text.split("\n")[self.line - 1]

    @property
    def after(self) -> str:
        """The note's text without the line."""
        lines = self.note.text.split("\n")
        return "\n".join([*lines[: self.line - 1], *lines[self.line :]])

    @property
    def name(self) -> str:
        """Names exactly this change: another text of a note gives another name."""
        versions = [f"{self.note.path}:{self.line}", self.note.version, *(note.version for note in self.entities)]
        return version_of("\n".join(versions).encode())[:16]

    def texts(self) -> list[str]:
        """Every line that goes, as it is said rather than written: without its bullet."""
        lines = [self.text, *(line for note in self.entities for line in note.text.split("\n"))]
        return [said for line in lines if (said := as_said(line))]


def as_said(line: str) -> str:
    """A line without bullet and spaces."""
    return _BULLET.sub("", plain(line))


def values_of(lines: Iterable[str]) -> list[str]:
    """What stands after the key in lines that say ``key: value``: a conversation tells it in other words."""
    return [value for line in lines if (value := line.partition(":")[2].strip(": "))]


def plan_line(memory: Memory, path: NotePath, line: int) -> Forgetting:
    """What forgetting the line (from 1) takes.

    Raises:
        NoteNotFound: no such note, or no such line in it.
        VaultError: the note cannot be read, or is not the agent's to write.

    """
    note = memory.vault.read(path)
    if not memory.may_write(path):
        raise FactUnclear(f"{path} is your own note, outside the memory; delete the line there yourself.")
    lines = note.text.split("\n")
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        raise NoteNotFound(f"{path} has no text in line {line}.")
    found = Forgetting(note, line, ())
    return Forgetting(note, line, tuple(_needed_by_none(memory, found)))


def plan_fact(memory: Memory, fact: str) -> Forgetting:
    """What forgetting the one line of the memory takes that says the fact.

    Raises:
        FactUnclear: no line says it, or several do.
        VaultError.

    """
    wanted = as_said(memory.shown(fact)).casefold()
    exact: list[tuple[NotePath, int]] = []
    holding: list[tuple[NotePath, int]] = []
    for note in _readable(memory, memory.notes()):
        for number, line in enumerate(memory.shown(note.text).split("\n"), 1):
            said = as_said(line).casefold()
            if said and wanted and wanted in said:
                (exact if said == wanted else holding).append((note.path, number))
    found = exact or holding
    if len(found) == 1:
        return plan_line(memory, *found[0])
    if not found:
        raise FactUnclear("No line of the memory says that. Name it as NOTE:LINE, such as user.md:3.")
    named = ", ".join(f"{memory.name(path)}:{number}" for path, number in found[:_MOST_NAMED])
    raise FactUnclear(f"{len(found)} lines say that. Name one of them: {named}{', ...' * (len(found) > _MOST_NAMED)}")


async def carry_out(memory: Memory, forgetting: Forgetting, asked: str) -> Origin:
    """Remove the line and the entities as one turn, which can be undone.

    Raises:
        NoteConflict: a note changed meanwhile; those before it in the list are changed, and can be undone.
        VaultError.

    """
    origin = Origin(session="forget", turn=f"forget-{secrets.token_hex(4)}", asked=asked)
    workspace = Workspace(memory.vault)
    note = await workspace.read(forgetting.note.path)
    if note.text != forgetting.note.text:
        raise changed_meanwhile(note.path)
    await workspace.replace(note, forgetting.after, origin)
    for note in forgetting.entities:
        await workspace.delete(note.path, origin, expected=note.version)
    return origin


def take_from_trash(memory: Memory, notes: Iterable[Note]) -> int:
    """Delete for good what lies in the vault's own trash with these texts; how many files."""
    versions = {note.version for note in notes}
    count = 0
    for place in (memory.vault.root / TRASH).glob("*.md"):
        with suppress(OSError):
            if version_of(place.read_bytes()) in versions:
                place.unlink()
                count += 1
    return count


def holds_any(data: bytes, lines: Sequence[str], sentences: Sequence[str]) -> bool:
    """Whether a text has one of the lines, bullets aside, or is one of the sentences."""
    try:
        text = NoteText.decode(data).text
    except UnicodeDecodeError:
        return False
    wanted = {line.casefold() for line in lines}
    return plain(text) in map(plain, sentences) or any(as_said(line).casefold() in wanted for line in text.split("\n"))


def _needed_by_none(memory: Memory, forgetting: Forgetting) -> Iterator[Note]:
    """The entities to which nothing leads once the line has gone, and those that only they lead to."""
    if not links.scan(forgetting.text):
        return
    resolver = links.Resolver(memory.vault.notes())
    linked: dict[NotePath, frozenset[NotePath]] = {}
    notes: dict[NotePath, Note] = {}
    for note in _readable(memory, memory.vault.notes()):
        text = forgetting.after if note.path == forgetting.note.path else note.text
        linked[note.path] = _targets(text, note.path, resolver)
        if memory.holds(note.path):
            notes[note.path] = note
    sources = _sources(linked)
    doomed: set[NotePath] = set()
    waiting = sorted(_targets(forgetting.text, forgetting.note.path, resolver))
    while waiting:
        path = waiting.pop(0)
        kept_by = sources.get(path, frozenset()) - doomed - {path}
        if path in doomed or kept_by or path not in notes or path in (memory.user_note, forgetting.note.path):
            continue
        doomed.add(path)
        yield notes[path]
        waiting += sorted(linked[path])


def _targets(text: str, source: NotePath, resolver: links.Resolver) -> frozenset[NotePath]:
    found = (resolver.resolve(link.target, source) for link in links.scan(text) if link.target)
    return frozenset(path for path in found if path is not None)


def _sources(linked: Mapping[NotePath, frozenset[NotePath]]) -> Mapping[NotePath, frozenset[NotePath]]:
    sources: dict[NotePath, set[NotePath]] = {}
    for source, targets in linked.items():
        for target in targets:
            sources.setdefault(target, set()).add(source)
    return {target: frozenset(found) for target, found in sources.items()}


def _readable(memory: Memory, paths: Iterable[NotePath]) -> Iterator[Note]:
    for path in paths:
        with suppress(VaultError):
            yield memory.vault.read(path)
