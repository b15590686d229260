"""Putting the built Obsidian plugin into a vault: three files, and on request its name in the list of plugins.

Obsidian reads the list when it opens the vault and writes it when a plugin is switched, so the list is changed
only while Obsidian is closed; the user says so. Restricted mode is the user's to lift.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from commonplace.setup import typed

PLUGIN_ID = "commonplace"
FILES = ("main.js", "manifest.json", "styles.css")
USUAL = ".obsidian"
_LIST = "community-plugins.json"


class PluginError(Exception):
    """The plugin cannot be put there; the text says what to type."""


@dataclass(frozen=True, slots=True)
class Installed:
    """What was done."""

    folder: Path
    listed: bool
    """Whether the vault's list of plugins names it."""


def built_plugin(package: Path = Path(__file__).parent) -> Path:
    """The folder with the built plugin: in the package where it was built in, else in the checkout.

    Raises:
        PluginError: it was not built.

    """
    candidates = (package / "plugin", package.parents[1] / "obsidian-plugin" / "dist")
    for folder in candidates:
        if all((folder / name).is_file() for name in FILES):
            return folder
    raise PluginError("The plugin is not built here. In the checkout, type: make plugin")


def install_plugin(vault: Path, source: Path, config_folder: str | None = None, *, listed: bool = False) -> Installed:
    """Copy the plugin into the vault, over an older one; its settings stay.

    Args:
        vault: the vault's folder.
        source: the folder with the built plugin.
        config_folder: the name of the folder in which the vault keeps its settings; None finds it.
        listed: add it to the list of plugins that are on, which Obsidian must not have open.

    Raises:
        PluginError: the folder is no vault that Obsidian has opened, it is not clear where it keeps its settings,
            or its list of plugins is damaged.
        OSError: the system refused.

    """
    settings = vault / (_config_folder(vault) if config_folder is None else config_folder)
    if settings.parent != vault or not _is_hidden(settings.name) or not settings.is_dir():
        raise PluginError(
            f"{vault} has no folder {config_folder or USUAL} with Obsidian's settings: open it in Obsidian once "
            f"as a vault, then type: {_command(vault)}"
        )
    on = _listed(settings)
    folder = settings / "plugins" / PLUGIN_ID
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        _swap(folder / name, (source / name).read_bytes())
    if listed and PLUGIN_ID not in on:
        on = [*on, PLUGIN_ID]
        _swap(settings / _LIST, (json.dumps(on, indent=2) + "\n").encode())
    return Installed(folder, PLUGIN_ID in on)


def _config_folder(vault: Path) -> str:
    """Obsidian's settings folder: the usual one, or the one that its user named instead.

    Obsidian remembers the name outside the vault, but not every folder of settings is in use: a phone's has no
    ``workspace.json`` but one of another name.
    """
    kept = {file.parent.name for file in vault.glob(".*/app.json")}
    if (vault / USUAL).is_dir():
        kept.add(USUAL)
    opened = {name for name in kept if (vault / name / "workspace.json").is_file()}
    match sorted(opened or kept):
        case []:
            return USUAL
        case [one]:
            return one
        case several:
            raise PluginError(
                f"{vault} has settings of Obsidian in {' and '.join(several)}. Name those that are in use "
                f"(in Obsidian: Settings, Files and links): {_command(vault, several[-1])}"
            )


def _is_hidden(name: str) -> bool:
    """Obsidian takes no other name for its settings."""
    return name.startswith(".") and not name.startswith("..")


def _command(vault: Path, config_folder: str | None = None) -> str:
    told = "" if config_folder is None else f" --config-folder {config_folder}"
    return f"commonplace plugin install --vault {typed(vault)}{told}"


def _listed(settings: Path) -> list[str]:
    try:
        names: Any = json.loads((settings / _LIST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except ValueError:
        names = None
    if not isinstance(names, list):
        raise PluginError(f"{settings / _LIST} is damaged. Nothing was changed.")
    return [str(name) for name in cast("list[object]", names)]


def _swap(path: Path, data: bytes) -> None:
    """Write the file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
