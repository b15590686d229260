"""A session outlives its client, the daemon's end and its crash; told again, it says what it said."""

import asyncio
import signal
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from acp.schema import (
    InitializeResponse,
    ListSessionsResponse,
    LoadSessionResponse,
    ResumeSessionResponse,
    SessionNotification,
)

from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

READ = '<think>\nI look.\n</think>\n<python>\nuser = read_file("user.md")\n</python>'
WRITE = '<think>t</think><python>ok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")</python>'
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYou are Robin.\n</reply>"
SLOW = "<think>\n" + "word by word " * 40 + "</think>\n<python></python>\n<reply>\nDone at last.\n</reply>"


async def resume(client: Any, session: str, vault: Path, **meta: object) -> Any:
    asked = {"sessionId": session, "cwd": str(vault), "_meta": {"commonplace": meta}}
    return await client.call("session/resume", asked)


async def load(client: Any, session: str, vault: Path, **meta: object) -> Any:
    asked: dict[str, object] = {
        "sessionId": session,
        "cwd": str(vault),
        "mcpServers": [],
        "_meta": {"commonplace": meta},
    }
    return await client.call("session/load", asked)


async def test_a_loaded_session_says_again_what_it_said(start: StartDaemon, transcript: Any) -> None:
    daemon = await start(ScriptedModel([READ, WRITE, REPLY, REPLY], chunk=4))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who am I?")
    await client.prompt(session, "And now?")
    other = await daemon.connect()
    loaded = await load(other, session, daemon.vault)
    assert LoadSessionResponse.model_validate(loaded["result"]).modes is not None
    for params in other.updates:
        SessionNotification.model_validate(params)
    assert transcript(other.updates) == transcript(client.updates)
    prompts = other.of_kind("user_message_chunk")
    assert [params["update"]["content"]["text"] for params in prompts] == ["Who am I?", "And now?"]
    assert loaded["result"]["_meta"]["commonplace"]["seq"] == other.updates[-1]["_meta"]["commonplace"]["seq"]


async def test_a_client_that_comes_back_gets_the_rest_wherever_it_was_cut_off(
    start: StartDaemon, transcript: Any
) -> None:
    daemon = await start(ScriptedModel([READ, WRITE, REPLY], chunk=4))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who am I?")
    whole = transcript(client.updates)
    last = client.updates[-1]["_meta"]["commonplace"]["seq"]
    for after in range(last + 2):
        back = await daemon.connect()
        told = await back.call("_commonplace/replay", {"sessionId": session, "after": after})
        assert told["result"] == {"seq": last, "running": False}
        metas = [params["_meta"]["commonplace"] for params in back.updates]
        assert all(meta.get("first", meta["seq"]) > after for meta in metas)
        rest = transcript(back.updates)
        for ours, theirs in zip(reversed(whole), reversed(rest), strict=False):
            assert ours[0] == theirs[0]
            assert ours[1].endswith(theirs[1])
        await back.socket.close()


async def test_a_turn_goes_on_without_its_client_and_is_taken_up_in_the_middle(
    start: StartDaemon, transcript: Any
) -> None:
    daemon = await start(ScriptedModel([SLOW], chunk=9, delay=0.01))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.start_prompt(session, "Slowly, please.", prompt_id="p1")
    seen = (await client.until_number(8))["_meta"]["commonplace"]["seq"]
    await client.socket.close()
    back = await daemon.connect()
    resumed = await resume(back, session, daemon.vault, after=seen)
    assert ResumeSessionResponse.model_validate(resumed["result"])
    assert resumed["result"]["_meta"]["commonplace"]["running"]
    answered = await back.prompt(session, "Slowly, please.", prompt_id="p1")
    assert answered["result"]["stopReason"] == "end_turn"
    both = transcript([*client.updates, *back.updates])
    assert [text for stream, text in both if stream and "thought" in str(stream)] == [("word by word " * 40).strip()]
    assert back.updates[-1]["_meta"]["commonplace"]["ended"]["reply"] == "Done at last."


async def test_resume_without_a_number_tells_only_what_is_new(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY, REPLY]))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who am I?")
    other = await daemon.connect()
    await resume(other, session, daemon.vault)
    assert other.updates == []
    await client.prompt(session, "And now?")
    await other.until_ended()
    assert other.of_kind("user_message_chunk")[0]["update"]["content"]["text"] == "And now?"


async def test_a_prompt_is_accepted_once(start: StartDaemon) -> None:
    model = ScriptedModel([SLOW, REPLY], chunk=40, delay=0.01)
    daemon = await start(model)
    client, other = await daemon.connect(), await daemon.connect()
    session = await client.new_session(daemon.vault)
    first = await client.start_prompt(session, "Once.", prompt_id="a")
    await client.until_number(1)
    again = await other.start_prompt(session, "Once.", prompt_id="a")
    assert (await client.answer(first))["result"]["stopReason"] == "end_turn"
    assert (await other.answer(again))["result"]["stopReason"] == "end_turn"
    assert (await client.prompt(session, "Once.", prompt_id="a"))["result"]["stopReason"] == "end_turn"
    assert len(model.calls) == 1
    await client.prompt(session, "Twice.", prompt_id="b")
    assert len(model.calls) == 2


