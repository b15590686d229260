"""A whole process that is the daemon: started by hand, by a client, or by the system at login."""

import asyncio
import logging
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from commonplace.config import ConfigError, load_config
from commonplace.home import ANOTHER_RUNS, Discovery, lock_file, make_private_folder
from commonplace.install import recorded_command
from commonplace.server.crash_guard import CrashGuard, CrashLoop
from commonplace.server.daemon import DaemonError, DaemonRuns, Ending, Start, run_daemon
from commonplace.server.logs import start_logging
from commonplace.server.model import model_of
from commonplace.server.services import StartedBy

logger = logging.getLogger(__name__)

Flags = Mapping[str, Any]
Say = Callable[[str], None]


def serve_by_hand(home: Path, flags: Flags, say: Say) -> None:
    """Serve until Ctrl-C."""
    _serve(home, flags, "hand", say)


def serve_for_client(home: Path, flags: Flags, say: Say) -> None:
    """Serve until long silence; exit with ``ANOTHER_RUNS`` where one serves already."""
    try:
        _serve(home, flags, "client", say)
    except DaemonRuns as error:
        say(str(error))
        raise SystemExit(ANOTHER_RUNS) from None


def serve_at_login(home: Path, flags: Flags, say: Say) -> None:
    """Serve until the system ends us, after the end of a daemon that runs already.

    A clean exit tells the system not to start us again; so ends a loop of crashes, too.
    """
    make_private_folder(home)
    with FileLock(lock_file(home), poll_interval=1.0):
        pass
    crashes = CrashGuard(home)
    try:
        crashes.begin()
    except CrashLoop as error:
        say(str(error))
        return
    try:
        ending = _serve(home, flags, "service", say)
    except Exception as error:
        logger.critical("daemon crashed: %s", _told(error))
        raise
    crashes.end()
    if ending == "upgraded":
        _become_new_version(home)


def _serve(home: Path, flags: Flags, started_by: StartedBy, say: Say) -> Ending:
    start_logging(home)
    config = load_config(home, flags)
    model = model_of(home, config.model)
    start = Start(
        started_by=started_by,
        flags=flags,
        make_model=partial(model_of, home),
    )

    def ready(discovery: Discovery) -> None:
        say(f"Commonplace listens at {discovery.url}, with the model {model.name}. Ctrl-C ends it.")

    return asyncio.run(run_daemon(config, home, model, start, ready))


def _become_new_version(home: Path) -> None:
    """Go on as the program that an upgrade has put in our place."""
    command = recorded_command(home)
    if command is None or sys.platform == "win32":
        raise SystemExit(ANOTHER_RUNS)
    os.execv(command, [str(command), *sys.argv[1:]])


def _told(error: Exception) -> str:
    """What the log may hold of a crash: the text of another library's exception may hold text of a note."""
    if isinstance(error, (ConfigError, DaemonError)):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} at {frames[-1].filename}:{frames[-1].lineno}"
