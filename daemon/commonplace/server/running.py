"""A turn of a session while it runs: its events become updates, its writes wait for leave, its end is stored."""

import asyncio
import logging
import time
import traceback
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from commonplace.agent.events import CodeFinished, NoteChanged, Notice, ReplyDelta, StopReason, TurnEnded
from commonplace.agent.metrics import Metrics
from commonplace.agent.turn import Turn
from commonplace.models.base import Message
from commonplace.models.elsewhere import AWAY
from commonplace.server.engine import Engine
from commonplace.server.log import LogFailed, Statement
from commonplace.server.numbered import Update
from commonplace.server.permission import READ_ONLY, REJECTED, Question
from commonplace.server.protocol import Translator
from commonplace.server.records import SessionRecord, TurnRecord, begin_turn, end_turn, keep_session
from commonplace.server.recovery import interrupted
from commonplace.server.vaults import OpenVault
from commonplace.vault.journal import Origin
from commonplace.vault.notes import Change

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """A user's prompt."""

    question: str
    filters: Sequence[str] = ()
    prompt_id: str | None = None
    """The client's own name for it: the same one is never run twice."""
    told_host: str | None = None
    """The other machine of which the client was told that the model runs there."""


class TurnsSession(Protocol):
    """What a turn needs of its session."""

    record: SessionRecord

    def publish(self, update: Update) -> None:
        """Number an update, store it, then tell it.

        Raises:
            LogFailed: something earlier could not be stored.

        """
        ...

    async def publish_durably(self, updates: Sequence[Update], statements: Sequence[Statement] = ()) -> None:
        """Number updates, store them for good together with the statements, then tell them.

        Raises:
            LogFailed.

        """
        ...

    def ask(self, question: Question) -> None:
        """Put a question to every client that follows."""
        ...

    def now(self) -> float:
        """Seconds since 1970."""
        ...


