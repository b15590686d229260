"""A memory too large to list, without an index: what a question names is found by its name all the same."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

CROWD = {
    f"entities/person_{number}.md": f"# Person {number}\n- age: {20 + number % 60}\n- city: Town {number % 9}\n"
    for number in range(1_200)
}
LEDGER = "".join(f"- entry {number:04d}: {number * 3} crowns\n" for number in range(5_000))
NOTES = {
    **CROWD,
    "user.md": "# Me\n- name: Ada Poll\n- age: 31\n- friend: [[entities/person_7.md]]\n",
    "entities/zelda_quist.md": "# Zelda Quist\n- age: 61\n- occupation: diver\n- city: Rena\n",
    "entities/zz_big_ledger.md": f"# Big Ledger\n- keeper: Ole Stang\n{LEDGER}",
}


async def test_what_a_first_question_names_is_found(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    for question, told in (
        ("How old is Zelda Quist?", "61"),
        ("Where does Zelda live?", "Rena"),
        ("Is Zelda Quist a diver?", "Yes"),
        ("Tell me about zelda quist.", "occupation: diver"),
        ("Who is older, Zelda Quist or Person 8?", "Zelda Quist, age 61"),
        ("Tell me all about the ZZ Big Ledger", "keeper: Ole Stang"),
    ):
        talk.history = []
        reply = await talk.say(question)
        assert told in reply, reply
        assert len(talk.blocks) <= 8
    assert reply.endswith("more facts in entities/zz_big_ledger.md.")


async def test_whom_no_note_is_about_is_asked_for(start_talk: StartTalk) -> None:
    reply = await start_talk(NOTES).say("How old is Zorba Nix?")
    assert reply.endswith("?"), reply
    assert "age is" not in reply
