"""What goes back to the model in ``<result>``: the trained form, and never too much of it."""

import ast

from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.results import LONGEST_RESULT, LONGEST_VARIABLE, Variable, render
from commonplace.agent.sandbox import Sandbox


def text(name: str, value: str) -> Variable:
    return Variable(name, True, value[:LONGEST_VARIABLE], len(value))


@given(st.dictionaries(st.from_regex(r"[a-z]\w{0,8}", fullmatch=True), st.text(max_size=50)), st.none() | st.text())
def test_plain_values_come_back_as_python_literals(values: dict[str, str], error: str | None) -> None:
    rendered = ast.literal_eval(render([text(name, value) for name, value in values.items()], error))
    assert rendered == (values if error is None else (values, error))


def test_a_long_text_is_cut_and_says_so() -> None:
    shown = ast.literal_eval(render([text("note", "x" * 20_000)]))["note"]
    assert shown.startswith("x" * LONGEST_VARIABLE + " ... [cut: 8,000 of 20,000 characters shown")


@given(st.lists(st.integers(0, 30_000), min_size=1, max_size=30))
def test_a_result_stays_within_its_limit_however_many_values_it_has(sizes: list[int]) -> None:
    rendered = render([text(f"v{index}", "x" * size) for index, size in enumerate(sizes)])
    assert len(rendered) <= LONGEST_RESULT + 400 * len(sizes)
    assert set(ast.literal_eval(rendered)) == {f"v{index}" for index in range(len(sizes))}


def test_one_long_value_does_not_push_out_the_short_ones() -> None:
    values = [text("long", "x" * 20_000), text("also", "y" * 20_000), text("answer", "Robin")]
    assert ast.literal_eval(render(values))["answer"] == "Robin"


async def test_a_cut_value_of_any_kind_is_a_readable_string(sandbox: Sandbox) -> None:
    result = await sandbox.run("x = list(range(5000))\ny = {1, 2}", {})
    assert result.text.endswith("'y': {1, 2}}")
    shown = ast.literal_eval(result.text)["x"]
    assert shown.startswith("[0, 1, 2")
    assert "28,890 characters" in shown
