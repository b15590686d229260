"""``_commonplace/import_look`` and ``_commonplace/import_notes``: notes from elsewhere, all of them one turn.

The client reads the export and plans; here, where notes are written, each is journaled like any other write.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.server.parameters import checked, opened_vault
from commonplace.server.requests import INVALID_PARAMS
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault
from commonplace.vault import conventions
from commonplace.vault.batch import SESSION, write_together
from commonplace.vault.errors import NoteConflict, VaultError
from commonplace.vault.frontmatter import body_start
from commonplace.vault.imported import INDEX, imported_notes
from commonplace.vault.journal import Journal, JournalFailed, Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Note
from commonplace.vault.path import NotePath
from commonplace.vault.workspace import Workspace

Json = dict[str, Any]
T = TypeVar("T")
_SOURCE = r"^[a-z]{1,40}$"
_TRIES = 3


class _LookAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    source: str = Field(pattern=_SOURCE)
    export: str = Field(pattern=r"^[0-9a-f]{8,64}$")
    """What tells this export from another."""


class _NewNote(BaseModel):
    path: str
    text: str


class _Addition(BaseModel):
    path: str
    lines: list[str]
    heading: str | None = None
    """The section to which the lines go; unless set, the note's end."""


class _LinkedNote(_NewNote):
    """A note of the turn, with links to notes that were written after it."""

    keeps_head: bool = False
    """Whether its properties and title stay as they stand."""


class _NotesAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    turn: str = Field(pattern=r"^import-[a-z]{1,40}-[0-9a-f]{8,64}(-\d{1,6})?$")
    asked: str = Field(max_length=1_000)
    """What the history tells of it."""
    notes: list[_NewNote]
    additions: list[_Addition] = []
    linked: list[_LinkedNote] = []


