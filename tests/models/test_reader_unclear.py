"""Where two could be meant, the reader asks which; what a remark touches on, it names, whatever the words."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# User Information\n- name: Ivo Marsh\n- address: 8 Larch Row\n- diet: vegetarian\n"
        "- bins: glass on Monday, paper on Friday\n\n"
        "## Relationships\n- sister: [[entities/lotte_marsh.md]]\n- mentor: [[entities/nils_berg.md]]\n"
        "- co_mentor: [[entities/aya_sato.md]]\n- boat: [[entities/tern.md]]\n"
        "- band: [[entities/lotte_marsh.md]], [[entities/nils_berg.md]]\n"
        "- exhibitions: [[entities/spring_show.md]], [[entities/autumn_show.md]]\n"
    ),
    "entities/lotte_marsh.md": "# Lotte Marsh\n- city: Ghent\n- lactose: intolerant\n- phone: 555 0 11\n",
    "entities/nils_berg.md": "# Nils Berg\n- away: 2027-03-01 to 2027-03-20\n- drinks: no alcohol\n- phone: 555 0 22\n",
    "entities/aya_sato.md": "# Aya Sato\n- reading hour: Monday, 10:00\n- accepts cheques: no\n",
    "entities/tern.md": "# Tern\n- type: dinghy\n- last repair: 2026-04-02, a new rudder\n- spare sail: number 14\n",
    "entities/spring_show.md": "# Spring Show\n- opening: 2027-04-01\n",
    "entities/autumn_show.md": "# Autumn Show\n- opening: 2026-09-12\n- reading hour: Friday, 18:00\n",
    "entities/order_81.md": "# Order 81\n- customer: [[entities/kim_vale.md]]\n- problem: wants the blue frame\n",
    "entities/kim_vale.md": "# Kim Vale\n- type: customer\n- city: Mons\n",
    "entities/sam_reed_north.md": "# Sam Reed\n- region: north\n- locker: 4\n",
    "entities/sam_reed_south.md": "# Sam Reed\n- region: south\n- locker: 9\n",
    "entities/zoe_petit.md": "# Zoé Petit\n- école: Saint-Luc\n- médecin: Dr Roche\n- ville: Namur\n",
}


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("What is Sam Reed's locker?", ["sam_reed_north", "sam_reed_south"]),
        ("Which region does Sam Reed belong to?", ["sam_reed_north", "sam_reed_south"]),
        ("When is the reading hour?", ["Aya Sato", "Autumn Show"]),
        ("What is the phone number of the mentor who wrote this letter?", ["Nils Berg", "Aya Sato"]),
        ("What is the colour of the rudder of Tern?", ["a new rudder"]),
        ("Whom may the sail of Tern be lent to?", ["entities/tern.md"]),
    ],
)
async def test_a_question_that_could_mean_two_or_that_no_note_answers_names_what_is_there(
    start_talk: StartTalk, question: str, named: list[str]
) -> None:
    reply = await start_talk(NOTES).say(question)
    assert reply.endswith("?"), reply
    assert not [name for name in named if name not in reply], reply


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is in my band?", "Lotte Marsh, Nils Berg"),
        ("Who is in my band and what are their phone numbers?", "555 0 22"),
        ("Which of my openings comes last?", "Spring Show"),
        ("On which day is the paper collected?", "Friday"),
        ("Which school does Zoé go to?", "Saint-Luc"),
        ("Who is Zoé's doctor?", "Dr Roche"),
        ("In which city does Zoé live?", "Namur"),
        ("What does the customer of order 81 want?", "blue frame"),
        ("What number has the spare sail of the Tern?", "14"),
        ("What is the locker of Sam Reed South?", "9"),
    ],
)
async def test_what_the_notes_say_is_found_in_these_words(start_talk: StartTalk, question: str, answer: str) -> None:
    assert answer in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    ("remark", "touched"),
    [
        ("Lotte had three bowls of custard and asked for more.", "lactose: intolerant"),
        ("Nils will be around for the spring cleaning, how lovely.", "away: 2027-03-01"),
        ("I poured Nils a second whisky.", "drinks: no alcohol"),
        ("My sister loves her morning cappuccino.", "lactose: intolerant"),
        ("I had a wonderful steak at the harbour.", "diet: vegetarian"),
        ("I'll leave Aya one of those cheques then.", "accepts cheques: no"),
    ],
)
async def test_a_remark_is_asked_about_by_what_it_touches_on(start_talk: StartTalk, remark: str, touched: str) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(remark)
    assert touched in reply
    assert reply.endswith("?")
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    "change",
    [
        "Sam Reed moved to locker 12.",
        "Change Sam Reed's region to west.",
        "Sam, my neighbour, has moved to 22 Mill Lane. Please change his address.",
        "Nils drinks wine and beer now, same as Aya. Update it.",
    ],
)
async def test_a_change_of_one_of_two_of_a_name_is_not_guessed(start_talk: StartTalk, change: str) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(change)
    assert "?" in reply
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    ("request_", "stands"),
    [
        ("Postpone the opening of the Autumn Show.", "2026-09-12"),
        ("Correct my sister's city.", "Ghent"),
        ("Bring forward Aya's reading hour.", "Monday, 10:00"),
        ("Change the diet.", "vegetarian"),
    ],
)
async def test_a_change_to_nothing_is_asked_about_with_what_stands_now(
    start_talk: StartTalk, request_: str, stands: str
) -> None:
    talk = start_talk(NOTES)
    reply = await talk.say(request_)
    assert stands in reply
    assert reply.endswith("?")
    assert talk.notes() == NOTES
