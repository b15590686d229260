"""Notes as people write them: lists under headings, nested lists, tables, sentences of two halves or no subject."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# Johanna Frisk\n\nI am 36 years old and work as a nurse at [[St Anne]]. My favourite colour is green.\n\n"
        "## Hobbies\n- climbing\n- baking\n    - sourdough on Sundays\n\n"
        "## Family\n- Husband: [[entities/erik_frisk.md]]\n- Kids:\n    - [[entities/nils_frisk.md]]\n"
        "    - [[entities/stina_frisk.md]]\n\n"
        "## Subscriptions\n| Service | Cost | Renewal |\n|---|---|---|\n| Tidal | 99 kr | 3 May |\n"
        "| Gym | 299 kr | 1 January |\n\n"
        "## Health\nAllergic to penicillin.\n\n## Goals\n- [ ] run a half marathon\n- [x] learn to solder\n"
    ),
    "entities/erik_frisk.md": "# Erik Frisk\n\nErik is a carpenter. He was born in Kiruna.\n",
    "entities/nils_frisk.md": "# Nils Frisk\n- Age: 9\n- School: Vipan\n",
    "entities/stina_frisk.md": "# Stina Frisk\n- Age: 6\n- Best friend: Alva\n- Afraid of: dogs\n",
    "entities/st_anne.md": "# St Anne\n- type: hospital\n- director: Maja Lind\n",
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What do I do for a living?", "nurse"),
        ("Where do I work?", "You work at St Anne"),
        ("Who runs the hospital I work at?", "Maja Lind"),
        ("What are my hobbies?", "climbing, baking"),
        ("What are my goals?", "run a half marathon, learn to solder"),
        ("How many kids do I have?", "2 kids: Nils Frisk, Stina Frisk"),
        ("How old are my kids?", "Nils Frisk: 9; Stina Frisk: 6"),
        ("Which of my kids is afraid of dogs?", "Stina Frisk"),
        ("What does the gym cost?", "299 kr"),
        ("When does Tidal renew?", "3 May"),
        ("What am I allergic to?", "penicillin"),
        ("Who is Alva?", "Stina Frisk's best friend is Alva"),
    ],
)
async def test_it_is_found_wherever_it_stands(start_talk: StartTalk, question: str, told: str) -> None:
    assert told in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How do I bake bread?", "nothing that says how"),
        ("Why did I move to Lund?", "nothing that says why"),
        ("What is Erik's shoe size?", "no shoe size"),
    ],
)
async def test_what_is_missing_is_said_in_words_that_one_would_say(
    start_talk: StartTalk, question: str, found: str
) -> None:
    assert found in await start_talk(NOTES).say(question)


async def test_nobody_else_is_told_of_where_the_user_asks_of_themselves(start_talk: StartTalk) -> None:
    notes = {
        "user.md": "# Me\n- age: 36\n- husband: [[entities/erik.md]]\n",
        "entities/erik.md": "# Erik\n- job: cook\n",
    }
    assert "cook" not in await start_talk(notes).say("What do I do for a living?")
