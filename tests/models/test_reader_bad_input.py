"""Any message and any memory gets an answer: other languages, great length, no words, cycles, long and torn notes."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.models.conftest import StartTalk

from commonplace.models.base import Message
from commonplace.models.reader import ReaderModel

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTES = {
    "user.md": "# User Information\n- name: Ivo Marsh\n- age: 41\n- sister: [[entities/lotte.md]]\n",
    "entities/lotte.md": "# Lotte Marsh\n- age: 39\n- brother: [[user.md]]\n",
}


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("Wie alt ist meine Schwester?", "Englisch"),
        ("Wo wohnt meine Schwester und was macht sie?", "Englisch"),
        ("Quel est le nom de ma sœur ?", "anglais"),
        ("¿Cuál es el nombre de mi hermana?", "inglés"),
        ("Qual è il nome di mia sorella?", "inglese"),
        ("Benim adım ne?", "İngilizce"),
        ("Quanti anni ho?", "inglese"),
        ("Dove abito?", "inglese"),
        ("Hoe oud ben ik?", "Engels"),
        ("Wat is mijn leeftijd?", "Engels"),
        ("Kde bydlím?", "anglicky"),
        ("Jak se jmenuje můj bratr?", "anglicky"),
        ("Ile mam lat?", "angielsku"),
        ("Qual é o meu nome?", "inglês"),
        ("Hvor bor søsteren min?", "engelsk"),
        ("¿Edad?", "inglés"),
        ("كم عمري؟", "بالإنجليزية"),
        ("我多大了？", "英文"),
        ("私は何歳ですか？", "英語"),
        ("Сколько мне лет?", "английском"),
    ],
)
async def test_another_language_is_answered_honestly_in_it(start_talk: StartTalk, question: str, word: str) -> None:
    talk = start_talk(NOTES)
    assert word in await talk.say(question)
    assert talk.notes() == NOTES


@pytest.mark.parametrize(
    "question",
    [
        "How old is 李雷?",
        "Die Zeit subscription price?",
        "Does Ana María de la Cruz live in El Paso?",
        "What does 'wie geht es dir' mean?",
        "Rosa's age?",
        "Wi-fi password?",
        "Runa's best friend isn't Mika any more, it's Leo Park.",
    ],
)
async def test_english_with_names_from_elsewhere_is_read(start_talk: StartTalk, question: str) -> None:
    reply = await start_talk(NOTES).say(question)
    assert not any(word in reply for word in ("Englisch", "anglais", "inglés", "inglese", "英文", "Engels"))


async def test_ten_thousand_characters_are_answered_by_what_they_begin_with(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "41" in await talk.say("How old am I? " + "I wonder and wonder about it. " * 340)
    assert "?" in await talk.say("blah " * 2_000)
    assert "?" in await talk.say("x" * 10_000)
    assert talk.notes() == NOTES


@pytest.mark.parametrize("message", ["???", "...", "!", "—", "🙂", "()[]{}", "'\"", "   "])
async def test_a_message_without_words_is_asked_what_it_means(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    assert await talk.say(message)
    assert talk.notes() == NOTES


async def test_a_memory_whose_links_go_round_in_circles_is_answered(start_talk: StartTalk) -> None:
    ring = {
        f"entities/n{i}.md": f"# N{i}\n- next: [[entities/n{(i + 1) % 9}.md]]\n- back: [[entities/n{(i - 1) % 9}.md]]\n"
        for i in range(9)
    }
    itself = {"entities/narcissus.md": "# Narcissus\n- friend: [[entities/narcissus.md]]\n- age: 20\n"}
    notes = {"user.md": "# User Information\n- friend: [[entities/n0.md]]\n- rival: [[user.md]]\n"} | ring | itself
    talk = start_talk(notes)
    assert "N1" in await talk.say("Who is the next of my friend?")
    assert "20" in await talk.say("How old is the friend of Narcissus?")
    assert "?" in await talk.say("What is the shoe size of the next of the next of the next of my friend?")


async def test_a_note_of_five_thousand_facts_is_searched_and_changed(start_talk: StartTalk) -> None:
    facts = "".join(f"- reading {n}: {n * 3}\n" for n in range(5_000))
    notes = {
        "user.md": "# User Information\n- logbook: [[entities/logbook.md]]\n",
        "entities/logbook.md": f"# Logbook\n{facts}",
    }
    talk = start_talk(notes)
    reply = await talk.say("What is reading 4321 of my logbook?")
    assert len(talk.blocks) <= 8
    assert "12963" in reply or reply.endswith("?")
    assert talk.notes() == notes


@pytest.mark.parametrize(
    ("text", "question", "both"),
    [
        ("- locker: 12\n- locker: 21\n", "What is my locker?", ["12", "21"]),
        ("- age: 41\n- hobby: chess\n- age: 14\n", "How old am I?", ["41", "14"]),
        ("- flight: 2027-03-01\n\n## Travel\n- flight: 2027-03-11\n", "When is my flight?", ["03-01", "03-11"]),
    ],
)
async def test_facts_that_contradict_are_both_named(
    start_talk: StartTalk, text: str, question: str, both: list[str]
) -> None:
    reply = await start_talk({"user.md": f"# User Information\n{text}"}).say(question)
    assert not [one for one in both if one not in reply]
    assert reply.endswith("?")


@given(st.text(max_size=300))
@settings(max_examples=120, deadline=None)
async def test_no_message_makes_the_reader_fail(message: str) -> None:
    system, asked = Message("system", "search_notes"), Message("user", message)
    look = Message(
        "assistant", '<think></think>\n<python>\nuser = read_file("user.md")\nfiles = list_files()\n</python>'
    )
    result = Message("user", f"<result>\n{({'user': NOTES['user.md'], 'files': 'user.md'}, '')!r}\n</result>")
    said = [delta async for delta in ReaderModel().stream([system, asked, look, result])]
    assert "<python>" in "".join(said)
