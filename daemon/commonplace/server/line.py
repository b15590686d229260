"""A client's WebSocket: read in one place, and hung up on so that the client learns why."""

import asyncio
from contextlib import suppress
from typing import Any

from aiohttp import WSCloseCode, WSMessage, web

from commonplace.server.keys import Grant

GOODBYE_SECONDS = 2.0
"""How long a client has to read that the connection closes, and to answer."""


class Socket(web.WebSocketResponse):
    """A WebSocket that says why it closes, also where aiohttp closes it by itself."""

    def __init__(self, largest: int, **settings: Any) -> None:
        super().__init__(max_msg_size=largest, **settings)
        self._too_big = f"a message may have {largest:,} bytes".encode()

    async def close(self, *, code: int = WSCloseCode.OK, message: bytes = b"", drain: bool = True) -> bool:
        """Close it, with the reason where the message that was read is larger than one may be."""
        if code == WSCloseCode.MESSAGE_TOO_BIG:
            message = message or self._too_big
        return await super().close(code=code, message=message, drain=drain)


class Line:
    """The connection to one client.

    A socket that is closed while another task reads it is cut without waiting for the client's own close: what
    the client had just sent then resets the connection, and it sees code 1006 without a reason. So the reading
    ends first, and then the socket is closed.
    """

    def __init__(self, socket: web.WebSocketResponse, grant: Grant) -> None:
        self.grant = grant
        """What the client may do."""
        self._socket = socket
        self._farewell: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    def hang_up(self, code: int, reason: str) -> None:
        """End the connection, after what waits for the client was sent."""
        if not self._farewell.done():
            self._farewell.set_result((code, reason))

    async def receive(self) -> WSMessage | None:
        """The next frame; None when the client has gone or is hung up on."""
        reading = asyncio.ensure_future(self._socket.receive())
        try:
            await asyncio.wait((reading, self._farewell), return_when=asyncio.FIRST_COMPLETED)
        finally:
            if not reading.done():
                reading.cancel()
                await asyncio.wait((reading,))
        if self._farewell.done() or self._socket.closed:
            return None
        return reading.result()

    async def send(self, text: str) -> None:
        """Send a text frame.

        Raises:
            ConnectionError: the client has gone.

        """
        await self._socket.send_str(text)

    async def close(self) -> None:
        """Say goodbye, with the reason if there is one."""
        code, reason = self._farewell.result() if self._farewell.done() else (WSCloseCode.OK, "")
        with suppress(TimeoutError):
            async with asyncio.timeout(GOODBYE_SECONDS):
                await self._socket.close(code=code, message=reason.encode())
