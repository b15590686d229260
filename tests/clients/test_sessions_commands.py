"""``commonplace sessions``, and a chat that goes on with one."""

import json
from pathlib import Path
from typing import Any

from commonplace.models.scripted import ScriptedModel

Command = Any
Start = Any


def replies(*texts: str) -> ScriptedModel:
    return ScriptedModel([f"<python></python>\n<reply>\n{text}\n</reply>" for text in texts])


async def test_a_conversation_is_listed_named_gone_on_with_and_deleted(start: Start, commonplace: Command) -> None:
    model = replies("One.", "Two.", "Three.", "Four.")
    await start(model)
    assert (await commonplace("sessions")).out == "No conversation is kept yet. Type: commonplace chat\n"
    await commonplace("ask", "The first question")
    await commonplace("ask", "Another question")
    latest, first = json.loads((await commonplace("sessions", "list", "--json")).out)
    assert (latest["title"], first["title"]) == ("Another question", "The first question")
    named = await commonplace("sessions", "name", first["sessionId"], "The move to Oslo")
    assert named.out == "'The first question' is now 'The move to Oslo'\n"
    assert "The move to Oslo" in (await commonplace("sessions")).out

    ended = await commonplace("chat", "--session", first["sessionId"][:8], stdin="And then?")
    assert (ended.code, ended.out, ended.err) == (0, "Three.\n", "Going on with 'The move to Oslo'.\n")
    asked = [message.content for message in model.calls[2] if message.role == "user"]
    assert asked == ["The first question", "And then?"]

    ended = await commonplace("chat", "--continue", stdin="Further?")
    assert (ended.out, ended.err) == ("Four.\n", "Going on with 'The move to Oslo'.\n")

    refused = await commonplace("sessions", "delete", first["sessionId"])
    assert (refused.code, "--yes" in refused.err) == (1, True)
    assert (await commonplace("sessions", "delete", first["sessionId"], "--yes")).code == 0
    assert [one["title"] for one in json.loads((await commonplace("sessions", "--json")).out)] == ["Another question"]


async def test_a_session_that_is_none_is_told_where_they_are_listed(start: Start, commonplace: Command) -> None:
    await start(replies())
    for arguments in (["chat", "--session", "ffff"], ["sessions", "name", "ffff", "x"], ["sessions", "delete", "ffff"]):
        ended = await commonplace(*arguments)
        assert ended.err == "No session begins with 'ffff'. Type: commonplace sessions\n"
    ended = await commonplace("chat", "--continue")
    assert ended.err == "No conversation is kept here yet. Type: commonplace chat\n"


async def test_a_conversation_about_a_vault_that_was_removed_does_not_register_it_again(
    start: Start, commonplace: Command, vault: Path
) -> None:
    await start(replies("One.", "Two."))
    await commonplace("ask", "The first question")
    session = json.loads((await commonplace("sessions", "--json")).out)[0]["sessionId"]
    await commonplace("vault", "remove", "vault")
    ended = await commonplace("chat", "--session", session, stdin="And then?")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"{vault} is not a registered vault. Type: commonplace vault add {vault}\n"
    assert "No vault is registered" in (await commonplace("vault", "list")).out
    assert (await commonplace("vault", "add", str(vault))).code == 0
    assert (await commonplace("chat", "--session", session, stdin="And then?")).out == "Two.\n"


async def test_a_client_that_follows_is_told_the_new_name_and_one_that_is_none_is_refused(
    start: Start,
) -> None:
    daemon = await start(replies("One."))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    await client.call("_commonplace/name_session", {"sessionId": session, "title": " Oslo \n at last "})
    assert client.updates[-1]["update"] == {"sessionUpdate": "session_info_update", "title": "Oslo at last"}
    for params in ({"sessionId": session, "title": ""}, {"sessionId": session, "title": 7}, {"title": "x"}):
        assert "error" in await client.call("_commonplace/name_session", params)
    await client.prompt(session, "Again?")
    (listed,) = (await client.call("session/list", {}))["result"]["sessions"]
    assert listed["title"] == "Oslo at last"
