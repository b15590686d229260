"""Everyday wordings of changes, and the notes as they are afterwards: nothing else in them differs."""

import pytest
from tests.models.conftest import StartTalk

pytestmark = pytest.mark.asyncio(loop_scope="module")

USER = (
    "# About me\n- name: Greta Holm\n- job: glazier\n- hobbies: sailing, sudoku\n- van: white Transit\n"
    "\n## Family\n- husband: [[entities/tomos_holm.md]]\n- son: [[entities/felix_holm.md]]\n"
    "- aunt: [[entities/ursa_blom.md]]\n\n## Work\n- workshop: [[entities/lund_glass.md]]\n"
    "- employer: [[entities/lund_glass.md]]\n- supervises: [[entities/ivo_sand.md]]\n"
)
TOMOS = "# Tomos Holm\n- age: 46\n- job: bus driver\n- employer: [[entities/city_lines.md]]\n- hobby: darts\n"
FELIX = (
    "# Felix Holm\n- subject: applied maths\n- flatmate: [[entities/jon_carlsen.md]]\n- exam: 2027-05-12\n"
    "- clubs: rowing, debating\n"
)
URSA = "# Ursa Blom\n- home: Sunnyside, flat 8\n- pets: two cats\n"
GLASS = (
    "# Lund Glass\n- rent: 800 euros a month\n- benches: 4\n- tools: cutter, kiln\n- town: Malmo\n"
    "- landlord: [[entities/ursa_blom.md]]\n\n"
    "## Stock\n| Glass | Sheets | Shelf | Price |\n|---|---|---|---|\n"
    "| Amber | 25 | B | 35 |\n| Cobalt | 18 | B | 48 |\n\n"
    "## To do\n- [ ] repair the back door\n- [ ] order more lead\n"
)
IVO = "# Ivo Sand\n- wage: 17 euros an hour\n- day: Tuesday\n"
NOTES = {
    "user.md": USER,
    "entities/tomos_holm.md": TOMOS,
    "entities/felix_holm.md": FELIX,
    "entities/ursa_blom.md": URSA,
    "entities/lund_glass.md": GLASS,
    "entities/ivo_sand.md": IVO,
    "entities/jon_carlsen.md": "# Jon Carlsen\n- instrument: flute\n",
    "entities/city_lines.md": "# City Lines\n- buses: 40\n",
}
PROPERTIES = {
    "user.md": (
        '---\nhobbies:\n  - angling\n  - chess\nfriends:\n  - "[[entities/pia_lie.md]]"\n'
        'farm: "[[entities/heron_farm.md]]"\n---\n# Hal\n\nMy car is an Austin 7. My boat is a skiff.\n'
    ),
    "entities/pia_lie.md": "---\nskills:\n- welding\n---\n# Pia Lie\nShe has 3 dogs.\n",
    "entities/heron_farm.md": (
        "# Heron Farm\n- flock: 40 sheep\n- crops:\n  - barley\n  - oats\n\n## Prices\n| Item | Price |\n|---|---|\n"
        "| Wool | 12 |\n\n## Machines\n- baler\n- quad bike\n"
    ),
}


