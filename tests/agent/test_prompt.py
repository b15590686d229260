"""The system prompt says what the model needs, and no more than a small machine can read quickly."""

import inspect
import re
from pathlib import Path

import pytest

from commonplace.agent.grammar import Code, Grammar, Reply
from commonplace.agent.prompt import PromptUnreadable, load_prompt
from commonplace.agent.tools import Tools

MOST_BYTES = 4_500
"""At the 28 tokens a second that a 4B model reads on two cores, about forty seconds."""


def test_the_prompt_is_short_enough_for_a_small_machine() -> None:
    assert 1_000 < len(load_prompt().encode()) < MOST_BYTES


@pytest.mark.parametrize("tool", [name for name in vars(Tools) if name in load_prompt()])
def test_each_tool_is_described_with_its_own_parameters(tool: str) -> None:
    line = re.search(rf"^{tool}\((.*?)\) ->", load_prompt(), re.MULTILINE)
    assert line is not None
    described = [parameter.strip() for parameter in line[1].split(",") if parameter.strip()]
    actual = [
        name if parameter.default is parameter.empty else f'{name}="{parameter.default}"'
        for name, parameter in inspect.signature(getattr(Tools, tool)).parameters.items()
        if name != "self"
    ]
    assert described == actual


def test_all_tools_are_described() -> None:
    public = {name for name, value in vars(Tools).items() if inspect.iscoroutinefunction(value) and name[0] != "_"}
    assert len(public) == 11
    assert {name for name in public if f"\n{name}(" in load_prompt()} == public


def test_the_shapes_that_it_shows_are_read_as_it_says() -> None:
    shapes = re.findall(r"<think>.*?(?:</reply>|</python>(?!\s*<reply>))", load_prompt(), re.DOTALL)
    actions: list[object] = []
    for shape in shapes:
        grammar = Grammar()
        actions.append(grammar.feed(shape)[-1])
    assert actions == [Code('content = read_file("user.md")'), Reply("your answer to the user")]


@pytest.mark.parametrize(
    "word", ["<result>", "{}", "user.md", "entities/", "[[entities/jane_doe.md]]", "<filter>", "ask the user", "guess"]
)
def test_it_speaks_of(word: str) -> None:
    assert word in load_prompt()


def test_the_user_may_bring_a_prompt_of_their_own(tmp_path: Path) -> None:
    own = tmp_path / "prompt.md"
    own.write_bytes(b"\xef\xbb\xbfYou are a memory \xe2\x80\x94 mine.\r\n")
    assert load_prompt(own) == "You are a memory — mine."


def test_a_prompt_that_cannot_be_read_says_which_and_what_to_change(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes(b"\xe9t\xe9")
    (tmp_path / "empty.md").write_text(" \n")
    for name, reason in {
        "missing.md": "No such file",
        ".": "directory",
        "latin.md": "not UTF-8",
        "empty.md": "it is empty",
    }.items():
        with pytest.raises(PromptUnreadable, match=reason) as raised:
            load_prompt(tmp_path / name)
        assert str(tmp_path / name) in str(raised.value)
        assert "prompt_file in config.toml" in str(raised.value)


def test_a_home_that_is_not_there_is_a_prompt_that_cannot_be_read() -> None:
    with pytest.raises(PromptUnreadable, match="prompt_file"):
        load_prompt(Path("~nobody-has-this-name/prompt.md"))
