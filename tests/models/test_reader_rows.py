"""Questions over the rows of a table: which of them, how many, the most, the sum, more or less than a number."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Ines Carl\n- boat club: [[entities/boat_club.md]]\n"
        "- allotment: [[entities/lower_field.md]]\n- daughter: [[entities/mina_carl.md]]\n\n"
        "## Subscriptions\n| Service | Cost | Billed | Renews |\n|---|---|---|---|\n"
        "| Kinoa | 12 euros | monthly | 3 May |\n| Gym | 30 euros | monthly | 14 January |\n"
        "| Newspaper | 240 euros | yearly | 2 June |\n| Cloud storage | 3 euros | monthly | 20 May |\n"
    ),
    "entities/boat_club.md": (
        "# Boat Club\n- type: club\n\n## Boats\n| Boat | Seats | Built | Kept at |\n|---|---|---|---|\n"
        "| Heron | 4 | 1998 | north jetty |\n| Grey Wagtail | 2 | 2011 | shed |\n| Bittern | 8 | 2004 | north jetty |\n"
    ),
    "entities/lower_field.md": (
        "# Lower Field\nThe vegetables do well in the wet.\n\n"
        "| Plot | Crop | Sown | Harvest | Kilos |\n|---|---|---|---|---|\n| A | leeks | March | November | 20 |\n"
        "| B | peas | April | July | 9 |\n| C | carrots | March | September | 31 |\n"
    ),
    "entities/mina_carl.md": (
        "# Mina Carl\n- age: 14\n\n## Runs\n| Day | Distance | Minutes |\n|---|---|---|\n"
        "| 2026-03-01 | 5 km | 31 |\n| 2026-04-12 | 10 km | 66 |\n| 2026-06-07 | 10 km | 58 |\n\n"
        "## Birthdays of friends\n| Who | When |\n|---|---|\n| Lotta | 19 October |\n"
        "| Bo | 2 October |\n| Nell | 4 May |\n"
    ),
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("which subscriptions renew in May", "Kinoa: renews 3 May; Cloud storage: renews 20 May (user.md)."),
        ("which of my subscriptions are not monthly", "Newspaper: billed yearly (user.md)."),
        ("Which boats are kept at the north jetty?", "Heron: kept at north jetty; Bittern: kept at north jetty"),
        ("what was sown in March", "A leeks: sown March; C carrots: sown March"),
        ("which vegetables are harvested in July", "B peas: harvest July"),
        ("where is the wagtail kept", "Grey Wagtail: kept at shed"),
        ("which boats have more than 2 seats", "Heron: seats 4; Bittern: seats 8"),
        ("which boats were built after 2000", "Grey Wagtail: built 2011; Bittern: built 2004"),
        ("which runs took Mina less than an hour", "2026-03-01: minutes 31; 2026-06-07: minutes 58"),
        ("Which subscriptions cost over 300 euros?", "None of the 4 subscriptions (user.md)."),
        ("which crop gave the most kilos", "C carrots: kilos 31, among 3"),
        ("which boat has the most seats", "Bittern: seats 8, among 3"),
        ("what is the oldest boat in the club", "Heron: built 1998, among 3"),
        ("which of my subscriptions is the dearest", "Gym: cost 30 euros, among 4"),
        ("how much do I spend on subscriptions a month", "65 euros a month together"),
        ("how many seats do the boats have together", "14 together: Heron 4, Grey Wagtail 2, Bittern 8"),
        ("which of Mina's runs were in April", "2026-04-12"),
        ("whose birthdays are in October", "Lotta: when 19 October; Bo: when 2 October"),
        ("when is Nell's birthday", "Nell: when 4 May"),
        ("list my subscriptions", "Kinoa, Gym, Newspaper, Cloud storage (user.md)."),
        ("how many subscriptions do I have", "4 subscriptions: Kinoa, Gym, Newspaper, Cloud storage"),
    ],
)
async def test_the_rows_that_are_asked_for_are_told(start_talk: StartTalk, question: str, told: str) -> None:
    assert told in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    "question",
    [
        "which apples ripen in July",
        "who sits at the north jetty",
        "which boats have an engine",
        "how much did the boats cost altogether",
        "what was painted in March",
        "which of Mina's runs is next",
    ],
)
async def test_a_word_that_no_table_accounts_for_is_asked_about(start_talk: StartTalk, question: str) -> None:
    assert (await start_talk(NOTES).say(question)).endswith("Can you tell me?")


async def test_a_rule_holds_for_cells(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "euros" not in await talk.say("which of my subscriptions is the dearest", "Do not talk about money.")
    assert "Kinoa" in await talk.say("which subscriptions renew in May", "Do not talk about money.")
