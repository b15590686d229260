"""A change touches what it speaks of and nothing else, however near the words of other notes come to it."""

import pytest
from tests.models.conftest import StartTalk

NOTES = {
    "user.md": (
        "# User\n- name: Ivo Marsh\n- tools: saw, chisel, plane\n- children:\n  - [[entities/mila_marsh.md]]\n\n"
        "## People\n- neighbour: [[entities/nils_berg.md]]\n- shop: [[entities/knot_shop.md]]\n"
    ),
    "entities/mila_marsh.md": "# Mila Marsh\n- age: 9\n",
    "entities/nils_berg.md": "# Nils Berg\n- fiancee: [[entities/aya_sato.md]]\n\nNils takes warfarin for his heart.\n",
    "entities/aya_sato.md": "# Aya Sato\n- age: 33\n- job: glazier\n",
    "entities/knot_shop.md": "# Knot Shop\nstreet:: Quay 2\n\n| Rope | Price |\n|---|---|\n| hemp | 2.10 |\n",
}


def changed(after: dict[str, str]) -> set[str]:
    return {name for name in NOTES.keys() | after.keys() if NOTES.get(name) != after.get(name)}


@pytest.mark.parametrize(
    ("message", "touched"),
    [
        ("Take it out of the shed.", set[str]()),
        ("I gave the plane away, take it out of the tools", {"user.md"}),
        ("Remove the fiancee from Nils's note.", {"entities/nils_berg.md"}),
        ("Delete Aya from the note of Nils", {"entities/nils_berg.md"}),
        ("Knot Shop has moved to Larch Row.", {"entities/knot_shop.md"}),
        ("Remember that Aya's allergic to nickel", {"entities/aya_sato.md"}),
    ],
)
async def test_a_change_touches_only_the_note_that_it_speaks_of(
    start_talk: StartTalk, message: str, touched: set[str]
) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    assert changed(talk.notes()) <= touched


async def test_a_place_in_a_street_changes_the_street(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Knot Shop has moved to 4 Larch Row.")
    assert "street:: 4 Larch Row\n" in talk.notes()["entities/knot_shop.md"]


async def test_somebody_new_in_a_list_of_lines_gets_a_line(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Add Bram Marsh to my children.")
    assert "  - [[entities/mila_marsh.md]]\n  - [[entities/bram_marsh.md]]\n" in talk.notes()["user.md"]


async def test_a_fact_of_a_note_with_a_table_does_not_become_a_row(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Knot Shop has moved to Larch Row.")
    rows = [line for line in talk.notes()["entities/knot_shop.md"].splitlines() if line.startswith("|")]
    assert rows == ["| Rope | Price |", "|---|---|", "| hemp | 2.10 |"]


PROSE = {
    "user.md": (
        "# Ivo Marsh\n\nI live in Ghent with my cousin [[entities/ken_ito|Ken]] and two cats, Milo and Otis. "
        "I drive a red Golf that I bought from [[entities/ken_ito|Ken]].\n\ndiet:: vegetarian\njob:: glazier\n"
    ),
    "entities/ken_ito.md": "# Ken Ito\n- age: 40\n",
}


@pytest.mark.parametrize("message", ["We moved to Bruges", "I drive a Tern now"])
async def test_what_would_go_with_a_value_out_of_a_sentence_is_asked_about(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(PROSE)
    assert (await talk.say(message)).endswith("?")
    assert talk.notes() == PROSE


@pytest.mark.parametrize("message", ["I'm reading Ulysses now", "I became a grandfather"])
async def test_what_is_no_diet_and_no_job_is_not_written_as_one(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(PROSE)
    await talk.say(message)
    assert talk.notes() == PROSE


async def test_nothing_new_is_written_into_a_note_that_was_read_in_part(start_talk: StartTalk) -> None:
    facts = "".join(f"- entry_{number}: value {number}\n" for number in range(600))
    notes = PROSE | {"entities/big_one.md": f"# Big One\n- type: ledger\n{facts}- age: 77\n"}
    talk = start_talk(notes)
    assert "too long" in await talk.say("Big One is 78 now")
    assert talk.notes() == notes
    await talk.say("Change the age of Big One to 78")
    assert talk.notes() == notes | {"entities/big_one.md": notes["entities/big_one.md"].replace("age: 77", "age: 78")}


async def test_what_was_proposed_is_written_after_a_yes(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say("The gas bill is now 75")
    await talk.say("yes")
    assert "- gas_bill: 75\n" in talk.notes()["user.md"]


async def test_under_a_rule_a_right_guess_is_answered_as_a_wrong_one(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    right = await talk.say("Aya is 33", "no ages")
    assert await start_talk(NOTES).say("Aya is 34", "no ages") == right
