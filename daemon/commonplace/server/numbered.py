"""Updates with their place in a session; deltas of one text can be joined and cut again. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """One ``session/update``: the protocol's part, and ours for ``_meta.commonplace``."""

    update: Json
    meta: Json
    stream: str | None = None
    """Names the text that this one lengthens; two in a row of one stream can be joined."""
    text: str = ""
    """What it adds to the stream."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """An update with its place in the session, counted from 1."""

    session: str
    seq: int
    update: Update
    sizes: tuple[int, ...] = ()
    """Characters of each delta where several are joined: the last has the number ``seq``."""

    @property
    def first(self) -> int:
        """The number of the first of the updates that are joined here; ``seq`` where it is one alone."""
        return self.seq - max(len(self.sizes), 1) + 1

    def continues(self, before: "Numbered") -> bool:
        """Whether it can be joined to the one before."""
        return (
            self.update.stream is not None
            and self.update.stream == before.update.stream
            and self.session == before.session
            and self.first == before.seq + 1
        )

    def after(self, seq: int) -> "Numbered | None":
        """The part of it that comes after that number."""
        if seq < self.first:
            return self
        if seq >= self.seq:
            return None
        seen = seq - self.first + 1
        text = self.update.text[sum(self.sizes[:seen]) :]
        return replace(self, update=replace(self.update, text=text), sizes=self.sizes[seen:])

    def params(self) -> Json:
        """The parameters of the ``session/update`` notification."""
        update, meta = dict(self.update.update), {"seq": self.seq, **self.update.meta}
        if self.first != self.seq:
            meta["first"] = self.first
        if self.update.stream is not None and "toolCallId" in update:
            meta["code_delta"] = self.update.text
        elif self.update.stream is not None:
            update["content"] = {"type": "text", "text": self.update.text}
        return {"sessionId": self.session, "update": update, "_meta": {"commonplace": meta}}


LONGEST_RUN = 4_096
"""Deltas that are joined to one at most."""
MOST_CHARACTERS = 60_000
"""And their text."""


class Run:
    """Deltas that continue each other, and are to be one."""

    def __init__(self, first: Numbered) -> None:
        self.updates = [first]
        self._characters = len(first.update.text)

    @property
    def session(self) -> str:
        """The session of all of them."""
        return self.updates[0].session

    def take(self, update: Numbered) -> bool:
        """Add an update if it continues the run and there is room."""
        self._characters += len(update.update.text)
        full = len(self.updates) == LONGEST_RUN or self._characters > MOST_CHARACTERS
        if full or not update.continues(self.updates[-1]):
            return False
        self.updates.append(update)
        return True


def join(run: Sequence[Numbered]) -> Numbered:
    """Updates that continue each other as one."""
    if len(run) == 1:
        return run[0]
    sizes = tuple(size for one in run for size in one.sizes or (len(one.update.text),))
    text = "".join(one.update.text for one in run)
    return replace(run[-1], update=replace(run[-1].update, text=text), sizes=sizes)


def joined(updates: Iterable[Numbered]) -> Iterator[Numbered]:
    """The same updates with every run of deltas as one."""
    run: Run | None = None
    for update in updates:
        if run is not None and run.take(update):
            continue
        if run is not None:
            yield join(run.updates)
        run = Run(update)
    if run is not None:
        yield join(run.updates)


def parted(update: Numbered) -> Iterator[Numbered]:
    """The deltas that were joined, one by one: the inverse of ``join``."""
    ends = list(accumulate(update.sizes))
    for seq, end, size in zip(range(update.first, update.seq + 1), ends, update.sizes, strict=True):
        yield replace(
            update, seq=seq, update=replace(update.update, text=update.update.text[end - size : end]), sizes=()
        )
    if not update.sizes:
        yield update