class RunningTurn:
    """A turn under way."""

    def __init__(
        self,
        session: TurnsSession,
        record: TurnRecord,
        asked: Asked,
        vault: OpenVault,
        history: Sequence[Message],
        engine: Engine,
    ) -> None:
        self.record = record
        self.question: Question | None = None
        """What it waits for the user to decide."""
        self._session = session
        self._asked = asked
        self._root = vault.root
        self._translator = Translator(record.name, vault.root)
        self._moved_to = engine.host if engine.host != asked.told_host else None
        self._reply: list[str] = []
        self._all_allowed = False
        self._wrote = False
        self._stopped: StopReason | None = None
        self._listening: asyncio.Task[TurnEnded] | None = None
        self._turn = Turn(
            model=engine.model,
            sandbox=engine.sandbox,
            memory=vault.memory,
            history=_said_before(history, vault),
            question=asked.question,
            filters=asked.filters,
            system_prompt=engine.system_prompt,
            searches=engine.searches,
            limits=engine.limits,
            origin=Origin(record.session, record.name, asked.question),
            permit=self._permit,
        )

    @property
    def prompt_id(self) -> str | None:
        """The client's own name for its prompt."""
        return self._asked.prompt_id

    async def run(self) -> TurnEnded:
        """Run to the end, which is stored and told. Never raises; ``stop`` ends it early."""
        began = time.monotonic()
        try:
            asked = self._translator.asked(self._asked.question, self._asked.prompt_id)
            beginning = [keep_session(self._session.record), begin_turn(self.record, self._asked.prompt_id)]
            await self._session.publish_durably([asked], beginning)
            if self._moved_to is not None:
                self._session.publish(self._translator.update(Notice(AWAY.format(self._moved_to))))
            self._listening = asyncio.create_task(self._listen())
            if self._stopped is not None:
                self._listening.cancel()
            await asyncio.wait((self._listening,))
            ended = self._listening.result()
        except asyncio.CancelledError:
            reply = "".join(self._reply)
            changed = self._turn.changed
            ended = interrupted(reply, changed) if self._stopped == "interrupted" else TurnEnded("cancelled", reply)
        except LogFailed as error:
            ended = TurnEnded("failed", "".join(self._reply), str(error))
        except Exception as error:
            logger.error("turn %s failed: %s at %s", self.record.name, type(error).__name__, _place(error))
            ended = TurnEnded("failed", "".join(self._reply), _UNEXPECTED, _REPORT)
        await self._finish(ended)
        milliseconds = (time.monotonic() - began) * 1000
        logger.info("turn %s ended: %s after %.0f ms", self.record.name, ended.reason, milliseconds)
        return ended

    def stop(self, reason: StopReason) -> None:
        """End it now; ``run`` then comes to its end with that reason."""
        self._stopped = self._stopped or reason
        if self._listening is not None:
            self._listening.cancel()

    async def _listen(self) -> TurnEnded:
        async with aclosing(self._turn.events()) as events:
            async for event in events:
                if isinstance(event, TurnEnded):
                    return event
                if isinstance(event, ReplyDelta):
                    self._reply.append(event.text)
                if isinstance(event, CodeFinished):
                    self._log_cost(f"step {event.step}", event.metrics)
                self._wrote = self._wrote or isinstance(event, NoteChanged)
                update = self._translator.update(event)
                if self._wrote and isinstance(event, CodeFinished):
                    self._wrote = False
                    await self._publish_durably(update)
                else:
                    self._session.publish(update)
        raise AssertionError("a turn's last event is its end")

    async def _permit(self, change: Change) -> str | None:
        """Leave to make a change, as the session's mode has it now."""
        mode = self._session.record.mode
        if mode == "read-only":
            return READ_ONLY
        if mode == "auto" or self._all_allowed:
            return None
        self.question = question = Question(self.record.session, self._translator.call, self._root, change)
        await self._publish_durably(self._translator.permission(question))
        self._session.ask(question)
        outcome = await question.outcome
        self.question = None
        await self._publish_durably(self._translator.permission(question, outcome))
        self._all_allowed = outcome == "allow_turn"
        return REJECTED.format(question.path) if outcome == "reject" else None

    def _log_cost(self, what: str, metrics: Metrics | None) -> None:
        if metrics is not None:
            known = ", ".join(f"{name} {value:.6g}" for name, value in asdict(metrics).items() if value is not None)
            logger.info("turn %s, %s: %s", self.record.name, what, known)

    async def _publish_durably(self, update: Update) -> None:
        """Publish whatever happens to the turn meanwhile: what is numbered is told."""
        await asyncio.shield(asyncio.ensure_future(self._session.publish_durably([update])))

    async def _finish(self, ended: TurnEnded) -> None:
        session, translator = self._session, self._translator
        updates = [translator.update(event) for event in self._turn.leftover()]
        if self.question is not None:
            updates.insert(0, translator.permission(self.question, "cancelled"))
            self.question = None
        session.record = replace(session.record, updated=session.now())
        metrics = self._turn.metrics
        self._log_cost("its last output", metrics)
        info = {"title": session.record.title, "updatedAt": session.record.updated_at}
        updates.append(translator.ended(ended, metrics, **info))
        ending = [
            keep_session(session.record),
            end_turn(self.record.session, self.record.number, ended, self._turn.messages),
        ]
        try:
            await session.publish_durably(updates, ending)
        except LogFailed:
            logger.error("the end of turn %s could not be stored", self.record.name)


_UNEXPECTED = "Something went wrong inside the daemon; no note was left half-written."
_REPORT = "Ask again; if it repeats, report it with the log."


def _said_before(history: Sequence[Message], vault: OpenVault) -> Sequence[Message]:
    """What was said in the session before, as far as the turn may know it."""
    lens = vault.memory.lens
    return history if lens is None else [Message(one.role, lens.said(one.content)) for one in history]


def _place(error: Exception) -> str:
    """Where it was raised. The message stays out of the log: it may hold text of a note."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "an unknown place"
