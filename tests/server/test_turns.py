"""Turns over the socket: streamed, numbered, cancelled, and one at a time in a session."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from acp.schema import InitializeResponse, NewSessionResponse, PromptResponse, SessionNotification

from commonplace.models.base import Message, Meter, ModelError
from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

READ = (
    '<think>\nI look.\n</think>\n<python>\nuser = read_file("user.md")\ndria = read_file("entities/dria.md")\n</python>'
)
WRITE = """<think>t</think><python>ok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")</python>"""
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYou are Robin.\n</reply>"


async def test_a_turn_is_streamed_in_the_words_of_the_protocol(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([READ, WRITE, REPLY], chunk=9))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    answer = await client.prompt(session, "Who am I?")
    assert answer["result"]["stopReason"] == "end_turn"
    for params in client.updates:
        SessionNotification.model_validate(params)
    assert client.reply == "You are Robin."
    calls = client.of_kind("tool_call")
    assert [call["update"]["kind"] for call in calls] == ["execute", "execute"]
    progress = [update["update"] for update in client.of_kind("tool_call_update")]
    titles = [update["title"] for update in progress if update.get("status") == "completed"]
    assert titles == ["Read user.md, entities/dria.md", "Changed entities/dria.md"]
    running = [update for update in progress if update.get("status") == "in_progress"]
    assert running[0]["rawInput"]["code"].startswith('user = read_file("user.md")')
    places = [update["locations"][-1]["path"] for update in progress if "locations" in update]
    assert places == [str(daemon.vault / name) for name in ("user.md", "entities/dria.md", "entities/dria.md")]
    (diff,) = [update["content"][0] for update in progress if "content" in update]
    assert (diff["type"], diff["oldText"], diff["newText"]) == (
        "diff",
        "# Dria\n- city: Oslo\n",
        "# Dria\n- city: Bergen\n",
    )


async def test_answers_fit_the_protocols_schema(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    client = await daemon.connect()
    welcome = await client.call("initialize", {"protocolVersion": 1})
    assert InitializeResponse.model_validate(welcome["result"]).protocol_version == 1
    begun = await client.call("session/new", {"cwd": str(daemon.vault), "mcpServers": []})
    session = NewSessionResponse.model_validate(begun["result"]).session_id
    answered = await client.prompt(session, "Who am I?")
    assert PromptResponse.model_validate(answered["result"]).stop_reason == "end_turn"


def numbered(meta: dict[str, int]) -> range:
    """The numbers of the updates that are joined in one."""
    return range(meta.get("first", meta["seq"]), meta["seq"] + 1)


async def test_updates_are_numbered_and_the_last_tells_the_end(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([READ, REPLY, REPLY], chunk=5))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who am I?")
    await client.prompt(session, "And now?")
    ours = [params["_meta"]["commonplace"] for params in client.updates]
    first, second = dict.fromkeys(meta["turn"] for meta in ours)
    numbers = {
        turn: [
            n for meta in ours if meta["turn"] == turn for n in range(meta.get("first", meta["seq"]), meta["seq"] + 1)
        ]
        for turn in (first, second)
    }
    ends = {turn: seqs[-1] for turn, seqs in numbers.items()}
    assert numbers[first] == list(range(2, ends[first] + 1)), "the first update is the prompt, which its sender knows"
    assert numbers[second] == list(range(ends[first] + 2, ends[second] + 1))
    ended = [meta["ended"] for meta in ours if "ended" in meta]
    assert [end["reason"] for end in ended] == ["end_turn", "end_turn"]


async def test_the_next_turn_knows_the_last_one_and_another_session_does_not(start: StartDaemon) -> None:
    model = ScriptedModel([REPLY] * 3)
    daemon = await start(model)
    client = await daemon.connect()
    first, second = await client.new_session(daemon.vault), await client.new_session(daemon.vault)
    for session in (first, first, second):
        await client.prompt(session, "Who am I?")
    assert [len(call) for call in model.calls] == [2, 4, 2]


async def test_filters_reach_the_model_in_the_trained_form(start: StartDaemon) -> None:
    model = ScriptedModel([REPLY])
    daemon = await start(model)
    client = await daemon.connect()
    await client.prompt(await client.new_session(daemon.vault), "Who am I?", filters=["no age", "no names"])
    assert model.calls[0][-1].content == "Who am I?\n\n<filter>\nno age\nno names\n</filter>"


class Waits:
    """Thinks until it is let go."""

    name = "waits"

    def __init__(self) -> None:
        self.go_on = asyncio.Event()
        self.closed = False

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        try:
            yield "<think>I think"
            await self.go_on.wait()
            yield "</think><python></python><reply>Done.</reply>"
        finally:
            self.closed = True

    async def close(self) -> None: ...


async def first_update(client: Any) -> None:
    while not client.updates:
        await client.take()


async def test_a_thought_arrives_while_the_model_still_thinks(start: StartDaemon) -> None:
    model = Waits()
    daemon = await start(model)
    client = await daemon.connect()
    request = await client.start_prompt(await client.new_session(daemon.vault), "Who am I?")
    await first_update(client)
    assert client.updates[0]["update"]["content"]["text"] == "I think"
    assert not model.closed
    model.go_on.set()
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"


async def test_cancel_stops_the_model_and_ends_the_turn_honestly(start: StartDaemon) -> None:
    model = Waits()
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    request = await client.start_prompt(session, "Who am I?")
    await first_update(client)
    await client.socket.send_json({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}})
    assert (await client.answer(request))["result"]["stopReason"] == "cancelled"
    assert client.updates[-1]["_meta"]["commonplace"]["ended"]["reason"] == "cancelled"
    assert model.closed
    model.go_on.set()
    assert (await client.prompt(session, "Again?"))["result"]["stopReason"] == "end_turn"


