"""The wire to the daemon: JSON-RPC messages over its socket, blocking, quick to import."""

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.frames import CloseCode
from websockets.sync.client import ClientConnection, connect

from commonplace.models.trouble import in_words

Json = Mapping[str, Any]
_CONNECT_SECONDS = 5.0
_WAKE_SECONDS = 0.5
TURN_FAILED = -32001
INVALID_PARAMS = -32602
"""The daemon's error code for a prompt whose turn failed."""


class ClientError(Exception):
    """The daemon cannot be reached or refused; the text says what to do."""


class Refused(ClientError):
    """What was asked for is not there, or may not be asked for."""


class DaemonGone(ClientError):
    """The daemon closed the connection."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"The daemon has gone ({reason}). Ask again; it starts by itself.")
        self.reason = reason


class MessageTooLarge(ClientError):
    """The daemon closed the connection, since a message was larger than it takes."""

    def __init__(self) -> None:
        super().__init__("The message is larger than the daemon takes (1 MiB). Ask in smaller parts.")


class TurnFailed(ClientError):
    """The turn ended in an error."""


def open_socket(url: str, token: str) -> ClientConnection:
    """A socket to the daemon, before anything was said.

    However much waits to be read, it is taken in: the library answers the daemon's pings only while it reads, and a
    chat at its prompt reads nothing of what other clients ask in its session. It pings nobody itself: on this machine
    the end of a daemon closes the connection, and one that was suspended goes on.

    Raises:
        ClientError: no daemon answers there, or it refuses the token.

    """
    try:
        return connect(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=_CONNECT_SECONDS,
            close_timeout=1.0,
            max_size=None,
            max_queue=None,
            ping_interval=None,
            compression=None,
            proxy=None,
        )
    except (OSError, WebSocketException, TimeoutError) as error:
        raise ClientError(f"The daemon does not answer ({in_words(error) or error}). Type: commonplace serve") from None


class Wire:
    """Requests, answers and notifications over one socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    def request(self, method: str, params: Json, progress: Callable[[int, int], None] | None = None) -> Json:
        """The result of a request; whatever else comes before it is passed over.

        ``progress`` is told how much of how much is done, where the daemon says so.

        Raises:
            ClientError: the daemon refused it, or has gone.

        """
        request = self.send(method, params)
        while True:
            message = self.receive()
            if progress is not None and message.get("method") == "_commonplace/progress":
                progress(int(message["params"]["done"]), int(message["params"]["total"]))
            if message.get("id") == request and "method" not in message:
                return result_of(message)

    def send(self, method: str, params: Json) -> int:
        """Send a request; its number, which its answer bears."""
        request = next(self._ids)
        self.post({"jsonrpc": "2.0", "id": request, "method": method, "params": params})
        return request

    def post(self, message: Json) -> None:
        """Send a message as it is."""
        try:
            self._socket.send(json.dumps(message, ensure_ascii=False))
        except ConnectionClosed as error:
            raise _closed(error) from None

    def receive(self) -> Json:
        """The next message. The wait is cut in pieces, since Windows tells of Ctrl-C only between two waits."""
        while True:
            try:
                return json.loads(self._socket.recv(timeout=_WAKE_SECONDS))
            except TimeoutError:
                continue
            except ConnectionClosed as error:
                raise _closed(error) from None

    def received(self) -> Json | None:
        """A message that has come already; None where there is none.

        Raises:
            ClientError: the connection closed.

        """
        try:
            return json.loads(self._socket.recv(timeout=0))
        except TimeoutError:
            return None
        except ConnectionClosed as error:
            raise _closed(error) from None


def result_of(message: Json) -> Json:
    """The result that an answer holds.

    Raises:
        ClientError: it holds an error.

    """
    error: Json | None = message.get("error")
    if error is None:
        return message.get("result") or {}
    data: Json = error.get("data") or {}
    text = " ".join(str(part) for part in (error.get("message"), data.get("advice")) if part)
    kinds = {TURN_FAILED: TurnFailed, INVALID_PARAMS: Refused}
    raise kinds.get(error.get("code", 0), ClientError)(text)


def _closed(error: ConnectionClosed) -> ClientError:
    if error.rcvd and error.rcvd.code == CloseCode.MESSAGE_TOO_BIG:
        return MessageTooLarge()
    return DaemonGone(error.rcvd.reason if error.rcvd and error.rcvd.reason else "the connection closed")
