"""The memory as a server of the Model Context Protocol: a thin client of the daemon, with a token of its own."""

import asyncio
import hmac
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from mcp.server import NotificationOptions, ServerRequestContext
from mcp.server.connection import Connection
from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ResourceNotFoundError, ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import EmptyResult, Resource, SubscribeRequestParams, UnsubscribeRequestParams
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from commonplace import __version__
from commonplace.clients import launch
from commonplace.clients.connection import DaemonConnection
from commonplace.clients.mcp_notes import Notes
from commonplace.clients.wire import ClientError, Refused
from commonplace.home import find_daemon
from commonplace.models.elsewhere import AWAY

T = TypeVar("T")
Json = Mapping[str, Any]

_INSTRUCTIONS = (
    "The user's memory: notes in their own vault. Ask use_memory_agent in plain words, or read the notes yourself "
    "with the other tools. What says [withheld: ...] is withheld by the user; do not ask for it again."
)


@dataclass(frozen=True, slots=True)
class Daemon:
    """How to reach the vault."""

    home: Path
    vault: Path
    token: str
    """Of the scope memory-only."""

    def connect(self) -> DaemonConnection:
        """Connect with this door's token; a daemon that has gone is started again.

        Raises:
            ClientError.

        """
        launch.connect(self.home, lambda _: None).close()
        found = find_daemon(self.home)
        if found is None:
            raise ClientError("The daemon has gone. Ask again; it starts by itself.")
        return DaemonConnection(replace(found, token=self.token))

    def stamps(self) -> str:
        """A line for each note: what tells whether it changed, and its name.

        Raises:
            ClientError.

        """
        with self.connect() as connection:
            return connection.look(self.vault, "stamps")

    def changes(self, stop: threading.Event) -> Iterator[None]:
        """Yields at once, and whenever notes have changed, until it is stopped.

        A daemon that has gone is not started again for this: somebody may have stopped it.

        Raises:
            ClientError: there is no daemon.

        """
        found = find_daemon(self.home)
        if found is None:
            raise ClientError("There is no daemon.")
        with DaemonConnection(replace(found, token=self.token)) as connection:
            for _ in connection.changes(self.vault):
                if stop.is_set():
                    return
                yield None


def make_server(daemon: Daemon, notice: str | None = None) -> MCPServer[Any]:
    """The server with its tools and resources; the host is told the notice with what it is for."""
    instructions = _INSTRUCTIONS if notice is None else f"{_INSTRUCTIONS} {notice}"
    server = MemoryServer(Notes(daemon.stamps, daemon.changes), instructions)

    def look(action: str, of: str) -> str:
        with daemon.connect() as connection:
            return connection.look(daemon.vault, action, of)

    async def looked(action: str, of: str = "") -> str:
        return await _answered(lambda: look(action, of))

    @server.tool()
    async def use_memory_agent(question: str, ctx: Context[Any, Any]) -> str:
        """Ask the user's memory agent a question, or tell it something to remember; it answers in plain words."""
        return await _asked(daemon, question, ctx)

    @server.tool()
    async def read_note(path: str) -> str:
        """Read a note of the memory, such as user.md or entities/jane_doe.md."""
        return await looked("read", path)

    @server.tool()
    async def search_notes(words: str) -> str:
        """Find notes by the words in them: the best first, each with its best lines."""
        return await looked("search", words)

    @server.tool()
    async def backlinks(path: str) -> str:
        """List the notes that link to a note."""
        return await looked("backlinks", path)

    @server.tool()
    async def follow_link(link: str) -> str:
        """Read the note that a link leads to, such as [[entities/jane_doe.md]]."""
        return await looked("follow", link)

    @server.tool()
    async def list_notes() -> str:
        """List the notes of the memory."""
        return await looked("list")

    @server.resource("note:///{+path}", mime_type="text/markdown")
    async def note(path: str) -> str:
        """A note of the memory."""
        try:
            return await asyncio.to_thread(look, "read", path)
        except Refused as error:
            raise ResourceNotFoundError(_in_words_for_hosts(error)) from None
        except ClientError as error:
            raise ResourceError(str(error)) from None

    return server


