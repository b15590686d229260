"""Finding the daemon, starting it where none runs, and ending it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from commonplace import __version__
from commonplace.clients.connection import DaemonConnection
from commonplace.clients.wire import ClientError
from commonplace.home import ANOTHER_RUNS, PROTOCOL_VERSION, NotPrivate, find_daemon, lock_file, make_private_folder
from commonplace.install import record_command

_START_SECONDS = 30.0
_END_SECONDS = 15.0
_LAST_LINES = 5
_DETACHED = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP if sys.platform == "win32" else 0


def connect(home: Path, say: Callable[[str], None]) -> DaemonConnection:
    """Connect to the daemon; start one first where none answers.

    A daemon of another version serves on, since a turn may run in it; the user is told how to change over.

    Raises:
        ClientError: none could be started, with the end of what it said; its token lies open to others; or it speaks
            another version of the protocol.

    """
    found = connect_to_running(home)
    if found is None:
        say("Starting the daemon ...")
        started = start(home)
        for problem in started.status()["problems"]:
            say(problem)
        return started
    if found.protocol != PROTOCOL_VERSION:
        found.close()
        raise ClientError(
            f"The daemon speaks version {found.protocol} of the protocol, and this command speaks "
            f"{PROTOCOL_VERSION}. Type: commonplace restart"
        )
    if found.version != __version__:
        say(f"The daemon is still version {found.version}, and this is {__version__}. Type: commonplace restart")
    return found


def connect_to_running(home: Path) -> DaemonConnection | None:
    """Connect to the daemon if one runs.

    Raises:
        ClientError: its token lies open to others.

    """
    try:
        discovery = find_daemon(home)
        while discovery is not None:
            try:
                return DaemonConnection(discovery)
            except ClientError:
                tried, discovery = discovery, find_daemon(home)
                if discovery == tried:
                    return None
    except NotPrivate as error:
        raise ClientError(f"{error}\nThen have a new token made. Type: commonplace token rotate") from None
    return None


def stop(home: Path) -> bool:
    """End the daemon and wait until it has gone; False where none runs.

    Raises:
        ClientError: it has not ended in time.

    """
    connection = connect_to_running(home)
    if connection is None:
        return False
    with connection:
        connection.shut_down()
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock_file(home), timeout=_END_SECONDS):
            return True
    except Timeout:
        raise ClientError("The daemon was told to end and still works. Wait a little, then look again.") from None


def start(home: Path) -> DaemonConnection:
    """Start a daemon of our own version and connect.

    While another one holds the lock, it is about to serve or to end: try on. The command is recorded here, as the
    user's shell found it: the daemon is started as a module and knows only the one beside its interpreter.

    Raises:
        ClientError: it did not start; with the end of what it said.

    """
    said = make_private_folder(home / "logs") / "start.log"
    with suppress(OSError):
        record_command(home)
    daemon = _spawn(home, said)
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        found = connect_to_running(home)
        if found is not None:
            return found
        if daemon.poll() == ANOTHER_RUNS:
            daemon = _spawn(home, said)
        elif daemon.poll() is not None:
            break
        time.sleep(0.02)
    tail = said.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-_LAST_LINES:]
    raise ClientError("\n".join(["The daemon did not start.", *tail, f"Its log is in {said.parent}."]))


def _spawn(home: Path, output: Path) -> "subprocess.Popen[bytes]":
    """Start a daemon that outlives us.

    It runs in our own folder: Python imports from the working folder first, and that may be somebody's vault.
    """
    with output.open("wb") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "commonplace", "serve", "--started-by-client"],
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, "COMMONPLACE_HOME": str(home)},
            start_new_session=True,
            creationflags=_DETACHED,
        )
