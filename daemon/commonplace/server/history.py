"""``_commonplace/history`` and ``_commonplace/undo``: what turns wrote, and taking it back."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.server.damage import damage
from commonplace.server.import_undo import as_written, is_import, moved_notes, tidied
from commonplace.server.parameters import checked, opened_vault
from commonplace.server.progress import Steady
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault
from commonplace.vault.journal import Journal, JournaledTurn
from commonplace.vault.memory import Memory
from commonplace.vault.text import NoteText, changed_lines
from commonplace.vault.undo import Outcome, UndoneTurn, latest_to_undo, undo
from commonplace.vault.workspace import Workspace

Json = dict[str, Any]
_TAKEN_BACK: frozenset[Outcome] = frozenset(["restored", "merged", "unchanged"])


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    """Its folder or registered name."""


class _HistoryAsked(_Asked):
    last: int = Field(default=20, ge=1, le=10_000)
    """How many turns, the newest first."""
    diff: bool = False
    """Whether to tell the changed lines."""


class _UndoAsked(_Asked):
    turns: list[str] | None = None
    """Their names; unless given, the last ones that are in force."""
    paths: list[str] | None = None
    """Undo these notes of the turns alone."""
    last: int = Field(default=1, ge=1, le=1_000)
    preview: bool = False
    """Whether to tell only which turns it would be."""
    progress: bool = False
    """Whether to tell meanwhile how many notes are done (``_commonplace/progress``)."""


async def history_of(services: Services, parameters: Mapping[str, Any]) -> Json:
    """The turns that wrote to a vault, and how much the journal keeps."""
    asked = checked(_HistoryAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    return await asyncio.to_thread(_told, services, vault, asked)


async def undo_turns(services: Services, parameters: Mapping[str, Any]) -> Json:
    """Undo turns, the newest first; what became of each note."""
    asked = checked(_UndoAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    turns = await asyncio.to_thread(_chosen, services.journal, vault, asked)
    undone = await asyncio.to_thread(services.journal.undone_notes, vault.root)
    if asked.preview:
        return {"turns": [_turn(services.journal, turn, undone) for turn in turns]}
    for turn in turns:
        if services.sessions.is_running_turn(turn.turn):
            raise RequestError(-32602, f"The turn {turn.turn} still runs; stop it or wait for its end, then undo it.")
    progress = Steady(services.progress if asked.progress else _untold)
    told: list[Json] = []
    for turn in turns:
        # A client that goes meanwhile leaves no turn half undone.
        done = await asyncio.shield(asyncio.ensure_future(_undo(services.journal, vault.memory, turn, asked, progress)))
        notes = [asdict(note) for note in done.notes]
        back = [note.path for note in done.notes if note.outcome in _TAKEN_BACK]
        services.feed.tell_undone(vault.root, turn.turn, back)
        told.append({**_turn(services.journal, turn, undone), "undone_by": done.turn, "notes": notes})
    return {"turns": told}


def _untold(_done: int, _total: int) -> None:
    """For a client that did not ask."""


async def _undo(
    journal: Journal, memory: Memory, turn: JournaledTurn, asked: _UndoAsked, progress: Callable[[int, int], None]
) -> UndoneTurn:
    workspace = Workspace(memory.vault)
    if not is_import(turn):
        return await undo(workspace, journal, turn, asked.paths, progress=progress)
    moved = await asyncio.to_thread(moved_notes, memory, journal, turn)
    return await undo(
        workspace,
        journal,
        turn,
        asked.paths,
        moved=moved,
        as_written=as_written(moved),
        rest=partial(tidied, memory, workspace, turn, moved),
        progress=progress,
    )


def _told(services: Services, vault: OpenVault, asked: _HistoryAsked) -> Json:
    journal, memory = services.journal, services.seen(vault).memory
    undone = journal.undone_notes(vault.root)
    kept, limits = journal.kept(), services.vaults.journal_limits()
    turns = journal.turns(vault.root, most=asked.last)
    return {
        "turns": [_turn(journal, turn, undone, memory if asked.diff else None) for turn in turns],
        "keeps": {"days": limits.days, "megabytes": limits.megabytes, **asdict(kept)},
        "recovered": [asdict(found) for found in vault.recovered],
        "damage": damage(services.home),
    }


def _chosen(journal: Journal, vault: OpenVault, asked: _UndoAsked) -> list[JournaledTurn]:
    if asked.turns is None:
        return latest_to_undo(journal, vault.root, asked.last)
    found = [(name, journal.turn(vault.root, name)) for name in asked.turns]
    for name, turn in found:
        if turn is None:
            raise RequestError(-32602, f"The journal holds no turn {name!r} of this vault. Type: commonplace history")
    return [turn for _, turn in found if turn is not None]


def _turn(journal: Journal, turn: JournaledTurn, undone: Mapping[str, set[str]], memory: Memory | None = None) -> Json:
    """A turn, with the changed lines as they are seen through ``memory``, if that is given."""
    back = undone.get(turn.turn, set[str]())
    return {
        "turn": turn.turn,
        "session": turn.origin.session,
        "time": turn.time,
        "asked": turn.origin.asked,
        "undoes": turn.origin.undoes or None,
        "undone": {entry.path for entry in turn.entries} <= back,
        "notes": [{**_note(journal, *net, memory), "undone": net[0] in back} for net in turn.net()],
    }


def _note(journal: Journal, path: str, before: str | None, after: str | None, memory: Memory | None) -> Json:
    change = "created" if before is None else "deleted" if after is None else "changed"
    return {"path": path, "change": change, **({"diff": _diff(journal, before, after, memory)} if memory else {})}


def _diff(journal: Journal, before: str | None, after: str | None, memory: Memory) -> list[str] | None:
    """The changed lines, each after "+" or "-"; None where a text is no longer kept or is no text."""
    texts: list[str] = []
    for version in (before, after):
        data = b"" if version is None else journal.content(version)
        if data is None:
            return None
        try:
            texts.append(memory.masked(NoteText.decode(data).text))
        except UnicodeDecodeError:
            return None
    return changed_lines(*texts)
