"""``service``: a daemon that starts at login."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.commands.ending import YesOption, ask_before_the_end
from commonplace.commands.logs import FollowOption, LinesOption, logs
from commonplace.commands.status import describe_daemon
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.clients.wire import Json
    from commonplace.service.service import Service


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``service``."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="A daemon that starts when you log in.")
    group.command("install", epilog="Example: commonplace service install")(install)
    group.command("uninstall")(uninstall)
    group.command("start")(start)
    group.command("stop")(stop)
    group.command("restart")(restart)
    group.command("status")(status)
    group.command("logs", epilog="Example: commonplace service logs -f")(show_logs)
    app.add_typer(group, name="service")


def install(yes: YesOption = False) -> None:
    """Have the daemon started at login, and start it now."""
    ask_before_the_end(home_folder(), yes)
    refused = _told_vaults(_service().install())
    print("The daemon runs, and starts at login from now on.")
    if refused:
        raise typer.Exit(1)


def uninstall(yes: YesOption = False) -> None:
    """End the daemon, and have it started at login no more; your notes and settings stay."""
    ask_before_the_end(home_folder(), yes)
    print("Nothing of it is left." if _service().uninstall() else "Nothing was registered.")


def start() -> None:
    """Start the registered daemon."""
    _service().start()
    print("The daemon runs.")


def stop(yes: YesOption = False) -> None:
    """End the daemon until the next login or start."""
    ask_before_the_end(home_folder(), yes)
    _service().stop()
    print("The daemon has ended; it starts at the next login.")


def restart(yes: YesOption = False) -> None:
    """End the daemon and start it again."""
    ask_before_the_end(home_folder(), yes)
    _service().restart()
    print("The daemon runs.")


def status() -> None:
    """Say what is registered, what runs, in which version, and since when."""
    from commonplace.server.crash_guard import MOST_CRASHES, CrashGuard, told

    found = _service().registration()
    if not found.registered:
        print(printable(f"Service:  not registered ({found.title}). Type: commonplace service install"))
    else:
        print(printable(f"Service:  {found.title}, {found.file}"))
        print(printable(f"Command:  {found.command or 'unknown'}"))
        print(printable(f"State:    {found.state}"))
    if found.problem:
        say(f"{found.problem} Type: commonplace service install")
    crashes = CrashGuard(home_folder()).crashes()
    if len(crashes) >= MOST_CRASHES:
        say(told(crashes))
    if not describe_daemon(home_folder()) or found.problem:
        raise typer.Exit(1)


def show_logs(lines: LinesOption = 50, follow: FollowOption = False) -> None:
    """Show the end of the daemon's log."""
    logs(lines, follow)


def _service() -> "Service":
    from commonplace.service.choose import choose_manager
    from commonplace.service.service import Service

    home = home_folder()
    return Service(choose_manager(home), home, say)


def _told_vaults(vaults: "Sequence[Json]") -> bool:
    """Say what the daemon may read; True if the system refused it something."""
    for vault in vaults:
        if vault["problem"] is None:
            print(printable(f"  {vault['name']}: {vault['notes']:,} notes, readable"))
        else:
            say(f"  {vault['name']}: {vault['problem']}" + (f"\n  {vault['advice']}" if vault["advice"] else ""))
    return any(vault["problem"] for vault in vaults)
