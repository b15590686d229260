"""Getting a vault ready: the template, memory in a vault that exists, the list of registered vaults."""

import os
import shlex
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

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
        SetupError: there is no such folder, or it is not there now.
        ConfigError: the config cannot be read, or the vault cannot be registered.

    """
    registered, default = _registered(home)
    if named is None:
        known = registered.get(default) if default else next(iter(registered.values()), None)
        return _present(known, registered) if known else _make_default(home)
    if named in registered:
        return _present(registered[named], registered)
    path = Path(named).expanduser().resolve()
    if path in (known.resolve() for known in registered.values()):
        return _present(path, registered)
    if not path.is_dir():
        if near := get_close_matches(named, list(registered), n=1):
            raise SetupError(f"There is no vault {named!r}; did you mean {near[0]!r}? Type: commonplace vault list")
        what = "is a file, not a folder" if path.exists() else "does not exist"
        instead = f"commonplace vault init {typed(path)}" if not path.exists() else "commonplace vault list"
        raise SetupError(f"The vault {path} {what}. Type: {instead}")
    return ChosenVault(path, _register(home, path))


def registered_vault(home: Path, root: Path) -> Path:
    """The registered vault at a folder. One that was removed is not registered again unasked.

    Raises:
        SetupError: it is not registered, or not there now.
        ConfigError: the config cannot be read.

    """
    registered, _ = _registered(home)
    if root not in (known.resolve() for known in registered.values()):
        raise SetupError(f"{root} is not a registered vault. Type: commonplace vault add {typed(root)}")
    return _present(root, registered).path


def make_from_template(path: Path) -> None:
    """Copy the template to a folder that is not there yet, or is empty.

    Raises:
        SetupError: something stands there, or the system refused.

    """
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise SetupError(f"{path} is not an empty folder. Type: commonplace vault init {typed(path)}")
    try:
        shutil.copytree(template_folder(), path, dirs_exist_ok=True)
    except OSError as error:
        raise SetupError(f"The vault {path} could not be made: {error.strerror}. Name another folder.") from None


def template_folder() -> Path:
    """The vault to start from: packaged in the wheel, at the top of a checkout."""
    packaged = Path(str(files("commonplace"))) / "vault_template"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "vault_template"


def typed(path: Path) -> str:
    """The path as one types it in a shell."""
    if os.name == "nt":
        return f'"{path}"' if " " in str(path) else str(path)
    return shlex.quote(str(path))


def _present(path: Path, registered: Mapping[str, Path]) -> ChosenVault:
    """A registered vault. Where its folder has gone, making a new vault there would hide that it is elsewhere."""
    if not path.is_dir():
        name = next(name for name, known in registered.items() if known.resolve() == path.resolve())
        raise SetupError(
            f"The folder of the registered vault {path} is not there now. Put it back (is its disk mounted?) and ask "
            f"again; if it has moved, type: commonplace vault move {typed(Path(name))} ITS_NEW_FOLDER"
        )
    return ChosenVault(path)


def _make_default(home: Path) -> ChosenVault:
    from commonplace.config import load_config

    load_config(home)
    path = default_vault()
    if path.is_dir() and any(path.iterdir()):
        return ChosenVault(path, _register(home, path))
    make_from_template(path)
    _register(home, path)
    return ChosenVault(path, f"Made a vault to start with at {path}: open it in Obsidian, too.")


def moved_here(home: Path, root: Path) -> str | None:
    """The registered vault that may have moved to a folder: its own has gone, and memory stands here as it stood there.

    Where there are several, the one whose folder had the same name.
    """
    from commonplace.config import load_config
    from commonplace.vault.survey import find_memory

    memory, config = find_memory(root), load_config(home)
    if memory is None or config.vault_named(str(root)) is not None:
        return None
    gone = {name: vault.path for name, vault in config.vaults.items() if vault.memory == memory}
    gone = {name: path for name, path in gone.items() if not path.expanduser().exists()}
    return next((name for name, path in gone.items() if path.name == root.name), next(iter(gone), None))


def refuse_the_moved(home: Path, root: Path) -> None:
    """Refuse to register a second vault where one that is registered may have moved to.

    Raises:
        SetupError: with what to type in either case.

    """
    if (name := moved_here(home, root)) is not None:
        raise SetupError(
            f"The folder of the registered vault {name!r} has gone, and {root} has its memory where that one had it. "
            f"If it has moved here, type: commonplace vault move {typed(Path(name))} {typed(root)}; "
            f"if this is another vault, type: commonplace vault add {typed(root)} --name ITS_NAME"
        )


def _register(home: Path, path: Path) -> str:
    from commonplace.config import register_vault
    from commonplace.vault.survey import find_memory, memory_of

    refuse_the_moved(home, path)
    memory = memory_of(path)
    name = register_vault(home, path, memory)
    if find_memory(path) is not None:
        return f"Registered the vault {name!r}, with the memory in {memory or 'its root'}."
    place = f"{memory}/user.md" if memory else "user.md"
    return (
        f"Registered the vault {name!r}. It has no user.md yet; tell me about yourself and it gets {place}. "
        f"To choose another place first, type: commonplace vault init {typed(path)}"
    )


def _registered(home: Path) -> tuple[Mapping[str, Path], str | None]:
    try:
        config: dict[str, Any] = tomllib.loads((home / "config.toml").read_text(encoding="utf-8-sig"))
        vaults = {str(name): Path(entry["path"]).expanduser() for name, entry in config.get("vaults", {}).items()}
        default: str | None = config.get("default_vault")
        if default is not None and default not in vaults:
            raise KeyError(default)
    except FileNotFoundError:
        return {}, None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        from commonplace.config import ConfigError, load_config

        load_config(home)
        raise ConfigError(f"{home / 'config.toml'} cannot be used.") from None
    return vaults, default
