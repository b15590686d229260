"""``plugin install``: the sidebar in a vault."""

from pathlib import Path
from typing import Annotated

import typer

from commonplace.clients.plain import printable


def add_to(app: typer.Typer) -> None:
    """Add the command, below ``plugin``."""
    plugin = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="The sidebar in Obsidian.")
    plugin.callback()(_room)
    plugin.command("install", epilog="Example: commonplace plugin install --vault ~/Notes")(install)
    app.add_typer(plugin, name="plugin")


def install(
    vault: Annotated[Path, typer.Option("--vault", help="The vault's folder.")],
    config_folder: Annotated[
        str | None, typer.Option(help="The folder of the vault's settings, if it cannot be told.", show_default=False)
    ] = None,
    enable: Annotated[bool, typer.Option("--enable", help="Switch it on; close Obsidian first.")] = False,
) -> None:
    """Put the sidebar into a vault's plugins folder; its settings stay."""
    from commonplace.plugin_files import built_plugin, install_plugin

    done = install_plugin(vault.expanduser().absolute(), built_plugin(), config_folder, listed=enable)
    print(printable(f"The sidebar is in {done.folder}."))
    if done.listed:
        print("Open the vault in Obsidian. If it is in restricted mode, turn community plugins on in Settings.")
    else:
        print("In Obsidian: Settings, Community plugins, reload the list, turn on Commonplace.")


def _room() -> None:
    """Keep the command's name although it is the only one."""
