"""A damaged file of ours is moved aside, said to be so until it is gone, and takes nothing else with it."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.home import Discovery

Connect = Callable[[Discovery], Awaitable[Any]]
WRITE = '<python>\nok = update_file("user.md", "- user_name", "- city: Bergen in Norway\\n- user_name")\n</python>'
REPLY = "<python></python><reply>Done.</reply>"
LINE = "- city: Bergen in Norway"
NONSENSE = b"SQLite format 3\0" + b"nonsense" * 1_000


@pytest.mark.parametrize("damaged", ["journal/journal.db", "origins.db", "sessions.db"])
async def test_it_is_set_aside_and_said_while_the_rest_works_on(
    process_daemon: Any, connect: Connect, vault: Path, damaged: str
) -> None:
    client = await connect(await process_daemon.start(WRITE, REPLY))
    await client.prompt(await client.new_session(vault), "I live in Bergen.")
    assert LINE in (vault / "user.md").read_text()
    about = {"vault": str(vault)}
    await client.call("_commonplace/why", {**about, "path": "user.md"})
    await process_daemon.end()
    (process_daemon.home / damaged).write_bytes(NONSENSE)

    client = await connect(await process_daemon.start(WRITE.replace("city", "born"), REPLY))
    (aside,) = process_daemon.home.rglob("*.damaged-*")
    assert aside.read_bytes() == NONSENSE
    (problem,) = (await client.call("_commonplace/status", {}))["result"]["problems"]
    assert problem.startswith(f"{aside.name.partition('.')[0]}.db was damaged and is set aside: {aside}\n")
    assert (await client.call("_commonplace/doctor", about))["result"]["machine"]["problems"] == [problem]
    history = (await client.call("_commonplace/history", about))["result"]
    assert history["damage"] == [problem]

    (why,) = (await client.call("_commonplace/why", {**about, "path": "user.md"}))["result"]["lines"]
    assert (why["text"], why["asked"]) == (LINE, "I live in Bergen.")
    undone = (await client.call("_commonplace/undo", about))["result"]["turns"]
    assert (len(history["turns"]), len(undone)) == ((0, 0) if damaged.startswith("journal") else (1, 1))
    assert (LINE in (vault / "user.md").read_text()) == damaged.startswith("journal")

    await client.prompt(await client.new_session(vault), "I was born in Bergen.")
    lines = (await client.call("_commonplace/why", {**about, "path": "user.md"}))["result"]["lines"]
    assert "I was born in Bergen." in {line["asked"] for line in lines}
    aside.unlink()
    assert (await client.call("_commonplace/status", {}))["result"]["problems"] == []
