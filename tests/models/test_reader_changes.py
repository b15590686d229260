"""Free wordings of changes: what is clear is written where it belongs, and what is not is asked about."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = (
    "# User Information\n- name: Dana Wirth\n- city: Turku\n- hobbies: rowing, chess\n- phone: 555-01\n\n"
    "## Relationships\n- sister: [[entities/ella_wirth.md]]\n- friends: [[entities/ravi_nand.md]]\n"
)
ELLA = "# Ella Wirth\n- city: Lund\n- occupation: potter\n- birthday: 1991-02-03\n- moves_in: 2026-05-01\n"
RAVI = "# Ravi Nand\n- age: 40\n- boss: [[entities/ella_wirth.md]]\n"
NOTES = {"user.md": USER, "entities/ella_wirth.md": ELLA, "entities/ravi_nand.md": RAVI}


@pytest.mark.parametrize(
    ("message", "path", "before", "after"),
    [
        ("Ella moved to Malmo.", "entities/ella_wirth.md", "city: Lund", "city: Malmo"),
        ("I've moved to Malmo.", "user.md", "city: Turku", "city: Malmo"),
        ("I gave up chess and took up judo.", "user.md", "rowing, chess", "rowing, judo"),
        ("I have stopped rowing.", "user.md", "rowing, chess", "chess"),
        ("Ella is no longer a potter, she is a glazier.", "entities/ella_wirth.md", "potter", "glazier"),
        ("My phone number isn't 555-01, it's 555-02.", "user.md", "555-01", "555-02"),
        ("Remember that Ella's birthday is 4 March 1991", "entities/ella_wirth.md", "1991-02-03", "1991-03-04"),
        ("Forget Ella's occupation", "entities/ella_wirth.md", "- occupation: potter\n", ""),
        ("Ravi is 41 now", "entities/ravi_nand.md", "age: 40", "age: 41"),
    ],
)
async def test_a_stated_change_is_written_where_it_belongs(
    start_talk: StartTalk, message: str, path: str, before: str, after: str
) -> None:
    talk = start_talk(NOTES)
    assert path in await talk.say(message)
    assert talk.notes() == NOTES | {path: NOTES[path].replace(before, after, 1)}


async def test_several_changes_of_one_sentence_are_all_written(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say("Please change my city to Malmo, Ella's occupation to glazier and Ravi's age to 41.")
    assert talk.notes() == {
        "user.md": USER.replace("Turku", "Malmo"),
        "entities/ella_wirth.md": ELLA.replace("potter", "glazier"),
        "entities/ravi_nand.md": RAVI.replace("40", "41"),
    }
    assert reply.count("now says") == 3


async def test_one_part_that_is_not_understood_leaves_all_as_it_was(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say("Change my city to Malmo and Ravi's flurb of the thing that.")
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    "message",
    [
        "Maybe Ella moved to Malmo.",
        "Ella almost moved to Malmo.",
        "Ella said that Ravi moved to Malmo.",
        "If I moved to Malmo I'd be happy.",
        "Ella wants to move to Malmo.",
        "My phone is broken.",
        "Ravi is tired.",
        "Ella lives in Malmo.",
        "I've been playing judo all weekend!",
        "Update Ravi.",
        "Change it to 7.",
        "Set my phone to.",
        "Add it to my list.",
        "Remove the thing from there.",
        "Rename it.",
        "Please forget it.",
    ],
)
async def test_what_is_unclear_or_said_in_passing_is_asked_about(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say(message)
    assert talk.notes() == NOTES


async def test_yes_writes_every_part_of_what_was_proposed(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say("Ella lives in Malmo and Ravi is 44.")
    assert reply.count("Shall I change it") == 2
    await talk.say("yes")
    assert "Malmo" in talk.notes()["entities/ella_wirth.md"]
    assert "44" in talk.notes()["entities/ravi_nand.md"]


async def test_somebody_new_gets_a_note_that_says_whose_they_are(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("We adopted a dog called Pip.")
    after = talk.notes()
    assert "[[entities/pip.md]]" in after["user.md"]
    assert "# Pip\n" in after["entities/pip.md"]
    assert "- dog_of: [[user.md]]" in after["entities/pip.md"]


async def test_a_friend_joins_and_leaves_the_list_as_a_link(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Add Petra Lund to my friends")
    assert "- friends: [[entities/ravi_nand.md]], [[entities/petra_lund.md]]\n" in talk.notes()["user.md"]
    await talk.say("Ravi is no longer my friend.")
    assert "- friends: [[entities/petra_lund.md]]\n" in talk.notes()["user.md"]


async def test_the_first_thing_said_of_somebody_begins_a_memory_with_both_notes(start_talk: StartTalk) -> None:
    talk = start_talk({})
    await talk.say("My sister is Ella Wirth")
    after = talk.notes()
    assert after["user.md"] == "# User Information\n\n- sister: [[entities/ella_wirth.md]]\n"
    assert "# Ella Wirth\n" in after["entities/ella_wirth.md"]
    assert "Ella Wirth" in await talk.say("Who is my sister?")


async def test_two_friends_are_two_notes(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User Information\n- name: Dana\n"})
    await talk.say("My friends are Tom Reed and Una Bell")
    assert {"entities/tom_reed.md", "entities/una_bell.md"} <= set(talk.notes())


async def test_she_is_whom_the_last_answer_spoke_of(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Who is my sister?")
    assert "potter" in await talk.say("What does she do?")
    await talk.say("She moved to Malmo.")
    assert talk.notes() == NOTES | {"entities/ella_wirth.md": ELLA.replace("Lund", "Malmo")}


async def test_she_is_nobody_where_nobody_was_spoken_of(start_talk: StartTalk) -> None:
    reply = await start_talk(NOTES).say("How old is she?")
    assert "whom you mean" in reply


async def test_a_request_without_a_value_is_asked_for_it_and_then_done(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "1991-02-03" in await talk.say("Change Ella's birthday.")
    assert talk.notes() == NOTES
    await talk.say("To 1991-02-04")
    assert talk.notes() == NOTES | {"entities/ella_wirth.md": ELLA.replace("1991-02-03", "1991-02-04")}


@pytest.mark.parametrize("who", ["My brother Emlyn", "Emlyn", "My brother"])
async def test_whoever_is_named_beside_what_they_are_to_the_user_loses_no_clause(
    start_talk: StartTalk, who: str
) -> None:
    talk = start_talk(
        {
            "user.md": "# User\n- brother: [[entities/emlyn_hask.md]]\n",
            "entities/emlyn_hask.md": "# Emlyn Hask\n- city: Ardmoor\n- occupation: vet\n",
        }
    )
    await talk.say(f"{who} moved to Cork and now works as a farrier.")
    assert talk.notes()["entities/emlyn_hask.md"] == "# Emlyn Hask\n- city: Cork\n- occupation: farrier\n"
