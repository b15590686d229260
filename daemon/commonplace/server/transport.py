"""JSON-RPC messages over a WebSocket, as the protocol library wants them moved."""

import json
from typing import Any, cast

from aiohttp import WSMsgType, web

from commonplace.server.outbox import Outbox


class WebSocketTransport:
    """Takes messages from the socket, and leaves those for it to the outbox."""

    def __init__(self, socket: web.WebSocketResponse, outbox: Outbox) -> None:
        self._socket = socket
        self._outbox = outbox

    async def send(self, message: dict[str, Any]) -> None:
        """Put a message behind those that wait; never blocks."""
        self._outbox.post(message)

    async def receive(self) -> dict[str, Any] | None:
        """The next message; None when the client has gone. What is no message is answered with an error."""
        async for frame in self._socket:
            if frame.type is not WSMsgType.TEXT:
                self._refuse("Messages are JSON in text frames.")
                continue
            try:
                message: object = json.loads(cast("str", frame.data))
            except (ValueError, RecursionError):
                self._refuse("The frame is not JSON.")
                continue
            if isinstance(message, dict):
                return cast("dict[str, Any]", message)
            self._refuse("A message is one JSON object.")
        return None

    async def close(self) -> None:
        """Send what waits, then stop."""
        await self._outbox.close()

    def _refuse(self, reason: str) -> None:
        error = {"code": -32700, "message": reason}
        self._outbox.post({"jsonrpc": "2.0", "id": None, "error": error})
