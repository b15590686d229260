"""``acp``: the daemon as other programs expect an agent to be."""

import sys

import typer

from commonplace.commands.common import VaultOption, choose_vault, say
from commonplace.home import find_daemon, home_folder


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace acp --vault ~/Notes")(acp)


def acp(vault: VaultOption = None) -> None:
    """Speak the Agent Client Protocol on standard input and output: for Zed, JetBrains, Neovim and other editors.

    A session sees the memory of the vault that is named, or of the default one, whatever the editor's project is.
    """
    from commonplace.clients import launch
    from commonplace.clients.acp_stdio import bridge
    from commonplace.clients.connection import open_socket
    from commonplace.tokens import Scope, kept_token

    home = home_folder()
    chosen = choose_vault(home, vault)
    launch.connect(home, say).close()
    found = find_daemon(home)
    assert found is not None
    with open_socket(found.url, kept_token(home, "acp", Scope.MEMORY_ONLY)) as socket:
        if not bridge(socket, chosen, sys.stdin.buffer, sys.stdout.buffer):
            say("The daemon has gone. Start the agent again in your editor; the daemon then starts by itself.")
            raise typer.Exit(1)
