"""Rows of tables are added and changed by what a message says of their columns; what does not fit is asked about."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Ivo Marsh\n- garden: [[entities/garden.md]]\n- son: [[entities/tim_marsh.md]]\n"
        "- chess club: [[entities/chess_club.md]]\n"
    ),
    "entities/garden.md": (
        "# Garden\n- soil: clay\n\n## Beds\n| bed | crop | sown | plants |\n|---|---|---|---|\n"
        "| north | kale | 2026-03-14 | 24 |\n| south | beans | 2026-05-02 | 60 |\n"
    ),
    "entities/tim_marsh.md": (
        "# Tim Marsh\n- class: 4a\n\n## Races\n| day | distance | minutes |\n|:--|--:|--:|\n"
        "| 2026-04-11 | 5 | 27 |\n| 2026-09-20 | 10 | 58 |\n\nHe runs on Sundays.\n"
    ),
    "entities/chess_club.md": (
        "# Chess Club\n\n## Results\n| round | points | of |\n|---|---|---|\n| 1 | 3 | 6 |\n| 2 | 5 | 6 |\n\n"
        "## Board\n| office | who | until |\n|---|---|---|\n| chair | Vera Lund | 2027 |\n"
        "| scribe | Otto Kern | 2026 |\n"
    ),
    "entities/ada_holt.md": "# Ada Holt\n- rating: 1850\n",
}


@pytest.mark.parametrize(
    ("request_", "path", "old", "new"),
    [
        (
            "Add a row to Tim's races: day 2026-11-08, distance 10, minutes 55.",
            "entities/tim_marsh.md",
            "| 2026-09-20 | 10 | 58 |\n",
            "| 2026-09-20 | 10 | 58 |\n| 2026-11-08 | 10 | 55 |\n",
        ),
        (
            "We got 4 of 6 points in round 3, please add it to the results of the Chess Club.",
            "entities/chess_club.md",
            "| 2 | 5 | 6 |\n",
            "| 2 | 5 | 6 |\n| 3 | 4 | 6 |\n",
        ),
        (
            "The north bed has 31 plants now. Update the table.",
            "entities/garden.md",
            "| north | kale | 2026-03-14 | 24 |",
            "| north | kale | 2026-03-14 | 31 |",
        ),
        (
            "I sowed the south bed again on 2026-06-01, change it in the table.",
            "entities/garden.md",
            "| south | beans | 2026-05-02 | 60 |",
            "| south | beans | 2026-06-01 | 60 |",
        ),
    ],
)
async def test_a_row_is_written_and_nothing_else(
    start_talk: StartTalk, request_: str, path: str, old: str, new: str
) -> None:
    talk = start_talk(NOTES)
    await talk.say(request_)
    assert talk.notes() == NOTES | {path: NOTES[path].replace(old, new)}


async def test_an_office_that_changes_hands_is_changed_in_its_row_and_noted_with_its_holder(
    start_talk: StartTalk,
) -> None:
    talk = start_talk(NOTES)
    await talk.say(
        "Ada Holt takes over from Otto as scribe of the Chess Club, until 2030. "
        "Update the board's table and add the office to Ada's note."
    )
    assert "| scribe | Ada Holt | 2030 |" in talk.notes()["entities/chess_club.md"]
    assert "| chair | Vera Lund | 2027 |" in talk.notes()["entities/chess_club.md"]
    assert "office: scribe" in talk.notes()["entities/ada_holt.md"]


@pytest.mark.parametrize(
    "request_",
    [
        "Add a row to Tim's races.",
        "Add a row to Tim's races: distance 10, minutes 55.",
        "Add a row to Tim's races: day 2026-11-08, distance 10, minutes 55, shoes 43.",
        "The north bed and the south bed have 31 plants now. Update the table.",
        "The west bed has 12 plants now. Update the table.",
        "The north bed was sown on 2026-03-20 or 2026-03-21, update the table.",
        "Update the table of the garden.",
    ],
)
async def test_a_row_that_leaves_a_doubt_is_asked_about(start_talk: StartTalk, request_: str) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say(request_)
    assert talk.notes() == NOTES
