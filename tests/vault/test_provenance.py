"""Which line of a text is which of the text before, and who wrote it: told for certain, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.alignment import align
from commonplace.vault.likeness import is_telling, marks, plain
from commonplace.vault.provenance import (
    Adrift,
    Anchor,
    Known,
    Place,
    claim,
    claim_reworded,
    follow_human,
    follow_turn,
    follow_undo,
    renamed,
)

LINES = st.lists(st.sampled_from(["", "---", "## Notes", "- a: b", "- city: Oslo or Bergen", "Jane met Robin.", "x"]))
ANYTHING = st.lists(st.text(max_size=20).map(lambda text: text.replace("\n", " ")))
NUMBERS = ["one", "two", "three", "four", "five", "six", "seven"]
PARTICULAR = [f"- fact number {word}: something of its own" for word in NUMBERS]


def written(*lines: str, by: int = 1) -> Known:
    return Known(lines, {index: Anchor(by, line) for index, line in enumerate(lines) if line})


def origins(known: Known) -> dict[str, int]:
    return {known.lines[index]: anchor.origin for index, anchor in known.anchors.items()}


def after(known: Known, *lines: str) -> dict[str, int]:
    return origins(follow_human("a.md", known, lines).note)


@given(old=LINES | ANYTHING, new=LINES | ANYTHING, authors=st.lists(st.integers(0, 2), min_size=60, max_size=60))
def test_a_line_becomes_one_line_and_says_the_same(old: list[str], new: list[str], authors: list[int]) -> None:
    pairs = align(old, new, lambda index: authors[index % 60], reworded=False)
    assert len(set(pairs.values())) == len(pairs)
    assert all(plain(old[one]) == plain(new[other]) for one, other in pairs.items())
    changed = align(old, new, lambda index: authors[index % 60])
    assert len(set(changed.values())) == len(changed)


@given(lines=LINES, authors=st.lists(st.integers(0, 2), min_size=60, max_size=60))
def test_in_a_text_that_did_not_change_every_line_is_itself(lines: list[str], authors: list[int]) -> None:
    pairs = align(lines, lines, lambda index: authors[index % 60])
    assert all(one == other for one, other in pairs.items())


@given(
    order=st.permutations(range(7)),
    kept=st.sets(st.integers(0, 6)),
    by=st.lists(st.integers(1, 3), min_size=7, max_size=7),
)
def test_particular_lines_keep_their_turn_wherever_they_go(order: list[int], kept: set[int], by: list[int]) -> None:
    known = Known(tuple(PARTICULAR), {index: Anchor(by[index], line) for index, line in enumerate(PARTICULAR)})
    text = [PARTICULAR[index] for index in order if index in kept]
    assert after(known, *text) == {PARTICULAR[index]: by[index] for index in kept}


@given(lines=LINES, new=LINES)
def test_what_stood_before_a_write_is_never_the_turns(lines: list[str], new: list[str]) -> None:
    step = follow_turn("a.md", Known(tuple(lines)), new, 7)
    for line in set(map(plain, new)):
        named = sum(plain(new[index]) == line for index in step.note.anchors)
        assert named <= max(0, list(map(plain, new)).count(line) - list(map(plain, lines)).count(line))


def test_a_turn_owns_what_it_added_and_what_it_reworded() -> None:
    known = Known(("# Jane Doe", "- city: Oslo in Norway", "- age: 36"), {1: Anchor(1, "- city: Oslo in Norway")})
    step = follow_turn("a.md", known, ["# Jane Doe", "- city: Bergen in Norway", "- age: 36", "- likes: tea"], 2)
    assert origins(step.note) == {"- city: Bergen in Norway": 2, "- likes: tea": 2}
    assert [line.text for line in step.lost] == ["- city: Oslo in Norway"]


def test_a_line_that_a_human_reworded_is_still_the_turns() -> None:
    known = written("# Jane Doe", "- city: Oslo", "Jane met Robin at the harbour in May.")
    assert after(known, "# Jane Doe", "- city: Bergen", "Jane met Robin at the old harbour in June.") == {
        "# Jane Doe": 1,
        "- city: Bergen": 1,
        "Jane met Robin at the old harbour in June.": 1,
    }


def test_a_new_line_in_place_of_a_turns_is_a_humans() -> None:
    known = written("# Jane Doe", "She keeps bees behind the house.", "- age: 36")
    text = ["# Jane Doe", "Call the dentist before Friday!", "- age: 36"]
    assert after(known, *text) == {"# Jane Doe": 1, "- age: 36": 1}


@pytest.mark.parametrize(
    ("line", "in_its_place"),
    [
        ("- met Jane in Oslo", "- met Robin in Oslo"),
        ("# - met Jane in Oslo", "- met Robin in Oslo about the boat and its mast"),
        ("- met Jane in Oslo about bees", "- met Robin in Oslo about the harbour at night"),
    ],
)
def test_a_line_that_shares_only_everyday_words_with_the_one_it_replaces_is_a_humans(
    line: str, in_its_place: str
) -> None:
    before, behind = "What was said at the harbour", "Whatever came of it in the end"
    assert after(written(before, line, behind), before, in_its_place, behind) == {before: 1, behind: 1}


def test_a_line_copied_and_changed_leaves_the_first_where_it_is() -> None:
    age = "- age: 36 since the first of May"
    known = written("- met Jane at the harbour in May", age)
    text = ["- met Jane at the harbour in June", age, "- met Jane at the harbour in May"]
    assert after(known, *text) == {"- met Jane at the harbour in May": 1, age: 1}


def test_of_equal_lines_from_two_turns_none_is_named_when_one_has_gone() -> None:
    known = Known(("same words here", "same words here"), {0: Anchor(1, ""), 1: Anchor(2, "")})
    assert follow_human("a.md", known, ["same words here"]).note.anchors == {}
    between = Known(("same words here", "in between, unique", "same words here"), {0: Anchor(1, ""), 2: Anchor(2, "")})
    assert after(between, "in between, unique", "same words here") == {"same words here": 2}


def test_a_small_line_is_not_known_again_elsewhere() -> None:
    known = written("# A title of its own", "## Notes", "First of the facts here", "Second of the facts here")
    moved = ["# A title of its own", "First of the facts here", "Second of the facts here", "## Notes"]
    assert "## Notes" not in after(known, *moved)


def test_an_undo_gives_lines_back_the_turn_that_they_had() -> None:
    known = written("# Jane Doe", "- age: 36", "- city: Oslo")
    taken = follow_turn("a.md", known, ["# Jane Doe", "- city: Bergen", "- new: line"], 2)
    adrift = dict(enumerate(taken.lost))
    step, restored = follow_undo("a.md", taken.note, ["# Jane Doe", "- age: 36", "- city: Oslo"], adrift)
    assert origins(step.note) == {"# Jane Doe": 1, "- age: 36": 1, "- city: Oslo": 1}
    assert sorted(restored) == [0, 1]


def test_an_undo_owns_no_line() -> None:
    step, _ = follow_undo("a.md", Known(("mine",)), ["mine", "and this"], {})
    assert step.note.anchors == {}


def lost(path: str, *lines: str, by: int = 1) -> dict[int, Adrift]:
    return {number: Adrift(path, number, line, Anchor(by, line)) for number, line in enumerate(lines)}


def test_a_line_pasted_into_another_note_is_found_with_its_small_neighbours() -> None:
    adrift = lost("a.md", "## Notes", "Jane met Robin at the harbour.", "- x")
    places = [
        Place("b.md", 4 + n, text) for n, text in enumerate(["## Notes", "Jane met Robin at the harbour.", "- y"])
    ]
    assert claim(adrift, places, recent=adrift.keys()) == {1: places[1], 0: places[0]}


def test_a_small_line_alone_is_not_found_in_another_note() -> None:
    places = [Place("b.md", 0, "## Notes"), Place("b.md", 1, "- city: Oslo")]
    assert claim(lost("a.md", "## Notes", "- city: Oslo"), places, recent={0, 1}) == {}


def test_a_text_that_two_turns_or_a_human_lost_as_well_proves_nothing() -> None:
    text = "Jane met Robin at the harbour."
    both = {0: Adrift("a.md", 0, text, Anchor(1, text)), 1: Adrift("b.md", 0, text, Anchor(2, text))}
    assert claim(both, [Place("c.md", 0, text)], recent={0, 1}) == {}
    assert claim(lost("a.md", text), [Place("c.md", 0, text)], recent={0}, doubtful=marks([text])) == {}


def test_a_pasted_line_may_be_reworded_unless_it_was_copied_from_one_that_stands() -> None:
    adrift = lost("a.md", "Jane met Robin at the old harbour in May.")
    place = Place("b.md", 3, "Jane met Robin at the new harbour in May.")
    assert claim_reworded(adrift, [place], []) == {0: place}
    assert claim_reworded(adrift, [place], ["Jane met Robin at the new harbour in March."]) == {}


def test_a_note_renamed_and_edited_is_known_again_and_one_of_two_is_not() -> None:
    old = marks(PARTICULAR)
    edited = marks([*PARTICULAR[2:], "and a line of another kind"])
    assert renamed({"a.md": old}, {"b.md": edited}) == {"a.md": "b.md"}
    assert renamed({"a.md": old}, {"b.md": edited, "c.md": edited}) == {}
    assert renamed({"a.md": old}, {"b.md": marks(["nothing of the kind stands here"])}) == {}


@given(st.text())
def test_a_telling_line_says_something(line: str) -> None:
    assert not is_telling(line) or any(character.isalnum() for character in line)
