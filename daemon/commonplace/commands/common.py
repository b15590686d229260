"""What several commands share: options, words to the user, questions to the user."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.clients.plain import printable

if TYPE_CHECKING:
    from commonplace.clients.plain import View

VaultOption = Annotated[str | None, typer.Option("--vault", help="A vault's folder or registered name.")]


def say(text: str) -> None:
    """Tell the user on standard error."""
    print(printable(text), file=sys.stderr, flush=True)


def choose_vault(home: Path, named: str | None) -> Path:
    """The vault that a command is about; says what was done to get it ready."""
    from commonplace import setup

    chosen = setup.choose_vault(home, named)
    if chosen.done:
        say(chosen.done)
    return chosen.path


def view() -> "View":
    """How a turn is shown: dressed in a terminal, plain elsewhere."""
    if not sys.stdout.isatty():
        from commonplace.clients.plain import PlainView

        return PlainView()
    from rich.console import Console

    from commonplace.clients.terminal import TerminalView

    return TerminalView(Console(highlight=False))


def confirm(question: str, yes: bool) -> None:
    """Ask; a no ends the command with exit code 1."""
    if yes:
        return
    need_terminal("the same command with --yes")
    if not typer.confirm(question, default=True):
        raise typer.Exit(1)


def need_terminal(instead: str) -> None:
    """Refuse to ask where nobody can answer.

    Raises:
        SetupError: saying what to type instead.

    """
    from commonplace.setup import SetupError

    if not sys.stdin.isatty():
        raise SetupError(f"There is no terminal to ask in. Type: {instead}")
