"""``serve``, ``stop`` and ``restart``: the daemon in the foreground, its end, its change to a new version."""

from pathlib import Path
from typing import Annotated

import typer

from commonplace.commands.common import say
from commonplace.commands.ending import YesOption, ask_before_the_end
from commonplace.home import home_folder


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace serve --port 7777")(serve)
    app.command()(stop)
    app.command()(restart)


def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; a free one unless set here or in config.toml.")
    ] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="A setting for this run; repeatable.")
    ] = None,
    started_by_client: Annotated[bool, typer.Option("--started-by-client", hidden=True)] = False,
    as_service: Annotated[bool, typer.Option("--service", hidden=True)] = False,
    home: Annotated[Path | None, typer.Option("--home", hidden=True)] = None,
) -> None:
    """Run the daemon in the foreground until Ctrl-C."""
    from commonplace.config import read_flags
    from commonplace.server import serving

    flags = read_flags(settings or [])
    if port is not None:
        flags["daemon.port"] = port
    home = home or home_folder()
    if as_service:
        serving.serve_at_login(home, flags, say)
    elif started_by_client:
        serving.serve_for_client(home, flags, say)
    else:
        serving.serve_by_hand(home, flags, say)


def stop(yes: YesOption = False) -> None:
    """End the daemon; asks before it cuts a turn."""
    from commonplace.clients import launch

    home = home_folder()
    ask_before_the_end(home, yes)
    print("The daemon has ended." if launch.stop(home) else "No daemon runs.")


def restart(yes: YesOption = False) -> None:
    """End the daemon and start one of this version, through the service if it is registered."""
    from commonplace.clients import launch
    from commonplace.service.choose import choose_manager
    from commonplace.service.service import Service

    home = home_folder()
    ask_before_the_end(home, yes)
    service = Service(choose_manager(home), home)
    if service.registration().registered:
        service.restart()
    else:
        launch.stop(home)
        launch.start(home).close()
    print("The daemon runs.")
