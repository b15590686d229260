"""The one way out to a client: bounded, in order, and no faster than the client reads."""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from commonplace.server.filtering import ClientFilters
from commonplace.server.line import Line
from commonplace.server.numbered import Numbered, Run, join

logger = logging.getLogger(__name__)

Json = Mapping[str, Any]
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
MOST_UPDATES = 256
"""Updates that wait for a client; what comes after them is read from the log when it has read these."""
MOST_MESSAGES = 50_000
"""Answers and other messages that wait; a client that reads none of so many is hung up on."""
LARGEST_BATCH = 500_000
"""Characters of the updates that leave as one message; the last may go beyond it."""


class Outbox:
    """Everything that leaves for one client.

    A client that reads slowly gets consecutive text deltas as one. One that falls further behind is told the
    rest from the log, so that it misses nothing, costs little memory and slows nobody. One that takes batches gets
    the updates that wait together as one message.
    """

    def __init__(self, line: Line, read: Callable[[str, int], Sequence[Numbered]], filters: ClientFilters) -> None:
        """Begin to send.

        Args:
            line: to the client.
            filters: what of a message may leave for the client.
            read: gives the updates of a session after a number; none when there are no more.

        """
        self._line = line
        self._read = read
        self._filters = filters
        self._takes_batches = False
        self._waiting: deque[Json | Run] = deque()
        self._updates = 0
        self._growing: dict[str, Run] = {}
        self._told: dict[str, int] = {}
        self._behind: dict[str, asyncio.Future[None]] = {}
        self._wake = asyncio.Event()
        self._idle = asyncio.Event()
        self._sender = asyncio.create_task(self._send_all())

    def take_batches(self) -> None:
        """Send updates that wait together as one ``_commonplace/updates``."""
        self._takes_batches = True

    def post(self, message: Json) -> None:
        """Send a message behind those that wait; never blocks."""
        self._waiting.append(message)
        self._idle.clear()
        self._wake.set()
        if len(self._waiting) - self._updates == MOST_MESSAGES:
            logger.warning("a client reads none of %d messages: hung up", MOST_MESSAGES)
            self._sender.cancel()

    def deliver(self, numbered: Numbered) -> None:
        """Send an update of a session that is followed; one that it has been told already is left out."""
        session = numbered.session
        if session not in self._told or session in self._behind or numbered.seq <= self._told[session]:
            return
        growing = self._growing.get(session)
        if growing is not None and growing.take(numbered):
            pass
        elif self._updates >= MOST_UPDATES:
            self._behind[session] = asyncio.get_running_loop().create_future()
            return
        else:
            self._queue(numbered)
        self._told[session] = numbered.seq

    def follow(self, session: str, after: int) -> None:
        """Send the session's updates after that number, from the log and then as they come."""
        self.unfollow(session)
        self._told[session] = after
        self._behind[session] = asyncio.get_running_loop().create_future()
        self._wake.set()

    def unfollow(self, session: str) -> None:
        """Send no more of the session."""
        self._told.pop(session, None)
        self._growing.pop(session, None)
        if (behind := self._behind.pop(session, None)) and not behind.done():
            behind.set_result(None)
        kept = [entry for entry in self._waiting if not isinstance(entry, Run) or entry.session != session]
        self._waiting = deque(kept)
        self._updates = sum(isinstance(entry, Run) for entry in kept)

    async def caught_up(self, session: str) -> None:
        """Wait until what the session has said is on its way; what is posted then comes behind it."""
        while (behind := self._behind.get(session)) is not None:
            await asyncio.shield(behind)

    async def close(self) -> None:
        """Send what waits, for a second at most, then say goodbye."""
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._idle.wait(), 1.0)
        self._sender.cancel()
        await asyncio.wait((self._sender,))
        for session in list(self._behind):
            self.unfollow(session)

    def _queue(self, numbered: Numbered) -> None:
        run = Run(numbered)
        self._waiting.append(run)
        self._updates += 1
        self._growing[numbered.session] = run
        self._idle.clear()
        self._wake.set()

    def _catch_up(self) -> bool:
        """Read more of a session that is behind; whether there was one."""
        for session, behind in self._behind.items():
            page = self._read(session, self._told[session])
            for numbered in page:
                self._queue(numbered)
                self._told[session] = numbered.seq
            if not page:
                del self._behind[session]
                behind.set_result(None)
            return True
        return False

    async def _send_all(self) -> None:
        try:
            while True:
                while not self._waiting:
                    if self._catch_up():
                        await asyncio.sleep(0)
                        continue
                    self._wake.clear()
                    self._idle.set()
                    await self._wake.wait()
                self._idle.clear()
                for text in self._next():
                    await self._line.send(text)
        except (ConnectionError, RuntimeError):
            self._waiting.clear()
        finally:
            self._idle.set()
            await self._line.close()

    def _next(self) -> Iterator[str]:
        """What leaves next, as it leaves."""
        entry = self._waiting.popleft()
        if not isinstance(entry, Run):
            yield _encoded(self._filters.message(entry))
        elif self._takes_batches:
            yield from self._batch(entry)
        else:
            for message in self._filters.update(self._taken(entry)):
                yield _encoded(message)

    def _batch(self, run: Run) -> Iterator[str]:
        """The run, and what waits behind it."""
        updates = [_encoded(message["params"]) for message in self._filters.update(self._taken(run))]
        size = sum(map(len, updates))
        while size < LARGEST_BATCH and self._waiting and isinstance(following := self._waiting[0], Run):
            self._waiting.popleft()
            for message in self._filters.update(self._taken(following)):
                updates.append(_encoded(message["params"]))
                size += len(updates[-1])
        if updates:
            yield f'{{"jsonrpc":"2.0","method":"_commonplace/updates","params":{{"updates":[{",".join(updates)}]}}}}'

    def _taken(self, run: Run) -> Numbered:
        """The run, no longer waiting, as one update."""
        self._updates -= 1
        if self._growing.get(run.session) is run:
            del self._growing[run.session]
        return join(run.updates)


def _encoded(message: Json) -> str:
    """A message as it goes over the wire. Half of a character becomes a question mark."""
    text = _ENCODER.encode(message)
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
