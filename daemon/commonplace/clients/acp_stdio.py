"""The Agent Client Protocol on standard input and output, for editors that start their agent as a program.

A line from the editor is a frame to the daemon, and a frame from the daemon a line to the editor. An editor names its
project where the daemon expects a vault, so the folder is replaced by the chosen vault's.
"""

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection

_NAMES_A_FOLDER = frozenset(["session/new", "session/load", "session/resume", "session/list"])
_BEGINS = frozenset(["session/new", "session/load", "session/resume"])
_NO_JSON = {"code": -32700, "message": "The line is not a JSON object."}


class Beginnings:
    """The sessions that the editor begins or opens: behind the answer to each stands what is to be said there."""

    def __init__(self, notice: str) -> None:
        self._notice = notice
        self._asked: dict[str | int, str | None] = {}

    def hear(self, message: Mapping[str, Any]) -> None:
        """A message of the editor's."""
        number, params = message.get("id"), message.get("params")
        if message.get("method") in _BEGINS and isinstance(number, str | int) and isinstance(params, Mapping):
            self._asked[number] = cast("Mapping[str, Any]", params).get("sessionId")

    def notice_after(self, frame: str) -> str | None:
        """The message that follows a frame of the daemon's; None for most."""
        if not self._asked:
            return None
        answer: Mapping[str, Any] = json.loads(frame)
        if "method" in answer or answer.get("id") not in self._asked:
            return None
        result: Mapping[str, Any] | None = answer.get("result")
        session = self._asked.pop(answer["id"])
        if result is None:
            return None
        said = {"sessionUpdate": "agent_message_chunk", "content": {"type": "text", "text": self._notice}}
        params: Mapping[str, Any] = {"sessionId": session or result["sessionId"], "update": said}
        return json.dumps({"jsonrpc": "2.0", "method": "session/update", "params": params})


def bridge(
    socket: ClientConnection, vault: Path, editor: BinaryIO, answers: BinaryIO, notice: str | None = None
) -> bool:
    """Carry messages until one side has gone; False if it was the daemon.

    Args:
        socket: to the daemon, with the token of this door.
        vault: the registered vault that sessions are about.
        editor: what the editor says, a message a line.
        answers: what it reads.
        notice: what is said in each session before its first prompt.

    """
    left = threading.Event()
    writing = threading.Lock()
    beginnings = Beginnings(notice) if notice is not None else None
    heard = (socket, vault, editor, answers, writing, left, beginnings)
    listening = threading.Thread(target=_listen, args=heard, daemon=True)
    listening.start()
    try:
        for frame in socket:
            text = frame if isinstance(frame, str) else frame.decode()
            _write(answers, writing, text)
            if beginnings is not None and (said := beginnings.notice_after(text)) is not None:
                _write(answers, writing, said)
    except (ConnectionClosed, OSError):
        pass
    return left.is_set()


def for_daemon(line: bytes, vault: Path) -> str | None:
    """A message as the daemon takes it; None if the line is none."""
    try:
        message: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(message, dict):
        return None
    spoken = cast("dict[str, Any]", message)
    params: object = spoken.get("params")
    if spoken.get("method") in _NAMES_A_FOLDER and isinstance(params, Mapping):
        spoken["params"] = {**cast("Mapping[str, Any]", params), "cwd": str(vault)}
    return json.dumps(spoken, ensure_ascii=False)


def _listen(
    socket: ClientConnection,
    vault: Path,
    editor: BinaryIO,
    answers: BinaryIO,
    writing: threading.Lock,
    left: threading.Event,
    beginnings: Beginnings | None,
) -> None:
    try:
        for line in editor:
            if not line.strip():
                continue
            message = for_daemon(line, vault)
            if message is None:
                _write(answers, writing, json.dumps({"jsonrpc": "2.0", "id": None, "error": _NO_JSON}))
                continue
            if beginnings is not None:
                beginnings.hear(json.loads(message))
            socket.send(message)
        left.set()
    except (ConnectionClosed, OSError):
        pass
    finally:
        socket.close()


def _write(answers: BinaryIO, writing: threading.Lock, text: str) -> None:
    with writing:
        answers.write(text.encode("utf-8", "replace") + b"\n")
        answers.flush()