async def test_a_failed_prompt_sent_again_is_told_to_have_failed(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([]))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    answers = [await client.prompt(session, "Hm?", prompt_id="a") for _ in range(2)]
    assert answers[0]["error"] == answers[1]["error"]


async def test_sessions_are_listed_latest_first_a_page_at_a_time(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY] * 60))
    client = await daemon.connect()
    sessions: list[str] = []
    for number in range(52):
        sessions.append(await client.new_session(daemon.vault))
        await client.prompt(sessions[-1], f"Question {number},\nwith a second line that goes on and on and on and on")
    await client.new_session(daemon.vault)
    first = (await client.call("session/list", {"cwd": str(daemon.vault)}))["result"]
    page = ListSessionsResponse.model_validate(first)
    second = (await client.call("session/list", {"cursor": page.next_cursor}))["result"]
    listed = [*first["sessions"], *second["sessions"]]
    assert [one["sessionId"] for one in listed] == sessions[::-1]
    assert listed[0]["title"] == "Question 51, with a second line that goes on and on and on and on"[:60]
    assert listed[0]["cwd"] == str(daemon.vault)
    assert "nextCursor" not in second
    assert (await client.call("session/list", {"cwd": "/nowhere"}))["result"]["sessions"] == []
    assert "cursor" in (await client.call("session/list", {"cursor": "x"}))["error"]["message"]


