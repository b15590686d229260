"""``_commonplace/history`` and ``_commonplace/undo``, as a client sees them."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.clients.connection import DaemonConnection
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

StartDaemon = Callable[..., Awaitable[Any]]

WRITE = """<think>t</think><python>
ok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")
new = create_file("entities/jane.md", "# Jane\\n- employer: [[dria]]\\n")
linked = update_file("user.md", "- user_name", "- friend: [[entities/jane.md]]\\n- user_name")
</python>"""
REPLY = "<think>t</think><python></python><reply>Done.</reply>"
BEFORE = {"user.md", "entities/dria.md"}


def contents(root: Path) -> dict[str, str]:
    return {str(p.relative_to(root)): p.read_text() for p in root.rglob("*.md") if ".trash" not in p.parts}


async def test_a_turn_is_in_the_history_and_goes_and_comes_back(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    before = contents(daemon.vault)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Jane is my friend at Dria, now in Bergen.")
    written = contents(daemon.vault)
    assert set(written) == BEFORE | {"entities/jane.md"}
    asked = {"vault": str(daemon.vault)}
    told = (await client.call("_commonplace/history", {**asked, "diff": True}))["result"]
    (turn,) = told["turns"]
    assert (turn["session"], turn["asked"]) == (session, "Jane is my friend at Dria, now in Bergen.")
    notes = {note["path"]: (note["change"], note["diff"]) for note in turn["notes"]}
    assert notes["entities/dria.md"] == ("changed", ["-- city: Oslo", "+- city: Bergen"])
    assert notes["entities/jane.md"][0] == "created"
    assert told["keeps"]["days"] == 90
    assert told["keeps"]["megabytes"] == 500
    (undone,) = (await client.call("_commonplace/undo", asked))["result"]["turns"]
    assert {note["outcome"] for note in undone["notes"]} == {"restored"}
    assert contents(daemon.vault) == before
    listed = (await client.call("_commonplace/history", asked))["result"]["turns"]
    assert [(each["turn"], each["undone"], each["undoes"]) for each in listed] == [
        (undone["undone_by"], False, turn["turn"]),
        (turn["turn"], True, None),
    ]
    assert (await client.call("_commonplace/undo", {**asked, "preview": True}))["result"]["turns"] == []
    await client.call("_commonplace/undo", {**asked, "turns": [undone["undone_by"]]})
    assert contents(daemon.vault) == written


async def test_a_preview_changes_nothing(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([WRITE, REPLY]))
    client = await daemon.connect()
    await client.prompt(await client.new_session(daemon.vault), "Jane is my friend.")
    written = contents(daemon.vault)
    shown = await client.call("_commonplace/undo", {"vault": str(daemon.vault), "preview": True})
    assert len(shown["result"]["turns"]) == 1
    assert contents(daemon.vault) == written


async def test_a_turn_that_still_runs_is_not_undone_and_another_one_is(start: StartDaemon) -> None:
    other = WRITE.replace("jane", "bo").replace("Jane", "Bo").replace("Bergen", "Turku").replace("Oslo", "Bergen")
    slow = f"{other}" + "<think>" + "hm " * 400 + "</think>"
    daemon = await start(ScriptedModel([WRITE, REPLY, other, slow, REPLY], chunk=4, delay=0.02))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Jane is my friend.")
    asked = {"vault": str(daemon.vault)}
    running = await client.start_prompt(session, "Bo is my friend.")
    while "bo.md" not in (daemon.vault / "user.md").read_text():
        await asyncio.sleep(0.01)
    turns = [turn["turn"] for turn in (await client.call("_commonplace/history", asked))["result"]["turns"]]
    refused = await client.call("_commonplace/undo", {**asked, "turns": turns[:1]})
    assert "still runs" in refused["error"]["message"]
    done = await client.call("_commonplace/undo", {**asked, "turns": turns[1:]})
    outcomes = {note["path"]: note["outcome"] for note in done["result"]["turns"][0]["notes"]}
    assert outcomes["entities/jane.md"] == "restored"
    assert outcomes["user.md"] == "merged"
    assert outcomes["entities/dria.md"] == "conflict", "the running turn wrote on the same line since"
    await client.socket.send_json({"jsonrpc": "2.0", "method": "session/cancel", "params": {"sessionId": session}})
    await client.answer(running)
    assert "bo.md" in (daemon.vault / "user.md").read_text()


@pytest.mark.parametrize(
    ("method", "parameters", "reason"),
    [
        ("history", {}, "vault is missing"),
        ("history", {"vault": "/nowhere"}, "not a registered vault"),
        ("history", {"vault": "VAULT", "last": 0}, "last"),
        ("undo", {"vault": "VAULT", "turns": ["t9"]}, "commonplace history"),
        ("undo", {"vault": "VAULT", "turns": "t9"}, "turns"),
        ("undo", {"vault": "VAULT", "last": "many"}, "last"),
    ],
)
async def test_what_cannot_be_done_is_said_in_a_sentence(
    start: StartDaemon, method: str, parameters: dict[str, object], reason: str
) -> None:
    daemon = await start()
    client = await daemon.connect()
    asked = {key: str(daemon.vault) if value == "VAULT" else value for key, value in parameters.items()}
    assert reason in (await client.call(f"_commonplace/{method}", asked))["error"]["message"]


async def test_what_a_crash_left_is_mended_at_the_start_and_told(start: StartDaemon, tmp_path: Path) -> None:
    root, journal = tmp_path / "vault", Journal(tmp_path / "home" / "journal")
    journal.intend(Vault(root).root, NotePath("user.md"), b"# Old\n", b"# New\n", Origin("s", "t"))
    (root / "user.md").write_bytes(b"# New\n")
    (root / ".~user.md.0123456789abcdef.tmp").write_bytes(b"# Old, and a late word of the human\n")
    (root / "entities/.~lost.md.0123456789abcdef.tmp").write_bytes(b"nobody knows\n")
    journal.close()
    daemon = await start()
    client = await daemon.connect()
    told: list[dict[str, str]] = []
    while len(told) < 2:
        told = (await client.call("_commonplace/history", {"vault": str(root)}))["result"]["recovered"]
        await asyncio.sleep(0.01)
    assert told == [{"path": "user.md", "what": "put back"}, {"path": ".trash/lost.md", "what": "kept"}]
    assert (daemon.vault / "user.md").read_bytes() == b"# Old, and a late word of the human\n"
    assert not list(root.rglob(".~*"))


async def test_the_journal_keeps_what_the_config_says(start: StartDaemon, tmp_path: Path) -> None:
    home, root = tmp_path / "home", tmp_path / "vault"
    journal = Journal(home / "journal")
    vault = Vault(root, journal=journal)
    for number in range(3):
        text = f"# User {number}\n" + "x" * 600_000
        vault.replace(vault.read(NotePath("user.md")), text, Origin("s", f"t{number}"))
    journal.close()
    (home / "config.toml").write_text(
        f"[journal]\nmegabytes = 1\ndays = 7\n[vaults.vault]\npath = {json.dumps(str(root))}\n"
    )
    daemon = await start()
    client = await daemon.connect()
    told: Any = None
    while told is None or told["keeps"]["turns"] == 3:
        told = (await client.call("_commonplace/history", {"vault": str(daemon.vault)}))["result"]
        await asyncio.sleep(0.01)
    assert told["keeps"]["days"] == 7
    assert told["keeps"]["size"] <= 1_000_000


async def test_an_undo_of_many_notes_tells_how_far_it_is(start: StartDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonplace.server.progress._SECONDS", 0.0)
    monkeypatch.setattr("commonplace.vault.undo.TOGETHER", 2)
    daemon = await start(ScriptedModel([]))
    journal = Journal(daemon.home / "journal")
    vault = Vault(daemon.vault, journal=journal)
    for number in range(5):
        vault.create(NotePath(f"entities/n{number}.md"), f"# N{number}\n", Origin("s", "many"))
    journal.close()
    told: list[tuple[int, int]] = []

    def work() -> Any:
        with DaemonConnection(daemon.running.discovery) as connection:
            return connection.undo(daemon.vault, ["many"], progress=lambda done, total: told.append((done, total)))

    undone = await asyncio.to_thread(work)
    assert [note["outcome"] for note in undone["turns"][0]["notes"]] == ["restored"] * 5
    assert told == [(0, 5), (2, 5), (4, 5)]
