"""What a client learns about a vault as a whole, and how it registers one."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import load_config

StartDaemon = Callable[..., Awaitable[Any]]


async def test_the_overview_counts_and_offers_questions_that_the_memory_answers(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    (daemon.vault / "Diary.md").write_text("Dear diary\n")

    seen = (await client.call("_commonplace/overview", {"cwd": str(daemon.vault)}))["result"]

    assert (seen["entities"], seen["notes"], seen["memory"]) == (1, 3, "")
    assert seen["questions"] == ["What is my name?", "What is my employer?", "What do you know about Dria?"]
    session = await client.new_session(daemon.vault)
    await client.prompt(session, seen["questions"][0])
    assert "Robin Ashdown" in client.reply


async def test_an_empty_vault_has_no_questions(start: StartDaemon, tmp_path: Path) -> None:
    daemon = await start()
    client = await daemon.connect()
    (tmp_path / "empty").mkdir()
    await client.call("_commonplace/register", {"path": str(tmp_path / "empty")})

    seen = (await client.call("_commonplace/overview", {"cwd": str(tmp_path / "empty")}))["result"]

    assert seen == {"entities": 0, "notes": 0, "memory": "", "questions": []}


async def test_a_vault_that_a_client_registers_can_be_talked_with_at_once(start: StartDaemon, tmp_path: Path) -> None:
    daemon = await start()
    client = await daemon.connect()
    notes = tmp_path / "Other Notes"
    notes.mkdir()
    refused = await client.call("session/new", {"cwd": str(notes), "mcpServers": []})
    assert "not a registered vault" in refused["error"]["message"]

    await client.call("_commonplace/register", {"path": str(notes), "memory": "Memory"})

    assert await client.new_session(notes)
    registered = load_config(daemon.home).vault_named(str(notes))
    assert registered is not None
    assert registered.memory == "Memory"
    assert list(notes.iterdir()) == []


@pytest.mark.parametrize("parameters", [{}, {"path": 3}, {"path": "nowhere/at/all"}, {"path": "", "memory": "x"}])
async def test_what_is_no_folder_is_not_registered(start: StartDaemon, parameters: dict[str, object]) -> None:
    daemon = await start()
    client = await daemon.connect()
    before = (daemon.home / "config.toml").read_bytes()

    answer = await client.call("_commonplace/register", parameters)

    assert answer["error"]["code"] == -32602
    assert (daemon.home / "config.toml").read_bytes() == before


async def test_a_memory_outside_the_vault_is_refused(start: StartDaemon, vault: Path) -> None:
    daemon = await start()
    client = await daemon.connect()
    answer = await client.call("_commonplace/register", {"path": str(vault), "memory": "../elsewhere"})
    assert "error" in answer
