"""A name is corrected everywhere it stands, and the turn that did it can be undone as one."""

from pathlib import Path

import pytest
from tests.models.conftest import StartTalk

from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.reader import ReaderModel
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": "# User\n- friend: [[entities/sten_berg.md|Sten Berg]]\n- rower: [[sten_berg]]\n",
    "entities/sten_berg.md": "---\naliases:\n  - Sten Berg\n---\n# Sten Berg\n- age: 30\n",
    "entities/lake_club.md": (
        "# Lake Club\nSten Berg keeps the keys, not Sten Bergman.\n- chair: [[entities/sten_berg.md]]\n"
    ),
    "entities/other.md": "# Other\n- age: 3\n",
    "Diary/monday.md": "Met Sten Berg.\n",
}


async def test_a_name_is_corrected_in_the_file_the_title_the_links_and_the_text(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Correct Sten Berg's name to Steen Berg.")
    after = talk.notes()
    assert "entities/sten_berg.md" not in after
    assert after["entities/steen_berg.md"] == NOTES["entities/sten_berg.md"].replace("Sten", "Steen")
    assert (
        after["user.md"]
        == "# User\n- friend: [[entities/steen_berg.md|Steen Berg]]\n- rower: [[entities/steen_berg.md]]\n"
    )
    assert after["entities/lake_club.md"] == (
        "# Lake Club\nSteen Berg keeps the keys, not Sten Bergman.\n- chair: [[entities/steen_berg.md]]\n"
    )
    assert after["entities/other.md"] == NOTES["entities/other.md"]


async def test_the_users_own_notes_beside_the_memory_are_left_alone(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Rename Sten Berg to Steen Berg")
    assert talk.notes()["Diary/monday.md"] == NOTES["Diary/monday.md"]


async def test_a_name_that_another_note_bears_is_asked_about(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say("Rename Sten Berg to Lake Club")
    assert talk.notes() == NOTES


async def test_undoing_the_turn_brings_the_old_name_back(
    start_talk: StartTalk, tmp_path: Path, sandbox: Sandbox
) -> None:
    talk = start_talk(NOTES)
    journal = Journal(tmp_path.parent / f"{tmp_path.name}-journal")
    vault = Vault(tmp_path, journal=journal)
    turn = Turn(
        model=ReaderModel(),
        sandbox=sandbox,
        memory=Memory(vault),
        history=[],
        question="Correct Sten Berg's name to Steen Berg.",
        origin=Origin("s", "t", "asked"),
    )
    async for _ in turn.events():
        pass
    assert "entities/steen_berg.md" in talk.notes()
    journaled = journal.turn(vault.root, "t")
    assert journaled is not None
    await undo(Workspace(vault), journal, journaled)
    assert talk.notes() == NOTES


FAMILY = {
    "user.md": (
        "# User\n- sister: [[entities/june.md]]\n- spouse: [[entities/tarquin_brask.md]]\n- baker: [[Bo Lindqvist]]\n"
    ),
    "entities/june.md": "# June\n- age: 30\n",
    "entities/tarquin_brask.md": "# Tarquin Brask\n- relationship: husband\n- birthday: 3 June 1990\n",
    "entities/Bo Lindqvist.md": "# Bo Lindqvist\n- trade: baker\n",
}


async def test_a_date_keeps_its_month_where_somebody_who_is_called_like_it_is_renamed(start_talk: StartTalk) -> None:
    talk = start_talk(FAMILY)
    await talk.say("Rename June to Juno")
    after = talk.notes()
    assert after["entities/juno.md"].endswith("# Juno\n- age: 30\n")
    assert "[[entities/juno.md]]" in after["user.md"]
    assert "3 June 1990" in after["entities/tarquin_brask.md"]


async def test_a_name_of_which_no_word_stays_may_be_somebody_elses_and_is_asked_about(start_talk: StartTalk) -> None:
    talk = start_talk(FAMILY)
    reply = await talk.say("My spouse is called Odette.")
    assert "?" in reply
    assert talk.notes() == FAMILY


async def test_a_link_by_a_files_name_leads_to_the_files_new_name(start_talk: StartTalk) -> None:
    talk = start_talk(FAMILY)
    await talk.say("Bo Lindqvist's name is actually Bo Lindquist.")
    after = talk.notes()
    assert "entities/bo_lindquist.md" in after
    assert "[[bo_lindquist|Bo Lindquist]]" in after["user.md"] or "[[entities/bo_lindquist.md" in after["user.md"]
