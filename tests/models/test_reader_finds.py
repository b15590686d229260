"""What the reader finds beyond a fact of the note that a question names: tables, prose, sums, notes outside memory."""

import pytest

from .conftest import StartTalk

NOTES = {
    "user.md": (
        "# Robin Ashdown\n- house: [[entities/mill_house.md]]\n- brother: [[entities/olav_ashdown.md]]\n"
        "- classes: [[entities/pottery.md]], [[entities/welding.md]]\n- phone: 555 0101\n- locker: 12\n"
    ),
    "entities/mill_house.md": (
        "# Mill House\n- door code: 7719-K\n- roof check every: 18 months\n- last roof check: 2026-08-31\n"
        "- budget: 4,000\n- spent: 1,250.50\n\n## Meters\n| meter | number | reading |\n|---|---|---|\n"
        "| gas | G-1 | 4,512 |\n| water | W-2 | 731 |\n"
    ),
    "entities/olav_ashdown.md": "# Olav Ashdown\n- job: smith\n\nHe left his umbrella under the stairs last June.\n",
    "entities/pottery.md": "# Pottery\n- lessons: 6\n- room: 4\n",
    "entities/welding.md": "# Welding\n- lessons: 9\n- room: 7\n",
    "Books/Kestrel 2019.md": "---\npublisher: Tern Press\n---\nThe bird hovers for 40 seconds on average.\n",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What was the last water meter reading?", "731"),
        ("What is the number of the gas meter?", "G-1"),
        ("What is the door code?", "7719-K"),
        ("When is the next roof check due?", "2028-02-29"),
        ("How much of the budget is left?", "2,749.5"),
        ("How many lessons do my classes have together?", "15"),
        ("What did my brother leave under the stairs?", "umbrella"),
        ("What are my locker and my phone number?", "12"),
        ("What are my locker and my phone number?", "555 0101"),
        ("Which publisher does Kestrel 2019 name?", "Tern Press"),
        ("Whose door code is 7719-K?", "mill_house"),
    ],
)
async def test_it_is_found(start_talk: StartTalk, question: str, answer: str) -> None:
    talk = start_talk(NOTES)
    assert answer in await talk.say(question)
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is my brother's blood type?", ["Olav Ashdown"]),
        ("What is the room of the class?", ["Pottery", "Welding"]),
        ("What is the room?", ["Pottery", "Welding"]),
    ],
)
async def test_a_question_back_names_what_was_found_by_looking(
    start_talk: StartTalk, question: str, named: list[str]
) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(question)
    assert reply.endswith("?")
    assert all(name in reply for name in named)


async def test_a_link_that_leads_to_no_note_is_told(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES | {"entities/olav_ashdown.md": "# Olav Ashdown\n- boss: [[entities/greta_holm.md]]\n"})
    reply = await talk.say("Where does my brother's boss live?")
    assert "Greta Holm" in reply
    assert reply.endswith("?")


async def test_two_values_of_one_thing_are_asked_about(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES | {"entities/pottery.md": "# Pottery\n- lessons: 6\n- room: 4\n- lessons: 8\n"})
    reply = await talk.say("How many lessons does pottery have?")
    assert "6" in reply
    assert "8" in reply
    assert reply.endswith("?")
