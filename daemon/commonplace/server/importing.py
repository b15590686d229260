"""``_commonplace/import_look`` and ``_commonplace/import_notes``: notes from elsewhere, all of them one turn.

The client reads the export and plans; here, where notes are written, each is journaled like any other write.
"""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.server.parameters import checked, opened_vault
from commonplace.server.requests import INVALID_PARAMS
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault
from commonplace.vault import conventions, links
from commonplace.vault.errors import NoteConflict, VaultError
from commonplace.vault.imported import imported_notes
from commonplace.vault.journal import Journal, JournalFailed, Origin
from commonplace.vault.memory import Memory
from commonplace.vault.workspace import Workspace

Json = dict[str, Any]
SESSION = "import"
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


class _NotesAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    turn: str = Field(pattern=r"^import-[a-z]{1,40}-[0-9a-f]{8,64}(-\d{1,6})?$")
    asked: str = Field(max_length=1_000)
    """What the history tells of it."""
    notes: list[_NewNote]
    additions: list[_Addition] = []


async def import_look(services: Services, parameters: Mapping[str, Any]) -> Json:
    """What a vault holds already, so that an import can plan.

    ``turn`` is the name to write under: an import that was cut off goes on as the same turn. ``notes`` are those of
    the source, by id, each with path and bytes; ``pages`` the texts of its index notes; ``names`` all names in the
    vault, folded; ``folders`` the notes and bytes of each folder in memory; ``memory`` the bytes of all.
    """
    asked = checked(_LookAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    return await asyncio.to_thread(_looked, services.journal, vault, asked)


async def import_notes(services: Services, parameters: Mapping[str, Any]) -> Json:
    """Write new notes and lines; ``taken`` are the paths at which another note stands, which stays as it is."""
    asked = checked(_NotesAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    origin = Origin(SESSION, asked.turn, asked.asked)
    try:
        taken = await asyncio.to_thread(_write, vault.memory, asked.notes, origin)
        for addition in asked.additions:
            await _add(vault.memory, addition, origin)
    except (VaultError, JournalFailed) as error:
        raise RequestError(INVALID_PARAMS, f"{error} What is written so far stays; type the same again.") from None
    return {"written": len(asked.notes) - len(taken), "taken": taken}


def _looked(journal: Journal, vault: OpenVault, asked: _LookAsked) -> Json:
    memory = vault.memory
    notes: dict[str, tuple[str, int]] = {}
    pages: dict[str, str] = {}
    for id_, path, size in imported_notes(memory.vault, asked.source):
        if notes.setdefault(id_, (memory.name(path), size)) == (memory.name(path), size) and id_.startswith("index"):
            pages[id_] = memory.shown(memory.vault.read(path).text)
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
        "turn": _turn(journal, vault.root, f"import-{asked.source}-{asked.export}"),
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


def _write(memory: Memory, notes: Sequence[_NewNote], origin: Origin) -> list[str]:
    """Write the notes; the names of those at whose place another stands."""
    for note in notes:
        conventions.check_entity_path(memory.name(memory.path(note.path)))
        conventions.check_entity_text(note.path, note.text)
        conventions.check_added_text(None, note.text)
    placed = [(memory.path(note.path), memory.placed(note.text)) for note in notes]
    written = set(memory.vault.create_all(placed, origin))
    for path in written:
        memory.catalogue.wrote(path)
    return [memory.name(path) for path, _ in placed if path not in written]


async def _add(memory: Memory, addition: _Addition, origin: Origin) -> None:
    """Add the lines that the note lacks; one that somebody writes meanwhile is read again."""
    path = memory.path(addition.path)
    workspace = Workspace(memory.vault)
    if path == memory.user_note and not memory.is_note(path):
        await workspace.create(path, "# User Information\n", origin)
    for attempt in range(_TRIES):
        note = await workspace.read(path)
        resolver = memory.catalogue.resolver()
        there = {resolver.resolve(target, path) for target in links.targets(note.text)}
        added = [memory.placed(line) for line in addition.lines]
        lines = [line for line in added if not {resolver.resolve(to, path) for to in links.targets(line)} & there]
        after = with_lines(note.text, lines, addition.heading)
        conventions.check_added_text(note.text, after)
        try:
            await workspace.replace(note, after, origin)
            break
        except NoteConflict:
            if attempt == _TRIES - 1:
                raise
    memory.catalogue.wrote(path)


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
