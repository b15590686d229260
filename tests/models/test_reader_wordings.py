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


TOLD = {
    "user.md": (
        "# Ivo Marsh\n\nI grew up in Ghent and moved to Bruges in 2011.\n\ntea:: mint, no sugar\n"
        "sister:: [[entities/lotte_marsh.md]]\nboat:: [[entities/tern.md]]\n"
    ),
    "entities/lotte_marsh.md": "# Lotte Marsh\nemployer:: [[entities/dock_nine.md]]\nage:: 31\nhobbies:: judo\n",
    "entities/dock_nine.md": "# Dock Nine\nforeman:: Piet Claes\n",
    "entities/aya_sato.md": (
        "---\naliases: [Ayako, the Duchess]\n---\n# Aya Sato\n\nAya is a glazier from Osaka. "
        "She lives in Mons with her cousin [[entities/ken_ito.md|Ken]].\n"
    ),
    "entities/ken_ito.md": "# Ken Ito\njob:: piano tuner\nage:: 40\n",
    "entities/tern.md": "# Tern\ntype:: sloop\nengine:: Brandt 20\n",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Where did I grow up?", "Ghent"),
        ("How do I take my tea?", "mint, no sugar"),
        ("What does the Duchess do?", "glazier"),
        ("Where is Aya from?", "Osaka"),
        ("What does Aya's cousin do?", "piano tuner"),
        ("Who is the foreman where my sister works?", "Piet Claes"),
        ("What does Lotte do for fun?", "judo"),
        ("Which engine does my ship have?", "Brandt 20"),
        ("Is Ken older than Lotte?", "Yes"),
        ("Is Aya's cousin older than her?", "?"),
    ],
)
async def test_what_is_told_in_sentences_and_by_another_name_is_found(
    start_talk: StartTalk, question: str, answer: str
) -> None:
    assert answer in await start_talk(TOLD).say(question)
