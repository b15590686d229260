"""A remark that touches on what stands in a note is asked about, by name and place; what is to come is not written."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = (
    "# User\n- name: Gwen Pryce\n- hobby: painting\n- job: baker\n- age: 38\n- car: green Vesper\n\n"
    "## Relationships\n- husband: [[entities/tomos_pryce.md]]\n- twins: [[entities/ana_pryce.md]]\n"
    "- mentor: [[entities/ada_finn.md]]\n"
)
PROPERTIES = (
    "---\nname: Ines Falk\nsport: fencing\noccupation: cartographer\ndiet: vegetarian\n"
    'brother: "[[entities/jonas_falk.md]]"\n---\n# User\n'
)
NOTES = {
    "user.md": USER,
    "entities/tomos_pryce.md": "# Tomos Pryce\n- age: 45\n",
    "entities/ana_pryce.md": "# Ana Pryce\n- birthday: 2015-03-02\n",
    "entities/ada_finn.md": "# Ada Finn\n- occupation: historian\n",
}
OTHERS = {"user.md": PROPERTIES, "entities/jonas_falk.md": "---\nage: 29\ncity: Ostend\n---\n# Jonas Falk\n"}


@pytest.mark.parametrize(
    ("notes", "message", "says"),
    [
        (NOTES, "I've been climbing all weekend", "user.md says hobby: painting. Should I add climbing"),
        (NOTES, "Just got back from my shift at the hospital.", "user.md says job: baker"),
        (NOTES, "We're having the twins' birthday on Sunday.", "entities/ana_pryce.md says birthday: 2015-03-02"),
        (NOTES, "I'm thinking of selling the car", "user.md says car: green Vesper. Is"),
        (OTHERS, "We went rowing on Saturday and it was great", "user.md says sport: fencing. Should I add rowing"),
        (OTHERS, "I started playing squash", "user.md says sport: fencing. Should I add squash"),
        (OTHERS, "Long day at the office", "user.md says occupation: cartographer"),
        (OTHERS, "Had a lovely steak last night", "user.md says diet: vegetarian"),
        (OTHERS, "My brother isn't happy in Ostend", "entities/jonas_falk.md says city: Ostend"),
        (OTHERS, "My brother's birthday party was fun", "entities/jonas_falk.md says age: 29"),
    ],
)
async def test_a_remark_is_asked_about_with_what_stands_there_and_where(
    start_talk: StartTalk, notes: dict[str, str], message: str, says: str
) -> None:
    talk = start_talk(notes)
    reply = await talk.say(message)
    assert reply.startswith(says)
    assert reply.endswith("?")
    assert talk.notes() == notes


@pytest.mark.parametrize(
    ("choice", "after"),
    [
        ("Add it", "hobby: painting, climbing"),
        ("yes, both please", "hobby: painting, climbing"),
        ("Put it in its place.", "hobby: climbing"),
        ("no", "hobby: painting"),
    ],
)
async def test_what_a_remark_tells_of_joins_what_stands_there_or_takes_its_place(
    start_talk: StartTalk, choice: str, after: str
) -> None:
    talk = start_talk(NOTES)
    await talk.say("I've been climbing all weekend")
    await talk.say(choice)
    assert talk.notes() == NOTES | {"user.md": USER.replace("hobby: painting", after)}


@pytest.mark.parametrize(
    ("notes", "message", "asks"),
    [
        (NOTES, "My husband will be 46 next June", "entities/tomos_pryce.md says age: 45. Shall I change it to 46?"),
        (OTHERS, "Jonas is going to be 30 in March", "entities/jonas_falk.md says age: 29. Shall I change it to 30?"),
        (OTHERS, "My brother is moving to Bruges in May", "says city: Ostend. Shall I change it to Bruges?"),
        (NOTES, "I'm going to be 39 in June", "user.md says age: 38. Shall I change it to 39?"),
        (OTHERS, "Jonas will turn 30 next week", "says age: 29. Shall I change it to 30?"),
    ],
)
async def test_what_is_still_to_come_is_written_only_when_the_user_agrees(
    start_talk: StartTalk, notes: dict[str, str], message: str, asks: str
) -> None:
    talk = start_talk(notes)
    reply = await talk.say(message)
    assert reply.startswith("That is still to come.")
    assert asks in reply
    assert talk.notes() == notes
    assert "now says" in await talk.say("yes")
    assert talk.notes() != notes


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (NOTES, "My nephew's age is 50"),
        (NOTES, "My uncle's phone number is 0470 99"),
        (OTHERS, "My cousin's birthday is on 3 May"),
        (OTHERS, "My friend's city is Rome"),
    ],
)
async def test_what_is_told_of_somebody_without_a_note_is_never_asked_of_the_users_own(
    start_talk: StartTalk, notes: dict[str, str], message: str
) -> None:
    talk = start_talk(notes)
    who = message.split()[1].removesuffix("'s")
    assert (await talk.say(message)).startswith(f"Shall I note {who} ")
    assert talk.notes() == notes


@pytest.mark.parametrize(
    ("notes", "message"),
    [
        (NOTES, "My twins' party was great"),
        (NOTES, "I'm a grandmother now"),
        (OTHERS, "My brother and Wim had a fight"),
        (OTHERS, "Jonas is a widower now"),
        (OTHERS, "My brother's talk was a success"),
    ],
)
async def test_no_fact_is_made_of_what_was_or_of_a_word_that_is_no_occupation(
    start_talk: StartTalk, notes: dict[str, str], message: str
) -> None:
    talk = start_talk(notes)
    assert "?" in await talk.say(message)
    assert talk.notes() == notes
