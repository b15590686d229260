"""``status``: the daemon that runs now, its model and its vaults."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commonplace import __version__
from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.clients.wire import Json

_STARTED_BY = {"hand": "by hand", "client": "by a client", "service": "at login"}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(status)


def status(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """Say whether a daemon runs, in which version, since when, and with which model and vaults."""
    home = home_folder()
    if as_json:
        found = ask_daemon(home)
        print(json.dumps(found, indent=2, ensure_ascii=False))
        if found is None:
            raise typer.Exit(1)
        return
    found = describe_daemon(home)
    if not found:
        raise typer.Exit(1)
    print(printable(f"Model:    {found['model']}"))
    for vault in found["vaults"]:
        there = "" if Path(vault["path"]).is_dir() else "  (not there now)"
        print(printable(f"Vault:    {vault['name']}  {vault['path']}{there}"))


def ask_daemon(home: Path) -> "dict[str, Any] | None":
    """What the daemon says of itself, with the milliseconds of its answer; None where none runs."""
    from commonplace.clients import launch

    connection = launch.connect_to_running(home)
    if connection is None:
        return None
    with connection:
        began = time.perf_counter()
        found = dict(connection.status())
    return {**found, "pingMilliseconds": round((time.perf_counter() - began) * 1000, 1)}


def describe_daemon(home: Path) -> "Json | None":
    """Say in a line which daemon runs, and what is wrong with it; what it said of itself."""
    found = ask_daemon(home)
    if found is None:
        print("Daemon:   none runs; chat and ask start one")
        return None
    since = time.strftime("%Y-%m-%d %H:%M", time.localtime(found["began"]))
    print(
        f"Daemon:   version {found['version']}, pid {found['pid']}, since {since}, "
        f"started {_STARTED_BY[found['startedBy']]}, {found['clients'] - 1} other clients, "
        f"answers in {found['pingMilliseconds']} ms"
    )
    if found["version"] != __version__:
        say(f"This command is version {__version__}. Type: commonplace restart")
    for problem in found["problems"]:
        say(problem)
    return found
