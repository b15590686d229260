"""Finding the daemon, and starting it where none runs."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from commonplace.clients.connection import ClientError, DaemonConnection
from commonplace.home import find_daemon, make_private_folder

_START_SECONDS = 30.0
_LAST_LINES = 5


def connect(home: Path, say: Callable[[str], None]) -> DaemonConnection:
    """Connect to the daemon; start one first where none answers.

    Raises:
        ClientError: none could be started; with the end of what it said.

    """
    found = connect_to_running(home)
    if found is not None:
        return found
    say("Starting the daemon ...")
    return _start(home)


def connect_to_running(home: Path) -> DaemonConnection | None:
    """Connect to the daemon if one runs."""
    discovery = find_daemon(home)
    if discovery is None:
        return None
    try:
        return DaemonConnection(discovery)
    except ClientError:
        return None


def _start(home: Path) -> DaemonConnection:
    said = make_private_folder(home / "logs") / "start.log"
    with said.open("wb") as output:
        daemon = subprocess.Popen(
            [sys.executable, "-m", "commonplace", "serve", "--started-by-client"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COMMONPLACE_HOME": str(home)} if "COMMONPLACE_HOME" in os.environ else None,
            start_new_session=True,
            close_fds=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        found = connect_to_running(home)
        if found is not None:
            return found
        if daemon.poll() is not None:
            break
        time.sleep(0.02)
    tail = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
    raise ClientError("\n".join(["The daemon did not start.", *tail]) + f"\nIts log is in {said.parent}.")