async def test_a_second_prompt_waits_for_nobody(start: StartDaemon) -> None:
    model = Waits()
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    first = await client.start_prompt(session, "Who am I?")
    await first_update(client)
    refused = await client.prompt(session, "And you?")
    assert "cancel it or wait" in refused["error"]["message"]
    model.go_on.set()
    assert (await client.answer(first))["result"]["stopReason"] == "end_turn"


async def test_a_turn_outlives_its_client(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY], chunk=3, delay=0.005))
    client = await daemon.connect()
    await client.start_prompt(await client.new_session(daemon.vault), "Dria moved to Bergen.")
    await first_update(client)
    await client.socket.close()
    note: Path = daemon.vault / "entities" / "dria.md"
    for _ in range(500):
        if "Bergen" in note.read_text():
            return
        await asyncio.sleep(0.01)
    pytest.fail("the turn did not go on")


class Refuses:
    """Its server is away."""

    name = "refuses"

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        raise ModelError("No model server answers.", "Start it.")
        yield ""

    async def close(self) -> None: ...


class Breaks(Refuses):
    """Has a bug, whose message holds private text."""

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        raise RuntimeError(f"private: {messages[-1].content}")
        yield ""


async def test_a_model_that_is_away_is_an_error_with_advice(start: StartDaemon) -> None:
    daemon = await start(Refuses())
    client = await daemon.connect()
    answer = await client.prompt(await client.new_session(daemon.vault), "Who am I?")
    assert answer["error"]["message"] == "No model server answers."
    assert answer["error"]["data"] == {"advice": "Start it."}


async def test_a_bug_ends_the_turn_and_its_message_stays_out_of_the_log(
    start: StartDaemon, caplog: pytest.LogCaptureFixture
) -> None:
    daemon = await start(Breaks())
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    with caplog.at_level("INFO", logger="commonplace"):
        answer = await client.prompt(session, "My secret is 1234.")
    assert "went wrong inside the daemon" in answer["error"]["message"]
    assert "RuntimeError" in caplog.text
    assert "1234" not in caplog.text
