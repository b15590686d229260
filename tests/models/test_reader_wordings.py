"""A fact is found in the words that people use for it, which are seldom those of its key."""

import pytest
from tests.models.conftest import StartTalk

NOTES = {
    "user.md": (
        "# User Information\n- name: Ivo Marsh\n- rent: 610 euros a month\n\n"
        "## Relationships\n- wife: [[entities/lotte_marsh.md]]\n- daughter: [[entities/mila_marsh.md]]\n"
        "- son: [[entities/bram_marsh.md]]\n- flatmate: [[entities/nils_berg.md]]\n- boat: [[entities/tern.md]]\n"
    ),
    "entities/lotte_marsh.md": "# Lotte Marsh\n- allergies: pollen\n- medication: cetirizine\n",
    "entities/mila_marsh.md": "# Mila Marsh\n- subject: geology\n- boyfriend: [[entities/nils_berg.md]]\n",
    "entities/bram_marsh.md": "# Bram Marsh\n- school: Saint-Luc\n",
    "entities/nils_berg.md": "# Nils Berg\n- age: 28\n- motorcycle: Aster 500\n",
    "entities/tern.md": "# Tern\n- type: ferry\n- capacity: 12\n- departs: 08:40\n- founder: Nils Berg\n",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What's the missus called?", "Lotte Marsh"),
        ("Where does my boy go to school?", "Saint-Luc"),
        ("What pills does my wife take?", "cetirizine"),
        ("Who is Mila dating?", "Nils Berg"),
        ("What is Mila studying?", "geology"),
        ("Which motorbike does my roommate have?", "Aster 500"),
        ("How many people does the Tern seat?", "12"),
        ("When does the Tern leave?", "08:40"),
        ("How old is my daughter's boyfriend?", "28"),
    ],
)
async def test_everyday_words_find_the_fact(start_talk: StartTalk, question: str, answer: str) -> None:
    reply = await start_talk(NOTES).say(question)
    assert answer in reply
    assert "?" not in reply
