"""One client: the Agent Client Protocol over its WebSocket."""

import asyncio
import json
import logging
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn, cast

from acp import RequestError
from acp.agent.connection import AgentSideConnection
from acp.interfaces import Agent
from acp.schema import (
    AgentCapabilities,
    Implementation,
    InitializeResponse,
    NewSessionResponse,
    PromptCapabilities,
    PromptResponse,
)
from aiohttp import WSMsgType, web
from pydantic import BaseModel, ValidationError

from commonplace import __version__
from commonplace.config import ConfigError
from commonplace.home import PROTOCOL_VERSION
from commonplace.server.extensions import call_extension
from commonplace.server.services import Services
from commonplace.server.sessions import Numbered, Session, SessionBusy
from commonplace.server.vaults import VaultUnknown
from commonplace.vault.errors import VaultError

logger = logging.getLogger(__name__)

TURN_FAILED = -32001
"""JSON-RPC error of a prompt whose turn failed; ``data.advice`` says what to do."""
SESSION_BUSY = -32002


class _OurMeta(BaseModel):
    """``_meta.commonplace`` of a prompt."""

    filters: list[str] = []


class WebSocketTransport:
    """Moves JSON-RPC messages over a WebSocket, in order, by one sender."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._sender = asyncio.create_task(self._send_all())

    def post(self, message: Mapping[str, Any]) -> None:
        """Put a message behind those that wait; never blocks."""
        self._outbox.put_nowait(json.dumps(message, ensure_ascii=False, separators=(",", ":")))

    async def send(self, message: dict[str, Any]) -> None:
        """Put a message behind those that wait (the protocol library's side)."""
        self.post(message)

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
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._outbox.join(), 1.0)
        self._sender.cancel()

    async def _send_all(self) -> None:
        while True:
            text = await self._outbox.get()
            with suppress(ConnectionError):
                await self._socket.send_str(text)
            self._outbox.task_done()

    def _refuse(self, reason: str) -> None:
        error = {"code": -32700, "message": reason}
        self.post({"jsonrpc": "2.0", "id": None, "error": error})


class ClientConnection:
    """What a client may ask for. The method names are the protocol library's."""

    def __init__(
        self,
        transport: WebSocketTransport,
        services: Services,
    ) -> None:
        self._transport = transport
        self._services = services
        self._subscribed: list[Session] = []

    async def initialize(self, protocol_version: int, **_: Any) -> InitializeResponse:
        """Say who we are; version 1 is spoken, whatever the client asks for."""
        return InitializeResponse(
            protocol_version=PROTOCOL_VERSION,
            agent_info=Implementation(name="commonplace", title="Commonplace", version=__version__),
            agent_capabilities=AgentCapabilities(prompt_capabilities=PromptCapabilities(embedded_context=True)),
            field_meta={"commonplace": {"model": self._services.model_name}},
        )

    async def new_session(self, cwd: str, **_: Any) -> NewSessionResponse:
        """Begin a session on the vault at ``cwd``."""
        try:
            vault = await asyncio.to_thread(self._services.vaults.open, cwd)
        except (VaultUnknown, VaultError, ConfigError) as error:
            raise RequestError(-32602, str(error)) from None
        session = self._services.sessions.create(vault)
        session.subscribe(self.outbound)
        self._subscribed.append(session)
        return NewSessionResponse(session_id=session.id)

    async def prompt(self, session_id: str, prompt: list[Any], **extra: Any) -> PromptResponse:
        """Run a turn and answer with why it stopped."""
        session = self._session(session_id)
        try:
            ended = await session.prompt(_question(prompt), _filters(extra))
        except SessionBusy:
            raise RequestError(SESSION_BUSY, "A turn runs in this session; cancel it or wait for its end.") from None
        if ended.reason == "failed":
            raise RequestError(TURN_FAILED, ended.error or "The turn failed.", {"advice": ended.advice})
        return PromptResponse(stop_reason="cancelled" if ended.reason == "interrupted" else ended.reason)

    async def cancel(self, session_id: str, **_: Any) -> None:
        """End the session's turn."""
        session = self._services.sessions.get(session_id)
        if session is not None:
            await session.cancel()

    async def ext_method(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Our own methods; the protocol library takes their leading underscore away."""
        room, _, name = method.partition("/")
        if room != "commonplace":
            raise RequestError.method_not_found(f"_{method}")
        return await call_extension(self._services, name, params)

    def outbound(self, numbered: Numbered) -> None:
        """The one way out for what a turn says."""
        self._transport.post({"jsonrpc": "2.0", "method": "session/update", "params": numbered.params()})

    def leave(self) -> None:
        """The client has gone; its turns go on."""
        for session in self._subscribed:
            session.unsubscribe(self.outbound)

    def _session(self, session_id: str) -> Session:
        session = self._services.sessions.get(session_id)
        if session is None:
            raise RequestError(-32602, f"There is no session {session_id!r}; begin one with session/new.")
        return session


async def serve_client(socket: web.WebSocketResponse, services: Services) -> None:
    """Speak with one client until it has gone."""
    transport = WebSocketTransport(socket)
    client = ClientConnection(transport, services)
    connection = AgentSideConnection(cast("Agent", client), transport, listening=False)
    try:
        await connection.listen()
    finally:
        client.leave()
        await connection.close()


def _question(prompt: list[Any]) -> str:
    """The text of a prompt; a resource link counts as its address."""
    parts = [getattr(block, "text", None) or getattr(block, "uri", None) for block in prompt]
    question = "\n".join(part for part in parts if part).strip()
    if not question:
        _invalid("The prompt holds no text.")
    return question


def _filters(extra: Mapping[str, Any]) -> list[str]:
    """The filters in ``_meta.commonplace.filters``; the protocol library spreads ``_meta`` over the arguments."""
    try:
        return _OurMeta.model_validate(extra.get("commonplace") or {}).filters
    except ValidationError:
        _invalid("_meta.commonplace.filters must be a list of texts.")


def _invalid(reason: str) -> NoReturn:
    raise RequestError(-32602, reason)
