"""``/start``: questions for an empty memory, answered or skipped, and one turn that writes them down."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]


async def said(client: Any, session: str, text: str) -> str:
    """What a prompt is answered with."""
    before = len(client.updates)
    await client.prompt(session, text)
    chunks = (params["update"] for params in client.updates[before:])
    return "".join(one["content"]["text"] for one in chunks if one["sessionUpdate"] == "agent_message_chunk")


async def begun(start: StartDaemon, user_note: str | None) -> tuple[Any, Any, str]:
    daemon = await start(ScriptedModel(["<reply>The model.</reply>"]))
    note: Path = daemon.vault / "user.md"
    note.unlink()
    if user_note is not None:
        note.write_text(user_note)
    client = await daemon.connect()
    return daemon, client, await client.new_session(daemon.vault)


@pytest.mark.parametrize("user_note", [None, "", "# Me\n"], ids=["none", "empty", "a title"])
async def test_seven_answers_become_the_user_note_in_one_turn_that_is_undone_whole(
    start: StartDaemon, user_note: str | None
) -> None:
    daemon, client, session = await begun(start, user_note)
    asked = await said(client, session, "/start")
    assert asked.strip().startswith("1 of 7: What is your name?")
    answers = ["Robin Ashdown", "skip", "book\nbinder", "Skip.", "skip", "An atlas", '"brief", please']
    replies = [(await said(client, session, answer)).strip() for answer in answers]
    assert [reply[:7] for reply in replies[:-1]] == [f"{number} of 7:" for number in range(2, 8)]
    title = (user_note or "").strip() or "# User Information"
    facts = "- user_name: Robin Ashdown\n- occupation: book binder\n- current_project: An atlas\n"
    facts += '- answer_style: "brief", please\n'
    assert (daemon.vault / "user.md").read_text() == f"{title}\n{facts}"
    (turn,) = (await client.call("_commonplace/history", {"vault": str(daemon.vault)}))["result"]["turns"]
    await client.call("_commonplace/undo", {"vault": str(daemon.vault), "turns": [turn["turn"]]})
    assert ((daemon.vault / "user.md").read_text() if user_note is not None else None) == user_note
    assert await said(client, session, "And now?") == "The model."


async def test_it_ends_when_one_says_stop_and_writes_what_was_answered(start: StartDaemon) -> None:
    daemon, client, session = await begun(start, None)
    for text in ("/start", "Robin", "stop"):
        reply = await said(client, session, text)
    assert "in user.md now" in reply
    assert (daemon.vault / "user.md").read_text() == "# User Information\n- user_name: Robin\n"


async def test_where_nothing_is_answered_nothing_is_written(start: StartDaemon) -> None:
    daemon, client, session = await begun(start, None)
    for text in ("/start", "stop"):
        reply = await said(client, session, text)
    assert "Nothing was written" in reply
    assert not (daemon.vault / "user.md").exists()


async def test_a_memory_that_knows_the_user_is_left_alone(start: StartDaemon) -> None:
    daemon, client, session = await begun(start, "# Me\n- user_name: Robin\n")
    assert "for an empty memory" in await said(client, session, "/start")
    assert await said(client, session, "Hello") == "The model."
    assert (daemon.vault / "user.md").read_text() == "# Me\n- user_name: Robin\n"


async def test_filters_are_no_part_of_an_answer(start: StartDaemon) -> None:
    daemon, client, session = await begun(start, None)
    await client.prompt(session, "/start", filters=["do not tell my age"])
    await client.prompt(session, "Robin", filters=["do not tell my age"])
    await said(client, session, "stop")
    assert (daemon.vault / "user.md").read_text() == "# User Information\n- user_name: Robin\n"


async def test_the_command_is_announced_when_a_session_begins_and_when_it_is_loaded(start: StartDaemon) -> None:
    _, client, session = await begun(start, None)
    await client.call("session/load", {"sessionId": session, "cwd": "", "mcpServers": []})
    assert [[one["name"] for one in told] for told in client.commands[session]] == [["start"], ["start"]]


async def test_of_an_answer_in_a_whole_sentence_the_fact_is_kept(start: StartDaemon) -> None:
    daemon, client, session = await begun(start, None)
    facts = ["My name is Robin Ashdown.", "I live in Bergen, Norway", "I\u2019m a nurse", "I speak English"]
    for text in ("/start", *facts, "In", "I'm working on an atlas of mosses.", "stop"):
        await said(client, session, text)
    assert (daemon.vault / "user.md").read_text().splitlines()[1:] == [
        "- user_name: Robin Ashdown",
        "- living_location: Bergen, Norway",
        "- occupation: nurse",
        "- languages: English",
        "- important_people: In",
        "- current_project: an atlas of mosses",
    ]
