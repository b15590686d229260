"""A conversation that outgrows the model's window loses its oldest results first, and says so."""

from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.events import Notice, TurnEnded
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.agent.window import LEFT_OUT, Fitted, fit
from commonplace.models.base import Message
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

NOW = (Message("system", "You are brief."), Message("user", "And now?"))
REPLY = "<think>\nI know.\n</think>\n<python></python>\n<reply>\nYes.\n</reply>"


def turn(number: int, result: str) -> list[Message]:
    return [
        Message("user", f"Question {number}?"),
        Message("assistant", f"<python>\nlook({number})\n</python>"),
        Message("user", f"<result>\n{result}\n</result>"),
        Message("assistant", f"<python></python>\n\n<reply>\nAnswer {number}.\n</reply>"),
    ]


async def words(messages: Sequence[Message]) -> int:
    return sum(len(message.content.split()) for message in messages)


HISTORY = [message for number in range(1, 5) for message in turn(number, "word " * 100)]


async def test_what_fits_stays_as_it_is() -> None:
    assert await fit(HISTORY, NOW, 100_000, words) == Fitted(tuple(HISTORY))
    assert (await fit(HISTORY, NOW, 480, words)).note is None


async def test_the_oldest_results_go_first_and_no_more_than_must() -> None:
    fitted = await fit(HISTORY, NOW, 300, words)
    left = [message.content == LEFT_OUT for message in fitted.history if message.content.startswith("<result>")]
    assert left == [True, True, False, False]
    assert [message.content for message in fitted.history[::4]] == [f"Question {number}?" for number in range(1, 5)]
    assert fitted.note is not None
    assert "2 oldest steps" in fitted.note


async def test_then_whole_turns_go_at_their_borders() -> None:
    fitted = await fit(HISTORY, NOW, 60, words)
    assert fitted.turns in (1, 2, 3)
    assert fitted.history[0].content == f"Question {fitted.turns + 1}?"
    assert fitted.note is not None
    assert "oldest questions" in fitted.note


async def test_the_question_itself_always_stays() -> None:
    assert (await fit(HISTORY, NOW, 1, words)).history == ()


@given(results=st.lists(st.integers(0, 300), max_size=12), most=st.integers(1, 3_000))
async def test_whatever_fits_at_all_fits_and_one_result_more_would_not(results: list[int], most: int) -> None:
    history = [message for number, size in enumerate(results) for message in turn(number, "word " * size)]
    fitted = await fit(history, NOW, most, words)
    system, *asked = NOW
    assert await words([system, *fitted.history, *asked]) <= most or fitted.history == ()
    if fitted.results > 0 and not fitted.turns:
        places = [place for place, message in enumerate(history) if message.content.startswith("<result>")]
        fuller = list(fitted.history)
        fuller[places[fitted.results - 1]] = history[places[fitted.results - 1]]
        assert await words([system, *fuller, *asked]) > most


class Narrow(ScriptedModel):
    """Sees 200 words."""

    window = 200

    async def count(self, messages: Sequence[Message]) -> int:
        return await words(messages)


async def test_a_turn_tells_what_it_left_out(tmp_path: Path) -> None:
    model, sandbox = Narrow([REPLY]), Sandbox()
    asked = Turn(
        model=model,
        sandbox=sandbox,
        memory=Memory(Vault(tmp_path)),
        history=HISTORY,
        question="And now?",
        system_prompt="You are brief.",
    )
    events = [event async for event in asked.events()]
    await sandbox.close()
    assert isinstance(events[0], Notice)
    assert "longer than the model's window" in events[0].text
    assert isinstance(events[-1], TurnEnded)
    assert await words(model.calls[0]) <= 200
    assert model.calls[0][-1].content == "And now?"
