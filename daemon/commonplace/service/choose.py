"""Which backend this system has."""

import sys
from pathlib import Path

from commonplace.service.autostart import Autostart, spawn
from commonplace.service.base import Manager, Runner, run
from commonplace.service.launchd import Launchd
from commonplace.service.systemd import Systemd
from commonplace.service.windows import TaskScheduler


def choose_manager(home: Path, runner: Runner = run, platform: str = sys.platform) -> Manager:
    """The backend that holds a registration, else the one that would take it."""
    if platform == "darwin":
        return Launchd(runner)
    if platform == "win32":
        return TaskScheduler(runner, home)
    systemd, autostart = Systemd(runner), Autostart(spawn)
    if autostart.file.exists() and not systemd.file.exists():
        return autostart
    return systemd if systemd.file.exists() or systemd.answers() else autostart
