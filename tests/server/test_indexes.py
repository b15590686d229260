"""Clients see how far the index is; a turn never waits for it."""

import asyncio
from pathlib import Path

from tests.conftest import Json, StartDaemon

from commonplace.models.scripted import ScriptedModel

SEARCH = '<think>\n</think>\n<python>\nfound = search_notes("lighthouse")\n</python>'
REPLY = "<think>\n</think>\n<python></python>\n<reply>\nFound.\n</reply>"


async def test_the_default_vault_is_indexed_and_clients_see_how_far(start: StartDaemon, vault: Path) -> None:
    daemon = await start()
    client = await daemon.connect()
    progress: Json = {}
    while progress.get("phase") != "ready":
        await asyncio.sleep(0.02)
        progress = (await client.call("_commonplace/index", {}))["result"]["indexes"].get(str(vault), {})
    assert (progress["done"], progress["total"], progress["mode"]) == (2, 2, "events")
    assert [place.suffix for place in (daemon.home / "index").glob("*.db")] == [".db"]
    assert all(place.stat().st_mode & 0o077 == 0 for place in (daemon.home / "index").iterdir())


async def test_a_question_is_answered_while_the_index_is_made(start: StartDaemon, vault: Path) -> None:
    for number in range(2_000):
        (vault / f"{number}.md").write_text(f"# Note {number}\n" + "some words of a note\n" * 50)
    (vault / "entities" / "dria.md").write_text("# Dria\n- office: the old lighthouse\n")
    daemon = await start(ScriptedModel([SEARCH, REPLY]))
    client = await daemon.connect()
    session = await client.new_session(vault)
    answer = await client.prompt(session, "Where is the office?")
    assert answer["result"]["stopReason"] == "end_turn"
    assert client.reply == "Found."


async def test_a_model_finds_a_note_by_its_words_and_the_client_sees_which(start: StartDaemon, vault: Path) -> None:
    (vault / "entities" / "dria.md").write_text("# Dria\n- office: the old lighthouse\n")
    daemon = await start(ScriptedModel([SEARCH, REPLY]))
    client = await daemon.connect()
    session = await client.new_session(vault)
    await client.prompt(session, "Where is the office?")
    updates = [params["update"] for params in client.of_kind("tool_call_update")]
    assert any("line 2: - office: the old lighthouse" in str(update.get("rawOutput")) for update in updates)
    touched = [params["_meta"]["commonplace"].get("path") for params in client.of_kind("tool_call_update")]
    assert "entities/dria.md" in touched


async def test_whoever_follows_a_vault_is_told_how_far_its_index_comes(start: StartDaemon, vault: Path) -> None:
    daemon = await start()
    client = await daemon.connect()
    await client.call("_commonplace/feed", {"vault": str(vault)})
    (vault / "new.md").write_text("# New\n")
    told: Json = {}
    while told.get("params", {}).get("total") != 3 or told["params"]["phase"] != "ready":
        message = await client.take()
        told = message if message.get("method") == "_commonplace/index" else told
    assert told["params"]["vault"] == str(vault)
    assert told["params"]["mode"] == "events"
