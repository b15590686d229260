"""What no note says, the reader asks for; what is said in passing, it asks about before it writes."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Mira Okonjo\n- hobby: sailing\n- hometown: Lagos\n- previous_employer: Northway\n"
        "\n## Relationships\n- mentor: [[entities/tomas_lind.md]]\n"
    ),
    "entities/tomas_lind.md": "# Tomas Lind\n- age: 61\n- favorite_tool: marlinspike\n",
}


@pytest.mark.parametrize(
    "question",
    [
        "What is my age?",
        "How old am I?",
        "What is my favorite tool?",
        "What is my current employer's address?",
        "Do I own a boat?",
        "What is the shoe size of my mentor?",
        "What is the capital of Portugal?",
    ],
)
async def test_what_no_note_says_is_asked_for(start_talk: StartTalk, question: str) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(question)
    assert reply.endswith("?")
    assert ".md" in reply
    assert "61" not in reply
    assert "marlinspike" not in reply
    assert talk.notes() == NOTES


async def test_the_answer_to_what_was_asked_back_is_kept_where_it_belongs(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("What is my shoe size?")
    await talk.say("It's 39")
    assert "39" in await talk.say("What is my shoe size?")
    assert "- previous_employer: Northway\n- shoe_size: 39\n" in talk.notes()["user.md"]


@pytest.mark.parametrize(
    "remark",
    [
        "I've been climbing all weekend, it is my new passion!",
        "I spent the summer in Porto and it felt like home.",
        "My hobby is climbing.",
        "Our new mentor Ines is wonderful.",
    ],
)
async def test_a_remark_changes_nothing_and_is_asked_about(start_talk: StartTalk, remark: str) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say(remark)
    assert talk.notes() == NOTES


async def test_a_contradiction_names_what_stands_where_and_yes_changes_it(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say("My hobby is climbing.")
    assert "user.md says hobby: sailing" in reply
    await talk.say("Yes, please.")
    assert talk.notes()["user.md"] == NOTES["user.md"].replace("sailing", "climbing")


async def test_no_changes_nothing(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("My hobby is climbing.")
    await talk.say("No")
    assert talk.notes() == NOTES


async def test_a_yes_to_nothing_changes_nothing(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say("yes")
    assert talk.notes() == NOTES


async def test_a_change_of_nothing_that_is_known_is_asked_about(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say("Please update my records.")
    assert talk.notes() == NOTES


async def test_a_name_that_two_notes_bear_is_asked_about(start_talk: StartTalk) -> None:
    twins = {"entities/anna_holm.md": "# Anna Holm\n- age: 30\n", "entities/anna_beck.md": "# Anna Beck\n- age: 31\n"}
    reply = await start_talk(NOTES | twins).say("How old is Anna?")
    assert "entities/anna_holm.md" in reply
    assert "entities/anna_beck.md" in reply
    assert reply.endswith("?")


async def test_two_values_of_which_one_must_be_wrong_are_both_named(start_talk: StartTalk) -> None:
    reply = await start_talk({"user.md": "# User Information\n- age: 41\n- hobby: sailing\n- age: 42\n"}).say(
        "How old am I?"
    )
    assert "age: 41 and age: 42" in reply
    assert reply.endswith("?")


@pytest.mark.parametrize("said", ["lol", "ok", "weird", "mind your own business", "Compare Ula and me"])
async def test_what_answers_nothing_is_not_written(start_talk: StartTalk, said: str) -> None:
    talk = start_talk({"user.md": "# User\n- age: 30\n"})
    assert "Can you tell me?" in await talk.say("What is my shoe size?")
    await talk.say(said)
    assert talk.notes() == {"user.md": "# User\n- age: 30\n"}
