"""Questions and answers with the daemon, for the commands ``chat`` and ``ask``."""

import json
import signal
import sys
import threading
import uuid
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any

from commonplace.clients.connection import ClientError, DaemonConnection, DaemonGone, Decide, MessageTooLarge
from commonplace.clients.keyboard import keyboard_for_an_answer, quiet_keyboard
from commonplace.clients.plain import View, printable
from commonplace.models.elsewhere import AWAY

_MODES = {
    "review": "You are asked before each change.",
    "read-only": "No note is changed in this chat.",
}
FAREWELLS = frozenset({"/quit", "/exit", "/bye"})


def ask_json(connection: DaemonConnection, session: str, question: str, filters: Sequence[str]) -> bool:
    """Print every update as one JSON object a line; Ctrl-C cancels the turn. Whether it came to its end.

    Raises:
        ClientError.

    """
    stopped = False
    with _interrupt_cancels(connection, session):
        for params in connection.prompt(session, question, filters):
            print(json.dumps(params), flush=True)
            stopped = stopped or _is_stop(params)
    return not stopped


def ask(
    connection: DaemonConnection,
    session: str,
    question: str,
    filters: Sequence[str],
    view: View,
    prompt_id: str | None = None,
) -> bool:
    """Ask one question and show the turn; Ctrl-C cancels the turn. Whether it came to its end.

    Raises:
        ClientError.

    """
    stopped = False
    with quiet_keyboard(), _interrupt_cancels(connection, session):
        try:
            decide = _decider(connection, session, view)
            for params in connection.prompt(session, question, filters, decide, prompt_id=prompt_id):
                view.show(params)
                stopped = stopped or _is_stop(params)
        finally:
            view.end()
    return not stopped


def answer_lines(
    connection: DaemonConnection, session: str, lines: Iterable[str], filters: Sequence[str], view: View
) -> bool:
    """Answer one question a line; whether all were answered to the end. A failed one is said on standard error."""
    all_answered = True
    for line in lines:
        if not line.strip():
            continue
        try:
            all_answered = ask(connection, session, line.strip(), filters, view) and all_answered
        except ClientError as error:
            print(printable(str(error)), file=sys.stderr, flush=True)
            all_answered = False
    return all_answered


def chat(
    connection: DaemonConnection,
    session: str,
    vault: Path,
    filters: Sequence[str],
    reconnect: Callable[[], DaemonConnection],
) -> None:
    """Talk until the user leaves. When the daemon has gone, connect again and go on with the same session."""
    from rich.console import Console
    from rich.markup import escape

    from commonplace.clients.terminal import TerminalView

    console = Console(highlight=False)
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
    view = TerminalView(console)
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
        name = str(uuid.uuid4())
        try:
            try:
                ask(connection, session, question, filters, view, name)
            except DaemonGone as gone:
                # The prompt's name keeps a turn that had begun from being run twice: its end is told instead.
                said = f"The daemon has gone ({gone.reason}). Connecting again ..."
                console.print(printable(said), style="yellow", markup=False)
                connection = _connect_again(connection, session, vault, reconnect)
                ask(connection, session, question, filters, view, name)
        except MessageTooLarge as error:
            console.print(printable(str(error)), style="red", markup=False)
            with suppress(ClientError):
                connection = _connect_again(connection, session, vault, reconnect)
        except ClientError as error:
            console.print(printable(str(error)), style="red", markup=False)
        console.print()


def _connect_again(
    before: DaemonConnection, session: str, vault: Path, reconnect: Callable[[], DaemonConnection]
) -> DaemonConnection:
    connection = reconnect()
    connection.resume_session(session, vault, after=before.seq)
    return connection


def _is_stop(params: Mapping[str, Any]) -> bool:
    """Whether an update tells that the turn was stopped before its end."""
    return params["_meta"]["commonplace"].get("ended", {}).get("reason") in ("cancelled", "interrupted")


def _decider(connection: DaemonConnection, session: str, view: View) -> Decide:
    """Asks the user about a change; Ctrl-C at the question cancels the turn."""

    def decide(params: Mapping[str, Any]) -> str | None:
        if not sys.stdin.isatty():
            return None
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            with keyboard_for_an_answer():
                return view.decide(params)
        except KeyboardInterrupt:
            connection.cancel(session)
            return None
        finally:
            signal.signal(signal.SIGINT, before)

    return decide


@contextmanager
def _interrupt_cancels(connection: DaemonConnection, session: str) -> Generator[None]:
    """Let the first Ctrl-C cancel the turn; a second one interrupts the program as usual.

    The message goes out from a thread of its own: the interrupted one may hold the socket's lock.
    """

    def send_cancel() -> None:
        with suppress(ClientError):
            connection.cancel(session)

    def cancel(_number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        threading.Thread(target=send_cancel, daemon=True).start()

    before = signal.signal(signal.SIGINT, cancel)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
