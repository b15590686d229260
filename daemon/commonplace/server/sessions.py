"""Conversations: what each said is numbered, stored and told to those who follow; one turn runs at a time."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from commonplace.agent.events import StopReason, TurnEnded
from commonplace.server.commands import engine_for
from commonplace.server.engine import Engine, Engines
from commonplace.server.feed import Feed
from commonplace.server.log import EventLog, Statement
from commonplace.server.numbered import Numbered, Update
from commonplace.server.permission import Question
from commonplace.server.records import Records, SessionRecord, TurnRecord, keep_session
from commonplace.server.running import Asked, RunningTurn
from commonplace.server.vaults import OpenVault
from commonplace.settings import Mode

logger = logging.getLogger(__name__)

LONGEST_TITLE = 60


class SessionBusy(Exception):
    """A turn runs in the session already."""


class Follower(Protocol):
    """A client that follows a session; neither method may block."""

    def deliver(self, numbered: Numbered) -> None:
        """Take an update."""
        ...

    def ask(self, question: Question) -> None:
        """Put a question to the user."""
        ...


@dataclass(frozen=True, slots=True)
class Shared:
    """What all sessions share."""

    engines: Engines
    log: EventLog
    records: Records
    feed: Feed


class Session:
    """One conversation with one vault."""

    def __init__(self, record: SessionRecord, shared: Shared, idle: "Callable[[Session], None]") -> None:
        self.record = record
        self._shared = shared
        self._idle = idle
        self._seq = shared.log.last_seq(record.id)
        self._followers: set[Follower] = set()
        self._sender: Follower | None = None
        self._turn: RunningTurn | None = None
        self._running: asyncio.Task[TurnEnded] | None = None
        self._in_order = asyncio.Lock()
        self._held_from: int | None = None
        self._held: list[Numbered] = []

    @property
    def seq(self) -> int:
        """The number of the last update."""
        return self._seq

    @property
    def running_turn(self) -> str | None:
        """The name of the turn under way."""
        return None if self._turn is None else self._turn.record.name

    @property
    def is_running(self) -> bool:
        """Whether a turn is under way."""
        return self._running is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the turn under way waits for the user's leave."""
        return self._turn is not None and self._turn.question is not None

    @property
    def is_followed(self) -> bool:
        """Whether a client follows."""
        return bool(self._followers)

    def follow(self, follower: Follower) -> None:
        """Tell the follower every later update, and ask it what waits to be decided."""
        self._followers.add(follower)
        if self._turn is not None and self._turn.question is not None:
            follower.ask(self._turn.question)

    def unfollow(self, follower: Follower) -> None:
        """Tell it no more."""
        self._followers.discard(follower)

    def check_free(self, asked: Asked) -> None:
        """Refuse a prompt that cannot run now.

        Raises:
            SessionBusy: another turn runs.

        """
        if self._running is not None and self._known(asked.prompt_id) is None:
            raise SessionBusy

    async def prompt(self, asked: Asked, vault: OpenVault, sender: Follower | None = None) -> TurnEnded:
        """Run a turn to its end. It goes on when the caller is cancelled, since its client may have gone.

        A prompt whose id the session knows is not run again: its turn is waited for, or its end told again.

        Args:
            asked: the prompt.
            vault: the session's vault.
            sender: who sent it, and so is not told it.

        Raises:
            SessionBusy: another turn runs.

        """
        known = self._known(asked.prompt_id)
        if known is not None:
            return await known
        self.check_free(asked)
        records = self._shared.records
        number = records.turns(self.record.id) + 1
        title = self.record.title or " ".join(asked.question.split())[:LONGEST_TITLE]
        self.record = replace(self.record, title=title, updated=records.now())
        turn = TurnRecord(self.record.id, number, self._seq + 1, asked.question, None)
        history = records.history(self.record.id)
        self._sender = sender
        engine = self._shared.engines.take()
        answering = engine_for(asked.question, history, engine)
        self._turn = RunningTurn(self, turn, asked, vault, history, answering)
        self._running = asyncio.create_task(self._run(self._turn, engine))
        return await asyncio.shield(self._running)

    async def stop(self, reason: StopReason) -> None:
        """End the running turn, if there is one, and wait until it has ended."""
        running = self._running
        if running is not None and self._turn is not None:
            self._turn.stop(reason)
            await asyncio.wait((running,))

    async def set_mode(self, mode: Mode) -> None:
        """Change the mode; a question that was put stays open.

        Raises:
            LogFailed.

        """
        self.record = replace(self.record, mode=mode)
        changed = Update({"sessionUpdate": "current_mode_update", "currentModeId": mode}, {})
        await self.publish_durably([changed], [keep_session(self.record)])

    async def rename(self, title: str) -> None:
        """Change the title.

        Raises:
            LogFailed.

        """
        self.record = replace(self.record, title=title)
        changed = Update({"sessionUpdate": "session_info_update", "title": title}, {})
        await self.publish_durably([changed], [keep_session(self.record)])

    def publish(self, update: Update) -> None:
        """Number an update, store it, then tell it.

        Raises:
            LogFailed: something earlier could not be stored.

        """
        self._shared.log.check(self.record.id)
        self._shared.log.append(self._numbered(update), self._stored)

    async def publish_durably(self, updates: Sequence[Update], statements: Sequence[Statement] = ()) -> None:
        """Number updates, store them for good together with the statements, then tell them.

        Raises:
            LogFailed: they could not be stored; they are told all the same.

        """
        log = self._shared.log
        async with self._in_order:
            numbered = [self._numbered(update) for update in updates]
            self._held_from = numbered[0].seq
            for one in numbered:
                log.append(one, statements=statements if one is numbered[-1] else ())
            try:
                await log.sync()
                log.check(self.record.id)
            finally:
                held, self._held, self._held_from = self._held, [], None
                for one in (*numbered, *held):
                    self._tell(one)

    def ask(self, question: Question) -> None:
        """Put a question to every client that follows."""
        for follower in tuple(self._followers):
            follower.ask(question)

    def now(self) -> float:
        """Seconds since 1970."""
        return self._shared.records.now()

    def _known(self, prompt_id: str | None) -> "asyncio.Future[TurnEnded] | None":
        """The end, now or later, of the turn that a prompt of this id began."""
        if prompt_id is None:
            return None
        if self._turn is not None and self._running is not None and self._turn.prompt_id == prompt_id:
            return asyncio.shield(self._running)
        turn = self._shared.records.turn_asked(self.record.id, prompt_id)
        if turn is None:
            return None
        ended: asyncio.Future[TurnEnded] = asyncio.get_running_loop().create_future()
        ended.set_result(turn.ended or TurnEnded("interrupted", ""))
        return ended

    async def _run(self, turn: RunningTurn, engine: Engine) -> TurnEnded:
        try:
            return await turn.run()
        finally:
            self._turn = self._running = None
            self._idle(self)
            await self._shared.engines.release(engine)

    def _numbered(self, update: Update) -> Numbered:
        self._seq += 1
        return Numbered(self.record.id, self._seq, update)

    def _stored(self, numbered: Numbered) -> None:
        """Tell an update, unless one before it still waits for the disk."""
        if self._held_from is not None and numbered.seq > self._held_from:
            self._held.append(numbered)
        else:
            self._tell(numbered)

    def _tell(self, numbered: Numbered) -> None:
        is_prompt = numbered.update.update["sessionUpdate"] == "user_message_chunk"
        for follower in tuple(self._followers):
            if not (is_prompt and follower is self._sender):
                follower.deliver(numbered)
        self._shared.feed.tell(self.record.vault, numbered)


