"""Several vaults and several turns in one daemon; a vault that goes away is said to be away and comes back."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from commonplace.config import config_file, register_vault
from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]
READ = '<python>user = read_file("user.md")</python>'
REPLY = "<python></python>\n<reply>\nDone.\n</reply>"
FACTS = 25


def adds(who: str) -> str:
    """A block that adds many facts to user.md, each after the first line."""
    added = f'"# User\\n- {who}_" + str(n) + ": x\\n"'
    code = f'answers = [update_file("user.md", "# User\\n", {added}) for n in range({FACTS})]'
    return f"<python>\n{code}\nassert all(answer is True for answer in answers)\n</python>"


async def test_two_turns_at_once_on_one_vault_lose_no_update(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([adds("one"), adds("two"), adds("three"), REPLY, REPLY, REPLY]))
    clients = [await daemon.connect() for _ in range(3)]
    sessions = [await client.new_session(daemon.vault) for client in clients]
    await asyncio.gather(*(client.prompt(session, "Add.") for client, session in zip(clients, sessions, strict=True)))
    lines = (daemon.vault / "user.md").read_text().splitlines()
    for who in ("one", "two", "three"):
        assert sorted(line for line in lines if line.startswith(f"- {who}_")) == sorted(
            f"- {who}_{number}: x" for number in range(FACTS)
        )
    assert lines[-1] == "- employer: [[entities/dria.md]]"


async def test_each_session_is_about_its_own_vault(start: StartDaemon, tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "entities").mkdir(parents=True)
    (other / "user.md").write_text("# User\n- user_name: Somebody Else\n")
    model = ScriptedModel([READ, REPLY, READ, REPLY])
    daemon = await start(model)
    register_vault(daemon.home, other)
    client = await daemon.connect()
    for vault, name in ((daemon.vault, "Robin Ashdown"), (other, "Somebody Else")):
        await client.prompt(await client.new_session(vault), "Who am I?")
        assert name in model.calls[-1][-1].content
        listed = (await client.call("session/list", {"cwd": str(vault)}))["result"]["sessions"]
        assert [one["cwd"] for one in listed] == [str(vault)]


async def test_a_vault_that_moved_away_under_a_session_is_said_so_and_comes_back(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY, REPLY]))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    daemon.vault.rename(daemon.vault.with_name("elsewhere"))
    assert f"There is no vault at {daemon.vault}" in (await client.prompt(session, "Hm?"))["error"]["message"]
    loaded = await client.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert "result" in loaded, "what was said can be read without the vault"
    daemon.vault.with_name("elsewhere").rename(daemon.vault)
    assert (await client.prompt(session, "Hm?"))["result"]["stopReason"] == "end_turn"


async def test_a_session_of_a_vault_that_is_registered_no_more_says_how_to_register_it(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([REPLY]))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    config_file(daemon.home).write_text("")
    error = (await client.prompt(session, "And now?"))["error"]
    assert f"commonplace vault add {daemon.vault}" in error["message"]


async def test_a_feed_tells_of_the_notes_that_any_clients_turn_touches(start: StartDaemon, tmp_path: Path) -> None:
    write = '<python>a = read_file("user.md")\nok = update_file("entities/dria.md", "Oslo", "Bergen")</python>'
    daemon = await start(ScriptedModel([write, REPLY, READ, REPLY]))
    other_vault = tmp_path / "other"
    (other_vault / "entities").mkdir(parents=True)
    (other_vault / "user.md").write_text("# User\n")
    register_vault(daemon.home, other_vault)
    window, client = await daemon.connect(), await daemon.connect()
    assert (await window.call("_commonplace/feed", {"vault": str(daemon.vault)}))["result"] == {
        "vault": str(daemon.vault)
    }
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Dria moved.")
    await client.prompt(await client.new_session(other_vault), "Who am I?")
    while len(window.touched) < 2:
        await window.take()
    told = [(one["path"], one["access"], one["session"], one["turn"]) for one in window.touched]
    turn = f"{session}-1"
    assert told == [("user.md", "read", session, turn), ("entities/dria.md", "write", session, turn)]
    ours = [params for params in client.updates if params["sessionId"] == session]
    by_number = {params["_meta"]["commonplace"]["seq"]: params for params in ours}
    for one in window.touched:
        assert by_number[one["seq"]]["_meta"]["commonplace"]["path"] == one["path"]
    assert window.updates == []

    await client.call("_commonplace/undo", {"vault": str(daemon.vault), "turns": [turn]})
    while not window.undone:
        await window.take()
    assert window.undone == [{"vault": str(daemon.vault), "path": "entities/dria.md", "turn": turn}]
