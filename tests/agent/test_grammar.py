"""What a model's output asks for, however it is cut into chunks."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.grammar import (
    Code,
    CodeOpened,
    CodeText,
    Grammar,
    Piece,
    Reply,
    ReplyOpened,
    ReplyText,
    ThoughtText,
    strip_thoughts,
)


def read(*chunks: str) -> list[Piece]:
    grammar = Grammar()
    pieces = [piece for chunk in chunks for piece in grammar.feed(chunk)]
    return joined(pieces + grammar.close())


def joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbouring texts of one kind as one piece."""
    result: list[Piece] = []
    for piece in pieces:
        last = result[-1] if result else None
        match last, piece:
            case ThoughtText(before), ThoughtText(text):
                result[-1] = ThoughtText(before + text)
            case CodeText(before), CodeText(text):
                result[-1] = CodeText(before + text)
            case ReplyText(before), ReplyText(text):
                result[-1] = ReplyText(before + text)
            case _:
                result.append(piece)
    return result


def action(text: str) -> Piece | None:
    pieces = read(text)
    return pieces[-1] if pieces and isinstance(pieces[-1], Code | Reply) else None


CODE = [CodeOpened(), CodeText("x = 1"), Code("x = 1")]
REPLY = [ReplyOpened(), ReplyText("Hello."), Reply("Hello.")]


def test_a_thought_and_code() -> None:
    assert read("<think>\nlook\n</think>\n\n<python>\nx = 1\n</python>") == [ThoughtText("look"), *CODE]


def test_a_thought_empty_code_and_a_reply() -> None:
    text = "<think>found</think>\n<python>\n\n</python>\n\n<reply>\nHello.\n</reply>"
    assert read(text) == [ThoughtText("found"), *REPLY]


def test_the_opening_think_may_be_missing() -> None:
    assert read("look\n</think><python>x = 1</python>") == [ThoughtText("look"), *CODE]


def test_there_may_be_no_thought_at_all() -> None:
    assert read("  <python>x = 1</python>") == CODE
    assert read("<reply>Hello.</reply>") == REPLY


def test_tags_mentioned_in_a_thought_open_nothing() -> None:
    thought = "First <python>a()</python>, then <reply>b</reply>, so"
    assert read(f"<think>{thought}</think><python>x = 1</python>") == [ThoughtText(thought), *CODE]


def test_code_comes_before_a_reply_in_the_same_output_and_ends_it() -> None:
    grammar = Grammar()
    pieces = grammar.feed("<think>t</think><python>x = 1</python><reply>Hello.</reply>")
    assert pieces == [ThoughtText("t"), *CODE]
    assert grammar.finished
    assert grammar.feed("<python>y = 2</python>") == []


@pytest.mark.parametrize(
    "fenced",
    [
        "```python\nx = 1\n```",
        "```\nx = 1\n```",
        "\n```py \nx = 1\n```\n",
        "```python\nx = 1```",
        "```python\nx = 1\n",
        "  ```python\n  x = 1\n  ```",
    ],
)
def test_a_fence_around_the_code_is_taken_off(fenced: str) -> None:
    assert action(f"<think>t</think><python>{fenced}</python>") == Code("x = 1")


def test_a_fence_within_the_code_stays() -> None:
    code = 'text = """\n```python\nprint(1)\n```\n"""'
    assert action(f"<python>{code}</python>") == Code(code)


def test_code_that_is_indented_as_a_whole_moves_to_the_margin() -> None:
    assert action("<python>\n    if x:\n        y = 1\n    z = 2\n</python>") == Code("if x:\n    y = 1\nz = 2")
    assert action("<python> x = 1\ny = 2 </python>") == Code("x = 1\ny = 2")


def test_a_string_in_the_code_keeps_its_blank_lines() -> None:
    code = 'text = """a\n   \n\n  b\n"""'
    assert action(f"<python>\n{code}\n</python>") == Code(code)


def test_an_empty_fence_is_empty_code() -> None:
    assert read("<think>t</think><python>```python\n```</python><reply>Hello.</reply>")[-1] == Reply("Hello.")


def test_the_first_closing_tag_ends_the_code_even_in_a_string() -> None:
    assert action("<python>x = '</python>'</python>") == Code("x = '")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "Your name is Robin.",
        "<think>I wonder",
        "<think>done</think>",
        "<think>done</think>Your name is Robin.",
        "<think>done</think><python></python>",
        "<think>done</think><python></python><reply></reply>",
        "<think>done</think><python>x = (",
        "<think>done</think><reply>",
        "<python>",
    ],
)
def test_an_output_without_an_action_has_none(text: str) -> None:
    assert action(text) is None


