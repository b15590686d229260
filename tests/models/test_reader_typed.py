"""What is typed in haste, without apostrophes and question marks and with fillers in front, is understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.models.conftest import StartTalk

from commonplace.models.reader.message.typed import spelled

NOTES = {
    "user.md": (
        "# User Information\n- name: Ivo Marsh\n- shoe_size: 43\n- hobbies: rowing, chess\n\n"
        "## Relationships\n- sister: [[entities/lotte_marsh.md]]\n- mentor: [[entities/nils_berg.md]]\n"
    ),
    "entities/lotte_marsh.md": "# Lotte Marsh\n- city: Ghent\n- age: 31\n- job: baker\n- employer: Crumb & Co\n",
    "entities/nils_berg.md": "# Nils Berg\n- age: 58\n- phone: 555 0 22\n- job: district nurse\n",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("whats my shoe size", "43"),
        ("btw whats lottes job", "baker"),
        ("actually, where does lotte live", "Ghent"),
        ("is nils older than lotte", "Yes"),
        ("my shoe size", "43"),
        ("phone number of my mentor", "555 0 22"),
        ("Lotte's job please", "baker"),
        ("quick one: how old is nils", "58"),
        ("sorry but who is my mentor", "Nils Berg"),
    ],
)
async def test_a_question_typed_in_haste_is_answered(start_talk: StartTalk, question: str, answer: str) -> None:
    talk = start_talk(NOTES)
    assert answer in await talk.say(question)
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    ("message", "note", "before", "after"),
    [
        ("Lotte's moved to Bruges", "entities/lotte_marsh.md", "city: Ghent", "city: Bruges"),
        ("btw, Lotte's moved to Bruges", "entities/lotte_marsh.md", "city: Ghent", "city: Bruges"),
        ("Nils's 59 now", "entities/nils_berg.md", "age: 58", "age: 59"),
        ("Nils's no longer a district nurse, he's a midwife", "entities/nils_berg.md", "district nurse", "midwife"),
        ("update: my shoe size is now 44", "user.md", "shoe_size: 43", "shoe_size: 44"),
        ("Ive given up chess", "user.md", "rowing, chess", "rowing"),
    ],
)
async def test_a_change_typed_in_haste_is_written(
    start_talk: StartTalk, message: str, note: str, before: str, after: str
) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    assert talk.notes() == NOTES | {note: NOTES[note].replace(before, after)}


@pytest.mark.parametrize("message", ["Nils is no longer a district nurse", "Move Lotte's next visit", "my new bike!"])
async def test_what_only_sounds_like_a_question_or_a_value_writes_nothing_else(
    start_talk: StartTalk, message: str
) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    added = [
        line for text in talk.notes().values() for line in text.splitlines() if line not in "".join(NOTES.values())
    ]
    assert added == []


@pytest.mark.parametrize(
    "text",
    [
        "Lotte's bakery is called Crumb & Co",
        "Her degree is a Master's in Hydrology",
        "Lotte's lost dog is called Rex",
        "Update my shoe size to 44",
        "Well House is my home",
        "",
    ],
)
def test_what_is_spelled_out_is_left_as_it_is(text: str) -> None:
    assert spelled(text) == text


@given(st.text(max_size=400))
def test_spelling_never_fails_and_is_done_once(text: str) -> None:
    assert spelled(spelled(text)) == spelled(text)


async def test_it_is_what_the_question_before_was_about(start_talk: StartTalk) -> None:
    talk = start_talk(
        NOTES | {"entities/tern.md": "# Tern\n- type: boat\n- deadline: 2027-03-01\n- builder: Nils Berg\n"}
    )
    await talk.say("What is the Tern?")
    assert "2027-03-01" in await talk.say("When is it due?")
    assert "Nils Berg" in await talk.say("and who built it?")


async def test_a_home_now_is_no_home_town(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User\n- name: Ivo Marsh\n- home_town: Ghent\n"})
    await talk.say("I live in Bruges now")
    assert "- home_town: Ghent\n" in talk.notes()["user.md"]


@pytest.mark.parametrize(
    "message", ["undo that", "please revert it", "can you take that back?", "Undo the last change"]
)
async def test_a_wish_to_undo_is_told_how(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    assert "commonplace undo" in await talk.say(message)
    assert talk.notes() == NOTES
