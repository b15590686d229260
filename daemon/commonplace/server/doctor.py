"""``_commonplace/doctor`` and ``_commonplace/repair``: what is wrong with a memory, and mending it undoably."""

import asyncio
import os
import secrets
from collections.abc import Mapping
from typing import Any

from acp import RequestError

from commonplace import __version__
from commonplace.server.examination import snapshot
from commonplace.server.parameters import opened_vault
from commonplace.server.repairs import repair_id
from commonplace.server.services import Services
from commonplace.server.status import problems
from commonplace.server.vaults import OpenVault
from commonplace.vault.checks import Finding, Repair, examine
from commonplace.vault.errors import NoteConflict, VaultError
from commonplace.vault.journal import Origin
from commonplace.vault.workspace import Workspace

_ASKED = "commonplace doctor --fix"


async def doctor(services: Services, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Examine the vault named in ``vault``: findings, each with its repair if there is one, and the machine."""
    opened = await opened_vault(services, str(parameters.get("vault", "")))
    index = services.vaults.indexes[opened.root]
    try:
        findings = await asyncio.to_thread(lambda: examine(snapshot(opened.memory, index)))
    except VaultError as error:
        raise RequestError(-32602, error.plain) from None
    services.repairs.offer(str(opened.root), findings)
    return {
        "vault": str(opened.root),
        "findings": [_as_json(found) for found in findings],
        "machine": {
            "version": __version__,
            "pid": os.getpid(),
            "model": services.model_name,
            "problems": problems(services),
            "index": index.progress.as_json(),
        },
    }


async def repair(services: Services, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Do the offered repair whose id is ``repair``; ``turn`` is what ``undo`` takes it back by."""
    opened = await opened_vault(services, str(parameters.get("vault", "")))
    offered = services.repairs.offered(str(opened.root), str(parameters.get("repair", "")))
    if offered is None:
        raise RequestError(-32602, "That repair is not offered any more; type: commonplace doctor")
    turn = f"doctor-{secrets.token_hex(4)}"
    try:
        await _apply(opened, offered, Origin("doctor", turn, _ASKED))
    except VaultError as error:
        raise RequestError(-32602, error.plain) from None
    return {"turn": turn}


async def _apply(opened: OpenVault, offered: Repair, origin: Origin) -> None:
    """Make the changes, once every note was seen to have the text that it had."""
    workspace = Workspace(opened.memory.vault)
    notes = [await workspace.read(change.path) for change in offered.changes]
    for note, change in zip(notes, offered.changes, strict=True):
        if note.text != change.before:
            raise NoteConflict(f"{note.path} was changed since it was examined; type: commonplace doctor")
    for note, change in zip(notes, offered.changes, strict=True):
        if change.after is None:
            await workspace.delete(change.path, origin, expected=note.version)
        else:
            await workspace.replace(note, change.after, origin)
        opened.memory.catalogue.wrote(change.path)


def _as_json(found: Finding) -> dict[str, Any]:
    return {
        "kind": found.kind,
        "path": found.path,
        "line": found.line,
        "message": found.message,
        "repair": None if found.repair is None else _repair_json(found.repair),
    }


def _repair_json(offered: Repair) -> dict[str, Any]:
    changes = [
        {"path": change.path.value, "before": change.before, "after": change.after} for change in offered.changes
    ]
    return {"id": repair_id(offered), "title": offered.title, "changes": changes}
