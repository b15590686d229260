"""In review every write waits for the user; whoever answers first decides; read-only writes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from acp.schema import NewSessionResponse, RequestPermissionRequest

from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

BERGEN = '<python>ok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")</python>'
ROME = '<python>ok = update_file("entities/dria.md", "- city: Bergen", "- city: Rome")</python>'
CREATE = '<python>ok = create_file("entities/fjord.md", "# Fjord\\n- kind: firm\\n")</python>'
DELETE = '<python>ok = delete_file("entities/dria.md")</python>'
REPLY = "<python></python>\n<reply>\nDone.\n</reply>"
OSLO = "# Dria\n- city: Oslo\n"


async def review(client: Any, vault: Path) -> str:
    session = await client.new_session(vault)
    assert (await client.call("session/set_mode", {"sessionId": session, "modeId": "review"}))["result"] == {}
    return session


def note(daemon: Any) -> str:
    return (daemon.vault / "entities/dria.md").read_text()


async def test_a_session_begins_in_the_configs_mode_and_tells_all_three(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([]))
    client = await daemon.connect()

    async def begun() -> Any:
        answer = await client.call("session/new", {"cwd": str(daemon.vault), "mcpServers": []})
        return NewSessionResponse.model_validate(answer["result"]).modes

    modes = await begun()
    assert (modes.current_mode_id, [mode.id for mode in modes.available_modes]) == (
        "auto",
        ["auto", "review", "read-only"],
    )
    config = daemon.home / "config.toml"
    registered = config.read_text()
    config.write_text(registered + '\n[agent]\nmode = "review"\n')
    assert (await begun()).current_mode_id == "review"
    config.write_text(
        registered.replace("[vaults.vault]", '[vaults.vault]\nmode = "read-only"') + '[agent]\nmode = "review"\n'
    )
    assert (await begun()).current_mode_id == "read-only"


async def test_a_change_of_mode_is_told_to_every_client_and_kept(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    client, other = await daemon.connect(), await daemon.connect()
    session = await client.new_session(daemon.vault)
    await other.call("session/resume", {"sessionId": session, "cwd": str(daemon.vault)})
    await client.call("session/set_mode", {"sessionId": session, "modeId": "review"})
    for one in (client, other):
        while not one.of_kind("current_mode_update"):
            await one.take()
        assert one.of_kind("current_mode_update")[0]["update"]["currentModeId"] == "review"
    await client.socket.close()
    await other.socket.close()
    third = await daemon.connect()
    loaded = await third.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert loaded["result"]["modes"]["currentModeId"] == "review"


async def test_a_write_waits_with_its_diff_and_is_done_when_allowed(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Dria moved.")
    question = await client.question()
    asked = RequestPermissionRequest.model_validate(question["params"])
    assert [(option.option_id, option.kind) for option in asked.options] == [
        ("allow_once", "allow_once"),
        ("allow_turn", "allow_always"),
        ("reject", "reject_once"),
    ]
    shown = question["params"]["toolCall"]
    assert (shown["title"], shown["status"]) == ("Change entities/dria.md", "pending")
    (diff,) = shown["content"]
    assert (diff["oldText"], diff["newText"]) == (OSLO, OSLO.replace("Oslo", "Bergen"))
    assert note(daemon) == OSLO
    await client.decide(question, "allow_once")
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"
    assert note(daemon) == OSLO.replace("Oslo", "Bergen")
    told = [params["_meta"]["commonplace"].get("permission") for params in client.updates]
    assert [state["outcome"] for state in told if state] == [None, "allow_once"]


async def test_a_rejection_goes_to_the_model_and_the_note_stays(start: StartDaemon) -> None:
    model = ScriptedModel([BERGEN, CREATE, DELETE, REPLY])
    daemon = await start(model)
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Change all of it.")
    for title in ("Change entities/dria.md", "Create entities/fjord.md", "Delete entities/dria.md"):
        question = await client.question()
        assert question["params"]["toolCall"]["title"] == title
        await client.decide(question, "reject")
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"
    assert note(daemon) == OSLO
    assert not (daemon.vault / "entities/fjord.md").exists()
    for call in model.calls[1:]:
        assert "The user rejected this change" in call[-1].content


async def test_all_of_a_turn_is_allowed_at_once_and_the_next_turn_asks_again(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, ROME, REPLY, CREATE, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Dria moved twice.")
    await client.decide(await client.question(), "allow_turn")
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"
    assert "Rome" in note(daemon)
    assert client.asked == []
    request = await client.start_prompt(session, "And fjord.")
    await client.decide(await client.question(), "allow_once")
    await client.answer(request)


@pytest.mark.parametrize("answer", [{"outcome": {"outcome": "cancelled"}}, {"outcome": {}}, {}, None, [], "yes"])
async def test_an_answer_that_is_no_clear_yes_is_a_no(start: StartDaemon, answer: object) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Dria moved.")
    question = await client.question()
    await client.socket.send_json({"jsonrpc": "2.0", "id": question["id"], "result": answer})
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"
    assert note(daemon) == OSLO


async def test_a_question_is_asked_again_of_a_client_that_comes_and_the_first_answer_wins(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    await client.start_prompt(session, "Dria moved.")
    first = await client.question()
    await client.socket.close()
    second, third = await daemon.connect(), await daemon.connect()
    for one in (second, third):
        await one.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    questions = [await one.question() for one in (second, third)]
    assert [one["params"] for one in questions] == [first["params"]] * 2
    await third.decide(questions[1], "allow_once")
    await second.until_ended()
    await second.decide(questions[0], "reject")
    assert "Bergen" in note(daemon)
    outcomes = [params["_meta"]["commonplace"].get("permission", {}).get("outcome") for params in second.updates]
    assert [outcome for outcome in outcomes if outcome] == ["allow_once"]


async def test_a_client_that_cannot_ask_leaves_the_question_to_another(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client, other = await daemon.connect(), await daemon.connect()
    session = await review(client, daemon.vault)
    await other.call("session/resume", {"sessionId": session, "cwd": str(daemon.vault)})
    request = await client.start_prompt(session, "Dria moved.")
    question = await client.question()
    error = {"code": -32601, "message": "Method not found"}
    await client.socket.send_json({"jsonrpc": "2.0", "id": question["id"], "error": error})
    await other.decide(await other.question(), "allow_once")
    assert (await client.answer(request))["result"]["stopReason"] == "end_turn"
    assert "Bergen" in note(daemon)


async def test_a_note_that_the_user_changed_while_it_waited_is_asked_for_again(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Dria moved.")
    question = await client.question()
    typed = OSLO + "- founded: 2021\n"
    (daemon.vault / "entities/dria.md").write_text(typed)
    await client.decide(question, "allow_once")
    again = await client.question()
    assert again["params"]["toolCall"]["content"][0]["oldText"] == typed
    await client.decide(again, "allow_once")
    await client.answer(request)
    assert note(daemon) == typed.replace("Oslo", "Bergen")


async def test_a_turn_that_is_cancelled_while_it_waits_writes_nothing(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN, REPLY]))
    client = await daemon.connect()
    session = await review(client, daemon.vault)
    request = await client.start_prompt(session, "Dria moved.")
    question = await client.question()
    await client.socket.send_json({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}})
    assert (await client.answer(request))["result"]["stopReason"] == "cancelled"
    await client.decide(question, "allow_once")
    assert (await client.prompt(session, "And now?"))["result"]["stopReason"] == "end_turn"
    assert note(daemon) == OSLO
    told = [params["_meta"]["commonplace"].get("permission") for params in client.updates]
    assert [state["outcome"] for state in told if state] == [None, "cancelled"]


async def test_a_question_that_a_crash_cut_off_is_closed(connect: Any, process_daemon: Any, vault: Path) -> None:
    import signal

    client = await connect(await process_daemon.start(BERGEN, REPLY))
    session = await review(client, vault)
    await client.start_prompt(session, "Dria moved.")
    await client.question()
    await process_daemon.end(signal.SIGKILL)
    back = await connect(await process_daemon.start(REPLY))
    await back.call("session/load", {"sessionId": session, "cwd": str(vault), "mcpServers": []})
    told = [params["_meta"]["commonplace"].get("permission") for params in back.updates]
    assert [state["outcome"] for state in told if state] == [None, "cancelled"]
    calls = [params["update"]["status"] for params in back.updates if "status" in params["update"]]
    assert calls[-1] == "failed"
    assert back.updates[-1]["_meta"]["commonplace"]["ended"]["error"].endswith("It had changed no note.")
    assert back.asked == []
    await back.socket.close()


async def test_read_only_writes_nothing_and_the_model_is_told(start: StartDaemon) -> None:
    model = ScriptedModel([BERGEN, CREATE, DELETE, REPLY])
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.call("session/set_mode", {"sessionId": session, "modeId": "read-only"})
    assert (await client.prompt(session, "Change all of it."))["result"]["stopReason"] == "end_turn"
    assert note(daemon) == OSLO
    assert not (daemon.vault / "entities/fjord.md").exists()
    for call in model.calls[1:]:
        assert "read-only" in call[-1].content


async def test_waiting_turns_do_not_hold_up_another(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([BERGEN] * 12 + [BERGEN, REPLY]))
    client, other = await daemon.connect(), await daemon.connect()
    for _ in range(12):
        await client.start_prompt(await review(client, daemon.vault), "Dria moved.")
        await client.question()
    answered = await asyncio.wait_for(other.prompt(await other.new_session(daemon.vault), "Dria moved."), 20)
    assert answered["result"]["stopReason"] == "end_turn"
    assert "Bergen" in note(daemon)
