"""The memory's notes as resources of the Model Context Protocol: listed, and told of when they change.

Hosts of 2026 listen (``subscriptions/listen``), older ones subscribe (``resources/subscribe``); both are served.
"""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import quote

from mcp.server.connection import Connection
from mcp.server.mcpserver import MCPServer
from mcp.server.subscriptions import InMemorySubscriptionBus, ResourcesListChanged, ResourceUpdated
from mcp_types import Resource

from commonplace.clients.wire import ClientError

PREFIX = "note:///"
_AGAIN_SECONDS = 5.0
"""How long to wait for a daemon that has gone."""


class Notes:
    """What is there, as this door's client may see it, and who is told of changes."""

    def __init__(self, stamps: Callable[[], str], changes: Callable[[threading.Event], Any]) -> None:
        """Args: ``stamps`` asks for the notes and their versions; ``changes`` blocks, and yields at each change."""
        self.bus = InMemorySubscriptionBus()
        self._stamps = stamps
        self._changes = changes
        self._seen: Mapping[str, str] | None = None
        self._subscribed: dict[Connection, set[str]] = {}

    async def listed(self) -> list[Resource]:
        """Every note as a resource."""
        found = _by_uri(await asyncio.to_thread(self._stamps))
        return [Resource(uri=uri, name=name, mime_type="text/markdown") for uri, (name, _) in found.items()]

    def subscribe(self, host: Connection, uri: str) -> None:
        """Tell an older host of a note."""
        self._subscribed.setdefault(host, set()).add(uri)

    def unsubscribe(self, host: Connection, uri: str) -> None:
        """Tell it no more."""
        self._subscribed.get(host, set()).discard(uri)

    @asynccontextmanager
    async def followed(self, _: MCPServer[Any]) -> AsyncGenerator[None]:
        """While it is open, changes are told."""
        following = asyncio.create_task(self._follow())
        try:
            yield
        finally:
            following.cancel()

    async def _follow(self) -> None:
        """Look whenever the daemon says that something changed; it is connected to again when it was gone."""
        loop = asyncio.get_running_loop()
        changed = asyncio.Event()
        stop = threading.Event()

        def wait() -> None:
            while not stop.is_set():
                with suppress(ClientError, RuntimeError):
                    for _ in self._changes(stop):
                        loop.call_soon_threadsafe(changed.set)
                stop.wait(_AGAIN_SECONDS)

        threading.Thread(target=wait, name="changes", daemon=True).start()
        try:
            while True:
                await changed.wait()
                changed.clear()
                with suppress(ClientError):
                    await self._look()
        finally:
            stop.set()

    async def _look(self) -> None:
        found = {uri: stamp for uri, (_, stamp) in _by_uri(await asyncio.to_thread(self._stamps)).items()}
        seen, self._seen = self._seen, found
        if seen is None:
            return
        for uri in sorted(uri for uri in found.keys() & seen.keys() if found[uri] != seen[uri]):
            await self.bus.publish(ResourceUpdated(uri=uri))
            await self._tell(lambda host, uri=uri: host.notify("notifications/resources/updated", {"uri": uri}), uri)
        if found.keys() != seen.keys():
            await self.bus.publish(ResourcesListChanged())
            await self._tell(lambda host: host.send_resource_list_changed())

    async def _tell(self, what: Callable[[Connection], Any], uri: str | None = None) -> None:
        for host, uris in list(self._subscribed.items()):
            if uri is None or uri in uris:
                try:
                    await what(host)
                except Exception:
                    # Whatever a host's own transport raises when it has gone: nobody is there to be told.
                    self._subscribed.pop(host, None)


def _by_uri(stamps: str) -> dict[str, tuple[str, str]]:
    """The name and stamp of each note, by its address."""
    pairs = (line.partition(" ") for line in stamps.split("\n") if line)
    return {PREFIX + quote(name): (name, stamp) for stamp, _, name in pairs}
