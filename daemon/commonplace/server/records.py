"""What is known of sessions and turns besides what they said."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from commonplace.agent.events import TurnEnded
from commonplace.models.base import Message
from commonplace.server.log import Statement
from commonplace.server.store import Store
from commonplace.settings import Mode

LONGEST_HISTORY = 100_000
"""Characters of earlier turns that the model sees again, the newest first."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A session as it is listed."""

    id: str
    vault: str
    """The path of its vault's folder."""
    title: str
    mode: Mode
    updated: float
    """Seconds since 1970, of its last change."""

    @property
    def updated_at(self) -> str:
        """The same as the protocol writes it (ISO 8601)."""
        return datetime.fromtimestamp(self.updated, UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A turn, and how it ended if it has."""

    session: str
    number: int
    first: int
    """The number of its first update."""
    question: str
    ended: TurnEnded | None

    @property
    def name(self) -> str:
        """Its name in the journal and in ``_meta``."""
        return turn_name(self.session, self.number)


def turn_name(session: str, number: int) -> str:
    """The name of a session's turn."""
    return f"{session}-{number}"


class Records:
    """Reads the records, and makes the statements that write them beside an update."""

    def __init__(self, store: Store) -> None:
        self._connection = store.connection
        self._latest = self._connection.execute("SELECT coalesce(max(updated), 0) FROM session").fetchone()[0]

    def now(self) -> float:
        """Seconds since 1970, later than any time that is kept: a clock that jumps back puts nothing out of order."""
        self._latest = max(time.time(), self._latest + 0.001)
        return self._latest

    def session(self, session: str) -> SessionRecord | None:
        """The session of that id."""
        row = self._connection.execute(f"{_SESSIONS} WHERE id = ?", (session,)).fetchone()
        return SessionRecord(*row) if row else None

    def sessions(self, vault: str | None, before: tuple[float, str] | None) -> list[SessionRecord]:
        """The next page of sessions that were asked something, the latest first."""
        updated, session = before or (float("inf"), "")
        asked = "title != '' AND (updated, id) < (?, ?) AND vault = coalesce(?, vault)"
        query = f"{_SESSIONS} WHERE {asked} ORDER BY updated DESC, id DESC LIMIT ?"
        rows = self._connection.execute(query, (updated, session, vault, PAGE))
        return [SessionRecord(*row) for row in rows]

    def turns(self, session: str) -> int:
        """How many turns the session has had."""
        query = "SELECT coalesce(max(number), 0) FROM turn WHERE session = ?"
        return self._connection.execute(query, (session,)).fetchone()[0]

    def turn_asked(self, session: str, prompt_id: str) -> TurnRecord | None:
        """The turn that a client's prompt of that id began."""
        query = f"{_TURNS} WHERE session = ? AND prompt_id = ?"
        row = self._connection.execute(query, (session, prompt_id)).fetchone()
        return _turn(*row) if row else None

    def open_turns(self) -> list[TurnRecord]:
        """The turns that have not ended."""
        return [_turn(*row) for row in self._connection.execute(f"{_TURNS} WHERE ended IS NULL")]

    def history(self, session: str) -> list[Message]:
        """What earlier turns said, for the model: whole turns, the latest that fit."""
        query = "SELECT messages FROM turn WHERE session = ? AND messages IS NOT NULL ORDER BY number DESC"
        turns: list[list[Message]] = []
        size = 0
        for (stored,) in self._connection.execute(query, (session,)):
            size += len(stored)
            if size > LONGEST_HISTORY and turns:
                break
            turns.append([Message(**message) for message in json.loads(stored)])
        return [message for turn in reversed(turns) for message in turn]

    def add(self, record: SessionRecord) -> None:
        """Keep a session."""
        self._connection.execute(*keep_session(record))

    def delete(self, session: str) -> None:
        """Drop a session with all that it said."""
        for statement in deletion(session):
            self._connection.execute(*statement)


def keep_session(record: SessionRecord) -> Statement:
    """Write a session's record."""
    return (
        "INSERT OR REPLACE INTO session (id, vault, title, mode, updated) VALUES (?, ?, ?, ?, ?)",
        (record.id, record.vault, record.title, record.mode, record.updated),
    )


def begin_turn(turn: TurnRecord, prompt_id: str | None) -> Statement:
    """Write that a turn has begun."""
    row = (turn.session, turn.number, turn.first, turn.question, prompt_id)
    return "INSERT INTO turn (session, number, first, question, prompt_id) VALUES (?, ?, ?, ?, ?)", row


def end_turn(session: str, number: int, ended: TurnEnded, messages: Sequence[Message]) -> Statement:
    """Write how a turn ended, and what the model is to know of it."""
    said = json.dumps([asdict(message) for message in messages])
    return (
        "UPDATE turn SET ended = ?, messages = ? WHERE session = ? AND number = ?",
        (json.dumps(asdict(ended)), said, session, number),
    )


def deletion(session: str) -> Iterator[Statement]:
    """What drops a session with all that it said."""
    yield "DELETE FROM event WHERE session = ?", (session,)
    yield "DELETE FROM turn WHERE session = ?", (session,)
    yield "DELETE FROM session WHERE id = ?", (session,)


_SESSIONS = "SELECT id, vault, title, mode, updated FROM session"
_TURNS = "SELECT session, number, first, question, ended FROM turn"


def _turn(session: str, number: int, first: int, question: str, ended: str | None) -> TurnRecord:
    told: Mapping[str, Any] | None = json.loads(ended) if ended else None
    return TurnRecord(session, number, first, question, TurnEnded(**told) if told else None)
