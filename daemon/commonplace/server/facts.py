"""``_commonplace/facts``: what the memory knows, note by note, each fact with where it comes from."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from commonplace.server.parameters import checked, opened_vault
from commonplace.server.provenance import seen_lines
from commonplace.server.services import Services
from commonplace.server.vaults import OpenVault
from commonplace.vault.conventions import title
from commonplace.vault.errors import VaultError
from commonplace.vault.facts import facts
from commonplace.vault.origins import Why
from commonplace.vault.path import NotePath

Json = dict[str, Any]


class _FactsAsked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    """Its folder or registered name."""
    most: int = Field(default=200, ge=1, le=10_000)
    """How many notes, those with the newest facts first."""


async def facts_of(services: Services, parameters: Mapping[str, Any]) -> Json:
    """The facts of the memory's notes; the note that learned something last comes first."""
    asked = checked(_FactsAsked, parameters)
    vault = await opened_vault(services, asked.vault)
    return await asyncio.to_thread(lambda: _told(services, services.seen(vault), asked.most))


def _told(services: Services, vault: OpenVault, most: int) -> Json:
    paths = vault.memory.notes()
    origins = services.origins.why_of(vault.memory.vault, paths)
    notes = [note for path in paths if (note := _note(vault, path, origins.get(path.value, ()))) is not None]
    notes.sort(key=lambda note: -note["time"])
    return {"notes": notes[:most], "total": len(notes)}


def _note(vault: OpenVault, path: NotePath, lines: Sequence[Why]) -> Json | None:
    try:
        text = vault.memory.vault.read(path).text
    except VaultError:
        return None
    if (lens := vault.memory.lens) is not None and lens.hides_text(path, text):
        return None
    by_line = {line.line: line for line in seen_lines(vault.memory, text, lines)}
    text = vault.memory.masked(text)
    shown = text.split("\n")
    found = [
        (fact, by_line.get(fact.line) or Why(path.value, fact.line, shown[fact.line - 1], "human"))
        for fact in facts(text)
    ]
    if not found:
        return None
    found.sort(key=lambda known: -(known[1].time or 0))
    told = [{"line": fact.line, "key": fact.key, "value": fact.value, "origin": asdict(why)} for fact, why in found]
    return {"path": path.value, "title": title(text), "time": found[0][1].time or 0, "facts": told}
