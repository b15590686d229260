"""Everyday questions: whom one rents from, what one pays, what is to do, who is over an age, who and never when."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Ruben Maas\n- age: 47\n- sister: [[entities/wilma_maas.md]]\n"
        "- daughter: [[entities/fenna_maas.md]]\n- son: [[entities/koen_maas.md]]\n"
        "- workshop: [[entities/dock_street_workshop.md]]\n- boat: [[entities/sandpiper.md]]\n"
        "- friends: [[entities/joris_kuip.md]], [[entities/hette_brand.md]], [[entities/sara_lund.md]]\n"
    ),
    "entities/wilma_maas.md": "# Wilma Maas\n- age: 52\n- employer: [[entities/north_mill.md]]\n",
    "entities/north_mill.md": (
        "# North Mill\n- type: mill\n- founder: [[entities/gerrit_ploeg.md]]\n- founded: 1911\n- restored: 1987\n"
    ),
    "entities/gerrit_ploeg.md": "# Gerrit Ploeg\n- phone: 555 0142\n",
    "entities/fenna_maas.md": "# Fenna Maas\n- age: 17\n- height: 171 cm\n",
    "entities/koen_maas.md": "# Koen Maas\n- age: 20\n- height: 184 cm\n",
    "entities/joris_kuip.md": "# Joris Kuip\n- age: 63\n- job: baker\n- weekly_hours: 30\n",
    "entities/hette_brand.md": "# Hette Brand\n- age: 44\n- phone: 555 0180\n- weekly_hours: 38\n",
    "entities/sara_lund.md": "# Sara Lund\n- birthday: 1950-02-11\n- job: judge\n",
    "entities/dock_street_workshop.md": (
        "# Dock Street Workshop\n- type: workshop\n- rent: 800 euros a month\n- insurance: 45 euros a month\n"
        "- landlady: [[entities/hette_brand.md]]\n\n## Open tasks\n- fix the skylight\n- sweep the flue\n"
    ),
    "entities/sandpiper.md": (
        "# Sandpiper\n- type: boat\n- skipper: [[entities/joris_kuip.md]]\n- mooring fee: 60 euros a month\n"
        "- visiting days: Saturday and Sunday\n\n## To do\n- scrape the hull\n- new rope\n"
    ),
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("who do we rent the workshop from", "Hette Brand"),
        ("who is in charge of the Sandpiper", "Joris Kuip"),
        ("whats our landlady's phone number", "555 0180"),
        ("What's the phone number of the founder of the mill my sister works for?", "555 0142"),
        ("who founded the mill that Wilma works for", "Gerrit Ploeg"),
        ("how much rent do we pay for the workshop", "800 euros"),
        ("what do I pay for mooring the Sandpiper", "60 euros"),
        ("when can I visit the Sandpiper", "Saturday and Sunday"),
        ("What still needs doing on the Sandpiper?", "scrape the hull, new rope"),
        ("what is left to do at the workshop", "fix the skylight, sweep the flue"),
        ("what's on the to do list for the Sandpiper", "scrape the hull, new rope"),
        ("names of my kids please", "Fenna Maas, Koen Maas"),
        ("which of my kids is taller than 180 cm", "Koen Maas, height 184 cm (entities/koen_maas.md)."),
        ("which of my friends work more than 35 hours", "Hette Brand, weekly hours 38"),
        ("which of my kids are over 30", "None: Fenna Maas, age 17; Koen Maas, age 20"),
        ("which people are over 60", "Joris Kuip, age 63"),
        ("which of my friends are over 60", "No age is told of Sara Lund, birthday 1950-02-11"),
    ],
)
async def test_what_one_asks_at_home_is_answered(start_talk: StartTalk, question: str, told: str) -> None:
    assert told in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    "question", ["who restored the mill", "Who owns the Sandpiper?", "who do we rent the boat from"]
)
async def test_who_is_answered_by_somebody_or_asked_back(start_talk: StartTalk, question: str) -> None:
    assert (await start_talk(NOTES).say(question)).endswith("Can you tell me?")
