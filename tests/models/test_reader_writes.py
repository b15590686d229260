"""The reader writes what it is told, in the note's own style, and leaves every other byte alone."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# Mira Okonjo\n\n## Basic Information\n- **Type**: Person\n- **Role**: Deckhand\n- **Experience Years**: 7\n"
        "- **Shift**: Morning\n- **Languages Spoken**: English, Igbo\n- **Hobbies**: chess, sailing\n"
        "- **Hometown**: Lagos, Nigeria\n- **Safety Lead**: False\n\n"
        "## Relationships\n- **Works_At**: [[harbor_office.md]]\n- **Mentors**: [[tomas_lind.md]]\n"
    ),
    "entities/harbor_office.md": "# Harbor Office\n\n- **Type**: Entity\n- **Phone**: 01\n",
    "entities/tomas_lind.md": "# Tomas Lind\n\n- **Type**: Person\n",
}


@pytest.mark.parametrize(
    ("request_", "before", "after"),
    [
        ("Change my role to First Mate", "Deckhand", "First Mate"),
        ("Please update my role: First Mate", "Deckhand", "First Mate"),
        ("I need to update my job - I've been promoted from Deckhand to First Mate.", "Deckhand", "First Mate"),
        (
            "I need to correct my role - I'm no longer a Deckhand, I became a First Mate last month.",
            "Deckhand",
            "First Mate",
        ),
        (
            "Update my experience please - I have 9 years of experience now, not 7 as listed.",
            "Years**: 7",
            "Years**: 9",
        ),
        ("I need to change my schedule - I moved from the morning shift to the evening shift.", "Morning", "Evening"),
        (
            "Please correct my hometown - I was born in Accra, Ghana, not Lagos as recorded.",
            "Lagos, Nigeria",
            "Accra, Ghana",
        ),
        (
            "I need to update my languages - I speak English, Igbo, and Dutch now, not just English and Igbo.",
            "Igbo",
            "Igbo, and Dutch",
        ),
        ("I must correct my records - I am the safety lead now, please update that.", "False", "True"),
        ("Add climbing to my hobbies", "chess, sailing", "chess, sailing, climbing"),
        ("Remove chess from my hobbies", "chess, sailing", "sailing"),
    ],
)
async def test_a_stated_change_swaps_one_value(start_talk: StartTalk, request_: str, before: str, after: str) -> None:
    talk = start_talk(NOTES)
    await talk.say(request_)
    assert talk.notes() == NOTES | {"user.md": NOTES["user.md"].replace(before, after, 1)}


@pytest.mark.parametrize(
    "request_",
    [
        "I need to update my work - I'm no longer with the Harbor Office, I joined Blue Fern Bakery instead.",
        "I need to update my work information - I moved from the Harbor Office to Blue Fern Bakery.",
        "Change my workplace to Blue Fern Bakery",
    ],
)
async def test_a_new_relation_replaces_the_link_and_creates_the_note(start_talk: StartTalk, request_: str) -> None:
    talk = start_talk(NOTES)
    await talk.say(request_)
    after = talk.notes()
    assert after["user.md"] == NOTES["user.md"].replace("[[harbor_office.md]]", "[[entities/blue_fern_bakery.md]]")
    assert "# Blue Fern Bakery\n" in after["entities/blue_fern_bakery.md"]
    assert set(after) == {*NOTES, "entities/blue_fern_bakery.md"}


async def test_a_note_that_exists_is_linked_and_not_created(start_talk: StartTalk) -> None:
    notes = NOTES | {"entities/blue_fern_bakery.md": "# Blue Fern Bakery\n"}
    talk = start_talk(notes)
    await talk.say("Change my workplace to Blue Fern Bakery")
    linked = notes["user.md"].replace("[[harbor_office.md]]", "[[entities/blue_fern_bakery.md]]")
    assert talk.notes() == notes | {"user.md": linked}


async def test_a_person_with_a_note_of_the_users_own_gets_a_card(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES | {"People/Ines Duarte.md": "My friend from school.\n"})
    await talk.say("My sister is Ines Duarte")
    assert "[[People/Ines Duarte" in talk.notes()["entities/ines_duarte.md"]
    assert "[[entities/ines_duarte.md]]" in talk.notes()["user.md"]


async def test_a_fact_of_somebody_else_is_written_into_their_note(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Please change the phone of Harbor Office to 02")
    assert talk.notes() == NOTES | {"entities/harbor_office.md": NOTES["entities/harbor_office.md"].replace("01", "02")}


@pytest.mark.parametrize(
    ("neighbours", "added"),
    [
        ("- **First Name**: Mira\n- **Home Town**: Lagos\n", "- **Shoe Size**: 39\n"),
        ("- first_name: Mira\n- home_town: Lagos\n", "- shoe_size: 39\n"),
        ("* first name: Mira\n", "* shoe size: 39\n"),
        ("first_name:: Mira\n", "shoe_size:: 39\n"),
    ],
)
async def test_a_new_fact_takes_the_style_of_its_neighbours(start_talk: StartTalk, neighbours: str, added: str) -> None:
    talk = start_talk({"user.md": f"# Me\n\n{neighbours}\n## Later\nnothing yet\n"})
    await talk.say("My shoe size is 39")
    assert talk.notes()["user.md"] == f"# Me\n\n{neighbours}{added}\n## Later\nnothing yet\n"


async def test_a_line_that_stands_twice_is_told_apart(start_talk: StartTalk) -> None:
    text = "# Me\n\n## Home\n- color: red\n\n## Car\n- maker: Ansel\n- color: red\n"
    talk = start_talk({"user.md": text})
    await talk.say("Change my color to blue")
    after = talk.notes()["user.md"]
    assert after.count("red") == after.count("blue") == 1


async def test_a_forgotten_fact_is_gone(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Forget my hometown")
    assert talk.notes() == NOTES | {"user.md": NOTES["user.md"].replace("- **Hometown**: Lagos, Nigeria\n", "")}


async def test_what_is_known_already_is_not_written_twice(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "user.md" in await talk.say("My hometown is Lagos, Nigeria")
    assert talk.notes() == NOTES


async def test_the_first_thing_told_begins_the_memory(start_talk: StartTalk) -> None:
    talk = start_talk({})
    assert "My name is" in await talk.say("What is my name?")
    assert talk.notes() == {}
    await talk.say("My name is Mira Okonjo")
    assert talk.notes() == {"user.md": "# User Information\n\n- name: Mira Okonjo\n"}
    assert "Mira Okonjo" in await talk.say("What is my name?")


async def test_the_published_walkthrough(start_talk: StartTalk) -> None:
    user = (
        "# User Information\n- user_name: Mirela Brandt\n- birth_date: 1999-10-08\n"
        "- birth_location: Gdansk, Poland\n- living_location: Ghent, Belgium\n- zodiac_sign: Libra\n\n"
        "## User Relationships\n- employer: [[entities/dria.md]]\n"
    )
    dria = "# Dria\n- type: company\n\n## Contract\nThe contract of employment is kept by the office.\n"
    talk = start_talk({"user.md": user, "entities/dria.md": dria})

    reply = await talk.say("What is my exact job title in my contract with my employer?")
    assert talk.read >= {"user.md", "entities/dria.md"}
    assert "job title" in reply
    assert reply.endswith("?")

    await talk.say('My job title is "AI Researcher", can you add that please')
    added = user.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n")
    assert talk.notes() == {"user.md": added, "entities/dria.md": dria}

    assert "AI Researcher" in await talk.say("What is my job title?")
