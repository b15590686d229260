"""Who may hold a TCP connection: those who have shown a token, and a few who are about to.

A connection that has not shown one counts as waiting. Waiting is short, and when too many wait the one that
waited longest goes, so that nobody keeps the user's own clients out by opening connections.
"""

import asyncio
from typing import Any

from aiohttp import web


class Door:
    """Makes the handler of each new connection; a factory for ``loop.create_server``.

    Args:
        server: makes aiohttp's handlers.
        most_waiting: connections without a token at once (a security limit).
        seconds: the longest time from the connection to a request with a token (a security limit).

    """

    def __init__(self, server: web.Server, *, most_waiting: int = 32, seconds: float = 5.0) -> None:
        self._server = server
        self._most_waiting = most_waiting
        self._seconds = seconds
        self._waiting: dict[asyncio.BaseProtocol, asyncio.TimerHandle] = {}

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a connection that is being accepted."""
        handler: Any = self._server()
        while len(self._waiting) >= self._most_waiting:
            self._send_away(next(iter(self._waiting)))
        timer = asyncio.get_running_loop().call_later(self._seconds, self._send_away, handler)
        self._waiting[handler] = timer
        return handler

    def admit(self, handler: asyncio.BaseProtocol) -> None:
        """The connection has shown a token: it may stay."""
        timer = self._waiting.pop(handler, None)
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        """Nobody waits any more."""
        for handler in tuple(self._waiting):
            self._send_away(handler)

    def _send_away(self, handler: Any) -> None:
        self.admit(handler)
        handler.force_close()
