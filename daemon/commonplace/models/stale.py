"""A model server that outlived the daemon that had started it: both it and its guardian were killed."""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import Path


def group_file(state_folder: Path) -> Path:
    """The file that holds the number of the server's process group while that may be alive."""
    return state_folder / "vllm.group"


def end_stale_group(file: Path) -> None:
    """End what the file names, unless its guardian lives, or the number is another program's by now."""
    try:
        number, _, command = file.read_text(encoding="utf-8").partition(" ")
        group = int(number)
    except (OSError, ValueError):
        return
    port = command.partition(" --port ")[2].partition(" ")[0]
    listing = ["ps", "-A", "-ww", "-o", "pgid=,command="]
    listed = subprocess.run(listing, capture_output=True, text=True, check=False).stdout
    if f"guardian.py {file} " in listed:
        return
    lines = [line.split(None, 1) for line in listed.splitlines()]
    members = [line[1] for line in lines if len(line) == 2 and line[0] == number]
    if any((port and f"--port {port}" in member) or "VLLM::" in member for member in members):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)
    file.unlink(missing_ok=True)
