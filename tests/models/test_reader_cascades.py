"""Changes that belong in more than one place: lists that something moves between, successors, notes that go."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Ivo Marsh\n- boat: [[entities/tern.md]]\n- choir: [[entities/harbour_choir.md]]\n"
        "- plants: [[entities/fern.md]], [[entities/old_cactus.md]], [[entities/basil.md]]\n"
        "- open repairs: [[entities/leaky_tap.md]], [[entities/roof_leak.md]]\n"
        "- finished repairs: [[entities/front_gate.md]]\n- niece: [[entities/mia_marsh.md]]\n"
    ),
    "entities/tern.md": (
        "# Tern\n- type: dinghy\n- measured: 2026-01-10\n- draught: 0.8 m\n- measure every: 2 years\n"
        "- mechanic: [[entities/wharf_garage.md]]\n- warning: the mast is cracked\n"
    ),
    "entities/wharf_garage.md": "# Wharf Garage\n- type: workshop\n- phone: 555 0 70\n",
    "entities/harbour_choir.md": "# Harbour Choir\n- conductor: [[entities/nils_berg.md]]\n- founded: 1988\n",
    "entities/nils_berg.md": "# Nils Berg\n- city: Ghent\n- conducts: [[entities/harbour_choir.md]]\n- plays: cello\n",
    "entities/leaky_tap.md": "# Leaky tap\n- status: waiting for a part\n",
    "entities/roof_leak.md": "# Roof leak\n- status: reported\n",
    "entities/front_gate.md": "# Front gate\n- status: painted\n",
    "entities/fern.md": "# Fern\n- waters: weekly\n",
    "entities/old_cactus.md": "# Old cactus\n- waters: monthly\n",
    "entities/basil.md": "# Basil\n- waters: daily\n- beside: [[entities/old_cactus.md]]\n",
    "entities/mia_marsh.md": "---\nguardian: Petra Marsh\nphone: 555 0 90\n---\n# Mia Marsh\n- class: 4a\n",
}


def changed(path: str, old: str, new: str) -> dict[str, str]:
    """One note in which one text is another."""
    assert old in NOTES[path]
    return {path: NOTES[path].replace(old, new)}


@pytest.mark.parametrize(
    ("request_", "after"),
    [
        (
            "The leaky tap is mended. Set its status to mended and move it from the open to the finished repairs.",
            changed("entities/leaky_tap.md", "waiting for a part", "mended")
            | {
                "user.md": NOTES["user.md"]
                .replace("[[entities/leaky_tap.md]], [[entities/roof_leak.md]]", "[[entities/roof_leak.md]]")
                .replace("[[entities/front_gate.md]]", "[[entities/front_gate.md]], [[entities/leaky_tap.md]]")
            },
        ),
        (
            "Move the roof leak from my open repairs to my finished repairs.",
            {
                "user.md": NOTES["user.md"]
                .replace(", [[entities/roof_leak.md]]", "")
                .replace("[[entities/front_gate.md]]", "[[entities/front_gate.md]], [[entities/roof_leak.md]]")
            },
        ),
        (
            "I measured the Tern on 2026-11-02 and its draught is 0.9 m now. Note both.",
            {
                "entities/tern.md": NOTES["entities/tern.md"]
                .replace("2026-01-10", "2026-11-02")
                .replace("0.8 m", "0.9 m")
            },
        ),
        (
            "The mast is no problem any more, delete the warning from Tern.",
            changed("entities/tern.md", "- warning: the mast is cracked\n", ""),
        ),
        (
            "Mia's guardian has a new phone number, 555 0 91. Change it.",
            changed("entities/mia_marsh.md", "0 90", "0 91"),
        ),
        (
            "Remove the fern from my plants.",
            changed("user.md", "[[entities/fern.md]], [[entities/old_cactus.md]]", "[[entities/old_cactus.md]]"),
        ),
    ],
)
async def test_a_change_is_made_wherever_it_belongs_and_nowhere_else(
    start_talk: StartTalk, request_: str, after: dict[str, str]
) -> None:
    talk = start_talk(NOTES)
    await talk.say(request_)
    assert talk.notes() == NOTES | after


@pytest.mark.parametrize(
    ("request_", "gone"),
    [
        ("I gave up the old cactus. Take it off my plants and delete its note.", "entities/old_cactus.md"),
        ("Delete the note about the old cactus.", "entities/old_cactus.md"),
        ("Please remove Old cactus's page.", "entities/old_cactus.md"),
    ],
)
async def test_a_note_that_is_to_go_leaves_no_link_behind(start_talk: StartTalk, request_: str, gone: str) -> None:
    talk = start_talk(NOTES)
    assert "is deleted" in await talk.say(request_)
    notes = talk.notes()
    assert notes.keys() == NOTES.keys() - {gone}
    assert not [path for path, text in notes.items() if "old_cactus" in text]
    assert "[[entities/fern.md]], [[entities/basil.md]]" in notes["user.md"]
    assert notes["entities/basil.md"] == "# Basil\n- waters: daily\n"


@pytest.mark.parametrize("request_", ["Delete my note.", "Delete the note about my uncle.", "Delete its note."])
async def test_a_note_that_is_not_named_stays(start_talk: StartTalk, request_: str) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say(request_)
    assert talk.notes() == NOTES


async def test_a_successor_takes_the_post_in_both_notes_and_she_is_the_successor(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("Rosa Lund succeeds Nils as the conductor of Harbour Choir. She is a singer.")
    notes = talk.notes()
    assert "conductor: [[entities/rosa_lund.md]]" in notes["entities/harbour_choir.md"]
    assert notes["entities/nils_berg.md"] == "# Nils Berg\n- city: Ghent\n- plays: cello\n"
    assert "singer" in notes["entities/rosa_lund.md"]


async def test_what_is_said_of_somebody_new_stands_in_their_own_note(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    await talk.say("The Tern has a new mechanic, Quay Works, phone 555 0 71. Please change it.")
    notes = talk.notes()
    assert "- mechanic: [[entities/quay_works.md]]\n" in notes["entities/tern.md"]
    assert "- phone: 555 0 71\n" in notes["entities/quay_works.md"]
    assert notes["entities/wharf_garage.md"] == NOTES["entities/wharf_garage.md"]