def test_open_code_at_the_end_stands_when_it_is_python() -> None:
    assert action("<think>t</think><python>x = 1") == Code("x = 1")
    assert action("<think>t</think><python>x = 1\n</pyth") == Code("x = 1")


def test_an_open_reply_at_the_end_stands() -> None:
    assert action("<think>t</think><python></python><reply>Hello.") == Reply("Hello.")
    assert action("<reply>Hello.</rep") == Reply("Hello.")


def test_an_action_in_a_thought_that_never_ended_is_found() -> None:
    assert action("I mention <python>a()</python> here.\n<python>\nx = 1\n</python>") == Code("x = 1")
    assert action("<think>All found.\n<reply>\nHello.\n</reply>") == Reply("Hello.")


def test_what_follows_code_in_a_thought_that_never_ended_is_invented_and_not_read() -> None:
    invented = "\n<result>\n{'x': 'Sam'}\n</result>\n<python></python>\n<reply>\nYou are Sam.\n</reply>"
    assert action(f"Let me look.\n<python>\nx = 1\n</python>{invented}") == Code("x = 1")


def test_prose_after_a_tag_in_a_thought_that_never_ended_is_no_code() -> None:
    mention = "I write\n<python> with the code, and then\n<reply> with the answer.\n"
    assert action(f"{mention}<python>\nx = 1\n</python>") == Code("x = 1")
    assert action(f"{mention}So:\n<python></python>\n<reply>Hello.</reply>") == Reply("Hello.")


def test_a_second_thought_is_a_thought() -> None:
    text = "<think>one</think>\n<think>or <reply>no</reply>?</think><python>x = 1</python>"
    assert read(text) == [ThoughtText("one\n\nor <reply>no</reply>?"), *CODE]
    assert (
        read("<think>t</think><python></python><think>u <python>y</python></think><reply>Hello.</reply>")[1:] == REPLY
    )


def test_text_streams_before_its_tag_closes() -> None:
    grammar = Grammar()
    assert grammar.feed("<think>I look") == [ThoughtText("I look")]
    assert grammar.feed(" in user.md <") == [ThoughtText(" in user.md")]
    assert grammar.feed("b>") == [ThoughtText(" <b>")]


TAGS = ["<think>", "</think>", "<python>", "</python>", "<reply>", "</reply>", "</pyth", "<rep", "<think", "think>"]
WORDS = [
    "<",
    "</",
    "```python\n",
    "```",
    "\n",
    "\n    ",
    " ",
    "x = 1",
    "def f():\n    return 2",
    "Hello.",
    "é",
    "'",
    "(",
    "a < b",
]
FRAGMENTS = st.sampled_from(TAGS + WORDS)
OUTPUTS = st.lists(FRAGMENTS, max_size=14).map("".join) | st.text(max_size=80)


@given(OUTPUTS, st.lists(st.integers(0, 200), max_size=12))
def test_the_pieces_are_the_same_however_the_output_is_cut(text: str, cuts: list[int]) -> None:
    edges = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    chunks = [text[start:end] for start, end in pairwise(edges)]
    assert read(*chunks) == read(text) == read(*text)


@given(OUTPUTS)
def test_streamed_text_holds_no_closing_tag_and_adds_up_to_the_action(text: str) -> None:
    streamed = {CodeText: "", ReplyText: ""}
    for piece in read(text):
        match piece:
            case ThoughtText(part):
                assert "</think>" not in part
            case CodeText(part):
                assert "</python>" not in part
                streamed[CodeText] = part
            case ReplyText(part):
                streamed[ReplyText] = part
            case Code(code):
                assert code in streamed[CodeText]
            case Reply(whole):
                assert whole == streamed[ReplyText]
            case CodeOpened() | ReplyOpened():
                pass


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("You are Robin.", "You are Robin."),
        ("<think>I wonder", ""),
        ("hm </think> You are Robin.", "You are Robin."),
        ("<think>a</think> You <think>b</think> are <think>c", "You  are"),
        ("<think>a</think> A thought ends with </think>.", "A thought ends with </think>."),
    ],
)
def test_thoughts_are_stripped_from_an_output(heard: str, kept: str) -> None:
    assert strip_thoughts(heard) == kept


@given(st.text(max_size=60), st.text(max_size=60))
def test_what_follows_the_last_thought_is_kept_of_an_earlier_output(thought: str, rest: str) -> None:
    rest = rest.replace("<", "")
    assert strip_thoughts(f"<think>{thought}</think>{rest}") == rest.strip()
    assert strip_thoughts(f"{thought}</think>{rest}") == rest.strip()