async def test_a_title_is_told_at_the_end_of_a_turn(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    client = await daemon.connect()
    await client.prompt(await client.new_session(daemon.vault), "  Who\nam I?  ")
    assert client.updates[-1]["update"]["title"] == "Who am I?"


async def test_a_deleted_session_is_gone_and_its_turn_with_it(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([SLOW], chunk=5, delay=0.01))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    request = await client.start_prompt(session, "Hm?")
    await client.until_number(1)
    deleting = await client.send("session/delete", {"sessionId": session})
    assert (await client.answer(request))["result"]["stopReason"] == "cancelled"
    assert (await client.answer(deleting))["result"] == {}
    assert "no session" in (await load(client, session, daemon.vault))["error"]["message"]
    rows = sqlite3.connect(daemon.home / "sessions.db").execute("SELECT count(*) FROM event").fetchone()
    assert rows == (0,)


async def test_a_closed_session_stops_and_can_be_loaded_again(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([SLOW, REPLY], chunk=5, delay=0.01))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.start_prompt(session, "Hm?")
    await client.until_number(1)
    assert "result" in await client.call("session/close", {"sessionId": session})
    client.updates.clear()
    await load(client, session, daemon.vault)
    assert client.updates[-1]["_meta"]["commonplace"]["ended"]["reason"] == "cancelled"


@pytest.mark.parametrize(
    ("method", "params", "said"),
    [
        ("session/load", {"sessionId": "none", "cwd": "/", "mcpServers": []}, "no session 'none'"),
        ("session/resume", {"sessionId": "none", "cwd": "/"}, "no session 'none'"),
        ("session/delete", {"sessionId": "none"}, "no session 'none'"),
        ("session/close", {"sessionId": "none"}, "no session 'none'"),
        ("session/set_mode", {"sessionId": "none", "modeId": "auto"}, "no session 'none'"),
        ("session/set_mode", {"sessionId": "none", "modeId": "bold"}, "no mode 'bold'"),
        ("_commonplace/replay", {"sessionId": "none"}, "no session 'none'"),
        ("_commonplace/replay", {"sessionId": 7}, "sessionId must be"),
        ("_commonplace/replay", {"sessionId": "none", "after": "x"}, "after must be the number"),
        ("_commonplace/replay", {"sessionId": "none", "after": -1}, "after must be the number"),
        ("_commonplace/replay", {"sessionId": "none", "after": 2**63}, "after must be the number"),
        ("_commonplace/feed", {}, "vault must be"),
        ("_commonplace/feed", {"vault": "/nowhere"}, "commonplace vault add"),
    ],
)
async def test_what_cannot_be_done_is_said(start: StartDaemon, method: str, params: object, said: str) -> None:
    client = await (await start()).connect()
    error = (await client.call(method, params))["error"]
    assert error["code"] == -32602
    assert said in error["message"]


async def test_a_session_and_what_the_model_knows_of_it_survive_a_restart(
    connect: Any, process_daemon: Any, vault: Path, transcript: Any
) -> None:
    first = await connect(await process_daemon.start(READ, REPLY))
    session = await first.new_session(vault)
    await first.prompt(session, "Who am I?")
    await first.socket.close()
    await process_daemon.end()
    client = await connect(await process_daemon.start(WRITE, REPLY))
    await load(client, session, vault)
    assert transcript(client.updates) == transcript(first.updates)
    await client.prompt(session, "Dria moved to Bergen.")
    turns = {params["_meta"]["commonplace"]["turn"] for params in client.updates}
    assert turns == {f"{session}-1", f"{session}-2"}
    await client.socket.close()


async def test_a_turn_that_a_crash_cut_off_is_closed_honestly_and_never_run_again(
    connect: Any, process_daemon: Any, vault: Path, transcript: Any
) -> None:
    client = await connect(await process_daemon.start(WRITE, SLOW, chunk=10, delay=0.02))
    session = await client.new_session(vault)
    await client.start_prompt(session, "Dria moved to Bergen.", prompt_id="a")
    await client.until_number(30)
    await process_daemon.end(signal.SIGKILL)
    with pytest.raises(AssertionError):
        await client.until_ended()
    back = await connect(await process_daemon.start(REPLY))
    await load(back, session, vault)
    end = back.updates[-1]["_meta"]["commonplace"]["ended"]
    assert end["reason"] == "interrupted"
    assert "By then it had changed entities/dria.md." in end["error"]
    assert transcript(back.updates)[: len(transcript(client.updates)) - 1] == transcript(client.updates)[:-1]
    again = await back.prompt(session, "Dria moved to Bergen.", prompt_id="a")
    assert again["result"]["stopReason"] == "cancelled"
    assert (vault / "entities/dria.md").read_text() == "# Dria\n- city: Bergen\n"
    assert (await back.prompt(session, "And now?"))["result"]["stopReason"] == "end_turn"
    await back.socket.close()


async def test_a_turn_is_told_to_be_interrupted_when_the_daemon_ends_in_its_middle(
    connect: Any, process_daemon: Any, vault: Path
) -> None:
    client = await connect(await process_daemon.start(SLOW, chunk=5, delay=0.02))
    session = await client.new_session(vault)
    await client.start_prompt(session, "Hm?")
    await client.until_number(5)
    await process_daemon.end()
    end = await client.until_ended()
    assert end["_meta"]["commonplace"]["ended"]["reason"] == "interrupted"


async def test_a_clock_that_jumps_back_puts_nothing_out_of_order(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch, transcript: Any
) -> None:
    daemon = await start(ScriptedModel([REPLY] * 4, chunk=4))
    client = await daemon.connect()
    sessions = [await client.new_session(daemon.vault) for _ in range(2)]
    real = time.time
    for session, hours in zip([*sessions, *sessions], (0, -5, -50, -500), strict=True):
        monkeypatch.setattr(time, "time", lambda hours=hours: real() + hours * 3600)
        await client.prompt(session, "When?")
    listed = (await client.call("session/list", {}))["result"]["sessions"]
    assert [one["sessionId"] for one in listed] == sessions[::-1]
    other = await daemon.connect()
    await load(other, sessions[0], daemon.vault)
    assert len(transcript(other.updates)) == 6


async def test_ten_thousand_prompts_at_once_are_refused_one_by_one_and_nobody_else_waits(start: StartDaemon) -> None:
    endless = "<think>\n" + " ".join(map(str, range(80_000)))
    daemon = await start(ScriptedModel([endless, REPLY], chunk=5, delay=0.05))
    client, other = await daemon.connect(), await daemon.connect()
    session, second = await client.new_session(daemon.vault), await other.new_session(daemon.vault)
    requests = [await client.start_prompt(session, "Question 0")]
    while not client.of_kind("agent_thought_chunk"):
        await client.take()
    requests += [await client.start_prompt(session, f"Question {number}") for number in range(1, 10_000)]
    answered = await asyncio.wait_for(other.prompt(second, "And I?"), 60)
    assert answered["result"]["stopReason"] == "end_turn"
    refused = 0
    while refused < len(requests) - 1:
        message = await client.take()
        if "error" in message:
            assert "cancel it or wait" in message["error"]["message"]
            refused += 1


async def test_a_prompt_of_ten_megabytes_closes_the_connection_and_nothing_else(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    client, other = await daemon.connect(), await daemon.connect()
    session = await client.new_session(daemon.vault)
    with pytest.raises((AssertionError, ConnectionError)):
        await client.prompt(session, "x" * 10_000_000)
    assert (await other.prompt(session, "Hm?"))["result"]["stopReason"] == "end_turn"


@pytest.mark.parametrize("version", [0, 2, 65_535])
async def test_a_client_of_another_version_is_told_ours(start: StartDaemon, version: int) -> None:
    client = await (await start()).connect()
    answer = await client.call("initialize", {"protocolVersion": version})
    assert InitializeResponse.model_validate(answer["result"]).protocol_version == 1
