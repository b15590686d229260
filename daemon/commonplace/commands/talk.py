"""``chat`` and ``ask``: talk with a vault."""

import sys
from contextlib import ExitStack
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.commands.common import VaultOption, choose_vault, say, view
from commonplace.home import home_folder
from commonplace.models.elsewhere import AWAY

if TYPE_CHECKING:
    from commonplace.clients.connection import DaemonConnection

STOPPED = 130
"""The exit code of what Ctrl-C has stopped, as shells have it."""

FilterOption = Annotated[
    list[str] | None, typer.Option("--filter", help='What must not be told, such as "do not tell my age"; repeatable.')
]


class Mode(StrEnum):
    """How a session treats writes."""

    AUTO = "auto"
    REVIEW = "review"
    READ_ONLY = "read-only"


ModeOption = Annotated[
    Mode | None, typer.Option("--mode", help="Change notes at once, ask before each change, or change none.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace chat --vault ~/Notes")(chat)
    app.command(epilog='Example: commonplace ask "Who is my employer?"')(ask)


def chat(vault: VaultOption = None, filters: FilterOption = None, mode: ModeOption = None) -> None:
    """Talk with your vault. With standard input piped, answer one question a line."""
    from commonplace.clients import conversation, launch

    home = home_folder()
    chosen = choose_vault(home, vault)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with ExitStack() as open_connections:

        def connect() -> "DaemonConnection":
            return open_connections.enter_context(launch.connect(home, say))

        connection = connect()
        session = connection.new_session(chosen, mode)
        if not interactive:
            _refuse_review(connection.mode)
            if connection.model_host is not None:
                say(AWAY.format(connection.model_host))
        if interactive:
            conversation.chat(connection, session, chosen, filters or [], connect)
            return
        from commonplace.clients.plain import PlainView

        if not conversation.answer_lines(connection, session, sys.stdin, filters or [], PlainView()):
            raise typer.Exit(1)


def ask(
    question: Annotated[str, typer.Argument(help="What you want to know or to be remembered.")],
    vault: VaultOption = None,
    filters: FilterOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every event as one JSON object a line.")] = False,
    mode: ModeOption = None,
) -> None:
    """Ask one question. Exits with 0 when it was answered, 1 when it failed, 130 when it was stopped."""
    from commonplace.clients import conversation, launch

    home = home_folder()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        if connection.model_host is not None:
            say(AWAY.format(connection.model_host))
        session = connection.new_session(chosen, mode)
        if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            _refuse_review(connection.mode)
        if as_json:
            answered = conversation.ask_json(connection, session, question, filters or [])
        else:
            answered = conversation.ask(connection, session, question, filters or [], view())
    if not answered:
        raise typer.Exit(STOPPED)


def _refuse_review(mode: str) -> None:
    """Refuse to begin what would have to ask where nobody can answer."""
    from commonplace.clients.connection import ClientError

    if mode == Mode.REVIEW:
        raise ClientError(
            "In review each change is asked for, and there is no terminal to ask in. "
            "Type the command again with --mode auto or --mode read-only."
        )
