"""``_commonplace/look``: reading in a vault without a turn, for clients that reason themselves.

What is read is what the client's turns would see: its scope and its filters hold.
"""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, Literal

from acp import RequestError
from pydantic import BaseModel, ConfigDict, Field

from commonplace.agent.sandbox import ToolRefused
from commonplace.agent.tools import Tools
from commonplace.server.parameters import checked
from commonplace.server.requests import INVALID_PARAMS
from commonplace.vault import links
from commonplace.vault.catalogue import targets_of
from commonplace.vault.errors import VaultError
from commonplace.vault.memory import Memory
from commonplace.vault.path import NotePath, locate


class _Asked(BaseModel):
    model_config = ConfigDict(extra="ignore")

    action: Literal["read", "search", "follow", "backlinks", "list", "stamps"]
    of: str = Field(default="", max_length=10_000)
    """The note, the words, the link; nothing for ``list`` and ``stamps``."""


async def look(memory: Memory, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The answer as a text.

    Raises:
        RequestError: saying what is wrong.

    """
    asked = checked(_Asked, parameters)
    tools = Tools(memory)
    try:
        match asked.action:
            case "read":
                text = await tools.read_file(asked.of)
            case "search":
                text = await tools.search_notes(asked.of)
            case "follow":
                text = await tools.go_to_link(asked.of)
            case "backlinks":
                text = "\n".join(await asyncio.to_thread(_backlinks, memory, asked.of)) or "No note links there."
            case "list":
                text = "\n".join(memory.name(note) for note in await asyncio.to_thread(memory.notes))
            case "stamps":
                text = "\n".join(await asyncio.to_thread(lambda: list(_stamps(memory))))
    except (ToolRefused, VaultError) as error:
        raise RequestError(INVALID_PARAMS, str(error)) from None
    if text.startswith("Error: "):
        raise RequestError(INVALID_PARAMS, text.removeprefix("Error: "))
    return {"text": text}


def _stamps(memory: Memory) -> Iterator[str]:
    """Each note behind what tells whether it changed: its size, and when it was written."""
    for note in memory.notes():
        with suppress(OSError, VaultError):
            found = locate(memory.vault.root, note).stat()
            yield f"{found.st_size}-{found.st_mtime_ns} {memory.name(note)}"


def _backlinks(memory: Memory, named: str) -> list[str]:
    path = memory.path(named)
    if not memory.is_note(path):
        raise RequestError(INVALID_PARAMS, f"{named} does not exist; list the notes to see what does.")
    resolver = memory.catalogue.resolver()
    linking = (note for note in memory.notes() if path in targets_of(memory.vault, note, resolver))
    return [memory.name(note) for note in linking if memory.lens is None or path in _seen_targets(memory, note)]


def _seen_targets(memory: Memory, note: NotePath) -> set[NotePath | None]:
    """The notes to which the lines that are seen of a note link."""
    resolver = memory.catalogue.resolver()
    return {resolver.resolve(target, note) for target in links.targets(memory.masked(memory.vault.read(note).text))}
