"""Conversations with the reader, through the real turn, sandbox and tools, on a vault on disk."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from commonplace.agent.events import CodeRunning, Event, NoteTouched, ThoughtDelta, TurnEnded
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.base import Message
from commonplace.models.reader import ReaderModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault


@dataclass
class Talk:
    """A session on a vault: what was said so far, and the last turn's events."""

    root: Path
    sandbox: Sandbox
    history: list[Message] = field(default_factory=list[Message])
    events: list[Event] = field(default_factory=list[Event])

    async def say(self, message: str, *filters: str) -> str:
        """Take a turn and return its reply."""
        memory = Memory(Vault(self.root))
        turn = Turn(
            model=ReaderModel(),
            sandbox=self.sandbox,
            memory=memory,
            history=self.history,
            question=message,
            filters=filters,
        )
        self.events = [event async for event in turn.events()]
        self.history += turn.messages
        end = self.events[-1]
        assert isinstance(end, TurnEnded)
        assert end.reason == "end_turn", end
        return end.reply

    def write(self, notes: Mapping[str, str]) -> None:
        """Put notes into the vault."""
        for name, text in notes.items():
            place = self.root / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def notes(self) -> dict[str, str]:
        """Every note of the vault and its text; what was deleted lies in a hidden folder."""
        found = {path.relative_to(self.root).as_posix(): path for path in self.root.rglob("*.md")}
        return {name: path.read_text(encoding="utf-8") for name, path in found.items() if not name.startswith(".")}

    @property
    def read(self) -> set[str]:
        """The notes that the last turn read."""
        return {event.path for event in self.events if isinstance(event, NoteTouched) and event.access == "read"}

    @property
    def blocks(self) -> list[str]:
        """The python of the last turn."""
        return [event.code for event in self.events if isinstance(event, CodeRunning)]

    @property
    def thoughts(self) -> str:
        """What the last turn thought."""
        return "".join(event.text for event in self.events if isinstance(event, ThoughtDelta))


StartTalk = Callable[[dict[str, str]], Talk]
Ask = Callable[[dict[str, str], str], Awaitable[str]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox that the tests of a file share."""
    box = Sandbox()
    yield box
    await box.close()


@pytest.fixture
def start_talk(tmp_path: Path, sandbox: Sandbox) -> StartTalk:
    """Writes notes into a fresh vault and opens a session on it."""

    def start(notes: dict[str, str]) -> Talk:
        talk = Talk(tmp_path, sandbox)
        talk.write(notes)
        return talk

    return start
