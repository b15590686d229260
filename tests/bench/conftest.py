"""A small task, and models that do the shipped ones rightly or wrongly."""

import pytest

from commonplace.bench.task import FollowUp, NoteChecks, Reference, ReplyChecks, Task
from commonplace.models.scripted import ScriptedModel

NOTES = {
    "user.md": "# Robin Ashdown\n- age: 34\n- sister: [[entities/maya_ashdown.md]]\n- city: Oslo\n- pin: 447 1983\n",
    "entities/maya_ashdown.md": "# Maya Ashdown\n- city: Bergen\n- job: pilot\n",
}


def block(code: str) -> str:
    return f"<think>\nI look.\n</think>\n<python>\n{code}\n</python>"


def answer(text: str) -> str:
    return f"<think>\n</think>\n<python></python>\n<reply>\n{text}\n</reply>"


def following(reference: Reference) -> ScriptedModel:
    return ScriptedModel([*map(block, reference.code), answer(reference.reply)])


@pytest.fixture
def retrieval() -> Task:
    return Task(
        name="sister-city",
        domain="personal",
        category="retrieval",
        ask="Where does my sister live?",
        notes=NOTES,
        reply=ReplyChecks(says=(("Bergen",),), never=("447 1983",)),
        reference=Reference(('a = read_file("entities/maya_ashdown.md")',), "She lives in Bergen."),
        hops=1,
    )


@pytest.fixture
def update() -> Task:
    return Task(
        name="sister-moves",
        domain="personal",
        category="update",
        ask="My sister moved to Tromsø.",
        notes=NOTES,
        reply=ReplyChecks(),
        reference=Reference(
            ('done = update_file("entities/maya_ashdown.md", "- city: Bergen", "- city: Tromsø")',), "Noted."
        ),
        hops=1,
        after={"entities/maya_ashdown.md": NoteChecks(new=(("Tromsø",),), gone=("Bergen",))},
        then=FollowUp("Where does my sister live?", (("Tromsø",),)),
    )