@pytest.mark.parametrize(
    ("message", "path", "before", "after"),
    [
        # What was given up, and what took its place
        ("I've packed in the sudoku.", "user.md", "sailing, sudoku", "sailing"),
        ("Felix isn't in the rowing club anymore", "felix_holm", "rowing, debating", "debating"),
        ("Felix has given up applied maths, he does physics now.", "felix_holm", "applied maths", "physics"),
        ("my son dropped applied maths and is reading physics instead", "felix_holm", "applied maths", "physics"),
        ("Tomos has quit darts, he's playing bowls now", "tomos_holm", "darts", "bowls"),
        ("I'm not a glazier any more, I'm a teacher", "user.md", "glazier", "teacher"),
        ("Tomos used to be a bus driver, he's a skipper now", "tomos_holm", "bus driver", "skipper"),
        ("I traded the van in for a grey Caddy, update my van please", "user.md", "white Transit", "grey Caddy"),
        ("Ivo isn't supervised by me any more", "user.md", "- supervises: [[entities/ivo_sand.md]]\n", ""),
        ("Tomos is my ex-husband now", "user.md", "- husband:", "- ex-husband:"),
        # Amounts and how many there are
        ("Ivo gets 18 euros an hour now", "ivo_sand", "17 euros", "18 euros"),
        ("they've put the workshop's rent up to 850 euros a month", "lund_glass", "800 euros", "850 euros"),
        ("Rent at the workshop has dropped to 760 euros a month.", "lund_glass", "800 euros", "760 euros"),
        ("there are five benches in the workshop now", "lund_glass", "benches: 4", "benches: 5"),
        ("Ursa's got three cats now", "ursa_blom", "two cats", "three cats"),
        ("They've moved Ursa to flat 11", "ursa_blom", "flat 8", "flat 11"),
        ("The rent for the workshop went up, it's 850 euros a month now", "lund_glass", "800 euros", "850 euros"),
        # Cells of tables
        ("We've only 12 sheets of cobalt left", "lund_glass", "| 18 |", "| 12 |"),
        ("the price of amber is 39 now", "lund_glass", "| 35 |", "| 39 |"),
        ("Amber has moved to shelf C", "lund_glass", "| Amber | 25 | B |", "| Amber | 25 | C |"),
        # Lists
        ("Felix has one more club besides those: fencing", "felix_holm", "debating", "debating, fencing"),
        ("we've got rid of the kiln, please take it off the list of tools", "lund_glass", "cutter, kiln", "cutter"),
        (
            "The back door's been repaired, cross it off the to do list",
            "lund_glass",
            "- [ ] repair the back door\n",
            "",
        ),
        (
            "put sweep the yard on the to-do list for the workshop",
            "lund_glass",
            "lead\n",
            "lead\n- [ ] sweep the yard\n",
        ),
        # What comes first says only that something changed
        ("The date's changed, Felix's exam is on 19 May 2027 now", "felix_holm", "2027-05-12", "2027-05-19"),
        ("Slight change of plan, Ivo's day is Thursday now.", "ivo_sand", "Tuesday", "Thursday"),
        ("The workshop I work at moved to Cork", "lund_glass", "Malmo", "Cork"),
    ],
)
async def test_an_everyday_wording_changes_what_it_speaks_of(
    start_talk: StartTalk, message: str, path: str, before: str, after: str
) -> None:
    talk = start_talk(NOTES)
    name = path if path in NOTES else f"entities/{path}.md"
    await talk.say(message)
    assert talk.notes() == NOTES | {name: NOTES[name].replace(before, after, 1)}


@pytest.mark.parametrize(
    ("message", "path", "before", "after"),
    [
        ("I've taken up curling", "user.md", "  - chess\n", "  - chess\n  - curling\n"),
        ("I gave up chess", "user.md", "  - chess\n", ""),
        ("I've swapped chess for curling", "user.md", "  - chess\n", "  - curling\n"),
        ("Pia is no longer my friend", "user.md", '  - "[[entities/pia_lie.md]]"\n', ""),
        (
            "Add plumbing and tiling to Pia's skills",
            "entities/pia_lie.md",
            "welding\n",
            "welding\n- plumbing\n- tiling\n",
        ),
        ("Add rye to the farm's crops", "entities/heron_farm.md", "  - oats\n", "  - oats\n  - rye\n"),
        ("Remove oats from the farm's crops", "entities/heron_farm.md", "  - oats\n", ""),
        ("We sold the baler, take it off the machines", "entities/heron_farm.md", "- baler\n", ""),
        ("Wool costs 14 these days", "entities/heron_farm.md", "| 12 |", "| 14 |"),
        ("We now have 52 sheep", "entities/heron_farm.md", "40 sheep", "52 sheep"),
        ("Pia has 4 dogs now", "entities/pia_lie.md", "3 dogs", "4 dogs"),
        ("My car is a Bluebell 2 now", "user.md", "an Austin 7", "a Bluebell 2"),
        ("I traded my skiff for an old trawler", "user.md", "a skiff", "an old trawler"),
    ],
)
async def test_lists_of_lines_and_prose_are_changed_in_their_own_style(
    start_talk: StartTalk, message: str, path: str, before: str, after: str
) -> None:
    talk = start_talk(PROPERTIES)
    await talk.say(message)
    assert talk.notes() == PROPERTIES | {path: PROPERTIES[path].replace(before, after, 1)}


