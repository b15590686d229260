"""The reader answers what the notes say, wherever the links lead, and says where it stands."""

import pytest
from tests.models.conftest import StartTalk

from commonplace.models.base import Message
from commonplace.models.reader import ReaderModel

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# Mira Okonjo\n\n## Basic Information\n- **Age**: 41\n- **Occupation**: Ferry Captain\n"
        "- **Years Of Experience**: 17\n- **Languages Spoken**: English, Igbo\n- **Hobbies**: chess, sailing\n"
        "- **Hometown**: Lagos, Nigeria\n- **Marital Status**: married\n- **Night Shift**: False\n\n"
        "## Relationships\n- **Captains**: [[grey_heron.md]]\n- **Mentors**: [[tomas_lind.md]]\n"
    ),
    "entities/grey_heron.md": (
        "# Grey Heron\n\n## Basic Information\n- **Entity Type**: Vessel\n- **Length**: 62 meters\n"
        "- **Year Built**: 1998\n- **Home Port**: Harwich\n- **Radar Equipped**: True\n\n"
        "## Relationships\n- **Captains**: [[mira_okonjo.md]]\n"
    ),
    "entities/tomas_lind.md": (
        "# Tomas Lind\n\n- **Type**: Person\n- **Role**: Deckhand\n- **Age**: 23\n- **Favorite Tool**: marlinspike\n"
    ),
    "entities/northway_lines.md": (
        "# Northway Lines\n\n- **Entity Type**: Company\n- **Headquarters**: Bergen\n- **Founder**: Ada Brekke\n"
        "- **Owns**: [[grey_heron.md]]\n"
    ),
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is my age?", "41"),
        ("How old am I?", "41"),
        ("what's my job", "Ferry Captain"),
        ("What do I do for a living?", "Ferry Captain"),
        ("Which languages do I speak?", "English, Igbo"),
        ("What are my hobbies?", "chess, sailing"),
        ("Tell me my hometown", "Lagos, Nigeria"),
        ("Where did I grow up?", "Lagos, Nigeria"),
        ("Am I married?", "married"),
        ("How many years of experience do I have?", "17"),
        ("What is my full name?", "Mira Okonjo"),
    ],
)
async def test_a_fact_about_the_user_is_found_in_many_wordings(
    start_talk: StartTalk, question: str, answer: str
) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(question)
    assert answer in reply
    assert "(user.md)" in reply
    assert talk.read == {"user.md"}


@pytest.mark.parametrize(
    ("question", "answer", "note"),
    [
        ("How long is the vessel that I captain?", "62 meters", "entities/grey_heron.md"),
        ("What year was the vessel I captain built?", "1998", "entities/grey_heron.md"),
        ("What is the home port of the Grey Heron?", "Harwich", "entities/grey_heron.md"),
        ("What is the role of the person I mentor?", "Deckhand", "entities/tomas_lind.md"),
        ("How old is Tomas Lind?", "23", "entities/tomas_lind.md"),
        ("How old is the deckhand I mentor?", "23", "entities/tomas_lind.md"),
        (
            "Where is the headquarters of the company that owns the vessel I captain?",
            "Bergen",
            "entities/northway_lines.md",
        ),
        (
            "Who is the founder of the company that owns the vessel I captain?",
            "Ada Brekke",
            "entities/northway_lines.md",
        ),
    ],
)
async def test_links_are_followed_to_the_note_that_says_it(
    start_talk: StartTalk, question: str, answer: str, note: str
) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(question)
    assert answer in reply
    assert f"({note})" in reply


