"""A client's filters act on all that leaves for it, and on nothing that leaves for another."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import tomlkit

from commonplace.models.scripted import ScriptedModel
from commonplace.tokens import Scope, new_token

StartDaemon = Callable[..., Awaitable[Any]]

PHONE = "+47 555 01 234"


def saying(text: str) -> str:
    return f"<think>\nI think {text}\n</think>\n<python></python>\n<reply>\n{text}\n</reply>"


def put_rules(daemon: Any, *rules: str, client: str, complete: bool = False) -> None:
    file = daemon.home / "config.toml"
    document = tomlkit.parse(file.read_text())
    document["filters"] = [{"rule": rule, "clients": [client], "complete": complete} for rule in rules]
    file.write_text(tomlkit.dumps(document))


async def test_a_value_that_comes_in_pieces_reaches_the_filtered_client_in_none(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([saying(f"Call {PHONE} today.")] * 2, chunk=2))
    put_rules(daemon, "no phone numbers", client="host")
    host = await daemon.connect(new_token(daemon.home, "host", Scope.CHAT))
    await host.prompt(await host.new_session(daemon.vault), "Which number?")
    assert host.reply == "Call [withheld: phone number] today."
    assert "234" not in json.dumps(host.of_kind("agent_thought_chunk"))
    numbers = [params["_meta"]["commonplace"]["seq"] for params in host.updates]
    assert numbers == sorted(set(numbers))
    own = await daemon.connect()
    await own.prompt(await own.new_session(daemon.vault), "Which number?")
    assert own.reply == f"Call {PHONE} today."


async def test_a_filter_that_comes_with_a_prompt_is_held_as_well(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([saying("Write to robin@post.example.")], chunk=3))
    own = await daemon.connect()
    await own.prompt(await own.new_session(daemon.vault), "Where to?", filters=["do not share e-mails"])
    assert own.reply == "Write to [withheld: e-mail address]."
    assert "robin@" not in str(own.updates)


async def test_a_complete_rule_refuses_the_answer_with_a_warning(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([saying(f"Sure: {PHONE}, any time.")], chunk=3))
    put_rules(daemon, "no phone numbers", client="host", complete=True)
    host = await daemon.connect(new_token(daemon.home, "host", Scope.CHAT))
    await host.prompt(await host.new_session(daemon.vault), "Which number?")
    assert "a filter of the user withholds (phone number)" in host.reply
    assert "any time" not in host.reply
    ended = host.updates[-1]["_meta"]["commonplace"]["ended"]
    assert ended["reply"].startswith("I may not answer that")


async def test_what_was_said_before_the_rule_is_hidden_when_it_is_told_again(start: StartDaemon) -> None:
    model = ScriptedModel([saying(f"Call {PHONE} today."), saying("It is as I said.")], chunk=2)
    daemon = await start(model)
    token = new_token(daemon.home, "host", Scope.CHAT)
    host = await daemon.connect(token)
    session = await host.new_session(daemon.vault)
    await host.prompt(session, "Which number?")
    assert PHONE in host.reply
    put_rules(daemon, "no phone numbers", client="host")
    for after in range(host.updates[-1]["_meta"]["commonplace"]["seq"]):
        again = await daemon.connect(token)
        place: dict[str, object] = {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []}
        await again.call("session/load", {**place, "_meta": {"commonplace": {"after": after}}})
        told = "".join(params["update"].get("content", {}).get("text", "") for params in again.updates)
        assert "01 234" not in told, after
        assert "555 01" not in told, after
        await again.socket.close()
    await host.prompt(session, "And again?")
    assert PHONE not in str([message.content for message in model.calls[-1][1:]])


async def test_history_why_feed_diffs_and_questions_are_masked_for_the_users_own_clients_too(
    start: StartDaemon,
) -> None:
    code = (
        'update_file("user.md", "Robin Ashdown", "Robin Ashdown\\n- blood_type: AB negative")\n'
        'create_file("entities/blue_fern.md", "# Blue Fern Bakery\\n- owner: Halvard Moe\\n")\n'
        'update_file("user.md", "- blood_type", "- bakery: [[entities/blue_fern.md]]\\n- blood_type")'
    )
    block = f"<think>\nI write.\n</think>\n<python>\n{code}\n</python>"
    daemon = await start(ScriptedModel([block, saying("Done.")]))
    writer = await daemon.connect()
    await writer.prompt(await writer.new_session(daemon.vault), "Remember this.")
    assert "AB negative" in str(writer.updates)
    put_rules(daemon, "my blood type", "Never mention Blue Fern Bakery", client="own")
    own = await daemon.connect()
    told = [
        await own.call("_commonplace/history", {"vault": str(daemon.vault), "diff": True}),
        await own.call("_commonplace/why", {"vault": str(daemon.vault), "path": "user.md"}),
        await own.call("_commonplace/why", {"vault": str(daemon.vault), "path": "entities/blue_fern.md"}),
    ]
    session = writer.updates[0]["sessionId"]
    await own.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    heard = json.dumps([*told, own.updates])
    assert len(told[0]["result"]["turns"]) == 1
    for hidden in ("AB negative", "Halvard Moe", "Blue Fern", "blue_fern"):
        assert hidden not in heard, hidden
    assert "Robin Ashdown" in heard


@pytest.mark.parametrize("rule", ["x" * 10_000, "no phone " * 500])
async def test_an_endless_filter_is_refused_in_a_sentence(start: StartDaemon, rule: str) -> None:
    daemon = await start(ScriptedModel([]))
    own = await daemon.connect()
    answer = await own.prompt(await own.new_session(daemon.vault), "Hm?", filters=[rule])
    assert "at most 1,000 characters" in answer["error"]["message"]


async def test_the_rules_are_listed_tried_added_and_removed_over_the_socket_by_the_users_own_clients(
    start: StartDaemon,
) -> None:
    daemon = await start(ScriptedModel([]))
    own = await daemon.connect()
    method = "_commonplace/filters"
    added = await own.call(method, {"action": "add", "rule": "no phone numbers", "clients": ["mcp"]})
    assert [(one["number"], one["rule"], one["clients"]) for one in added["result"]["filters"]] == [
        (1, "no phone numbers", ["mcp"])
    ]
    tried = await own.call(method, {"action": "test", "rule": "no phone numbers", "text": f"It is {PHONE}."})
    assert tried["result"]["told"] == "It is [withheld: phone number]."
    assert (await own.call(method, {"action": "remove", "number": 1}))["result"]["filters"] == []
    assert "filter list" in (await own.call(method, {"action": "remove", "number": 1}))["error"]["message"]
    assert "says nothing" in (await own.call(method, {"action": "add", "rule": " "}))["error"]["message"]
    host = await daemon.connect(new_token(daemon.home, "host", Scope.CHAT))
    assert "error" in await host.call(method, {"action": "add", "rule": "no phone numbers"})


async def test_a_config_that_cannot_be_read_tells_nothing_to_clients_that_are_not_the_users_own(
    start: StartDaemon,
) -> None:
    daemon = await start(ScriptedModel([saying("I am here.")] * 4))
    host = await daemon.connect(new_token(daemon.home, "host", Scope.MEMORY_ONLY))
    session = await host.new_session(daemon.vault)
    file = daemon.home / "config.toml"
    good = file.read_text()
    file.write_text(f'{good}\n[[filters]]\nrule = "no phone numbers\n')
    vault = str(daemon.vault)
    of: dict[str, Any] = {"sessionId": session, "cwd": vault, "mcpServers": []}
    every: list[tuple[str, dict[str, Any]]] = [
        ("session/new", {"cwd": vault, "mcpServers": []}),
        ("session/load", of),
        ("session/resume", of),
        ("session/list", {}),
        ("session/prompt", {**of, "prompt": [{"type": "text", "text": "Who are you?"}]}),
        ("_commonplace/look", {"vault": vault, "action": "read", "of": "user.md"}),
        ("_commonplace/changes", {"vault": vault}),
        ("_commonplace/replay", {"sessionId": session, "after": 0}),
    ]
    for method, asked in every:
        answer = await host.call(method, asked)
        assert answer["error"]["code"] == -32004, method
        assert "commonplace doctor" in answer["error"]["message"]
        assert vault not in str(answer)
    own = await daemon.connect()
    assert "the settings of before hold" in str(await own.call("_commonplace/doctor", {"vault": vault}))
    await own.prompt(await own.new_session(daemon.vault), "Who are you?")
    assert own.reply == "I am here."
    file.write_text(good)
    assert "result" in await host.prompt(session, "And now?")
