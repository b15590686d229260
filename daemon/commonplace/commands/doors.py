"""``acp`` and ``mcp``: the daemon as other programs expect an agent to be."""

import os
import sys
from typing import Annotated

import typer

from commonplace.commands.common import VaultOption, choose_vault, say
from commonplace.home import find_daemon, home_folder
from commonplace.models.elsewhere import AWAY


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace acp --vault ~/Notes")(acp)
    group = typer.Typer(rich_markup_mode=None, invoke_without_command=True, help="The memory for hosts of MCP.")
    group.callback(epilog="Example: commonplace mcp --http")(mcp)
    group.command("config", epilog="Example: commonplace mcp config --for claude-desktop")(mcp_config)
    app.add_typer(group, name="mcp")


def acp(vault: VaultOption = None) -> None:
    """Speak the Agent Client Protocol on standard input and output: for Zed, JetBrains, Neovim and other editors.

    A session sees the memory of the vault that is named, or of the default one, whatever the editor's project is.
    """
    from commonplace.clients import launch
    from commonplace.clients.acp_stdio import bridge
    from commonplace.clients.wire import open_socket
    from commonplace.tokens import Scope, kept_token

    home = home_folder()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        notice = connection.model_host and AWAY.format(connection.model_host)
    found = find_daemon(home)
    assert found is not None
    with open_socket(found.url, kept_token(home, "acp", Scope.MEMORY_ONLY)) as socket:
        if not bridge(socket, chosen, sys.stdin.buffer, sys.stdout.buffer, notice):
            say("The daemon has gone. Start the agent again in your editor; the daemon then starts by itself.")
            raise typer.Exit(1)


def mcp(
    context: typer.Context,
    vault: VaultOption = None,
    http: Annotated[bool, typer.Option("--http", help="Over HTTP on 127.0.0.1 instead of standard output.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="With --http.")] = 8137,
) -> None:
    """Give the memory to hosts of the Model Context Protocol: Claude, LM Studio, Cursor and others.

    They get the memory alone, under your filters, and write nothing unless mode in [mcp] is "auto".
    """
    if context.invoked_subcommand is not None:
        return
    try:
        from commonplace.clients import mcp_server
    except ImportError:
        say("This needs the extra mcp. Type: uv tool install --force '.[mcp]' in the checkout")
        raise typer.Exit(1) from None
    from commonplace.clients import launch
    from commonplace.tokens import Scope, kept_token

    home = home_folder()
    chosen = choose_vault(home, vault)
    token = kept_token(home, "mcp", Scope.MEMORY_ONLY)
    with launch.connect(home, say) as connection:
        notice = connection.model_host and AWAY.format(connection.model_host)
    if notice is not None:
        say(notice)
    server = mcp_server.make_server(mcp_server.Daemon(home, chosen, token), notice)
    if http:
        say(f"http://127.0.0.1:{port}/mcp (its token: commonplace mcp config --for claude-code --http)")
        mcp_server.serve_http(server, token, port)
    else:
        server.run("stdio")


def mcp_config(
    host: Annotated[str, typer.Option("--for", help="claude-desktop, claude-code, lmstudio or cursor.")],
    vault: VaultOption = None,
    http: Annotated[bool, typer.Option("--http", help="For `commonplace mcp --http`.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="With --http.")] = 8137,
) -> None:
    """Print a host's configuration, and say where it goes."""
    from commonplace.clients.mcp_hosts import HOSTS, STARTS_ITS_SERVERS, configuration
    from commonplace.tokens import Scope, kept_token

    if host not in HOSTS:
        raise typer.BadParameter(f"there are {', '.join(HOSTS)}.", param_hint="--for")
    if http and host == STARTS_ITS_SERVERS:
        raise typer.BadParameter(f"{host} starts its servers itself; leave out --http.", param_hint="--http")
    home = home_folder()
    if vault is not None:
        vault = str(choose_vault(home, vault))
    token = kept_token(home, "mcp", Scope.MEMORY_ONLY) if http else None
    elsewhere = str(home) if "COMMONPLACE_HOME" in os.environ else None
    say(f"Put this into {HOSTS[host]}:")
    print(configuration(host, vault, elsewhere, token, port))