class Sessions:
    """The sessions of the daemon. One is held in memory while it is followed or runs; the log has all."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._sessions: dict[str, Session] = {}

    def create(self, vault: OpenVault, mode: Mode) -> Session:
        """Begin a session on a vault; it is listed from its first prompt on."""
        record = SessionRecord(secrets.token_hex(8), str(vault.root), "", mode, self._shared.records.now())
        session = self._sessions[record.id] = Session(record, self._shared, self.release)
        self._shared.records.add(record)
        logger.info("session %s began", record.id)
        return session

    def get(self, session_id: str) -> Session | None:
        """The session of that id, from memory or from the log."""
        if session_id not in self._sessions:
            record = self._shared.records.session(session_id)
            if record is None:
                return None
            self._sessions[session_id] = Session(record, self._shared, self.release)
        return self._sessions[session_id]

    def page(self, vault: str | None, before: tuple[float, str] | None) -> list[SessionRecord]:
        """The next sessions that are kept, the latest first."""
        return self._shared.records.sessions(vault, before)

    def read(self, session_id: str, after: int) -> list[Numbered]:
        """The next updates of a session after a number; none when there are no more."""
        return self._shared.log.read(session_id, after)

    def text_before(self, session_id: str, after: int) -> Numbered | None:
        """The part, up to that number, of the text in whose middle it lies; None where it lies in none."""
        at, before = 0, None
        while at < after and (page := self._shared.log.read(session_id, at)):
            before = next((one for one in page if one.first <= after <= one.seq), before)
            at = page[-1].seq
        if before is None or before.update.stream is None:
            return None
        rest = before.after(after)
        told = before.update.text.removesuffix(rest.update.text) if rest else before.update.text
        return replace(before, update=replace(before.update, text=told))

    def release(self, session: Session) -> None:
        """Hold it in memory no longer than needed."""
        if not session.is_followed and not session.is_running:
            self._sessions.pop(session.record.id, None)

    async def delete(self, session: Session) -> None:
        """End its turn and drop all that it said."""
        await session.stop("cancelled")
        self._sessions.pop(session.record.id, None)
        self._shared.log.forget(session.record.id)
        self._shared.records.delete(session.record.id)
        logger.info("session %s was deleted", session.record.id)

    @property
    def under_way(self) -> list[Session]:
        """The sessions in which a turn is under way."""
        return [session for session in self._sessions.values() if session.is_running]

    @property
    def running(self) -> list[str]:
        """Their ids."""
        return [session.record.id for session in self.under_way]

    @property
    def working(self) -> bool:
        """Whether a turn is under way that does not wait for the user's leave."""
        return any(not session.is_waiting for session in self.under_way)

    def is_running_turn(self, turn: str) -> bool:
        """Whether the turn of that name is under way."""
        return any(session.running_turn == turn for session in self._sessions.values())

    async def end_all(self) -> None:
        """End every turn, since the daemon ends."""
        await asyncio.gather(*(session.stop("interrupted") for session in tuple(self._sessions.values())))
