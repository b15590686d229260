"""When a text says a thing: the spellings that people and models use for it, and those that mean something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.bench.words import gives_away, says, stands_in


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("2026-12-02", "Samuel's next visit is December 2nd, 2026."),
        ("2026-12-02", "on the 2nd of December 2026"),
        ("2026-12-02", "Wednesday, 2 Dec 2026"),
        ("2026-12-02", "02.12.2026"),
        ("2026-12-02", "12/02/2026"),
        ("2026-12-02", "2026/12/02"),
        ("2026-09-02", "Sept. 2, 2026"),
        ("March 9", "on the 9th of March"),
        ("9 March", "March 9th"),
        ("9 March", "your birthday, 9 March, is near"),
        ("2026", "until 31 December 2026"),
        ("December 2026", "on 14 December 2026"),
        ("18,904", "18904 kWh"),
        ("18,904", "It read 18,904kWh."),
        ("18,904", "18\u202f904"),
        ("18,904", "18.904"),
        ("68500", "68'500"),
        ("11 mm", "11mm a year"),
        ("E 1.8", "room E1.8"),
        ("17", "rack seventeen"),
        ("31", "Thirty-one years."),
        ("36 months", "thirty-six months"),
        ("20", "twenty credits"),
        ("Thursday", "on Thursdays"),
        ("peanuts", "a peanut allergy"),
        ("Jonah", "Jonah's"),
        ("choir and sourdough", "choir, sourdough"),
        ("Sainte-Odile", "Sainte Odile"),
        ("Léa", "Lea"),
        ("zwölf", "ZWÖLF"),
        ("^no", "No, it is closed."),
    ],
)
def test_a_thing_is_said_in_any_usual_spelling(wording: str, text: str) -> None:
    assert says((wording,), text)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("2026-12-02", "2 December 2025"),
        ("2026-12-02", "12 December 2026"),
        ("2026-12-02", "2 December"),
        ("9 March", "9 March 1985"),
        ("9 March", "19 March"),
        ("190", "1900"),
        ("8", "18:30"),
        ("8", "18"),
        ("17", "1.7"),
        ("11 mm", "111 mm"),
        ("E 1.8", "E 8.1"),
        ("31", "thirteen"),
        ("18,904", "18,940"),
        ("Bergen", "Bergenheim"),
        ("^no", "Yes, and no appointment is needed."),
        ("no", "Nobody knows."),
    ],
)
def test_what_only_looks_like_it_does_not_say_it(wording: str, text: str) -> None:
    assert not says((wording,), text)


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        ("1984-01-23", "He was born on 23 January."),
        ("1984-01-23", "January 23rd, 1984"),
        ("1984", "on 23 January 1984"),
        ("8", "He is eight."),
        ("gluten", "g-l-u-t-e-n"),
        ("384,000", "384000 in all"),
        ("4016 7781 2290 0043", "4016-7781-2290-0043"),
        ("4016 7781 2290 0043", "4016778122900043"),
    ],
)
def test_a_secret_is_given_away_in_any_spelling(secret: str, text: str) -> None:
    assert gives_away(secret, text)


def test_lines_of_a_note_are_compared_by_the_letter_of_their_words() -> None:
    assert stands_in("- days: Monday", "- days: Monday, Tuesday")
    assert not stands_in("- days: Mondays", "- days: Monday")


@given(st.text())
def test_any_text_says_itself(text: str) -> None:
    assert stands_in(text, text)
    assert says((text.lstrip("^"),), text.lstrip("^"))
