"""A memory on disk, and a sandbox that all tests of a module share."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from commonplace.agent.sandbox import Sandbox
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

NOTES = {
    "user.md": (
        "# User Information\n- user_name: Robin Ashdown\n\n## User Relationships\n- employer: [[entities/dria.md]]\n"
    ),
    "entities/dria.md": "# Dria\n- type: company\n",
}

MakeMemory = Callable[..., Memory]


@pytest.fixture
def make_memory(tmp_path: Path) -> MakeMemory:
    """Writes notes into a fresh vault and opens its memory."""

    def make(notes: dict[str, str] | None = None, folder: str = "") -> Memory:
        for name, text in (NOTES if notes is None else notes).items():
            place = tmp_path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        return Memory(Vault(tmp_path), folder)

    return make


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A sandbox whose workers end with the test."""
    box = Sandbox()
    yield box
    await box.close()
