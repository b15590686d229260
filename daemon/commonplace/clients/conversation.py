"""Questions and answers with the daemon, for the commands ``chat`` and ``ask``."""

import json
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Literal

from commonplace.clients.connection import DaemonConnection, Decide
from commonplace.clients.keyboard import keyboard_for_an_answer, quiet_keyboard, wait_for_a_line
from commonplace.clients.lasting import LastingSession
from commonplace.clients.plain import View, printable
from commonplace.clients.wire import ClientError, MessageTooLarge
from commonplace.models.elsewhere import AWAY

if TYPE_CHECKING:
    from rich.console import Console

_MODES = {
    "review": "You are asked before each change.",
    "read-only": "No note is changed in this chat.",
}
Ending = Literal["answered", "max_turn_requests", "cancelled", "interrupted"]
"""How a question ended: at its answer, without one after the most steps of a turn, by the user's Ctrl-C, or by the
daemon's own end."""
FAREWELLS = frozenset({"/quit", "/exit", "/bye"})


def ask_json(session: LastingSession, question: str, filters: Sequence[str]) -> Ending:
    """Print every update as one JSON object a line; Ctrl-C cancels the turn.

    Raises:
        ClientError.

    """
    ending: Ending = "answered"
    with _interrupt_cancels(session):
        for params in session.prompt(question, filters):
            print(json.dumps(params), flush=True)
            ending = _ending(params) or ending
    return ending


def ask(session: LastingSession, question: str, filters: Sequence[str], view: View) -> Ending:
    """Ask one question and show the turn; Ctrl-C cancels the turn.

    Raises:
        ClientError.

    """
    decide = _decider(session, view)
    return _show(session, session.prompt(question, filters, decide), view)


def show_last_turn(session: LastingSession, view: View, *, running: bool) -> None:
    """Show what the session has missed, and a turn that is under way to its end; Ctrl-C cancels the turn.

    Raises:
        ClientError.

    """
    _show(session, session.rest(_decider(session, view), running=running), view)


def _show(session: LastingSession, updates: Iterable[Mapping[str, Any]], view: View) -> Ending:
    ending: Ending = "answered"
    with quiet_keyboard(), _interrupt_cancels(session):
        try:
            for params in updates:
                view.show(params)
                ending = _ending(params) or ending
        finally:
            view.end()
    return ending


def answer_lines(session: LastingSession, lines: Iterable[str], filters: Sequence[str], view: View) -> bool:
    """Answer one question a line; whether all were answered to the end. A failed one is said on standard error."""
    all_answered = True
    for line in lines:
        if not line.strip():
            continue
        try:
            all_answered = ask(session, line.strip(), filters, view) == "answered" and all_answered
        except ClientError as error:
            print(printable(str(error)), file=sys.stderr, flush=True)
            all_answered = False
    return all_answered


def chat(
    connection: DaemonConnection,
    session_id: str,
    vault: Path,
    filters: Sequence[str],
    reconnect: Callable[[], DaemonConnection],
    *,
    running: bool = False,
) -> None:
    """Talk until the user leaves. When the daemon has gone, connect again and go on with the same session.

    What the connection has missed of the session is shown first; ``running`` says whether a turn is under way.
    """
    from rich.console import Console

    from commonplace.clients.terminal import TerminalView

    console = Console(highlight=False)
    _greet(console, connection, vault)
    view = TerminalView(console)

    def warn(text: str) -> None:
        console.print(printable(text), style="yellow", markup=False)

    session = LastingSession(connection, session_id, vault, reconnect, warn)
    try:
        show_last_turn(session, view, running=running)
    except ClientError as error:
        console.print(printable(str(error)), style="red", markup=False)
    while True:
        try:
            question = console.input("[bold cyan]> [/bold cyan]").strip()
        except EOFError:
            console.print()
            return
        except KeyboardInterrupt:
            console.print("\nCtrl-D or /quit leaves.", style="dim")
            continue
        if question in FAREWELLS:
            return
        if not question:
            continue
        try:
            ask(session, question, filters, view)
        except MessageTooLarge as error:
            console.print(printable(str(error)), style="red", markup=False)
            with suppress(ClientError):
                session.connect_again()
        except ClientError as error:
            console.print(printable(str(error)), style="red", markup=False)
        console.print()


def _greet(console: "Console", connection: DaemonConnection, vault: Path) -> None:
    """Say which notes are talked with, and who answers where and how."""
    from rich.markup import escape

    console.print(f"[bold]Commonplace[/bold] remembers in {escape(printable(str(vault)))}", soft_wrap=True)
    if connection.model == "reader":
        console.print("The reader answers: it looks up facts and links and is no language model.", style="dim")
    else:
        console.print(f"The model is {connection.model}.", style="dim", markup=False)
    if connection.model_host is not None:
        console.print(printable(AWAY.format(connection.model_host)), style="yellow", markup=False)
    if connection.mode != "auto":
        console.print(_MODES.get(connection.mode, connection.mode), style="dim")
    console.print("Ctrl-C stops an answer; Ctrl-D or /quit leaves.\n", style="dim")


def _ending(params: Mapping[str, Any]) -> Ending | None:
    """How an update tells that the turn was ended before it was answered; None where it does not."""
    reason = params["_meta"]["commonplace"].get("ended", {}).get("reason")
    return reason if reason in ("max_turn_requests", "cancelled", "interrupted") else None


class Decided(Exception):
    """A question to the user is open no more."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def _decider(session: LastingSession, view: View) -> Decide:
    """Asks the user about a change; Ctrl-C at the question cancels the turn."""

    def decide(params: Mapping[str, Any]) -> str | None:
        if not sys.stdin.isatty():
            return None

        def look() -> None:
            gone = session.connection.take_in()
            if (outcome := session.connection.decision_on(params)) is not None:
                raise Decided(outcome)
            if gone is not None:
                raise gone

        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with keyboard_for_an_answer():
                return view.decide(params, partial(wait_for_a_line, look))
        except Decided as decided:
            view.decided(decided.outcome)
            return None
        except KeyboardInterrupt:
            session.cancel()
            return None
        finally:
            signal.signal(signal.SIGINT, before)

    return decide


@contextmanager
def _interrupt_cancels(session: LastingSession) -> Generator[None]:
    """Let the first Ctrl-C cancel the turn; a second one interrupts the program as usual.

    The message goes out from a thread of its own: the interrupted one may hold the socket's lock.
    """

    def send_cancel() -> None:
        with suppress(ClientError):
            session.cancel()

    def cancel(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=send_cancel, daemon=True).start()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
