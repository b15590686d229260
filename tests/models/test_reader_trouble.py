"""What the reader says when a note cannot be read, or when a name could mean two: the reason, and a question."""

import pytest
from tests.models.conftest import StartTalk

from commonplace.models.reader.answering import answer
from commonplace.server.permission import READ_ONLY, REJECTED

pytestmark = pytest.mark.asyncio(loop_scope="module")

TOO_LARGE = "# Big\n" + "- filler: x\n" * 100_000


async def test_two_notes_of_one_name_are_asked_about(start_talk: StartTalk) -> None:
    notes = {"user.md": "# User\n- name: Robin\n", "People/Ann Lee.md": "# Ann Lee\n", "Work/Ann Lee.md": "# Ann Lee\n"}
    talk = start_talk(notes)
    reply = await talk.say("My dentist is Ann Lee")
    assert "[[People/Ann Lee.md]]" in reply
    assert "[[Work/Ann Lee.md]]" in reply
    assert "?" in reply
    assert talk.notes() == notes


async def test_a_folder_that_cannot_be_made_is_said_and_nothing_else_is_tried(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User\n- name: Robin\n"})
    (talk.root / "entities").write_text("a file")
    reply = await talk.say("My dentist is Ann Lee")
    assert reply.startswith("I changed nothing: ")
    assert "RuntimeError" not in reply
    assert "(line" not in reply
    assert talk.notes() == {"user.md": "# User\n- name: Robin\n"}


async def test_a_fact_of_somebody_whose_note_cannot_be_read_changes_nothing(start_talk: StartTalk) -> None:
    notes = {"user.md": "# User\n- friend: [[entities/big.md]]\n", "entities/big.md": TOO_LARGE}
    talk = start_talk(notes)
    reply = await talk.say("My friend's age is 13, please add it")
    assert talk.notes() == notes
    assert "entities/big.md" in reply
    assert "1,000,000" in reply


async def test_a_note_that_cannot_be_read_is_named_where_it_could_have_said_it(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User\n- friend: [[entities/big.md]]\n", "entities/big.md": TOO_LARGE})
    reply = await talk.say("How old is my friend?")
    assert "entities/big.md" in reply
    assert "1,000,000" in reply


async def test_what_was_not_found_is_named_by_a_noun(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md": "# User\n- friend: [[entities/ann.md]]\n", "entities/ann.md": "# Ann\n"})
    assert "found no place" in await talk.say("Where was my friend born?")


async def test_a_folder_in_the_place_of_user_md_is_said(start_talk: StartTalk) -> None:
    talk = start_talk({"user.md/inside.md": "# Inside\n"})
    reply = await talk.say("What is my name?")
    assert "user.md is a folder" in reply


@pytest.mark.parametrize("told", [REJECTED.format("user.md"), READ_ONLY])
async def test_what_is_told_to_models_about_the_user_is_not_repeated_to_them(told: str) -> None:
    said = answer.not_written(told)
    assert said.startswith("I changed nothing, since ")
    assert "user" not in said
    assert "Tell" not in said
