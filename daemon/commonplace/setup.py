"""Getting a vault ready: the template, memory in a vault that exists, the list of registered vaults."""

import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

from commonplace.home import default_vault


class SetupError(Exception):
    """The vault cannot be made or used; the text says what to type."""


@dataclass(frozen=True, slots=True)
class ChosenVault:
    """The vault of a conversation, and what was done to get it ready, in a sentence or not at all."""

    path: Path
    done: str | None = None


def choose_vault(home: Path, named: str | None) -> ChosenVault:
    """The vault that the user named by path or name, else the default one; registered if it was not yet.

    The config is read without its checks here, since a client must start fast; the daemon checks it.

    Raises:
        SetupError: there is no such folder.
        ConfigError: the vault cannot be registered.

    """
    registered, default = _registered(home)
    if named is None:
        known = registered.get(default or "") or next(iter(registered.values()), None)
        return ChosenVault(known) if known else _make_default(home)
    if named in registered:
        return ChosenVault(registered[named])
    path = Path(named).expanduser().resolve()
    if path in (known.resolve() for known in registered.values()):
        return ChosenVault(path)
    if not path.is_dir():
        what = "is a file, not a folder" if path.exists() else "does not exist"
        raise SetupError(f"The vault {path} {what}. Type: commonplace vault init {path}")
    return ChosenVault(path, _register(home, path))


def make_from_template(path: Path) -> None:
    """Copy the template to a folder that is not there yet, or is empty.

    Raises:
        SetupError: something stands there, or the system refused.

    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise SetupError(f"{path} is not empty. Type: commonplace vault init {path}")
    try:
        shutil.copytree(template_folder(), path, dirs_exist_ok=True)
    except OSError as error:
        raise SetupError(f"The vault {path} could not be made: {error.strerror}. Name another folder.") from None


def template_folder() -> Path:
    """The vault to start from: packaged in the wheel, at the top of a checkout."""
    packaged = Path(str(files("commonplace"))) / "vault_template"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "vault_template"


def _make_default(home: Path) -> ChosenVault:
    path = default_vault()
    if path.is_dir() and any(path.iterdir()):
        return ChosenVault(path, _register(home, path))
    make_from_template(path)
    _register(home, path)
    return ChosenVault(path, f"Made a vault to start with at {path}: open it in Obsidian, too.")


def _register(home: Path, path: Path) -> str:
    from commonplace.config import register_vault
    from commonplace.vault.survey import find_memory

    memory = find_memory(path)
    name = register_vault(home, path, memory or "")
    if memory is None:
        return f"Registered the vault {name!r}. It has no user.md yet; tell me about yourself and it gets one."
    return f"Registered the vault {name!r}, with the memory in {memory or 'its root'}."


def _registered(home: Path) -> tuple[Mapping[str, Path], str | None]:
    try:
        with (home / "config.toml").open("rb") as file:
            config = tomllib.load(file)
    except (OSError, ValueError):
        return {}, None
    vaults: object = config.get("vaults")
    default: object = config.get("default_vault")
    named = cast("dict[str, Any]", vaults) if isinstance(vaults, dict) else {}
    paths = {name: Path(str(entry["path"])).expanduser() for name, entry in named.items() if "path" in entry}
    return paths, default if isinstance(default, str) else None
