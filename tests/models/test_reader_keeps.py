"""What is told is written whole: what is said beside a name, what fits no fact, and what is to be forgotten."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = (
    "# Owen Hart\n\noccupation:: archivist\nhobbies:: chess\n\n## People\nsister:: [[entities/cleo_hart.md]]\n"
    "mentor:: [[entities/ada_finn.md]]\nlandlord:: [[entities/mr_poole.md]]\ncat:: [[entities/smudge.md]]\n"
)
CLEO = "# Cleo Hart\n\nage:: 27\noccupation:: pilot\nboyfriend:: [[entities/theo_rand.md]]\n"
NOTES = {
    "user.md": USER,
    "entities/cleo_hart.md": CLEO,
    "entities/theo_rand.md": "# Theo Rand\n\noccupation:: cook\n",
    "entities/ada_finn.md": "# Ada Finn\n\noccupation:: historian\n",
    "entities/mr_poole.md": "# Mr Poole\n\nrent:: 700 pounds\nphone:: 0113 9\ncity:: Leeds\n",
    "entities/smudge.md": "# Smudge\n\nspecies:: cat\n",
}
PROPERTIES = {
    "user.md": '---\nage: 34\ndiet: vegetarian\nemployer: "[[entities/delta_maps.md]]"\n---\n# User\n',
    "entities/delta_maps.md": "---\ntype: company\ncity: Ghent\n---\n# Delta Maps\n",
}


@pytest.mark.parametrize(
    ("notes", "message", "line", "path", "facts"),
    [
        (
            NOTES,
            "I supervise Lowri Vance, a 27-year-old diver",
            "supervises:: [[entities/lowri_vance.md]]",
            "entities/lowri_vance.md",
            ["# Lowri Vance", "- age: 27", "- occupation: diver", "- supervised_by: [[user.md]]"],
        ),
        (
            NOTES,
            "I coach Ravi Nair, a 12-year-old swimmer",
            "coach_of:: [[entities/ravi_nair.md]]",
            "entities/ravi_nair.md",
            ["- age: 12", "- coach: [[user.md]]"],
        ),
        (
            NOTES,
            "My cat is now a tabby called Pip",
            "cat:: [[entities/pip.md]]",
            "entities/pip.md",
            ["- species: tabby", "- cat_of: [[user.md]]"],
        ),
        (
            PROPERTIES,
            "My new employer is Skerry Point, a research station in Oban.",
            'employer: "[[entities/skerry_point.md]]"',
            "entities/skerry_point.md",
            ["- type: research station", "- city: Oban"],
        ),
        (
            PROPERTIES,
            "I now work for Rill & Sons, a printing house in Bruges",
            'employer: "[[entities/rill_sons.md|Rill & Sons]]"',
            "entities/rill_sons.md",
            ["# Rill & Sons", "- type: printing house", "- city: Bruges"],
        ),
        (
            PROPERTIES,
            "My dentist is Dr Lau, on Park Row",
            'dentist: "[[entities/dr_lau.md]]"',
            "entities/dr_lau.md",
            ["- address: Park Row"],
        ),
        (
            PROPERTIES,
            "I have two sons, Abel and Bo.",
            'sons: "[[entities/abel.md]], [[entities/bo.md]]"',
            "entities/bo.md",
            ["# Bo", "- son_of: [[user.md]]"],
        ),
    ],
)
async def test_a_new_note_says_what_was_said_beside_its_name(
    start_talk: StartTalk, notes: dict[str, str], message: str, line: str, path: str, facts: list[str]
) -> None:
    talk = start_talk(notes)
    assert "now says" in await talk.say(message)
    after = talk.notes()
    assert line in after["user.md"].split("\n")
    assert set(facts) <= set(after[path].split("\n"))


@pytest.mark.parametrize(
    "message",
    ["Theo and Cleo broke up", "Cleo isn't dating Theo any more", "My sister is no longer with Theo", "Cleo left Theo"],
)
async def test_who_parts_is_taken_out_and_nobody_else(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    assert talk.notes() == NOTES | {
        "entities/cleo_hart.md": CLEO.replace("boyfriend:: [[entities/theo_rand.md]]\n", "")
    }


@pytest.mark.parametrize(
    ("notes", "message", "path", "line"),
    [
        (NOTES, "remember that I owe Tom 40 pounds", "user.md", "owes_tom:: 40 pounds"),
        (NOTES, "Remember I still owe Mr Poole a month's rent", "user.md", "owes:: Mr Poole a month's rent"),
        (NOTES, "Don't forget that Ada hates phone calls", "entities/ada_finn.md", "hates:: phone calls"),
        (NOTES, "Note: the boiler code is 4471", "user.md", "boiler_code:: 4471"),
        (PROPERTIES, "Note that I have to renew my passport", "user.md", "to_do: renew my passport"),
        (PROPERTIES, "Please remember that I lent my ladder to Wim", "user.md", "note: I lent my ladder to Wim"),
        (PROPERTIES, "remember that I parked on level 3", "user.md", "parked_on: level 3"),
        (PROPERTIES, "remember that my nephew's birthday is 4 May", "user.md", "nephew_birthday: 4 May"),
    ],
)
async def test_what_is_to_be_remembered_and_fits_no_fact_is_kept_in_the_style_of_the_note(
    start_talk: StartTalk, notes: dict[str, str], message: str, path: str, line: str
) -> None:
    talk = start_talk(notes)
    assert path in await talk.say(message)
    after = talk.notes()
    assert set(after[path].split("\n")) - set(notes[path].split("\n")) == {line}
    assert {name: text for name, text in after.items() if name != path} == {
        name: text for name, text in notes.items() if name != path
    }


async def test_plain_sentences_count_as_much_where_all_is_to_be_forgotten(start_talk: StartTalk) -> None:
    notes = {
        "user.md": "# Me\n",
        "entities/mia_lang.md": "# Mia Lang\n\nMia lives in Rome. She is 52 years old. Her hobby is judo.\n",
    }
    talk = start_talk(notes)
    assert "Shall I delete it" in await talk.say("forget about Mia")
    assert talk.notes() == notes


async def test_everything_about_somebody_is_forgotten_after_a_question_where_it_is_much(
    start_talk: StartTalk,
) -> None:
    talk = start_talk(NOTES)
    assert "Shall I delete it" in await talk.say("forget everything about Mr Poole")
    assert talk.notes() == NOTES
    await talk.say("yes")
    left = {path: text for path, text in NOTES.items() if path != "entities/mr_poole.md"}
    assert talk.notes() == left | {"user.md": USER.replace("landlord:: [[entities/mr_poole.md]]\n", "")}


@pytest.mark.parametrize(
    ("message", "gone"),
    [
        ("forget about Theo", "entities/theo_rand.md"),
        ("Please forget all you know about my mentor", "entities/ada_finn.md"),
    ],
)
async def test_little_is_forgotten_at_once(start_talk: StartTalk, message: str, gone: str) -> None:
    talk = start_talk(NOTES)
    assert "deleted" in await talk.say(message)
    after = talk.notes()
    assert gone not in after
    assert not any(gone in text for text in after.values())


@pytest.mark.parametrize(
    ("message", "before", "after"),
    [
        ("I'm a vegan now", "diet: vegetarian", "diet: vegan"),
        ("I don't work at Delta Maps any more", 'employer: "[[entities/delta_maps.md]]"\n', ""),
        ("Remember my shoe size: 41", "---\n# User", "shoe_size: 41\n---\n# User"),
        ("Remember my motto: keep: calm", "---\n# User", 'motto: "keep: calm"\n---\n# User'),
    ],
)
async def test_properties_stay_properties_that_yaml_can_read(
    start_talk: StartTalk, message: str, before: str, after: str
) -> None:
    talk = start_talk(PROPERTIES)
    await talk.say(message)
    assert talk.notes()["user.md"] == PROPERTIES["user.md"].replace(before, after)


NESTED = (
    "# Me\n\n- city: Kiel\n\n## Family\n- [[entities/jan_brandt.md]] (brother)\n  - age: 33\n  - job: roofer\n"
    "- mother: Else Brandt\n  - age: 61\n  - phone: 0431 7\n\n## Skills\n- sailing\n- welding\n"
)
IN_LISTS = {"user.md": NESTED, "entities/jan_brandt.md": "# Jan Brandt\n"}


@pytest.mark.parametrize(
    ("message", "before", "after"),
    [
        ("Jan is 34 now", "  - age: 33", "  - age: 34"),
        ("My mother is 62 now", "  - age: 61", "  - age: 62"),
        ("Else has a new phone, 0431 9", "0431 7", "0431 9"),
        ("My brother is a carpenter now", "roofer", "carpenter"),
        ("Jan isn't a roofer any more", "  - job: roofer\n", ""),
        ("Delete my mother's phone", "  - phone: 0431 7\n", ""),
        ("I turned 30", "- city: Kiel\n", "- city: Kiel\n- age: 30\n"),
        ("Add carpentry to my skills", "- welding\n", "- welding\n- carpentry\n"),
        ("Remove sailing from my skills", "- sailing\n", ""),
        ("I gave up welding", "- welding\n", ""),
    ],
)
async def test_what_stands_indented_under_somebody_is_theirs_and_a_list_of_items_is_its_headings(
    start_talk: StartTalk, message: str, before: str, after: str
) -> None:
    talk = start_talk(IN_LISTS)
    await talk.say(message)
    assert talk.notes() == IN_LISTS | {"user.md": NESTED.replace(before, after, 1)}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How old is my mother?", "Your mother's age is 61 (user.md)."),
        ("What is Jan's job?", "Your brother's job is roofer (user.md)."),
        ("Which skills do I have?", "sailing, welding"),
        ("How old am I?", "found no age"),
    ],
)
async def test_nobody_is_told_what_stands_under_another(start_talk: StartTalk, question: str, answer: str) -> None:
    assert answer in await start_talk(IN_LISTS).say(question)
