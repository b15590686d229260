"""Methods about a vault as a whole: what it holds, and how it is registered."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NoReturn

from acp import RequestError

from commonplace.config import ConfigError, register_vault
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault, VaultUnknown
from commonplace.server.wire import NotesAnswer, OverviewAnswer
from commonplace.vault.conventions import title
from commonplace.vault.errors import VaultError
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.survey import find_memory

_FACT = re.compile(r"^- (\w+): (.+)$", re.MULTILINE)
_MOST_QUESTIONS = 3
_MOST_NOTES = 20_000


async def overview(services: Services, parameters: Mapping[str, Any]) -> OverviewAnswer:
    """How much the memory and the vault hold, and up to three questions that the memory can answer."""
    return await asyncio.to_thread(_overview, services, _text(parameters, "cwd"))


async def notes(services: Services, parameters: Mapping[str, Any]) -> NotesAnswer:
    """The notes of a vault by their paths, for a client that cannot look for itself; so many at most."""
    return await asyncio.to_thread(_notes, services, _text(parameters, "cwd"))


async def register(services: Services, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Register the folder as a vault; its memory in the folder that is named, else where it stands already."""
    path, memory = _text(parameters, "path"), parameters.get("memory")
    return await asyncio.to_thread(_register, services, path, memory if isinstance(memory, str) and memory else None)


def _notes(services: Services, cwd: str) -> NotesAnswer:
    opened = _opened(services, cwd)
    found = list(filter(opened.memory.reaches, opened.memory.vault.notes()))
    return {"notes": [note.value for note in found[:_MOST_NOTES]], "all": len(found) <= _MOST_NOTES}


def _opened(services: Services, cwd: str) -> OpenVault:
    try:
        return services.seen(services.vaults.open(cwd))
    except (VaultUnknown, VaultError, ConfigError) as error:
        _refuse(str(error))


def _overview(services: Services, cwd: str) -> OverviewAnswer:
    opened = _opened(services, cwd)
    notes = opened.memory.notes()
    return {
        "entities": sum(note != opened.memory.user_note for note in notes),
        "notes": sum(map(opened.memory.reaches, opened.memory.vault.notes())),
        "memory": opened.memory.folder,
        "questions": _questions(opened, notes),
    }


def _register(services: Services, path: str, memory: str | None) -> dict[str, Any]:
    try:
        root = Vault(Path(path)).root
        folder = NotePath.parse(memory).value if memory else (find_memory(root) or "")
        return {"name": register_vault(services.home, root, folder), "memory": folder}
    except (VaultError, ConfigError) as error:
        _refuse(str(error))


def _questions(opened: OpenVault, notes: list[NotePath]) -> list[str]:
    """Questions made of what stands in the memory: facts about the user first, then an entity."""
    keys = [key.removeprefix("user_").replace("_", " ") for key, _ in _FACT.findall(_read(opened, notes[:1]))]
    about_user = [f"What is my {key}?" for key in keys]
    entities = [name for note in notes[1:2] if (name := title(_read(opened, [note])))]
    about_others = [f"What do you know about {name}?" for name in entities]
    return [*about_user[: _MOST_QUESTIONS - len(about_others)], *about_others]


def _read(opened: OpenVault, notes: list[NotePath]) -> str:
    try:
        return "\n".join(opened.memory.masked(opened.memory.vault.read(note).text) for note in notes)
    except VaultError:
        return ""


def _text(parameters: Mapping[str, Any], name: str) -> str:
    value = parameters.get(name)
    if not isinstance(value, str) or not value:
        _refuse(f"{name} must be a text.")
    return value


def _refuse(reason: str) -> NoReturn:
    raise RequestError(-32602, reason)
