"""``doctor`` finds what is wrong with a memory and lets a human's own notes be; its repairs can be undone."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Client, Json, StartDaemon

from commonplace.home import Discovery
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.journal import Journal
from commonplace.vault.notes import Vault
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace

Connect = Callable[[Discovery], Awaitable[Client]]

HEALTHY = {
    "user.md": "# User\n- employer: [[entities/dria.md]]\n- photo: ![[me.png]]\n- note: [[Journal/2024 May|May]]\n",
    "entities/dria.md": "# Dria\n- note: [[Companies/Dria.md]]\n",
    "Companies/Dria.md": "a human's note with [[no such note]] and [[another|one]]\n",
    "Journal/2024 May.md": "spring\n",
    "odd NAME (1)!.md": "text\n",
    "me.png": "no note",
}


def lay(vault: Path, notes: Mapping[str, str]) -> None:
    for place in sorted(vault.rglob("*.md")):
        place.unlink()
    for name, text in notes.items():
        place = vault / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


async def examined(client: Client, vault: Path) -> list[Json]:
    return (await client.call("_commonplace/doctor", {"vault": str(vault)}))["result"]["findings"]


def sums(vault: Path) -> dict[str, str]:
    return {
        place.relative_to(vault).as_posix(): hashlib.sha256(place.read_bytes()).hexdigest()
        for place in vault.rglob("*")
        if place.is_file()
    }


async def test_a_healthy_memory_has_no_finding_whatever_the_human_writes_elsewhere(
    start: StartDaemon, vault: Path
) -> None:
    lay(vault, HEALTHY)
    daemon = await start()
    client = await daemon.connect()
    report = (await client.call("_commonplace/doctor", {"vault": str(vault)}))["result"]
    assert report["findings"] == []
    assert report["machine"]["model"] == "reader"
    assert report["machine"]["index"]["mode"] == "events"


@pytest.mark.parametrize(
    ("notes", "kind", "path", "said"),
    [
        ({"user.md": "- no title\n- employer: [[entities/dria.md]]\n"}, "structure", "user.md", "no title"),
        ({"user.md": "# User\n- a: [[gone]]\n[[entities/dria.md]]\n"}, "dangling link", "user.md", "[[gone]]"),
        ({"entities/ann.md": "# Ann\n"}, "unreachable", "entities/ann.md", "[[entities/ann.md]]"),
        (
            {
                "entities/ann.md": "# Ann Smith\n[[user]]\n",
                "entities/smith.md": "---\naliases: [Ann Smith]\n---\n# S\n",
            },
            "same person",
            "entities/ann.md",
            "entities/smith.md",
        ),
        ({"People/Ann.md": "x", "entities/ann.md": "# Ann\n"}, "same person", "entities/ann.md", "[[People/Ann.md]]"),
        ({"entities/dria.md": f"# Dria\n[[Companies/Dria]]{'x' * 1_000_000}\n"}, "size", "entities/dria.md", "1,000,0"),
        ({"Diary.md": "---\na: [\n---\n"}, "frontmatter", "Diary.md", "cannot be read"),
        (
            {"Diary (conflicted copy 2024-05-01).md": "x"},
            "conflict copy",
            "Diary (conflicted copy 2024-05-01).md",
            "Diary.md",
        ),
    ],
)
async def test_each_thing_that_is_wrong_is_found(
    start: StartDaemon, vault: Path, notes: dict[str, str], kind: str, path: str, said: str
) -> None:
    lay(vault, HEALTHY | notes)
    before = sums(vault)
    client = await (await start()).connect()
    found = [finding for finding in await examined(client, vault) if finding["kind"] == kind]
    assert [finding["path"] for finding in found] == [path]
    assert said in found[0]["message"]
    assert sums(vault) == before


async def test_a_repair_is_done_as_shown_and_undone_as_a_turn(start: StartDaemon, vault: Path) -> None:
    lay(
        vault,
        HEALTHY | {"user.md": "# User\r\n- boss: [[Jane Doe]]\r\n[[dria]]\r\n", "entities/jane_doe.md": "# Jane Doe\n"},
    )
    before = sums(vault)
    daemon = await start()
    client = await daemon.connect()
    (repair,) = [finding["repair"] for finding in await examined(client, vault) if finding["kind"] == "dangling link"]
    assert repair["changes"][0]["path"] == "user.md"
    done = await client.call("_commonplace/repair", {"vault": str(vault), "repair": repair["id"]})
    assert (vault / "user.md").read_bytes() == b"# User\r\n- boss: [[entities/jane_doe.md]]\r\n[[dria]]\r\n"
    assert not [finding for finding in await examined(client, vault) if finding["kind"] == "dangling link"]
    journal = Journal(daemon.home / "journal")
    (turn,) = [turn for turn in journal.turns(vault) if turn.turn == done["result"]["turn"]]
    await undo(Workspace(Vault(vault, journal=journal)), journal, turn)
    journal.close()
    assert sums(vault) == before


async def test_a_repair_of_a_note_that_changed_meanwhile_is_refused(start: StartDaemon, vault: Path) -> None:
    lay(vault, HEALTHY | {"user.md": "no title\n[[dria]]\n"})
    client = await (await start()).connect()
    (repair,) = [finding["repair"] for finding in await examined(client, vault) if finding["kind"] == "structure"]
    (vault / "user.md").write_text("no title\n[[dria]]\nand a line of mine\n")
    refused = await client.call("_commonplace/repair", {"vault": str(vault), "repair": repair["id"]})
    assert "was changed since" in refused["error"]["message"]
    unknown = await client.call("_commonplace/repair", {"vault": str(vault), "repair": "none"})
    assert "not offered" in unknown["error"]["message"]


async def test_a_conflict_copy_of_user_md_is_offered_as_a_merge(start: StartDaemon, vault: Path) -> None:
    lay(vault, HEALTHY | {"user.sync-conflict-20240501-101112-ABCDEF7.md": HEALTHY["user.md"] + "- city: Oslo\n"})
    client = await (await start()).connect()
    (repair,) = [finding["repair"] for finding in await examined(client, vault) if finding["kind"] == "conflict copy"]
    assert "result" in await client.call("_commonplace/repair", {"vault": str(vault), "repair": repair["id"]})
    assert (vault / "user.md").read_text() == HEALTHY["user.md"] + "- city: Oslo\n"
    assert not (vault / "user.sync-conflict-20240501-101112-ABCDEF7.md").exists()


@pytest.mark.parametrize("daemon", ["runs", "is off"])
async def test_links_to_a_note_that_a_file_manager_renamed_are_offered_in_every_note(
    process_daemon: Any, connect: Connect, vault: Path, daemon: str
) -> None:
    lay(vault, HEALTHY | {"Plans.md": "see [[2024 May#week|then]]\n"})
    client = await connect(await process_daemon.start())
    assert not [finding for finding in await examined(client, vault) if finding["kind"] == "dangling link"]
    if daemon == "is off":
        await process_daemon.end()
    (vault / "Journal" / "2024 May.md").rename(vault / "Journal" / "Spring.md")
    if daemon == "is off":
        client = await connect(await process_daemon.start())
    found = [finding for finding in await examined(client, vault) if finding["kind"] == "dangling link"]
    assert {finding["repair"]["title"] for finding in found} == {
        "Let [[2024 May#week|then]] in Plans.md lead to Journal/Spring.md",
        "Let [[Journal/2024 May|May]] in user.md lead to Journal/Spring.md",
    }
    for finding in found:
        await client.call("_commonplace/repair", {"vault": str(vault), "repair": finding["repair"]["id"]})
    assert (vault / "Plans.md").read_text() == "see [[Spring#week|then]]\n", "a human's link stays as short as it was"
    assert "[[Journal/Spring.md|May]]" in (vault / "user.md").read_text()


async def test_a_user_note_that_was_renamed_is_named_with_its_new_name(start: StartDaemon, vault: Path) -> None:
    lay(vault, HEALTHY)
    client = await (await start()).connect()
    assert await examined(client, vault) == []
    (vault / "user.md").rename(vault / "Me.md")
    (finding,) = await examined(client, vault)
    assert finding["message"].startswith("It is called Me.md now")


async def test_a_day_of_turns_and_a_doctor_leave_every_other_byte_as_it_was(start: StartDaemon, vault: Path) -> None:
    others = {
        f"Notes {index % 7}/\U0001f33b {index}.md": f"line {index}\r\nand [[{index + 1}]]\r\n" for index in range(200)
    }
    lay(vault, HEALTHY)
    for name, text in others.items():
        place = vault / name
        place.parent.mkdir(exist_ok=True)
        place.write_bytes((b"\xef\xbb\xbf" if len(text) % 2 else b"") + text.encode())
    (vault / "broken.md").write_bytes(b"---\n{: [\n---\n\xff\xfe no text")
    before = sums(vault)
    outputs: list[str] = []
    for turn in range(20):
        code = (
            f'made = create_file("entities/day_{turn}.md", "# Day {turn}\\n")\n'
            f'told = update_file("user.md", "# User", "# User\\n- day_{turn}: [[entities/day_{turn}.md]]")\n'
            'found = search_notes("line and")\nlisted = list_files()\nseen = read_file("broken.md")'
        )
        outputs.append(f"<think>\n</think>\n<python>\n{code}\n</python>")
        outputs.append("<think>\n</think>\n<python></python>\n<reply>\nNoted.\n</reply>")
    client = await (await start(ScriptedModel(outputs))).connect()
    session = await client.new_session(vault)
    for _ in range(20):
        await client.prompt(session, "A day has gone.")
        await examined(client, vault)
    after = sums(vault)
    written = {"user.md", *(f"entities/day_{turn}.md" for turn in range(20))}
    assert {name for name in after if after[name] != before.get(name)} == written
    assert set(before) <= set(after)


async def test_a_vault_that_nobody_registered_is_refused_in_a_sentence(start: StartDaemon, tmp_path: Path) -> None:
    client = await (await start()).connect()
    refused = await client.call("_commonplace/doctor", {"vault": str(tmp_path)})
    assert "commonplace vault add" in json.dumps(refused["error"])
