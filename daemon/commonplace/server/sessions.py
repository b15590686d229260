"""Conversations: their history, their numbered updates, and the one turn that runs in each."""

import asyncio
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from commonplace.agent.events import Event, ReplyDelta, TurnEnded
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.base import Message, Model
from commonplace.server.protocol import Translator, Update
from commonplace.server.vaults import OpenVault
from commonplace.vault.journal import Origin

logger = logging.getLogger(__name__)


class SessionBusy(Exception):
    """A turn runs in the session already."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An update with its place in the session, counted from 1."""

    session: str
    seq: int
    update: Update

    def params(self) -> Mapping[str, Any]:
        """The parameters of the ``session/update`` notification."""
        meta = {"seq": self.seq, **self.update.meta}
        return {"sessionId": self.session, "update": self.update.update, "_meta": {"commonplace": meta}}


Subscriber = Callable[[Numbered], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """What every turn needs, whatever the session."""

    model: Model
    sandbox: Sandbox
    system_prompt: str | None = None


class Session:
    """One conversation with one vault."""

    def __init__(self, vault: OpenVault, engine: Engine) -> None:
        self.id = secrets.token_hex(8)
        self.vault = vault
        self._engine = engine
        self._history: list[Message] = []
        self._seq = 0
        self._turns = 0
        self._running: asyncio.Task[TurnEnded] | None = None
        self._subscribers: set[Subscriber] = set()

    @property
    def is_running(self) -> bool:
        """Whether a turn is under way."""
        return self._running is not None

    def subscribe(self, subscriber: Subscriber) -> None:
        """Send every later update to the subscriber, which must not block."""
        self._subscribers.add(subscriber)

    def unsubscribe(self, subscriber: Subscriber) -> None:
        """Send it no more."""
        self._subscribers.discard(subscriber)

    async def prompt(self, question: str, filters: Sequence[str] = ()) -> TurnEnded:
        """Run a turn to its end. It goes on when the caller is cancelled, since its client may have gone.

        Raises:
            SessionBusy: another turn runs.

        """
        if self._running is not None:
            raise SessionBusy
        self._turns += 1
        name = f"{self.id}-{self._turns}"
        turn = Turn(
            model=self._engine.model,
            sandbox=self._engine.sandbox,
            memory=self.vault.memory,
            history=self._history,
            question=question,
            filters=filters,
            system_prompt=self._engine.system_prompt,
            origin=Origin(self.id, name, question),
        )
        self._running = asyncio.create_task(self._run(turn, name))
        return await asyncio.shield(self._running)

    async def cancel(self) -> None:
        """End the running turn, if there is one, and wait until it has ended."""
        running = self._running
        if running is not None:
            running.cancel()
            await asyncio.wait([running])

    async def _run(self, turn: Turn, name: str) -> TurnEnded:
        translator = Translator(name, self.vault.root)
        began = time.monotonic()
        ended = TurnEnded("failed", "")
        reply: list[str] = []

        def publish(event: Event) -> None:
            if isinstance(event, ReplyDelta):
                reply.append(event.text)
            self._publish(translator.update(event))

        try:
            async with aclosing(turn.events()) as events:
                async for event in events:
                    if isinstance(event, TurnEnded):
                        ended = event
                    else:
                        publish(event)
        except asyncio.CancelledError:
            ended = TurnEnded("cancelled", "".join(reply))
        except Exception as error:
            logger.error("turn %s failed: %s at %s", name, type(error).__name__, _place(error))
            ended = TurnEnded(
                "failed", "".join(reply), _UNEXPECTED, "Ask again; if it repeats, report it with the log."
            )
        for event in (*turn.leftover(), ended):
            publish(event)
        self._history += turn.messages
        self._running = None
        logger.info("turn %s ended: %s after %.0f ms", name, ended.reason, (time.monotonic() - began) * 1000)
        return ended

    def _publish(self, update: Update) -> None:
        self._seq += 1
        numbered = Numbered(self.id, self._seq, update)
        for subscriber in tuple(self._subscribers):
            subscriber(numbered)


class Sessions:
    """The sessions of the daemon, by id."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sessions: dict[str, Session] = {}

    def create(self, vault: OpenVault) -> Session:
        """Begin a session on a vault."""
        session = Session(vault, self._engine)
        self._sessions[session.id] = session
        logger.info("session %s began", session.id)
        return session

    def get(self, session_id: str) -> Session | None:
        """The session of that id."""
        return self._sessions.get(session_id)

    @property
    def any_running(self) -> bool:
        """Whether a turn is under way anywhere."""
        return any(session.is_running for session in self._sessions.values())

    async def cancel_all(self) -> None:
        """End every turn."""
        await asyncio.gather(*(session.cancel() for session in self._sessions.values()))


_UNEXPECTED = "Something went wrong inside the daemon; no note was left half-written."


def _place(error: Exception) -> str:
    """Where it was raised. The message stays out of the log: it may hold text of a note."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
