"""A client that takes batches is told the same as any other, in fewer messages."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from acp.schema import SessionNotification

from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

READ = '<think>\nI look.\n</think>\n<python>\nuser = read_file("user.md")\n</python>'
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYou are Robin.\n</reply>"
BATCHES = {"_meta": {"commonplace": {"batches": True}}}


async def loaded(client: Any, session: str, vault: Path) -> Any:
    return await client.call("session/load", {"sessionId": session, "cwd": str(vault), "mcpServers": []})


async def batching(daemon: Any) -> Any:
    client = await daemon.connect()
    welcome = await client.call("initialize", {"protocolVersion": 1, "clientCapabilities": BATCHES})
    assert "result" in welcome
    return client


async def told_session(daemon: Any) -> str:
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who am I?")
    await client.prompt(session, "And now?")
    return session


async def test_a_session_is_told_again_in_one_message(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([READ, REPLY, READ, REPLY], chunk=4))
    session = await told_session(daemon)
    plain, other = await daemon.connect(), await batching(daemon)
    for client in (plain, other):
        assert "result" in await loaded(client, session, daemon.vault)
    assert other.updates == plain.updates
    assert (plain.batches, other.batches) == (0, 1)
    for params in other.updates:
        SessionNotification.model_validate(params)


async def test_a_turn_is_streamed_whole_in_whatever_batches_it_comes(start: StartDaemon, transcript: Any) -> None:
    daemon = await start(ScriptedModel([READ, REPLY], chunk=1))
    asking = await batching(daemon)
    session = await asking.new_session(daemon.vault)
    await asking.prompt(session, "Who am I?")
    later = await daemon.connect()
    await loaded(later, session, daemon.vault)
    assert transcript(asking.updates) == transcript(later.updates)
    assert asking.batches > 0


async def test_a_message_holds_so_many_characters(start: StartDaemon, monkeypatch: Any, transcript: Any) -> None:
    monkeypatch.setattr("commonplace.server.outbox.LARGEST_BATCH", 1)
    daemon = await start(ScriptedModel([READ, REPLY, READ, REPLY], chunk=4))
    session = await told_session(daemon)
    client = await batching(daemon)
    await loaded(client, session, daemon.vault)
    assert client.batches == len(client.updates)


async def test_filters_act_inside_of_a_batch(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel(["<reply>\nMail robin@example.com today.\n</reply>"], chunk=3))
    session = await told_session(daemon)
    assert "result" in await (await daemon.connect()).call(
        "_commonplace/filters", {"action": "add", "rule": "never tell my email"}
    )
    client = await batching(daemon)
    await loaded(client, session, daemon.vault)
    assert client.batches == 1
    assert "today" in client.reply
    assert "robin@example.com" not in client.reply


async def test_a_capability_that_is_no_yes_or_no_is_refused_in_a_sentence(start: StartDaemon) -> None:
    client = await (await start(ScriptedModel([REPLY]))).connect()
    wrong = {"_meta": {"commonplace": {"batches": "some"}}}
    answer = await client.call("initialize", {"protocolVersion": 1, "clientCapabilities": wrong})
    assert answer["error"]["message"] == "clientCapabilities._meta.commonplace.batches must be true or false."
