"""``history`` and ``undo``: what turns wrote to a vault, and taking it back."""

import json
from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import VaultOption, choose_vault, confirm, say
from commonplace.home import home_folder

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, with the whole texts.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace history --diff")(history)
    app.command(epilog="Example: commonplace undo --last 2")(undo)


def history(
    vault: VaultOption = None,
    last: Annotated[int, typer.Option(min=1, max=10_000, help="How many turns.")] = 20,
    diff: Annotated[bool, typer.Option("--diff", help="Show the changed lines.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the turns that wrote to your vault, the newest first."""
    from commonplace.clients import launch
    from commonplace.clients.changes import history_lines

    home = home_folder()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        told = connection.history(chosen, last=last, diff=diff)
    _print([json.dumps(told, ensure_ascii=False)] if as_json else history_lines(told))


def undo(
    turn: Annotated[str | None, typer.Argument(help="The turn's name in the history; the last one unless set.")] = None,
    vault: VaultOption = None,
    last: Annotated[int, typer.Option(min=1, max=1_000, help="How many of the last turns.")] = 1,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Take back what a turn wrote; what you wrote since stays. An undo can be undone."""
    from commonplace.clients import launch
    from commonplace.clients.changes import LEFT_ALONE, turn_line, turn_lines, undone_lines

    home = home_folder()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        found = connection.undo(chosen, [turn] if turn else None, last=last, preview=True)["turns"]
        if not found:
            say("There is no turn to undo. Type: commonplace history")
            return
        if not yes:
            say("This will be taken back:")
            for each in found:
                say("\n".join(turn_lines(each)))
            confirm("Go on?", yes)
        with _progress() as progress:
            told = connection.undo(chosen, [each["turn"] for each in found], progress=progress)
    if as_json:
        _print([json.dumps(told, ensure_ascii=False)])
    else:
        for each, was in zip(told["turns"], found, strict=True):
            if len(found) > 1:
                _print([turn_line(was)])
            _print(undone_lines(each, was))
    if any(note["outcome"] in LEFT_ALONE for each in told["turns"] for note in each["notes"]):
        raise typer.Exit(1)


@contextmanager
def _progress() -> Generator[Callable[[int, int], None]]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("Taking back"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))
