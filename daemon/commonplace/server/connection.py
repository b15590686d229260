"""One client: the Agent Client Protocol over its WebSocket."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from acp import RequestError
from acp.agent.router import build_agent_router
from acp.connection import Connection
from acp.interfaces import Agent
from acp.schema import (
    AgentCapabilities,
    ClientCapabilities,
    CloseSessionResponse,
    DeleteSessionRequest,
    DeleteSessionResponse,
    Implementation,
    InitializeResponse,
    ListSessionsResponse,
    LoadSessionResponse,
    NewSessionResponse,
    PromptCapabilities,
    PromptResponse,
    ResumeSessionResponse,
    SessionCapabilities,
    SessionCloseCapabilities,
    SessionDeleteCapabilities,
    SessionListCapabilities,
    SessionResumeCapabilities,
    SetSessionModeResponse,
)
from acp.utils import normalize_result

from commonplace import __version__
from commonplace.config import ConfigError
from commonplace.filters.rule import RuleError
from commonplace.home import PROTOCOL_VERSION
from commonplace.server.answering import answering
from commonplace.server.commands import announcement
from commonplace.server.editing import Editing
from commonplace.server.extensions import OUT_OF_SCOPE, call_extension
from commonplace.server.feed import Told
from commonplace.server.filtering import ClientFilters
from commonplace.server.keys import Grant
from commonplace.server.line import Line
from commonplace.server.log import LogFailed
from commonplace.server.look import look
from commonplace.server.numbered import Numbered
from commonplace.server.outbox import Outbox
from commonplace.server.permission import Question, chosen, known_mode, mode_state
from commonplace.server.progress import progress_message
from commonplace.server.records import PAGE
from commonplace.server.requests import (
    INVALID_PARAMS,
    after_of,
    asked_of,
    cursor_after,
    invalid,
    listed,
    parse_cursor,
    replay_of,
    takes_batches,
)
from commonplace.server.scope import mode_for, vault_for
from commonplace.server.services import Services
from commonplace.server.sessions import Session, SessionBusy
from commonplace.server.transport import WebSocketTransport
from commonplace.server.vaults import OpenVault, VaultUnknown
from commonplace.tokens import Scope
from commonplace.vault.errors import VaultError

TURN_FAILED = -32001
"""JSON-RPC error of a prompt whose turn failed; ``data.advice`` says what to do."""
SESSION_BUSY = -32002
FILTERS_UNKNOWN = -32004
"""JSON-RPC error of what is told to nobody but the user while config.toml, which holds the filters, cannot be read."""


class ClientConnection:
    """What a client may ask for. The method names are the protocol library's."""

    def __init__(self, outbox: Outbox, services: Services, grant: Grant, filters: ClientFilters) -> None:
        self._outbox = outbox
        self._filters = filters
        self._services = services
        self._as_seen = replace(services, seen=filters.seen_now, progress=self._tell_progress)
        self._grant = grant
        self._followed: dict[str, Session] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._connection: Connection | None = None
        self._told_host: str | None = None
        self._editing = Editing(services, grant.scope, self._request)

    def connected(self, connection: Connection) -> None:
        """Use the connection for requests to the client."""
        self._connection = connection

    async def initialize(
        self, protocol_version: int, client_capabilities: ClientCapabilities | None = None, **_: Any
    ) -> InitializeResponse:
        """Say who we are; version 1 is spoken, whatever the client asks for."""
        if takes_batches(client_capabilities):
            self._outbox.take_batches()
        sessions = SessionCapabilities(
            list=SessionListCapabilities(),
            resume=SessionResumeCapabilities(),
            close=SessionCloseCapabilities(),
            delete=SessionDeleteCapabilities(),
        )
        engines = self._services.engines
        self._told_host = engines.model_host
        return InitializeResponse(
            protocol_version=PROTOCOL_VERSION,
            agent_info=Implementation(name="commonplace", title="Commonplace", version=__version__),
            agent_capabilities=AgentCapabilities(
                load_session=True,
                session_capabilities=sessions,
                prompt_capabilities=PromptCapabilities(embedded_context=True),
            ),
            field_meta={"commonplace": {"model": engines.model_name, "model_host": self._told_host}},
        )

    async def new_session(self, cwd: str, **_: Any) -> NewSessionResponse:
        """Begin a session on the vault at ``cwd``."""
        vault = await self._open_vault(cwd)
        session = self._services.sessions.create(
            vault, mode_for(self._grant, vault.mode, self._services.config.current())
        )
        self._services.begun.add(session.record.id, self._grant)
        await self._filters.seen(vault, session.record.id)
        self._follow(session, after=0)
        # The answer, which names the session, leaves before the loop comes to this.
        asyncio.get_running_loop().call_soon(self._announce, session.record.id)
        return NewSessionResponse(session_id=session.record.id, modes=mode_state(session.record.mode))

    async def load_session(self, session_id: str, **extra: Any) -> LoadSessionResponse:
        """Tell all that a session said, or what came after an update; then what comes."""
        session = self._session(session_id)
        await self._see(session)
        self._follow(session, after=after_of(extra) or 0)
        self._announce(session_id)
        await self._outbox.caught_up(session_id)
        return LoadSessionResponse(modes=mode_state(session.record.mode), field_meta=_meta(session))

    async def resume_session(self, session_id: str, **extra: Any) -> ResumeSessionResponse:
        """Tell what a session says from now on, or from an update on."""
        session = self._session(session_id)
        after = after_of(extra)
        await self._see(session)
        self._follow(session, after=session.seq if after is None else after)
        self._announce(session_id)
        await self._outbox.caught_up(session_id)
        return ResumeSessionResponse(modes=mode_state(session.record.mode), field_meta=_meta(session))

    async def list_sessions(self, cwd: str | None = None, cursor: str | None = None, **_: Any) -> ListSessionsResponse:
        """The sessions that are kept, the latest first."""
        self._check_filters_known()
        vault = None if cwd is None else str(Path(cwd).expanduser().resolve())
        page = self._services.sessions.page(vault, parse_cursor(cursor))
        reached = [record for record in page if self._reaches(record.id)]
        for root in {record.vault for record in reached}:
            await self._see_vault(root)
        running = set(self._services.sessions.running)
        return ListSessionsResponse(
            sessions=[listed(record, record.id in running) for record in reached],
            next_cursor=cursor_after(page[-1]) if len(page) == PAGE else None,
        )

    async def close_session(self, session_id: str, **_: Any) -> CloseSessionResponse:
        """End the session's turn and follow it no more."""
        session = self._session(session_id)
        await session.stop("cancelled")
        self._unfollow(session)
        return CloseSessionResponse()

    async def delete_session(self, session_id: str, **_: Any) -> DeleteSessionResponse:
        """Drop a session with all that it said."""
        session = self._session(session_id)
        await self._services.sessions.delete(session)
        self._unfollow(session)
        return DeleteSessionResponse()

    async def set_session_mode(self, session_id: str, mode_id: str, **_: Any) -> SetSessionModeResponse:
        """Change how the session treats writes, at once."""
        mode = known_mode(mode_id)
        if mode is None:
            invalid(f"There is no mode {mode_id!r}; there are auto, review and read-only.")
        if mode != mode_for(self._grant, mode, self._services.config.current()):
            raise RequestError(OUT_OF_SCOPE, "A token of this scope reads and does not write.")
        try:
            await self._session(session_id).set_mode(mode)
        except LogFailed as error:
            raise RequestError(TURN_FAILED, str(error)) from None
        return SetSessionModeResponse()

    async def prompt(self, session_id: str, prompt: list[Any], **extra: Any) -> PromptResponse:
        """Run a turn and answer with why it stopped, behind all that it said."""
        session = self._session(session_id)
        asked = asked_of(prompt, extra)
        if session_id not in self._followed:
            await self._see(session)
            self._follow(session, after=session.seq)
        try:
            session.check_free(asked)
            self._filters.ask(session_id, asked.filters)
            vault = await self._filters.seen(await self._open_vault(session.record.vault), session_id)
            rules = [rule.text for rule in self._filters.rules(session_id)]
            asked = replace(asked, filters=rules, told_host=self._told_host)
            self._told_host = self._services.engines.model_host
            ended = await session.prompt(asked, vault, self)
        except RuleError as error:
            invalid(str(error))
        except SessionBusy:
            raise RequestError(SESSION_BUSY, "A turn runs in this session; cancel it or wait for its end.") from None
        await self._outbox.caught_up(session_id)
        if ended.reason == "failed":
            raise RequestError(TURN_FAILED, ended.error or "The turn failed.", {"advice": ended.advice})
        stopped = "cancelled" if ended.reason == "interrupted" else ended.reason
        return PromptResponse(stop_reason=stopped, field_meta=_meta(session))

    async def cancel(self, session_id: str, **_: Any) -> None:
        """End the session's turn."""
        session = self._services.sessions.get(session_id)
        if session is not None and self._reaches(session_id):
            await session.stop("cancelled")

    async def ext_method(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        """Our own methods; the protocol library takes their leading underscore away."""
        match method:
            case "commonplace/replay":
                return await self._replay(*replay_of(params))
            case "commonplace/look":
                return await self._look(params)
            case "commonplace/feed":
                return await self._feed(params.get("vault"))
            case "commonplace/changes":
                return await self._changes(params.get("vault"))
            case "commonplace/editor" | "commonplace/opened" | "commonplace/closed":
                return await self._editing.call(method.removeprefix("commonplace/"), params)
            case _ if method.startswith("commonplace/"):
                name = method.removeprefix("commonplace/")
                await self._see_vault(params.get("vault", params.get("cwd")))
                return dict(await call_extension(self._as_seen, self._grant, name, params))
            case _:
                raise RequestError.method_not_found(f"_{method}")

    def deliver(self, numbered: Numbered) -> None:
        """Send an update of a session."""
        self._outbox.deliver(numbered)

    def ask(self, question: Question) -> None:
        """Ask the user, unless somebody else has answered meanwhile."""
        asking = asyncio.create_task(self._ask(question))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        question.outcome.add_done_callback(lambda _: asking.cancel())

    def told(self, told: Told) -> None:
        """Send what the vault's feed tells."""
        self._outbox.post(told.message())

    def _tell_progress(self, done: int, total: int) -> None:
        self._outbox.post(progress_message(done, total))

    def leave(self) -> None:
        """The client has gone; its turns go on."""
        for asking in self._asking:
            asking.cancel()
        self._editing.leave()
        self._services.feed.unsubscribe(self.told)
        for session in tuple(self._followed.values()):
            self._unfollow(session)

    async def _see(self, session: Session) -> None:
        """Look at what the client's filters name in the session's vault, if that is there."""
        self._filters.renew()
        with suppress(RequestError):
            await self._filters.seen(await self._open_vault(session.record.vault), session.record.id)

    async def _see_vault(self, named: object) -> None:
        """The same, of a vault that a method is about."""
        self._filters.renew()
        with suppress(RequestError):
            if isinstance(named, str):
                await self._filters.seen(await self._open_vault(named))

    async def _replay(self, session_id: str, after: int) -> dict[str, Any]:
        session = self._session(session_id)
        await self._see(session)
        self._follow(session, after)
        await self._outbox.caught_up(session_id)
        return {"seq": session.seq, "running": session.is_running}

    async def _look(self, params: dict[str, Any]) -> dict[str, Any]:
        vault = params.get("vault")
        if not isinstance(vault, str):
            invalid("vault must be a vault's folder or name.")
        opened = await self._filters.seen(await self._open_vault(vault))
        return await look(opened.memory, params)

    async def _feed(self, vault: object) -> dict[str, Any]:
        if not isinstance(vault, str):
            invalid("vault must be a vault's folder or name.")
        if self._grant.scope is not Scope.FULL:
            raise RequestError(OUT_OF_SCOPE, "The feed tells of every client's turns; it takes the daemon's own token.")
        opened = await self._filters.seen(await self._open_vault(vault))
        self._services.feed.subscribe(opened.root, self.told)
        return {"vault": str(opened.root)}

    async def _changes(self, vault: object) -> dict[str, Any]:
        if not isinstance(vault, str):
            invalid("vault must be a vault's folder or name.")
        opened = await self._filters.seen(await self._open_vault(vault))
        self._services.feed.subscribe_to_changes(opened.root, self.told)
        return {"vault": str(opened.root)}

    async def _ask(self, question: Question) -> None:
        """A client that cannot ask leaves the question to another; one that goes is asked when it is back."""
        await self._outbox.caught_up(question.session)
        try:
            answer = await self._request("session/request_permission", question.params())
        except (RequestError, ConnectionError):
            return
        question.answer(chosen(answer))

    async def _request(self, method: str, params: Mapping[str, Any]) -> object:
        """Ask the client for something; one that goes raises ConnectionError."""
        return await cast("Connection", self._connection).send_request(method, params)

    def _check_filters_known(self) -> None:
        """A rule that the user has just put and mistyped must not be told past; they see the mistake in their own."""
        self._services.config.current()
        if self._grant.scope is not Scope.FULL and self._services.config.problem is not None:
            raise RequestError(
                FILTERS_UNKNOWN,
                "The user's settings cannot be read now, so nobody knows which filters hold, and nothing is told until "
                "they are mended. The user may type: commonplace doctor",
            )

    async def _open_vault(self, named: str) -> OpenVault:
        self._check_filters_known()
        try:
            return vault_for(self._grant, await asyncio.to_thread(self._services.vaults.open, named))
        except (VaultUnknown, VaultError, ConfigError) as error:
            raise RequestError(INVALID_PARAMS, str(error)) from None

    def _announce(self, session_id: str) -> None:
        """Tell which commands the session has."""
        self._outbox.post(announcement(session_id))

    def _follow(self, session: Session, after: int) -> None:
        self._followed[session.record.id] = session
        if not self._filters.idle:
            before = self._services.sessions.text_before(session.record.id, after)
            self._filters.begin_after(session.record.id, before)
        self._outbox.follow(session.record.id, after)
        session.follow(self)

    def _unfollow(self, session: Session) -> None:
        self._followed.pop(session.record.id, None)
        session.unfollow(self)
        self._outbox.unfollow(session.record.id)
        self._services.sessions.release(session)

    def _reaches(self, session_id: str) -> bool:
        return self._services.begun.reaches(self._grant, session_id)

    def _session(self, session_id: str) -> Session:
        self._check_filters_known()
        session = self._services.sessions.get(session_id) if self._reaches(session_id) else None
        if session is None:
            invalid(f"There is no session {session_id!r}; begin one with session/new.")
        return session


async def serve_client(line: Line, services: Services) -> None:
    """Speak with one client until it has gone or was hung up on."""
    filters = ClientFilters(services.config.current, line.grant, services.looks)
    outbox = Outbox(line, services.sessions.read, filters)
    client = ClientConnection(outbox, services, line.grant, filters)
    agent = cast("Agent", client)
    router = build_agent_router(agent, use_unstable_protocol=True)
    router.route_request("session/delete", DeleteSessionRequest, agent, "delete_session", adapt_result=normalize_result)
    connection = Connection(answering(router), WebSocketTransport(line, outbox), listening=False)
    client.connected(connection)
    try:
        await connection.main_loop()
    finally:
        await connection.close()
        client.leave()


def _meta(session: Session) -> dict[str, Any]:
    return {"commonplace": {"seq": session.seq, "running": session.is_running}}
