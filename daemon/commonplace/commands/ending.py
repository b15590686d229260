"""What the daemon's end would cut, said before it is ended."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.commands.common import confirm, say

if TYPE_CHECKING:
    from commonplace.clients.wire import Json

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing, also where a turn is cut.")]


def ask_before_the_end(home: Path, yes: bool) -> None:
    """Say who is connected and which turns are under way; ask before one is cut."""
    from commonplace.commands.status import ask_daemon

    found = ask_daemon(home)
    if found is None:
        return
    others, turns = found["clients"] - 1, found.get("turns", [])
    if others or turns:
        say(f"The daemon has {_told(others, turns)}.")
    if turns:
        confirm("End it all the same? A turn that is cut is not run again; what it wrote stays", yes)


def _told(others: int, turns: "Sequence[Json]") -> str:
    waiting = [turn for turn in turns if turn["waiting"]]
    working = len(turns) - len(waiting)
    parts = [_count(others, "client")] if others else []
    parts += [f"{_count(working, 'turn')} under way"] if working else []
    parts += [f"a change that waits for your yes in {turn['title']!r}" for turn in waiting]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
