"""``_commonplace/why`` and ``_commonplace/forget``: which sentence a line comes from, and forgetting a fact."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.server.parameters import checked, opened_vault
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault
from commonplace.vault.errors import NoteConflict, NoteNotFound, PathRefused, VaultError
from commonplace.vault.forget import (
    Forgetting,
    as_said,
    carry_out,
    holds_any,
    plan_fact,
    plan_line,
    take_from_trash,
    values_of,
)
from commonplace.vault.likeness import is_telling
from commonplace.vault.memory import Memory
from commonplace.vault.origins import Why
from commonplace.vault.path import NotePath
from commonplace.vault.text import changed_lines

Json = dict[str, Any]

_NOTE_AND_LINE = re.compile(r"(.+):(\d{1,9})")
OUT_OF_REACH = (
    "Obsidian's File Recovery snapshots (Settings, Core plugins, File recovery: clear them)",
    "versions and deleted files that a sync service keeps (Obsidian Sync, iCloud, Dropbox, Syncthing)",
    "backups and git history of the vault",
    "the system's trash, if the vault deletes into it",
    "what a model server or another client has logged",
)
"""Copies that are not ours to delete."""


class _WhyAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    """Its folder or registered name."""
    path: str
    """The note: in the vault, as the memory names it, or absolute."""
    line: int | None = Field(default=None, ge=1)
    """From 1; every line of turns unless given."""


class _ForgetAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    fact: str = Field(min_length=1, max_length=10_000)
    """What a line says, or NOTE:LINE."""
    plan: str | None = None
    """The plan to carry out, as an earlier call named it; without it, nothing is changed."""
    purge: bool = False
    """Whether what is kept for undo and for why goes as well."""


async def why(services: Services, parameters: Mapping[str, Any]) -> Json:
    """Who wrote a line of a note, or which lines turns wrote."""
    asked = checked(_WhyAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    try:
        path = _named(vault, asked.path, services.seen(vault).memory)
        lines = await asyncio.to_thread(_why, services, vault, path, asked.line)
    except VaultError as error:
        raise RequestError(-32602, error.plain) from None
    return {"path": path.value, "lines": [asdict(line) for line in lines]}


def seen_lines(memory: Memory, text: str, lines: Sequence[Why]) -> list[Why]:
    """Lines of a note as they are seen in its text; of one with something withheld, what it was before is not told."""
    if memory.lens is None:
        return list(lines)
    stands, seen = text.split("\n"), memory.masked(text).split("\n")

    def told(line: Why) -> Why:
        at = line.line - 1
        if at < len(stands) and stands[at] == line.text == seen[at]:
            return line
        text = seen[at] if at < len(stands) and stands[at] == line.text else memory.masked(line.text)
        return replace(line, text=text, written="" if text != line.text else line.written)

    return [told(line) for line in lines]


async def forget(services: Services, parameters: Mapping[str, Any]) -> Json:
    """Tell what forgetting a fact takes; with the plan's name, do it."""
    asked = checked(_ForgetAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    try:
        planned = await asyncio.to_thread(_planned, vault, asked.fact)
        told = {"plan": planned.name, "notes": _changes(planned), "out_of_reach": list(OUT_OF_REACH)}
        if asked.plan is None:
            return told
        if asked.plan != planned.name:
            raise RequestError(-32602, "The notes changed meanwhile; look at the new plan and ask again.")
        if asked.purge and services.sessions.running:
            raise RequestError(-32602, "A turn runs, and may write what is purged; wait for its end and ask again.")
        origins = await asyncio.to_thread(_origins_of, services, vault, planned) if asked.purge else []
        done = await carry_out(vault.memory, planned, "" if asked.purge else f"Forget: {as_said(planned.text)}")
    except NoteConflict as error:
        raise RequestError(-32602, f"{error.plain} Look at the new plan: ask the same again.") from None
    except VaultError as error:
        raise RequestError(-32602, error.plain) from None
    purged = await asyncio.to_thread(_purge, services, vault, planned, origins) if asked.purge else None
    return {**told, "turn": done.turn, "purged": purged}


def _why(services: Services, vault: OpenVault, path: NotePath, line: int | None) -> list[Why]:
    memory = services.seen(vault).memory
    lines = services.origins.why(memory.vault, path, line)
    return lines if memory.lens is None else seen_lines(memory, memory.vault.read(path).text, lines)


def _planned(vault: OpenVault, fact: str) -> Forgetting:
    found = _NOTE_AND_LINE.fullmatch(fact.strip())
    if found is not None:
        try:
            return plan_line(vault.memory, _named(vault, found[1], vault.memory), int(found[2]))
        except (NoteNotFound, PathRefused):
            if found[1].lower().endswith(".md"):
                raise
    return plan_fact(vault.memory, fact)


def _origins_of(services: Services, vault: OpenVault, planned: Forgetting) -> list[Why]:
    notes = vault.memory.vault
    lines = services.origins.why(notes, planned.note.path, planned.line)
    return [*lines, *(line for note in planned.entities for line in services.origins.why(notes, note.path))]


def _purge(services: Services, vault: OpenVault, planned: Forgetting, origins: Sequence[Why]) -> dict[str, int]:
    """Remove the texts from every store of ours; how many pieces went from each."""
    services.origins.sync(vault.memory.vault)
    lines = [*planned.texts(), *(as_said(line.written) for line in origins)]
    lines = sorted({line for text in lines for line in (text, vault.memory.shown(text)) if line})
    sentences = sorted({line.asked for line in origins if line.asked})
    telling = [text for text in (*lines, *values_of(lines)) if is_telling(text)]
    purged = {
        "journal": services.journal.purge(lambda data: holds_any(data, lines, sentences)),
        "trash": take_from_trash(vault.memory, planned.entities),
    }
    if (index := services.vaults.indexes.get(vault.root)) is not None:
        index.rebuild()
    for name, store in services.purgeable.items():
        purged[name] = store.purge([*telling, *sentences])
    return purged


def _changes(planned: Forgetting) -> list[Json]:
    changed = {
        "path": planned.note.path.value,
        "change": "changed",
        "diff": changed_lines(planned.note.text, planned.after),
    }
    deleted = (
        {"path": note.path.value, "change": "deleted", "diff": changed_lines(note.text, "")}
        for note in planned.entities
    )
    return [changed, *deleted]


def _named(vault: OpenVault, name: str, memory: Memory) -> NotePath:
    """The note that a person names: in the vault, as the memory has it, as a link does, or by its absolute path.

    Raises:
        NoteNotFound: no note that is seen in ``memory``.
        PathRefused.

    """
    given = Path(name).expanduser()
    if given.is_absolute() and given.resolve().is_relative_to(vault.root):
        name = given.resolve().relative_to(vault.root).as_posix()
    path = memory.path(name)
    linked = memory.catalogue.resolver().resolve(name)
    for found in (path, path if path.is_markdown else memory.path(f"{name}.md"), linked):
        if found is not None and memory.is_note(found):
            return found
    # The name is not repeated: it may be one that a filter withholds.
    raise NoteNotFound(f"There is no such note in the vault. Name it by its path there, such as {memory.user_note}.")
