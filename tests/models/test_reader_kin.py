"""Family in its many words: kin through others, sorts of kin together, who is whose, and what stands there instead."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": (
        "# Nils Abend\n- age: 50\n- mentor: [[entities/carla_voss.md]]\n- wife: [[entities/rosa_abend.md]]\n"
        "- brother: [[entities/tim_abend.md]]\n- sister: [[entities/lena_abend.md]]\n- dog: [[entities/rex.md]]\n"
        "- cat: [[entities/minka.md]]\n- son: [[entities/paul_abend.md]]\n- daughter: [[entities/mia_abend.md]]\n"
        "- friend: [[entities/gero_lang.md]]\n- supervises: [[entities/ben_krug.md]]\n- languages: German, English\n"
        "- allergies: none\n"
    ),
    "entities/carla_voss.md": "# Carla Voss\n- mentor: [[entities/henk_dijk.md]]\n- city: Hamburg\n",
    "entities/henk_dijk.md": "# Henk Dijk\n- age: 77\n",
    "entities/gero_lang.md": "# Gero Lang\n- friend: [[entities/carla_voss.md]]\n- mentor: [[entities/tim_abend.md]]\n",
    "entities/rosa_abend.md": "# Rosa Abend\n- birthday: 1980-02-01\n- mother: [[entities/ada_kern.md]]\n",
    "entities/ada_kern.md": "# Ada Kern\n- hobby: judo\n",
    "entities/tim_abend.md": (
        "# Tim Abend\n- age: 44\n- job: joiner\n- wife: [[entities/olga_abend.md]]\n"
        "- manages: [[entities/gero_lang.md]]\n"
    ),
    "entities/olga_abend.md": "# Olga Abend\n- job: florist\n- brother: [[entities/ben_krug.md]]\n",
    "entities/ben_krug.md": "# Ben Krug\n- age: 30\n",
    "entities/lena_abend.md": (
        "# Lena Abend\n- age: 39\n- lives_in: Trier\n- husband: [[entities/karl_mohn.md]]\n"
        "- daughter: [[entities/zoe_mohn.md]]\n"
    ),
    "entities/karl_mohn.md": "# Karl Mohn\n- job: pilot\n",
    "entities/zoe_mohn.md": "# Zoe Mohn\n- age: 5\n",
    "entities/rex.md": "# Rex\n- type: dog\n- age: 7\n",
    "entities/minka.md": "# Minka\n- type: cat\n- colour: black\n",
    "entities/paul_abend.md": "# Paul Abend\n- age: 17\n- school: Ring School\n",
    "entities/mia_abend.md": "# Mia Abend\n- age: 12\n- school: Ring School\n- hobby: judo\n",
}


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who is my sister-in-law?", "Olga Abend"),
        ("Who is my brother-in-law?", "Karl Mohn"),
        ("Who is my mother-in-law?", "Ada Kern"),
        ("Who is my niece?", "Zoe Mohn"),
        ("How old is my niece?", "5"),
        ("What is the job of my sister-in-law?", "florist"),
        ("Who is my brother's brother-in-law?", "Ben Krug"),
        ("Who is the youngest in my family?", "Zoe Mohn"),
        ("Who is Gero's boss?", "Tim Abend"),
        ("Who is the mentor of my mentor?", "Henk Dijk"),
        ("Who is the mentor of Gero's friend?", "Henk Dijk"),
        ("What does my brother do?", "joiner"),
        ("Who do I supervise?", "You supervise Ben Krug"),
        ("Who does Tim manage?", "Tim Abend manages Gero Lang"),
    ],
)
async def test_whoever_is_described_is_found(start_talk: StartTalk, question: str, told: str) -> None:
    assert told in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many pets do I have?", "2 pets: Rex, Minka"),
        ("How many children do I have?", "2 children: Paul Abend, Mia Abend"),
        ("How many siblings do I have?", "2 siblings: Tim Abend, Lena Abend"),
        ("How many sons do I have?", "1 son: Paul Abend"),
        ("Who are my siblings?", "Your brother is Tim Abend, your sister is Lena Abend"),
        ("What pets do I have?", "Your dog is Rex, your cat is Minka"),
        ("Which of my siblings lives in Trier?", "Lena Abend"),
        ("How many of my children go to Ring School?", "2 in all"),
        ("Which of my children does judo?", "Mia Abend"),
    ],
)
async def test_sorts_of_kin_and_of_pets_are_told_together(start_talk: StartTalk, question: str, told: str) -> None:
    assert told in await start_talk(NOTES).say(question)


@pytest.mark.parametrize(
    ("question", "begins", "told"),
    [
        ("Is Tim my brother?", "Yes", "Tim Abend"),
        ("Is Gero my brother?", "No", "Tim Abend"),
        ("Is my brother Gero?", "No", "Tim Abend"),
        ("Is Tim 45?", "No", "44"),
        ("Is Tim 44 years old?", "Yes", "44"),
        ("Is my brother a florist?", "No", "joiner"),
        ("Is Rex a cat?", "No", "dog"),
        ("Is Rex a dog?", "Yes", "dog"),
        ("Is Minka white?", "No", "black"),
        ("Does my sister live in Bonn?", "No", "Trier"),
        ("Do I speak French?", "No", "German, English"),
        ("Do I have a cat?", "Yes", "Minka"),
        ("Do I have any allergies?", "No", "none"),
        ("Am I married?", "Yes", "Rosa Abend"),
    ],
)
async def test_a_question_of_yes_or_no_begins_with_it(
    start_talk: StartTalk, question: str, begins: str, told: str
) -> None:
    reply = await start_talk(NOTES).say(question)
    assert reply.startswith(begins), reply
    assert told in reply


@pytest.mark.parametrize(
    "question",
    [
        "Who is my boss?",
        "Who is my supervisor?",
        "Where is my sister from?",
        "What does my sister do?",
        "Do I have a hamster?",
        "Who is my nephew?",
        "Is Zoe married?",
    ],
)
async def test_what_no_note_says_is_asked_back(start_talk: StartTalk, question: str) -> None:
    assert (await start_talk(NOTES).say(question)).endswith("Can you tell me?")


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Who is Carla?", ["Carla Voss is your mentor (user.md).", "city: Hamburg"]),
        ("Who is Ben Krug?", ["You supervise Ben Krug (user.md).", "age: 30"]),
        ("What is Minka?", ["Minka is your cat (user.md).", "colour: black"]),
    ],
)
async def test_who_somebody_is_tells_their_tie_and_their_note(
    start_talk: StartTalk, question: str, told: list[str]
) -> None:
    reply = await start_talk(NOTES).say(question)
    assert not [part for part in told if part not in reply], reply


async def test_what_does_not_fit_into_a_summary_is_counted(start_talk: StartTalk) -> None:
    facts = "".join(f"- fact number {n}: something about it, the {n}th\n" for n in range(40))
    reply = await start_talk({"user.md": f"# Me\n{facts}"}).say("Tell me all about me.")
    assert reply.endswith("more facts in user.md.")
    assert reply.count("something") + int(reply.split("; ")[-1].split()[0]) == 40
