"""Values and names are hidden in a text, and in one that comes in pieces, wherever it is cut."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from commonplace.filters.mask import Mask, placeholder
from commonplace.filters.rule import parse_rule

EVERY = Mask(
    [parse_rule(text) for text in ("no personal information", "nothing about money", "Never mention Blue Fern Bakery")],
    values=["AB negative"],
)
HIDDEN = [
    "robin.ashdown@example.com",
    "robin [at] example [dot] com",
    "robin at example dot com",
    "+47 555 01 00 22",
    "555 0100",
    "(020) 7946-0958",
    "12 Harbour Street, Bergen",
    "Storgata 5, 5003 Bergen",
    "$65,000",
    "1 250 000 NOK",
    "sixty thousand dollars",
    "NO93 8601 1117 947",
    "4111 1111 1111 1111",
    "123-45-6789",
    "Blue Fern Bakery",
    "blue_fern_bakery",
    "ab-negative",
    "robin&#64;example.com",
    "mailto:robin%40example.com",
    "robin\u200b@example.com",
    "robin @ example.com",
    "robin{at}example{dot}com",
    "robin@\nexample.com",
    "+47\u202f555\u202f01\u202f00\u202f22",
    "５５５ ０１００",
    "five five five zero one zero zero",
    "wa.me/4755501022",
    "Harbour Street 12",
    "10 rue de la Paix",
    "a thousand euros",
    "1200,-",
    "4111\u00a01111\u00a01111\u00a01111",
    "no93 8601 1117 947",
    "BlueFernBakery",
    "Blue%20Fern%20Bakery",
    "Blue&nbsp;Fern&nbsp;Bakery",
    "Blue Fe\u00adrn Bakery",
    "\u0412lue Fern Bakery",
    "Ｂｌｕｅ Ｆｅｒｎ Ｂａｋｅｒｙ",
    "B l u e F e r n B a k e r y",
    "b.l.u.e f.e.r.n b.a.k.e.r.y",
    "Blue Fern's Bakery",
    "Blue\n> Fern Ba-\nkery",
    "<b>Blue</b> Fern Bakery",
    "Blue\\xa0Fern Bakery",
]
KEPT = [
    "On 2024-05-12 we met 12 people.",
    "The years 1990-1995 were good.",
    "It has 300 pages and costs nothing.",
    "Blue ferns grow at 1200 metres.",
    "Chapter 4.2, version 3.11.7",
    "[[entities/jane_doe.md]]",
    "Meet me @ noon. See you.",
    "12 000 000 people, ISBN 978-82-02-12345-6, 3.14159265",
    "5 pounds of flour, 3 grand pianos",
    "The house of 1987 turned 40 pages; I am 5 minutes late.",
    "a - b - c - d, A B C, x &amp; y, 100% of <em>it</em>",
]


@pytest.mark.parametrize("value", HIDDEN)
def test_a_value_is_hidden_wherever_it_stands(value: str) -> None:
    masked = EVERY.text(f"It is {value}, as you know.")
    assert value.casefold() not in masked.casefold()
    assert re.match(r"It is (?:mailto:|wa.me/|<b>)?\[withheld: ", masked)
    assert masked.endswith("as you know.")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I am 34 years old.", "34"),
        ("His age is thirty-four now.", "thirty-four"),
        ("She was born on 14 March 1990 in Bergen.", "1990"),
        ("On 3 May 2021 Bo was born.", "2021"),
        ("He turned 40.", "40"),
        ("I'm 38.", "38"),
        ("He is 38yo", "38"),
        ("my 38th birthday", "38"),
        ("She is in her late thirties", "thirties"),
        ("DOB 14.03.87", "14.03"),
        ("Bo, b. 1987", "1987"),
        ("born in '87", "87"),
        ("Born\n14 March 1987", "14 March"),
    ],
)
def test_ages_and_dates_of_birth_are_known_by_the_words_around_them(text: str, told: str) -> None:
    assert told in text
    assert told not in EVERY.text(text)


@pytest.mark.parametrize("text", KEPT)
def test_other_text_is_not_touched(text: str) -> None:
    assert EVERY.text(text) == text


PIECES = st.sampled_from(
    [
        *HIDDEN,
        *KEPT,
        " born ",
        "age: ",
        "34",
        " years old",
        " 1990",
        "14 March ",
        "@",
        "phone ",
        "\n",
        ". ",
        "x",
        "Robin ",
        "\u200b",
        "&#64;",
        "%40",
        "&am",
        "B l ",
        "u e",
        "e\u0301",
        "\u0412lue ",
        "Fern Bakery",
        "<b>",
        "\\x",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8).map("".join), st.lists(st.integers(1, 9), min_size=1, max_size=6))
@example("Born on 14 March 1990 in Bergen. On 3 May 2021 Bo was born.", [1])
@example("Robin&#64;%", [1])
@example("robin%40example.com B l u e Fern Bakery", [1])
@example("phone +47 555 01 00 22", [1])
@example(" born On 2024-05-12 we met 12 people.", [1])
def test_a_text_in_pieces_is_masked_as_the_whole_is(text: str, sizes: list[int]) -> None:
    stream = EVERY.stream()
    told: list[str] = []
    place = turn = 0
    while place < len(text):
        size = sizes[turn % len(sizes)]
        told.append(stream.feed(text[place : place + size]))
        place, turn = place + size, turn + 1
    assert "".join([*told, stream.end()]) == EVERY.text(text)


def test_a_name_is_one_whatever_its_accents_and_its_number() -> None:
    mask = Mask([parse_rule("never mention Andr\u00e9 Lyng")], values=["kittiwake"])
    for text in ("Andre\u0301 Lyng", "ANDRE LYNG", "andr\u00e9lyng", "kittiwakes", "kittiwake's", "kitti-\nwake"):
        assert "[withheld: " in mask.text(f"It is {text}, yes."), text
    for text in ("Andr\u00e9 lingers", "Andr\u00e9", "kit at wake"):
        assert mask.text(text) == text


def test_what_can_be_no_value_is_passed_on_at_once() -> None:
    stream = EVERY.stream()
    assert stream.feed("The harbour is quiet. ") == "The harbour is quiet. "
    assert stream.feed("Robin") == ""
    assert stream.feed(" walks") == "Robin "
    assert stream.end() == "walks"


def test_a_complete_rule_ends_a_reply_where_it_would_tell_and_says_why() -> None:
    stream = Mask([parse_rule("my phone", complete=True)]).stream(is_reply=True)
    told = "".join(stream.feed(piece) for piece in ("Call me: ", "555 0", "100 today", " or tomorrow.")) + stream.end()
    assert told.startswith("Call me:")
    assert told.endswith("a filter of the user withholds (phone number).")
    assert "today" not in told


def test_what_stands_in_for_a_value_counts_as_the_value_for_a_complete_rule() -> None:
    mask = Mask([parse_rule("my phone", complete=True)])
    assert mask.refusal(f"It is {placeholder('phone number')}.") is not None
    assert mask.refusal("It is sunny.") is None