def serve_http(server: MCPServer[Any], token: str, port: int) -> None:
    """Serve over HTTP on the loopback address until interrupted; every request brings the token."""
    host = f"127.0.0.1:{port}"
    security = TransportSecuritySettings(allowed_hosts=[host], allowed_origins=[f"http://{host}"])
    app = TokenFirst(server.streamable_http_app(transport_security=security), token)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


class MemoryServer(MCPServer[Any]):
    """The SDK's server, whose resources are the notes as they are now."""

    def __init__(self, notes: Notes, instructions: str) -> None:
        super().__init__(
            "commonplace",
            version=__version__,
            instructions=instructions,
            log_level="ERROR",
            lifespan=notes.followed,
            subscriptions=notes.bus,
        )
        self._notes = notes
        inner = self._lowlevel_server
        inner.add_request_handler("resources/subscribe", SubscribeRequestParams, self._subscribe)
        inner.add_request_handler("resources/unsubscribe", UnsubscribeRequestParams, self._unsubscribe)
        # The SDK has no other way to tell a host of before 2026 that changes of the list are told.
        told = partial(inner.create_initialization_options, NotificationOptions(resources_changed=True))
        inner.create_initialization_options = told  # pyright: ignore[reportAttributeAccessIssue]  (fewer parameters)

    async def list_resources(self) -> list[Resource]:
        """Every note of the memory."""
        return await self._notes.listed()

    async def _subscribe(self, ctx: ServerRequestContext[Any], params: SubscribeRequestParams) -> EmptyResult:
        self._notes.subscribe(_host(ctx), str(params.uri))
        return EmptyResult()

    async def _unsubscribe(self, ctx: ServerRequestContext[Any], params: UnsubscribeRequestParams) -> EmptyResult:
        self._notes.unsubscribe(_host(ctx), str(params.uri))
        return EmptyResult()


def _host(ctx: ServerRequestContext[Any]) -> Connection:
    """What lasts between a host's requests: the SDK makes a session for each of them."""
    return ctx.session._connection  # pyright: ignore[reportPrivateUsage]  (it is told nowhere else)


class TokenFirst:
    """Refuses a request that does not bring the token, before anything looks at it."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            offered = dict(scope["headers"]).get(b"authorization", b"")
            if not hmac.compare_digest(offered, self._expected):
                reason = {"error": "This needs the token. Type: commonplace mcp config --for claude-code --http"}
                await JSONResponse(reason, status_code=401)(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _answered(ask: Callable[[], T]) -> T:
    """What a blocking call answers.

    Raises:
        ToolError: with the sentence that the daemon refuses with.

    """
    try:
        return await asyncio.to_thread(ask)
    except ClientError as error:
        raise ToolError(_in_words_for_hosts(error)) from None


def _in_words_for_hosts(error: ClientError) -> str:
    """The daemon's sentence with the names that this door gives its tools."""
    return str(error).replace("list_files()", "list_notes")


async def _asked(daemon: Daemon, question: str, ctx: Context[Any, Any]) -> str:
    """The reply of one turn; each step of it is progress. A call that is given up stops the turn."""
    connection = await _answered(daemon.connect)
    loop = asyncio.get_running_loop()
    steps: asyncio.Queue[str | None] = asyncio.Queue()
    if connection.model_host is not None:
        await ctx.report_progress(0, message=AWAY.format(connection.model_host))
    session = await _answered(lambda: connection.new_session(daemon.vault))

    def run() -> str:
        reply: list[str] = []
        try:
            for params in connection.prompt(session, question, decide=lambda _: "reject"):
                update = params["update"]
                if update["sessionUpdate"] == "agent_message_chunk":
                    reply.append(update["content"]["text"])
                elif update.get("status") == "in_progress":
                    loop.call_soon_threadsafe(steps.put_nowait, str(update.get("title", "")))
        finally:
            loop.call_soon_threadsafe(steps.put_nowait, None)
        return "".join(reply).strip()

    running = asyncio.create_task(_answered(run))
    try:
        done = 0
        while (title := await steps.get()) is not None:
            done += 1
            await ctx.report_progress(done, message=title)
        return await running
    except asyncio.CancelledError:
        with suppress(ClientError):
            connection.cancel(session)
        raise
    finally:
        connection.close()