async def import_look(services: Services, parameters: Mapping[str, Any]) -> Json:
    """What a vault holds already, so that an import can plan.

    ``turn`` is the name to write under: an import that was cut off goes on as the same turn. ``notes`` are those of
    the source, by id, each with its path and its property ``updated``; ``pages`` the turn's own index notes, by id,
    each with path and text; ``names`` all names in the vault, folded; ``folders`` the notes and bytes of each folder
    in memory; ``memory`` the bytes of all.
    """
    asked = checked(_LookAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    return await asyncio.to_thread(_looked, services.journal, vault, asked)


async def import_notes(services: Services, parameters: Mapping[str, Any]) -> Json:
    """Write new notes and lines; ``taken`` are the paths at which another note stands, which stays as it is.

    They belong together, so a client that goes meanwhile leaves all of them behind, and a daemon that is killed
    finishes them at its next start.
    """
    asked = checked(_NotesAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    try:
        taken = await asyncio.shield(asyncio.ensure_future(_write(services.journal, vault.memory, asked)))
    except (VaultError, JournalFailed) as error:
        raise RequestError(INVALID_PARAMS, str(error)) from None
    return {"written": len(asked.notes) - len(taken), "taken": taken}


def _looked(journal: Journal, vault: OpenVault, asked: _LookAsked) -> Json:
    memory = vault.memory
    turn = _turn(journal, vault.root, f"import-{asked.source}-{asked.export}")
    pages_of_turn = f"{INDEX}{turn.removeprefix(f'import-{asked.source}-')}/"
    notes: dict[str, tuple[str, str]] = {}
    pages: dict[str, tuple[str, str]] = {}
    for found in imported_notes(memory.vault, asked.source):
        name = memory.name(found.path)
        if not found.id.startswith(INDEX):
            notes.setdefault(found.id, (name, found.updated))
        elif found.id.startswith(pages_of_turn) and memory.holds(found.path):
            pages.setdefault(found.id, (name, memory.shown(memory.vault.read(found.path).text)))
    folders: dict[str, list[int]] = {}
    total = 0
    for path in memory.notes():
        try:
            size = memory.vault.size(path)
        except VaultError:
            continue
        held = folders.setdefault(memory.name(path).rpartition("/")[0], [0, 0])
        held[0], held[1], total = held[0] + 1, held[1] + size, total + size
    return {
        "turn": turn,
        "notes": notes,
        "pages": pages,
        "names": sorted(memory.catalogue.names()),
        "folders": folders,
        "memory": total,
    }


def _turn(journal: Journal, root: Path, name: str) -> str:
    """The name itself, or with a number where the turn of that name was undone."""
    undone = journal.undone_notes(root)
    number, turn = 1, name
    while turn in undone:
        number += 1
        turn = f"{name}-{number}"
    return turn


async def _write(journal: Journal, memory: Memory, asked: _NotesAsked) -> list[str]:
    """Write the notes and the lines; the names of those at whose place another stands."""
    origin = Origin(SESSION, asked.turn, asked.asked)
    for note in asked.notes:
        conventions.check_entity_path(memory.name(memory.path(note.path)))
        conventions.check_entity_text(note.path, note.text)
        conventions.check_added_text(None, note.text)
    workspace = Workspace(memory.vault)
    if asked.additions and not memory.is_note(memory.user_note):
        # A turn of its own: what others write there later keeps its note when the import is undone.
        await workspace.create(memory.user_note, "# User Information\n", Origin(asked="A user.md for the first import"))
    new = [(memory.path(note.path), memory.placed(note.text)) for note in asked.notes]
    left = await asyncio.to_thread(_left_by, journal, memory, asked)
    linked = [each for each in asked.linked if memory.is_note(memory.path(each.path))]
    edits = [_Edit(memory.path(each.path), partial(_with_lines, memory, each)) for each in asked.additions]
    edits += [_Edit(memory.path(each.path), partial(_with_links, memory, each, left)) for each in linked]
    opened = [edit for edit in edits if await workspace.is_open(edit.path)]
    closed = [edit for edit in edits if edit not in opened]
    written = await _again(lambda: asyncio.to_thread(_write_together, memory, new, closed, origin))
    for edit in opened:
        await _again(partial(_edit, workspace, edit, origin))
    for path in (*written, *(edit.path for edit in opened)):
        memory.catalogue.wrote(path)
    return [memory.name(path) for path, _ in new if path not in written]


@dataclass(frozen=True, slots=True)
class _Edit:
    """A change of a note that stands: from what was read to what it should be."""

    path: NotePath
    change: Callable[[Note, str], str]
    """Given the note that was read and its text, earlier changes made."""


async def _again(write: Callable[[], Awaitable[T]]) -> T:
    """Write, anew where somebody else wrote meanwhile."""
    for _ in range(_TRIES - 1):
        with suppress(NoteConflict):
            return await write()
    return await write()


def _write_together(
    memory: Memory, new: Sequence[tuple[NotePath, str]], edits: Sequence[_Edit], origin: Origin
) -> set[NotePath]:
    changed: dict[NotePath, tuple[Note, str]] = {}
    for edit in edits:
        note, text = changed.get(edit.path) or (read := memory.vault.read(edit.path), read.text)
        changed[edit.path] = (note, edit.change(note, text))
    return write_together(memory.vault, new, list(changed.values()), origin)


async def _edit(workspace: Workspace, edit: _Edit, origin: Origin) -> None:
    note = await workspace.read(edit.path)
    await workspace.replace(note, edit.change(note, note.text), origin)


def _left_by(journal: Journal, memory: Memory, asked: _NotesAsked) -> Mapping[str, str | None]:
    """The versions in which the turn left its notes."""
    turn = journal.turn(memory.vault.root, asked.turn) if asked.linked else None
    return {entry.path: entry.after for entry in turn.entries} if turn is not None else {}


def _with_lines(memory: Memory, addition: _Addition, _: Note, text: str) -> str:
    """The note's text with the lines that it lacks."""
    standing = set(text.split("\n"))
    lines = [line for line in map(memory.placed, addition.lines) if line not in standing]
    after = with_lines(text, lines, addition.heading)
    conventions.check_added_text(text, after)
    return after


def _with_links(memory: Memory, linked: _LinkedNote, left: Mapping[str, str | None], note: Note, text: str) -> str:
    """The note's text with more of its links, if it is still as the turn wrote it."""
    if left.get(note.path.value) != note.version:
        return text
    after = memory.placed(linked.text)
    if linked.keeps_head:
        after = text[: _head_end(text)] + after[_head_end(after) :]
    conventions.check_added_text(text, after)
    return after


def _head_end(text: str) -> int:
    """Where a note's properties and title end."""
    start = body_start(text)
    return text.find("\n", start) if text.startswith("# ", start) else start


def with_lines(text: str, lines: Sequence[str], heading: str | None) -> str:
    """A text with lines at its end, or at the end of the list under a heading, which is made if it is missing."""
    if not lines:
        return text
    standing = text.rstrip("\n").split("\n")
    if heading is None:
        return "\n".join([*standing, *lines, ""])
    if heading not in standing:
        return "\n".join([*standing, "", heading, *lines, ""])
    at = standing.index(heading) + 1
    while at < len(standing) and standing[at].startswith("- "):
        at += 1
    return "\n".join([*standing[:at], *lines, *standing[at:], ""])
