"""JSON-RPC messages over a WebSocket, as the protocol library wants them moved."""

from typing import Any

from aiohttp import WSMsgType

from commonplace.server.line import Line
from commonplace.server.messages import INVALID_REQUEST, NoMessage, message_of
from commonplace.server.outbox import Outbox


class WebSocketTransport:
    """Takes messages from the line, and leaves those for it to the outbox."""

    def __init__(self, line: Line, outbox: Outbox) -> None:
        self._line = line
        self._outbox = outbox

    async def send(self, message: dict[str, Any]) -> None:
        """Put a message behind those that wait; never blocks."""
        self._outbox.post(message)

    async def receive(self) -> dict[str, Any] | None:
        """The next message; None when the client has gone. What is no message is answered with an error."""
        while (frame := await self._line.receive()) is not None:
            try:
                if frame.type is not WSMsgType.TEXT:
                    raise NoMessage(INVALID_REQUEST, "Messages are JSON in text frames.")
                return message_of(frame.data)
            except NoMessage as refused:
                self._outbox.post(refused.answer)
        return None

    async def close(self) -> None:
        """Send what waits, then stop."""
        await self._outbox.close()
