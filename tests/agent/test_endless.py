"""A model that goes round in circles, or writes for ever, ends its turn in time; texts that are merely alike do not."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.endless import repeated
from commonplace.agent.events import TurnEnded
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn, TurnLimits
from commonplace.models.base import Message, Meter
from commonplace.vault.memory import Memory

MakeMemory = Callable[..., Memory]


class Endless:
    """Says the same for ever, behind a beginning."""

    name = "endless"

    def __init__(self, beginning: str, passage: str, pause: float = 0.0) -> None:
        self._beginning, self._passage, self._pause = beginning, passage, pause
        self.said = 0

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        yield self._beginning
        while True:
            await asyncio.sleep(self._pause)
            self.said += len(self._passage)
            yield self._passage

    async def close(self) -> None:
        """Nothing is held."""


async def end_of_turn(model: Endless, sandbox: Sandbox, memory: Memory, limits: TurnLimits | None = None) -> TurnEnded:
    turn = Turn(model=model, sandbox=sandbox, memory=memory, history=(), question="Who am I?", limits=limits)
    events = [event async for event in turn.events()]
    assert isinstance(events[-1], TurnEnded)
    assert all(message.role in ("user", "assistant") for message in turn.messages)
    return events[-1]


@pytest.mark.parametrize(
    ("beginning", "passage"),
    [
        pytest.param("", "the ", id="a word"),
        pytest.param("<think>\n", "Wait, I must look again. Where does it stand? ", id="a thought"),
        pytest.param("<think>x</think><python></python><reply>", "You are Robin.\n", id="a reply"),
        pytest.param("<think>x</think><python>\n", 'user = read_file("user.md")\n', id="a block"),
        pytest.param("<reply>", "🙂é\n", id="letters that take several bytes"),
    ],
)
async def test_a_model_that_repeats_itself_is_ended_with_what_to_do(
    make_memory: MakeMemory, sandbox: Sandbox, beginning: str, passage: str
) -> None:
    model = Endless(beginning, passage)
    ended = await end_of_turn(model, sandbox, make_memory())
    assert (ended.reason, ended.error) == ("failed", "The model repeats itself and would come to no end.")
    assert ended.advice is not None
    assert "model.temperature" in ended.advice
    assert "commonplace model list" in ended.advice
    assert model.said < 2_500


async def test_a_model_that_writes_for_too_long_is_ended_with_what_to_do(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = Endless("<think>\n", ".", pause=0.02)
    ended = await end_of_turn(model, sandbox, make_memory(), TurnLimits(answer_seconds=0.3))
    assert (ended.reason, ended.error) == ("failed", "The model came to no end within 0.005 minutes.")
    assert ended.advice is not None
    assert "model.answer_minutes 0.01" in ended.advice


TABLE = "| name | city | since |\n|---|---|---|\n" + "".join(
    f"| Person {number} | Bergen | 2024-01-{number % 28 + 1:02} |\n" for number in range(200)
)
CODE = "".join(
    f'ok{number} = update_file("entities/p{number}.md", "- city: Oslo", "- city: Bergen")\n' for number in range(100)
)
EMPTY_ROWS = "| name | city | since |\n|---|---|---|\n" + "|      |      |       |\n" * 50


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TABLE, id="rows of a table"),
        pytest.param(CODE, id="calls that are alike"),
        pytest.param(EMPTY_ROWS, id="empty rows of a table"),
        pytest.param("Heading\n" + "=" * 400, id="a ruled line"),
        pytest.param("".join(f"- [ ] {day}. run\n" for day in range(400)), id="numbered lines"),
        pytest.param(("A passage of some length that stands five times. " * 20 + "\n") * 2, id="a text said twice"),
        pytest.param("", id="nothing"),
    ],
)
def test_texts_that_are_merely_alike_are_no_repetition(text: str) -> None:
    assert all(repeated(text[:length]) is None for length in range(0, len(text) + 1, 50))
    assert repeated(text) is None


@given(before=st.text(max_size=300), passage=st.text(min_size=1, max_size=400), cut=st.integers(0, 399))
def test_a_passage_over_and_over_is_found_whatever_it_is_and_wherever_it_is_cut(
    before: str, passage: str, cut: int
) -> None:
    often = passage * (2_000 // len(passage) + 7) + passage[: cut % len(passage)]
    found = repeated(before + often)
    assert found is not None
    assert len(found) <= len(passage)
    assert (found * (len(often) // len(found) + 1))[-len(often) :] == often


@given(st.text(max_size=1_999))
def test_what_is_shorter_than_two_thousand_characters_is_never_a_repetition(text: str) -> None:
    assert repeated(text) is None
