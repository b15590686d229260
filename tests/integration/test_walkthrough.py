"""The walkthrough that mem-agent was shown with, through the WebSocket, with the reader."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

StartDaemon = Callable[..., Awaitable[Any]]

USER = """# User Information
- user_name: Mirela Brandt
- birth_date: 1999-10-08
- birth_location: Gdansk, Poland
- living_location: Ghent, Belgium
- zodiac_sign: Libra

## User Relationships
- employer: [[entities/dria.md]]
"""
DRIA = """# Dria
- industry: AI infrastructure
- contract: full-time, since 2024
- location: San Francisco
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "entities").mkdir(parents=True)
    (root / "user.md").write_text(USER)
    (root / "entities" / "dria.md").write_text(DRIA)
    return root


async def test_it_asks_for_what_no_note_says_remembers_it_and_knows_it(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)

    await client.prompt(session, "What is my exact job title in my contract with my employer?")
    read = {
        params["_meta"]["commonplace"]["path"]
        for params in client.of_kind("tool_call_update")
        if "access" in params["_meta"]["commonplace"]
    }
    assert read == {"user.md", "entities/dria.md"}
    assert "?" in client.reply
    assert "title" in client.reply

    await client.prompt(session, 'My job title is "AI Researcher", can you add that please')
    changed = USER.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n")
    assert (daemon.vault / "user.md").read_bytes() == changed.encode()
    assert (daemon.vault / "entities" / "dria.md").read_bytes() == DRIA.encode()

    for known_in in (session, await client.new_session(daemon.vault)):
        await client.prompt(known_in, "What is my job title?")
        assert "AI Researcher" in client.reply
