"""``chat`` and ``ask``: talk with a vault."""

import sys
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.commands.common import VaultOption, choose_vault, say, view
from commonplace.home import home_folder
from commonplace.models.elsewhere import AWAY

if TYPE_CHECKING:
    from commonplace.clients.connection import DaemonConnection
    from commonplace.clients.wire import Json

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


def chat(
    vault: VaultOption = None,
    filters: FilterOption = None,
    mode: ModeOption = None,
    session: Annotated[str | None, typer.Option(help="Go on with this conversation: its id, or its beginning.")] = None,
    go_on: Annotated[bool, typer.Option("--continue", "-c", help="Go on with the latest conversation.")] = False,
) -> None:
    """Talk with your vault. With standard input piped, answer one question a line."""
    from commonplace.clients import conversation, launch
    from commonplace.setup import registered_vault

    home = home_folder()
    chosen = None if session else choose_vault(home, vault)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with ExitStack() as open_connections:

        def connect() -> "DaemonConnection":
            return open_connections.enter_context(launch.connect(home, say))

        connection = connect()
        kept = _kept(connection, session, chosen) if session or go_on else None
        if kept:
            chosen = registered_vault(home, Path(kept["cwd"]))
        chosen = chosen or choose_vault(home, vault)
        if not interactive:
            _refuse_review(mode or (kept["_meta"]["commonplace"]["mode"] if kept else connection.mode_of(chosen)))
        running = _resume(connection, kept, chosen, mode, told=interactive) if kept else False
        begun = str(kept["sessionId"]) if kept else connection.new_session(chosen, mode)
        if not interactive and connection.model_host is not None:
            say(AWAY.format(connection.model_host))
        if interactive:
            conversation.chat(connection, begun, chosen, filters or [], connect, running=running)
            return
        from commonplace.clients.lasting import LastingSession
        from commonplace.clients.plain import PlainView

        lasting = LastingSession(connection, begun, chosen, connect, say)
        if not conversation.answer_lines(lasting, sys.stdin, filters or [], PlainView()):
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
    from commonplace.clients.lasting import LastingSession

    home = home_folder()
    chosen = choose_vault(home, vault)
    with ExitStack() as open_connections:

        def connect() -> "DaemonConnection":
            return open_connections.enter_context(launch.connect(home, say))

        connection = connect()
        if as_json or not (sys.stdin.isatty() and sys.stdout.isatty()):
            _refuse_review(mode or connection.mode_of(chosen))
        if connection.model_host is not None:
            say(AWAY.format(connection.model_host))
        session = LastingSession(connection, connection.new_session(chosen, mode), chosen, connect, say)
        if as_json:
            ending = conversation.ask_json(session, question, filters or [])
        else:
            ending = conversation.ask(session, question, filters or [], view())
    if ending != "answered":
        raise typer.Exit(STOPPED if ending == "cancelled" else 1)


def _kept(connection: "DaemonConnection", session: str | None, vault: Path | None) -> "Json":
    """The conversation that is to go on: the one that is named, or the latest of the vault."""
    from commonplace.clients.kept import latest_session, one_session

    return one_session(connection.sessions(), session) if session else latest_session(connection.sessions(vault))


def _resume(connection: "DaemonConnection", kept: "Json", vault: Path, mode: Mode | None, *, told: bool) -> bool:
    """Go on with a conversation, its last turn to be told again if it is to be; whether a turn is under way in it."""
    session = str(kept["sessionId"])
    running = connection.resume_session(session, vault, after=0 if told else None)
    if told:
        connection.skip_to_last_turn()
    if mode is not None:
        connection.set_mode(session, mode)
    say(f"Going on with {kept['title']!r}.")
    return running


def _refuse_review(mode: str) -> None:
    """Refuse to begin what would have to ask where nobody can answer."""
    from commonplace.clients.wire import ClientError

    if mode == Mode.REVIEW:
        raise ClientError(
            "In review each change is asked for, and there is no terminal to ask in. "
            "Type the command again with --mode auto or --mode read-only."
        )