async def test_a_yes_or_no_question_gets_yes_or_no_and_the_value(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "Yes" in await talk.say("Is the vessel that I captain radar equipped?")
    assert "No" in await talk.say("Do I work the night shift?")


async def test_a_relation_is_answered_with_the_name_behind_the_link(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User Information\n- employer: [[entities/blue_fern_bakery.md]]\n"})
    assert "Blue Fern Bakery" in await talk.say("Who is my employer?")


@pytest.mark.parametrize(
    "line",
    [
        "- tea: Earl Grey",
        "- **Tea**: Earl Grey",
        "- **Tea:** Earl Grey",
        "* Tea: Earl Grey",
        "tea:: Earl Grey",
        "| Tea | Earl Grey |",
        "My tea is Earl Grey.",
    ],
)
async def test_facts_are_read_in_the_styles_that_people_write(start_talk: StartTalk, line: str) -> None:
    talk = start_talk({"user.md": f"# User Information\n\n{line}\n"})
    assert "Earl Grey" in await talk.say("What is my tea?")


async def test_a_property_of_the_frontmatter_is_a_fact(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "---\nbirthday: 1990-02-03\n---\n# User Information\n"})
    assert "1990-02-03" in await talk.say("When was I born?")


async def test_code_is_not_a_fact(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User Information\n\n```\ntea: Earl Grey\n```\n"})
    assert "Earl Grey" not in await talk.say("What is my tea?")


async def test_thoughts_say_why_a_note_is_opened(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("How long is the vessel that I captain?")
    assert '"captains" in user.md leads there' in talk.thoughts


async def test_all_about_somebody_is_a_short_summary(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say("Tell me about Tomas Lind")
    assert "Deckhand" in reply
    assert "marlinspike" in reply
    assert "Mira" not in reply
    assert "Ferry Captain" in await talk.say("What do you know about me?")


async def test_links_that_lead_in_circles_or_nowhere_end(start_talk: StartTalk) -> None:
    talk = start_talk(
        {
            "user.md": "# User Information\n- friend: [[entities/a.md]]\n- boss: [[entities/gone.md]]\n",
            "entities/a.md": "# A\n- friend: [[entities/b.md]]\n",
            "entities/b.md": "# B\n- friend: [[entities/a.md]]\n- self: [[entities/b.md]]\n",
        }
    )
    reply = await talk.say("What is the shoe size of my friend's friend?")
    assert reply.endswith("?")
    assert len(talk.blocks) <= 8


async def test_a_fact_far_down_in_a_long_note_is_found(start_talk: StartTalk) -> None:
    filler = "".join(f"- topic {number}: something about number {number}\n" for number in range(5_000))
    talk = start_talk({"user.md": f"# User Information\n{filler}- shoe size: 43\n"})
    assert "43" in await talk.say("What is my shoe size?")
    assert len(talk.blocks) <= 8


async def test_a_large_memory_is_searched_for_notes_that_link_back(start_talk: StartTalk) -> None:
    crowd = {f"entities/person_{number}.md": f"# Person {number}\n- age: {number}\n" for number in range(40)}
    reply = await start_talk(NOTES | crowd).say("Who is the founder of the company that owns the vessel I captain?")
    assert "Ada Brekke" in reply


async def test_it_is_the_same_answer_every_time() -> None:
    messages = (Message("user", "What is my age?"),)
    outputs = {"".join([delta async for delta in ReaderModel().stream(messages)]) for _ in range(3)}
    assert len(outputs) == 1


async def test_links_are_followed_in_a_memory_too_large_to_list(start_talk: StartTalk) -> None:
    crowd = {f"entities/person_{number}.md": f"# Person {number}\n- age: {number}\n" for number in range(600)}
    talk = start_talk(NOTES | crowd)
    assert "62 meters" in await talk.say("How long is the vessel that I captain?")
    assert len(talk.blocks) <= 3


@pytest.mark.parametrize(
    ("question", "reply"),
    [
        ("What is my name?", "Your name is Robin Ashdown (user.md)."),
        ("Who am I married to?", "You are married to Kit Moor (user.md)."),
        ("In which city does my sister live?", "Maya's city is Bergen (entities/maya.md)."),
    ],
)
async def test_an_answer_is_a_sentence(start_talk: StartTalk, question: str, reply: str) -> None:
    user = "# User\n- user_name: Robin Ashdown\n- married_to: Kit Moor\n- sister: [[entities/maya.md]]\n"
    talk = start_talk({"user.md": user, "entities/maya.md": "# Maya\n- city: Bergen\n"})
    assert await talk.say(question) == reply
