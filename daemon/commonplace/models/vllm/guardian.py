"""Runs a command in a process group of its own, and ends the whole group when whoever wanted it has gone.

``python guardian.py GROUP_FILE SECONDS COMMAND...``, with a pipe as standard input: its end, however it comes about
(also by SIGKILL of the daemon), is the sign. The file holds the group's number while the group may be alive. It is
run as a file, so it has the standard library only.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path


def main() -> None:
    """Run the command; exit with its code."""
    group_file, patience, command = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, _hear_end)
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    group_file.write_text(f"{child.pid} {' '.join(command)}", encoding="utf-8")
    threading.Thread(target=_end_with_daemon, args=(child, patience), daemon=True).start()
    code = child.wait()
    _signal_group(child.pid, signal.SIGKILL)
    with suppress(OSError):
        if group_file.read_text(encoding="utf-8").startswith(f"{child.pid} "):
            group_file.unlink()
    sys.exit(code if code >= 0 else 128 - code)


def _hear_end(*_: object) -> None:
    """Take a signal for the end of standard input."""
    with suppress(OSError):
        os.close(0)


def _end_with_daemon(child: "subprocess.Popen[bytes]", patience: float) -> None:
    with suppress(OSError):
        while os.read(0, 1024):
            pass
    _signal_group(child.pid, signal.SIGTERM)
    try:
        child.wait(patience)
    except subprocess.TimeoutExpired:
        _signal_group(child.pid, signal.SIGKILL)


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


if __name__ == "__main__":
    main()
