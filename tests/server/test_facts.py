"""``_commonplace/facts``: what the memory knows, newest first, each fact with where it comes from."""

from collections.abc import Awaitable, Callable
from typing import Any

from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

WRITE = """<think>t</think><python>
ok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")
</python>"""
REPLY = "<think>t</think><python></python><reply>Done.</reply>"


async def test_the_note_that_learned_something_last_comes_first_with_the_sentence(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    client = await daemon.connect()
    asked = {"vault": str(daemon.vault)}
    assert (await client.call("_commonplace/facts", asked))["result"]["notes"][0]["path"] == "user.md"

    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Dria moved to Bergen.")
    told = (await client.call("_commonplace/facts", asked))["result"]
    first, *others = told["notes"]
    assert (first["path"], first["title"]) == ("entities/dria.md", "Dria")
    fact = first["facts"][0]
    assert (fact["key"], fact["value"], fact["origin"]["asked"]) == ("city", "Bergen", "Dria moved to Bergen.")
    assert fact["origin"]["session"] == session
    assert {one["origin"]["writer"] for note in others for one in note["facts"]} <= {"human", "unknown"}
    assert told["total"] == len(told["notes"]) == 2
    assert len((await client.call("_commonplace/facts", {**asked, "most": 1}))["result"]["notes"]) == 1


async def test_a_note_without_facts_is_left_out_and_one_that_is_no_text_breaks_nothing(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([]))
    (daemon.vault / "entities" / "plain.md").write_text("# Plain\nNo fact.\n")
    (daemon.vault / "entities" / "bytes.md").write_bytes(b"\xff\xfe\xff")
    client = await daemon.connect()
    told = (await client.call("_commonplace/facts", {"vault": str(daemon.vault)}))["result"]
    assert {note["path"] for note in told["notes"]} == {"user.md", "entities/dria.md"}