@pytest.mark.parametrize(
    ("message", "path", "before", "link", "after"),
    [
        ("We have a new landlord at the workshop: Sven Kuhn", "lund_glass", "ursa_blom", "sven_kuhn", None),
        ("The workshop's landlord is Sven Kuhn now, Ursa stepped down.", "lund_glass", "ursa_blom", "sven_kuhn", None),
        ("Felix has a new flatmate, Noor Aziz, because Jon moved out.", "felix_holm", "jon_carlsen", "noor_aziz", None),
        ("Tomos left City Lines, he's with Fjord Ferries now.", "tomos_holm", "city_lines", "fjord_ferries", None),
        ("Felix has got a girlfriend now, she's called Alva Nyman.", "felix_holm", "", "alva_nyman", "girlfriend: "),
        ("Please note that Tomos also has a sister, Wenna Holm", "tomos_holm", "", "wenna_holm", "sister: "),
    ],
)
async def test_somebody_new_is_linked_from_whom_they_belong_to(
    start_talk: StartTalk, message: str, path: str, before: str, link: str, after: str | None
) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    notes, name = talk.notes(), f"entities/{path}.md"
    assert f"[[entities/{link}.md]]" in notes[name]
    assert f"# {link.replace('_', ' ').title()}\n" in notes[f"entities/{link}.md"]
    if after is None:
        assert notes[name] == NOTES[name].replace(before, link)
    else:
        assert notes[name] == f"{NOTES[name]}- {after}[[entities/{link}.md]]\n" or after in notes[name]
    assert notes["user.md"] == USER


@pytest.mark.parametrize(
    "message",
    [
        "It's John Carlsen, not Jon Carlsen. Please correct it.",
        "Fix the name please: it should be John Carlsen, not Jon Carlsen",
        "You've got the name wrong, it is John Carlsen and not Jon Carlsen",
        "Jon Carlsen is spelled John Carlsen",
        "It's John, not Jon.",
        "Felix's flatmate is called John Carlsen not Jon Carlsen, fix that please",
    ],
)
async def test_a_wrong_name_says_whose_name_is_put_right(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    await talk.say(message)
    notes = talk.notes()
    assert "# John Carlsen\n" in notes["entities/john_carlsen.md"]
    assert "entities/jon_carlsen.md" not in notes
    assert notes["entities/felix_holm.md"] == FELIX.replace("jon_carlsen", "john_carlsen")
    assert notes["user.md"] == USER


@pytest.mark.parametrize(
    "message",
    [
        "I swapped shifts for a day off",
        "I dropped the cutter on my foot",
        "there are 5 people at the door",
        "We have 3 hours left",
        "Ivo has 3 ideas",
        "We now have 9 goats",
        "Ursa has moved the cats to the garden",
        "Felix got 40 in the exam",
        "My employer is in Cork now",
        "Correct the name to Noor Aziz",
        "It's Noor Aziz, not Jon Carlsen, please correct that",
        "Felix moved to Oak College",
        "The kettle broke, take it off the list of tools",
    ],
)
async def test_what_only_sounds_like_such_a_change_is_asked_about(start_talk: StartTalk, message: str) -> None:
    talk = start_talk(NOTES)
    assert "?" in await talk.say(message)
    assert talk.notes() == NOTES


async def test_a_count_that_stands_nowhere_is_written_where_it_was_proposed(start_talk: StartTalk) -> None:
    talk = start_talk(NOTES)
    assert "Shall I note goats: 9 in user.md?" in await talk.say("We now have 9 goats")
    await talk.say("yes")
    assert talk.notes() == NOTES | {"user.md": USER.replace("Transit\n", "Transit\n- goats: 9\n")}
