"""What a person waits for: the daemon's start, and a question from the command line.

    .venv/bin/python benchmarks/whole_process.py

Both are timed as whole processes: from the start of ``commonplace serve`` to the answer to its first
prompt, and ``commonplace ask`` against that running daemon, with the reader.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from commonplace.clients.connection import DaemonConnection
from commonplace.clients.wire import ClientError
from commonplace.home import find_daemon
from timing import Timing, print_table

STARTS = 10
QUESTIONS = 20
COMMAND = [sys.executable, "-m", "commonplace"]


def start(home: Path, vault: Path, environment: Mapping[str, str]) -> float:
    """Seconds from the start of the process to the end of its first turn; the daemon keeps running."""
    began = time.perf_counter()
    subprocess.Popen([*COMMAND, "serve"], env=environment, stderr=subprocess.DEVNULL)
    while True:
        discovery = find_daemon(home)
        if discovery is None:
            time.sleep(0.005)
            continue
        try:
            with DaemonConnection(discovery) as connection:
                list(connection.prompt(connection.new_session(vault), "What is my name?"))
                return time.perf_counter() - began
        except ClientError:
            time.sleep(0.005)


def run(arguments: list[str], environment: Mapping[str, str]) -> float:
    """Seconds of a whole command."""
    began = time.perf_counter()
    subprocess.run([*COMMAND, *arguments], env=environment, check=True, capture_output=True)
    return time.perf_counter() - began


def stop(home: Path, environment: Mapping[str, str]) -> None:
    """End the daemon and wait until it has withdrawn."""
    run(["stop"], environment)
    while find_daemon(home) is not None:
        time.sleep(0.01)
    time.sleep(0.5)


def main() -> None:
    """Run both and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        environment = {**os.environ, "COMMONPLACE_HOME": folder}
        vault = home / "vault"
        run(["vault", "init", str(vault), "--yes"], environment)
        starts: list[float] = []
        for _ in range(STARTS):
            starts.append(start(home, vault, environment))
            stop(home, environment)
        start(home, vault, environment)
        asks = [run(["ask", "What is my name?"], environment) for _ in range(QUESTIONS)]
        stop(home, environment)
    timings = [Timing("daemon start to first answer", starts), Timing("commonplace ask", asks)]
    print_table("Whole processes", timings, ["p50 at most 2000 ms", "p50 at most 500 ms"])


main()
