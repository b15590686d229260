"""``commonplace history`` and ``commonplace undo``, as a user reads them."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from commonplace.clients import launch
from commonplace.clients.changes import turn_line, undone_lines

Run = Callable[..., Awaitable[Any]]
Json = Mapping[str, Any]

NOTE = "# User\n- user_name: Robin Ashdown\n- age: 41\n"


def make_vault(folder: Path) -> Path:
    vault = folder / "vault"
    (vault / "entities").mkdir(parents=True)
    (vault / "user.md").write_text(NOTE)
    return vault


def plain(text: str) -> str:
    """The output without what differs from run to run."""
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)
    names = dict.fromkeys(re.findall(r"\b(?:[0-9a-f]{16}-\d+|undo-[0-9a-f]{8})\b", text))
    for number, name in enumerate(names):
        text = text.replace(name, f"TURN{number}")
    return text


async def test_the_history_and_an_undo_read_like_this(commonplace: Run, tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    asked = await commonplace("ask", "Change my age to 42", "--vault", str(vault))
    assert (vault / "user.md").read_text() == NOTE.replace("41", "42"), asked.out
    told = await commonplace("history", "--diff", "--vault", str(vault))
    assert plain(told.out) == (
        'TIME  TURN0  "Change my age to 42"\n'
        "  changed user.md\n"
        "    -- age: 41\n"
        "    +- age: 42\n"
        "\n"
        "The journal keeps 90 days and 500 MB, and holds 1 turn, 0.1 KB.\n"
        "Set that in config.toml: [journal] days, megabytes. To take a turn back: commonplace undo TURN\n"
    )
    refused = await commonplace("undo", "--vault", str(vault))
    assert refused.code == 1
    assert plain(refused.err) == (
        "This will be taken back:\n"
        'TIME  TURN0  "Change my age to 42"\n'
        "  changed user.md\n"
        "There is no terminal to ask in. Type: the same command with --yes\n"
    )
    undone = await commonplace("undo", "--yes", "--vault", str(vault))
    assert (undone.code, plain(undone.out)) == (
        0,
        "user.md: as it was before.\nTo have it again: commonplace undo TURN0\n",
    )
    assert (vault / "user.md").read_text() == NOTE
    again = await commonplace("undo", "--yes", "--vault", str(vault))
    assert (again.code, again.err) == (0, "There is no turn to undo. Type: commonplace history\n")
    told = await commonplace("history", "--vault", str(vault))
    assert plain(told.out).startswith(
        "TIME  TURN0  took back TURN1\n"
        "  changed user.md\n"
        'TIME  TURN1  "Change my age to 42"  (undone)\n'
        "  changed user.md\n"
        "\n"
    )


async def test_a_line_that_the_human_changed_too_is_left_and_shown(commonplace: Run, tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    await commonplace("ask", "Change my age to 42", "--vault", str(vault))
    mine = NOTE.replace("41", "43, really")
    (vault / "user.md").write_text(mine)
    undone = await commonplace("undo", "--yes", "--vault", str(vault))
    assert (undone.code, undone.out) == (
        1,
        "user.md: the same lines were changed since, so it is left as it is.\n"
        "    - is what it says now, + what it said before the turn:\n"
        "    -- age: 43, really\n"
        "    +- age: 41\n"
        "    Where you want the old lines, put them in by hand.\n",
    )
    assert (vault / "user.md").read_text() == mine
    as_json = json.loads((await commonplace("undo", "--yes", "--json", "--vault", str(vault))).out)
    (note,) = as_json["turns"][0]["notes"]
    assert (note["outcome"], note["now"], note["wanted"]) == ("conflict", mine, NOTE)


async def test_an_undo_of_several_turns_tells_each_and_which_notes_came_and_went(
    commonplace: Run, tmp_path: Path
) -> None:
    vault = make_vault(tmp_path)
    await commonplace("ask", "Change my age to 42", "--vault", str(vault))
    await commonplace("ask", "My dentist is Doctor Elm", "--vault", str(vault))
    assert (vault / "entities" / "doctor_elm.md").exists()
    undone = await commonplace("undo", "--last", "2", "--yes", "--vault", str(vault))
    assert plain(undone.out) == (
        'TIME  TURN0  "My dentist is Doctor Elm"\n'
        "entities/doctor_elm.md: removed again.\n"
        "user.md: as it was before.\n"
        "To have it again: commonplace undo TURN1\n"
        'TIME  TURN2  "Change my age to 42"\n'
        "user.md: as it was before.\n"
        "To have it again: commonplace undo TURN3\n"
    )
    brought_back = re.findall(r"undo-[0-9a-f]{8}", undone.out)[0]
    again = await commonplace("undo", brought_back, "--yes", "--vault", str(vault))
    assert "entities/doctor_elm.md: there again.\n" in again.out


def test_a_turn_whose_sentence_was_purged_says_so() -> None:
    turn: Json = {"turn": "t1", "time": 1e9, "asked": "", "undoes": None, "undone": False, "notes": []}
    assert turn_line(turn).endswith("t1  (what you said is not kept)")


@pytest.mark.parametrize("daemon", ["goes on", "begins anew"])
async def test_a_vault_that_moved_keeps_its_turns_and_the_origins_of_its_lines(
    commonplace: Any, tmp_path: Path, daemon: str
) -> None:
    vault, there = make_vault(tmp_path), tmp_path / "there"
    await commonplace("vault", "add", str(vault))
    await commonplace("ask", "My shoe size is 39")
    assert 'You said: "My shoe size is 39"' in (await commonplace("why", f"{vault / 'user.md'}:4")).out
    vault.rename(there)
    if daemon == "begins anew":
        await asyncio.to_thread(launch.stop, commonplace.home)
    assert (await commonplace("vault", "move", "vault", str(there))).code == 0
    assert '"My shoe size is 39"' in (await commonplace("history")).out
    assert 'You said: "My shoe size is 39"' in (await commonplace("why", f"{there / 'user.md'}:4")).out
    await commonplace("undo", "--yes")
    assert (there / "user.md").read_text() == NOTE


async def test_a_vault_without_turns_and_a_turn_that_is_none_are_said(commonplace: Run, tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    told = await commonplace("history", "--vault", str(vault))
    assert told.out.startswith("No turn has written to this vault.\n")
    assert json.loads((await commonplace("history", "--json", "--vault", str(vault))).out)["turns"] == []
    refused = await commonplace("undo", "t9", "--yes", "--vault", str(vault))
    assert (refused.code, refused.err) == (
        1,
        "The journal holds no turn 't9' of this vault. Type: commonplace history\n",
    )


def test_a_note_that_was_moved_since_the_turn_created_it_is_told_to_be_removed() -> None:
    was = {"notes": [{"path": "entities/a.md", "change": "created"}]}
    gone = {"path": "Mine/a.md", "outcome": "restored", "now": None, "wanted": None, "reason": None}
    told = list(undone_lines({"notes": [gone], "undone_by": "undo-1"}, was))
    assert told == ["Mine/a.md: removed again.", "To have it again: commonplace undo undo-1"]
