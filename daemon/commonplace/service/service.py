"""The verbs of ``commonplace service``, whatever the system."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonplace.clients import launch
from commonplace.clients.connection import DaemonConnection
from commonplace.clients.wire import ClientError, Json
from commonplace.home import make_private_folder
from commonplace.install import record_command
from commonplace.server.crash_guard import CrashGuard
from commonplace.service.base import Definition, Manager, ServiceError

_START_SECONDS = 30.0
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Registration:
    """What is registered, as against what would be."""

    title: str
    file: Path
    registered: bool
    command: Path | None
    """What it starts; None where the file is none of ours."""
    problem: str | None
    state: str


class Service:
    """A daemon that starts at login."""

    def __init__(self, manager: Manager, home: Path, say: Callable[[str], None] = lambda _: None) -> None:
        self._manager = manager
        self._home = home
        self._say = say

    def install(self) -> Sequence[Json]:
        """Register and start; what the daemon that was started may read, for each vault.

        A daemon that a client started ends first, since one alone can serve.

        Raises:
            ServiceError: the system refused, or the daemon did not start.

        """
        command = record_command(self._home, replace=True)
        if command is None:
            raise ServiceError("Commonplace runs from its source only. Install it first: uv tool install .")
        make_private_folder(self._home / "logs")
        self._end_daemon()
        CrashGuard(self._home).clear()
        self._manager.install(Definition(command, self._home))
        self._say(f"Registered with {self._manager.title}: {self._manager.file}")
        with self._wait() as connection:
            return connection.check_vaults()

    def uninstall(self) -> bool:
        """End the daemon and take the registration away; False if there was none."""
        if not self._manager.file.exists():
            return False
        self._end_daemon()
        self._manager.uninstall()
        return True

    def start(self) -> None:
        """Start what is registered, unless it runs."""
        self._need_registration()
        CrashGuard(self._home).clear()
        running = self._connect()
        if running is None:
            self._manager.start()
            running = self._wait()
        running.close()

    def stop(self) -> None:
        """End the daemon until the next login or ``start``."""
        self._need_registration()
        self._end_daemon()
        self._manager.stop()

    def restart(self) -> None:
        """End the daemon and start what is registered."""
        self.stop()
        self.start()

    def registration(self) -> Registration:
        """What is registered."""
        manager = self._manager
        if not manager.file.exists():
            return Registration(manager.title, manager.file, False, None, None, "not registered")
        command = manager.command_in(manager.file.read_text(encoding=manager.encoding))
        problem = None
        if command is None:
            problem = "The file is none of ours."
        elif not command.is_file():
            problem = f"{command} is not there any more."
        return Registration(manager.title, manager.file, True, command, problem, manager.state())

    def _end_daemon(self) -> None:
        if launch.stop(self._home):
            self._say("The daemon that ran has ended.")

    def _need_registration(self) -> None:
        if not self._manager.file.exists():
            raise ServiceError("Nothing is registered. Type: commonplace service install")

    def _connect(self) -> DaemonConnection | None:
        """A connection to the daemon, if it is the service's."""
        try:
            found = launch.connect_to_running(self._home)
            if found is not None and found.status().get("startedBy") == "service":
                return found
        except ClientError:
            return None
        if found is not None:
            found.close()
        return None

    def _wait(self) -> DaemonConnection:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            found = self._connect()
            if found is not None:
                return found
            time.sleep(_LOOK_SECONDS)
        raise ServiceError(
            f"{self._manager.title} has it, and no daemon answers yet ({self._manager.state()}). "
            "Type: commonplace service logs"
        )
