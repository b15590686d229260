"""``serve`` and ``stop``: the daemon in the foreground, and its end."""

from typing import Annotated

import typer

from commonplace.commands.common import say
from commonplace.home import Discovery, home_folder


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace serve --port 7777")(serve)
    app.command()(stop)


def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; a free one unless set here or in config.toml.")
    ] = None,
    started_by_client: Annotated[bool, typer.Option("--started-by-client", hidden=True)] = False,
) -> None:
    """Run the daemon in the foreground until Ctrl-C."""
    import asyncio

    from commonplace.clients.launch import ANOTHER_RUNS
    from commonplace.config import load_config
    from commonplace.server.daemon import DaemonRuns, run_daemon, start_logging
    from commonplace.server.model import model_of

    home = home_folder()
    config = load_config(home)
    model = model_of(config.model)
    start_logging(home)
    idle = config.daemon.idle_minutes * 60 if started_by_client else None

    def ready(discovery: Discovery) -> None:
        say(f"Commonplace listens at {discovery.url}, with the model {model.name}. Ctrl-C ends it.")

    try:
        asyncio.run(run_daemon(config, home, model, port=port, idle_seconds=idle, ready=ready))
    except DaemonRuns as error:
        if not started_by_client:
            raise
        say(str(error))
        raise typer.Exit(ANOTHER_RUNS) from None


def stop() -> None:
    """End the daemon."""
    from commonplace.clients import launch

    print("The daemon has ended." if launch.stop(home_folder()) else "No daemon runs.")
