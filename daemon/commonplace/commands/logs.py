"""``logs``: what the daemon did and when; ids, sizes and times."""

import os
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.home import home_folder, log_file

_LOOK_SECONDS = 0.2

FollowOption = Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until Ctrl-C.")]
LinesOption = Annotated[int, typer.Option("--lines", "-n", min=0, help="How many lines of the end.")]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: commonplace logs -f")(logs)


def logs(lines: LinesOption = 50, follow: FollowOption = False) -> None:
    """Show the end of the daemon's log."""
    file = log_file(home_folder())
    if not file.exists() and not follow:
        say(f"There is no log at {file}: no daemon has run yet.")
        return
    for line in last_lines(file, lines):
        print(printable(line), flush=True)
    if follow:
        for line in following(file):
            print(printable(line), flush=True)


def last_lines(file: Path, count: int) -> list[str]:
    """The last lines of a log, from the file before it too, if it was just begun."""
    found: deque[str] = deque(maxlen=count)
    for part in (file.with_name(file.name + ".1"), file):
        if part.exists():
            with part.open(encoding="utf-8", errors="replace") as opened:
                found.extend(line.rstrip("\n") for line in opened)
    return list(found)


def following(file: Path) -> Iterator[str]:
    """Each line that is added from now on; the log may be moved away and begun anew meanwhile."""
    opened = file.open(encoding="utf-8", errors="replace") if file.exists() else None
    if opened:
        opened.seek(0, os.SEEK_END)
    rest = ""
    while True:
        moved = file.exists() and (opened is None or file.stat().st_ino != os.fstat(opened.fileno()).st_ino)
        read = opened.read() if opened else ""
        *whole, rest = (rest + read).split("\n")
        yield from whole
        if moved:
            if opened:
                opened.close()
            opened = file.open(encoding="utf-8", errors="replace")
        elif not read:
            time.sleep(_LOOK_SECONDS)
