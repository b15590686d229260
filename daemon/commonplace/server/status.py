"""What the daemon says of itself, and whether the system lets it read the vaults."""

import asyncio
import os
import sys
import time
from typing import Any

from commonplace import __version__
from commonplace.config_sources import shown_values
from commonplace.home import PROTOCOL_VERSION
from commonplace.server.damage import damage
from commonplace.server.services import Services
from commonplace.settings import VaultConfig
from commonplace.vault.errors import VaultError
from commonplace.vault.notes import Vault

_MAC_ADVICE = (
    "Open System Settings > Privacy & Security > Full Disk Access and allow the program that runs Commonplace: "
    'open "x-apple.systempreferences:com.apple.preference.security?Privacy_AllFiles"'
)


def status(services: Services) -> dict[str, Any]:
    """The daemon's version, age, model, vaults, turns under way, and what is wrong with its settings."""
    life, config = services.life, services.config.current()
    model = services.model_name
    return {
        "version": __version__,
        "protocol": PROTOCOL_VERSION,
        "pid": os.getpid(),
        "began": life.began,
        "uptimeSeconds": round(time.time() - life.began, 1),
        "startedBy": life.started_by,
        "clients": life.clients(),
        "model": model,
        "problems": problems(services),
        "flags": dict(services.config.flags),
        "settings": shown_values(config),
        "vaults": [
            {"name": name, "path": str(vault.path.expanduser()), "mode": vault.mode or config.agent.mode}
            for name, vault in config.vaults.items()
        ],
        "turns": [
            {"session": session.record.id, "title": session.record.title, "waiting": session.is_waiting}
            for session in services.sessions.under_way
        ],
    }


def problems(services: Services) -> list[str]:
    """What is wrong with the daemon's settings and files."""
    settings = (services.config.problem, services.engines.problem)
    return [*damage(services.home), *(problem for problem in settings if problem)]


async def check_vaults(services: Services) -> list[dict[str, Any]]:
    """Read a note of each vault: a daemon that the system started may be refused what a terminal may read."""
    vaults = services.config.current().vaults
    return [await asyncio.to_thread(_checked, name, vault) for name, vault in vaults.items()]


def _checked(name: str, config: VaultConfig) -> dict[str, Any]:
    path = config.path.expanduser()
    found: dict[str, Any] = {"name": name, "path": str(path), "notes": 0, "problem": None, "advice": None}
    try:
        os.scandir(path).close()
        vault = Vault(path)
        notes = vault.notes()
        if notes:
            vault.read(notes[0])
        found["notes"] = len(notes)
    except (OSError, VaultError) as error:
        found["problem"] = f"{path}: {error.strerror}" if isinstance(error, OSError) else str(error)
        if sys.platform == "darwin" and path.exists():
            found["advice"] = _MAC_ADVICE
    return found
