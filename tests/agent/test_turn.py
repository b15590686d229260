"""A turn leads from a question to a reply, whatever the model does."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonplace.agent.events import (
    CodeFinished,
    CodeRunning,
    CodeStarted,
    Event,
    NoteChanged,
    NoteTouched,
    Notice,
    ReplyDelta,
    ThoughtDelta,
    TurnEnded,
)
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import NO_ACTION, Turn, TurnLimits
from commonplace.models.base import Message, Meter, Model, ModelError
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

READ = '<think>look</think>\n<python>\nuser = read_file("user.md")\n</python>'
REPLY = "<think>found</think>\n<python></python>\n<reply>\nYou are Robin.\n</reply>"
CREATE = """<think>new</think><python>done = create_file("entities/jane_doe.md", "# Jane Doe\\n")</python>"""
LINK = """<think>link</think><python>
done = update_file("user.md", "- employer:", "- friend: [[entities/jane_doe.md]]\\n- employer:")
</python>"""

MakeMemory = Callable[..., Memory]


def turn_of(
    model: Model,
    sandbox: Sandbox,
    memory: Memory,
    *,
    history: Sequence[Message] = (),
    filters: Sequence[str] = (),
    limits: TurnLimits | None = None,
) -> Turn:
    return Turn(
        model=model,
        sandbox=sandbox,
        memory=memory,
        history=history,
        question="Who am I?",
        filters=filters,
        system_prompt="You remember.",
        limits=limits,
    )


async def run(turn: Turn) -> list[Event]:
    return [event async for event in turn.events()]


def ended(events: list[Event]) -> TurnEnded:
    assert [event for event in events if isinstance(event, TurnEnded)] == events[-1:]
    last = events[-1]
    assert isinstance(last, TurnEnded)
    return last


async def test_a_question_is_answered_from_what_a_block_read(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel([READ, REPLY])
    turn = turn_of(model, sandbox, make_memory())
    events = await run(turn)
    kinds = [type(event) for event in events if type(event).__name__ != "CodeDelta"]
    assert kinds == [
        ThoughtDelta,
        CodeStarted,
        CodeRunning,
        NoteTouched,
        CodeFinished,
        ThoughtDelta,
        ReplyDelta,
        TurnEnded,
    ]
    assert ended(events) == TurnEnded("end_turn", "You are Robin.")
    result = model.calls[1][-1]
    assert result.role == "user"
    assert result.content.startswith("<result>\n{'user': '# User Information\\n- user_name: Robin Ashdown")
    assert result.content.endswith("}\n</result>")


async def test_the_model_is_stopped_as_soon_as_its_action_is_whole(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel([READ + " and much more" * 50, REPLY + " and more" * 50], chunk=1)
    await run(turn_of(model, sandbox, make_memory()))
    assert model.stopped_early == 2


async def test_the_model_sees_the_history_without_thoughts(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    first = turn_of(ScriptedModel([READ, REPLY]), sandbox, make_memory())
    await run(first)
    assert not any("<think>" in message.content or "look" in message.content for message in first.messages)
    model = ScriptedModel([REPLY])
    await run(turn_of(model, sandbox, make_memory(), history=first.messages, filters=["no age"]))
    assert model.calls[0][0] == Message("system", "You remember.")
    assert model.calls[0][1:-1] == first.messages
    assert model.calls[0][-1] == Message("user", "Who am I?\n\n<filter>\nno age\n</filter>")


def alternates(messages: Sequence[Message]) -> bool:
    roles = [message.role for message in messages]
    return roles == ["user", "assistant"] * (len(roles) // 2)


async def test_an_output_without_an_action_is_asked_for_again(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel(["You are Robin, I think.", "<think>hm</think>", REPLY])
    turn = turn_of(model, sandbox, make_memory())
    events = await run(turn)
    assert ended(events).reason == "end_turn"
    assert model.calls[1][-1].content == NO_ACTION
    assert alternates(turn.messages)


async def test_a_model_that_cannot_keep_the_form_fails_after_three_times(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = ScriptedModel(["hm"] * 10)
    turn = turn_of(model, sandbox, make_memory())
    last = ended(await run(turn))
    assert (last.reason, len(model.calls)) == ("failed", 3)
    assert last.error
    assert last.advice
    assert alternates(turn.messages)


async def test_the_step_limit_ends_in_an_honest_reply(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel([CREATE, LINK, *[READ] * 20])
    turn = turn_of(model, sandbox, make_memory(), limits=TurnLimits(steps=4))
    last = ended(await run(turn))
    assert last.reason == "max_turn_requests"
    assert "after 4 steps" in last.reply
    assert "I had changed entities/jane_doe.md, user.md" in last.reply
    assert turn.messages[-1].content.endswith(f"{last.reply}\n</reply>")


async def test_a_turn_that_takes_too_long_ends_in_an_honest_reply(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    turn = turn_of(ScriptedModel([READ] * 3), sandbox, make_memory(), limits=TurnLimits(seconds=-1))
    last = ended(await run(turn))
    assert last.reason == "max_turn_requests"
    assert "I changed no note" in last.reply


async def test_a_block_that_fails_goes_back_as_the_trained_error_form(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = ScriptedModel(["<think>t</think><python>a = 1\nb = missing</python>", REPLY])
    events = await run(turn_of(model, sandbox, make_memory()))
    assert model.calls[1][-1].content.startswith("<result>\n({'a': 1}, \"NameError")
    finished = next(event for event in events if isinstance(event, CodeFinished))
    assert not finished.ok


async def test_changes_are_told_with_both_texts(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    memory = make_memory()
    before = memory.vault.read(memory.user_note).text
    events = await run(turn_of(ScriptedModel([CREATE, LINK, REPLY]), sandbox, memory))
    changes = [event for event in events if isinstance(event, NoteChanged)]
    assert [(change.path, change.before) for change in changes] == [("entities/jane_doe.md", None), ("user.md", before)]
    assert changes[1].after == memory.vault.read(memory.user_note).text


async def test_an_entity_that_nobody_links_goes_back_to_the_model_once_before_it_replies(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = ScriptedModel([CREATE, REPLY, LINK, REPLY])
    events = await run(turn_of(model, sandbox, make_memory()))
    assert "no note links to it" in model.calls[2][-1].content
    assert [event.text for event in events if isinstance(event, ReplyDelta)] == ["You are Robin."]


async def test_a_model_that_does_not_mend_is_not_asked_twice(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel([CREATE, REPLY, REPLY])
    assert ended(await run(turn_of(model, sandbox, make_memory()))).reason == "end_turn"
    assert len(model.calls) == 3


async def test_the_user_alone_is_told_of_a_note_that_lost_its_last_link(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    unlink = '<think>t</think><python>x = update_file("user.md", "- employer: [[entities/dria.md]]\\n", "")</python>'
    model = ScriptedModel([unlink, REPLY])
    events = await run(turn_of(model, sandbox, make_memory()))
    assert [event.text for event in events if isinstance(event, Notice)] == [
        "entities/dria.md lost its last link in the memory; it still stands."
    ]
    assert len(model.calls) == 2


class BreaksOff:
    """Says something, then the server is gone."""

    name = "breaks off"

    def __init__(self, said: str) -> None:
        self.said = said

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        yield self.said
        raise ModelError("The server has gone.", "Start it again.")

    async def close(self) -> None: ...


async def test_a_model_that_breaks_off_ends_the_turn_honestly(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = BreaksOff("<think>t</think><python></python><reply>You are")
    turn = turn_of(model, sandbox, make_memory())
    assert ended(await run(turn)) == TurnEnded("failed", "You are", "The server has gone.", "Start it again.")
    assert alternates(turn.messages)


class Endless:
    """Writes until it is closed."""

    name = "endless"

    def __init__(self) -> None:
        self.closed = asyncio.Event()

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        try:
            yield "<think>"
            while True:
                yield "more "
                await asyncio.sleep(0)
        finally:
            self.closed.set()

    async def close(self) -> None: ...


class CountsLate:
    """A model behind a server: what its output cost comes after it, if it ends."""

    name = "counts late"

    def __init__(self, *, ends: bool, silent: bool = False) -> None:
        self.ends, self.silent = ends, silent
        self.said_on = 0

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        assert meter is not None
        meter.generated_tokens = 1
        yield REPLY
        while self.silent:
            await asyncio.sleep(1)
        while not self.ends:
            self.said_on += 1
            yield " and on"
        await asyncio.sleep(0.01)
        meter.prompt_tokens, meter.cached_tokens = 90, 80

    async def close(self) -> None: ...


async def test_what_an_output_cost_is_heard_though_it_comes_after_the_closing_tag(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    turn = turn_of(CountsLate(ends=True), sandbox, make_memory())
    assert ended(await run(turn)).reply == "You are Robin."
    assert turn.metrics is not None
    assert (turn.metrics.prompt_tokens, turn.metrics.cached_tokens) == (90, 80)


@pytest.mark.parametrize("silent", [False, True])
async def test_a_model_that_does_not_end_after_its_closing_tag_is_stopped_there(
    make_memory: MakeMemory, sandbox: Sandbox, silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commonplace.agent.turn._FIGURES_SECONDS", 0.05)
    model = CountsLate(ends=False, silent=silent)
    assert ended(await run(turn_of(model, sandbox, make_memory()))).reply == "You are Robin."
    assert model.said_on <= 2


async def test_cancelling_while_the_model_writes_stops_it(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = Endless()
    turn = turn_of(model, sandbox, make_memory())
    async with aclosing(turn.events()) as events:
        async for event in events:
            assert isinstance(event, ThoughtDelta)
            break
    assert model.closed.is_set()
    assert alternates(turn.messages)
    assert "stopped before the answer" in turn.messages[-1].content


async def cancel_when(turn: Turn, is_due: Callable[[], bool]) -> None:
    running = asyncio.create_task(run(turn))
    while not is_due():
        await asyncio.sleep(0.01)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_cancelling_while_a_block_runs_ends_its_worker(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    began = asyncio.Event()
    turn = turn_of(ScriptedModel(["<think>t</think><python>while True:\n    pass</python>"]), sandbox, make_memory())

    async def watch() -> None:
        async for event in turn.events():
            if isinstance(event, CodeRunning):
                began.set()

    running = asyncio.create_task(watch())
    await began.wait()
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert alternates(turn.messages)
    assert (await sandbox.run("x = 1", {})).text == "{'x': 1}"


async def test_a_write_before_the_cancel_stays_and_is_told(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    memory = make_memory()
    create = CREATE.replace("</python>", "\nwhile True:\n    pass</python>")
    turn = turn_of(ScriptedModel([create]), sandbox, memory)
    await cancel_when(turn, lambda: bool(turn.changed))
    told = list(turn.leftover())
    assert [type(event) for event in told] == [NoteTouched, NoteChanged, CodeFinished]
    assert Path(memory.vault.root, "entities", "jane_doe.md").read_text().endswith("# Jane Doe\n")


async def test_an_output_of_nothing_is_asked_for_again_in_turns(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel(["", REPLY])
    assert ended(await run(turn_of(model, sandbox, make_memory()))).reason == "end_turn"
    assert alternates([*model.calls[1][1:], Message("assistant", REPLY)])


async def test_a_rambling_output_without_an_action_is_not_kept_whole(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = ScriptedModel(["What a question. " * 5_000, REPLY])
    turn = turn_of(model, sandbox, make_memory())
    await run(turn)
    assert sum(len(message.content) for message in turn.messages) < 3_000


async def test_a_finding_in_the_last_step_does_not_cost_the_reply(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    turn = turn_of(ScriptedModel([CREATE, REPLY]), sandbox, make_memory(), limits=TurnLimits(steps=2))
    assert ended(await run(turn)) == TurnEnded("end_turn", "You are Robin.")


async def test_a_turn_that_gives_up_still_tells_what_the_user_should_know(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    unlink = '<think>t</think><python>x = update_file("user.md", "- employer: [[entities/dria.md]]\\n", "")</python>'
    turn = turn_of(ScriptedModel([unlink]), sandbox, make_memory(), limits=TurnLimits(steps=1))
    assert any(isinstance(event, Notice) and "lost its last link" in event.text for event in await run(turn))


@pytest.mark.parametrize("broken", ["<think>t</think><python>x = (", "<think>t</think><python>\n```\n```</python>"])
async def test_code_that_began_and_never_ran_is_ended(broken: str, make_memory: MakeMemory, sandbox: Sandbox) -> None:
    events = await run(turn_of(ScriptedModel([broken, REPLY]), sandbox, make_memory()))
    assert [event.step for event in events if isinstance(event, CodeStarted)] == [1]
    assert [(event.step, event.ok) for event in events if isinstance(event, CodeFinished)] == [(1, False)]
    assert not any(isinstance(event, CodeRunning) for event in events)


async def test_code_that_the_model_broke_off_is_ended(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    model = BreaksOff("<think>t</think><python>\nx = 1\n")
    events = await run(turn_of(model, sandbox, make_memory()))
    assert [type(event) for event in events[-2:]] == [CodeFinished, TurnEnded]


async def test_a_cancelled_block_is_ended_and_the_history_says_what_it_changed(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    code = CREATE.replace("</python>", '\nx = "<reply>"\nwhile True:\n    pass</python>')
    turn = turn_of(ScriptedModel([code]), sandbox, make_memory())
    await cancel_when(turn, lambda: turn.changed == ["entities/jane_doe.md"])
    told = list(turn.leftover())
    assert isinstance(told[-1], CodeFinished)
    assert (told[-1].step, told[-1].ok, told[-1].title) == (1, False, "Create entities/jane_doe.md")
    assert list(turn.leftover()) == []
    assert alternates(turn.messages)
    assert turn.messages[1].content.startswith("<python>\ndone = create_file")
    assert turn.messages[2].content.startswith("<result>\n({}, ")
    assert "entities/jane_doe.md" in turn.messages[3].content


async def test_a_client_that_leaves_between_two_events_finds_the_rest_in_what_is_left_over(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    turn = turn_of(ScriptedModel([CREATE]), sandbox, make_memory())
    async with aclosing(turn.events()) as events:
        async for event in events:
            if isinstance(event, NoteTouched):
                break
    assert [type(event) for event in turn.leftover()] == [NoteChanged, CodeFinished]
    assert alternates(turn.messages)


async def test_a_turn_cancelled_before_it_began_leaves_an_honest_history(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    turn = turn_of(ScriptedModel([REPLY]), sandbox, make_memory())
    assert alternates(turn.messages)
    assert "I changed no note" in turn.messages[-1].content


async def test_a_vault_that_goes_away_in_the_middle_ends_in_an_answer(
    make_memory: MakeMemory, sandbox: Sandbox, tmp_path: Path
) -> None:
    class TakesVaultAway(ScriptedModel):
        async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
            if len(self.calls) == 2:
                shutil.rmtree(tmp_path / "vault")
            async for delta in super().stream(messages):
                yield delta

    shutil.copytree(make_memory().vault.root, tmp_path / "vault")
    memory = Memory(Vault(tmp_path / "vault"))
    model = TakesVaultAway([CREATE, LINK, READ, REPLY])
    last = ended(await run(turn_of(model, sandbox, memory)))
    assert (last.reason, last.reply) == ("end_turn", "You are Robin.")
    assert "Error: " in model.calls[3][-1].content


OUTPUTS = st.lists(
    st.sampled_from(
        [
            READ,
            REPLY,
            CREATE,
            LINK,
            *("<think>", "</think>", "<python>", "</python>", "<reply>", "</reply>", "```"),
            *("x = 1", "x = (", "\n", "Hello."),
        ]
    ),
    max_size=6,
).map("".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outputs=st.lists(OUTPUTS, max_size=6), chunk=st.sampled_from([None, 1, 7]))
async def test_whatever_the_model_says_the_turn_is_whole(
    outputs: list[str], chunk: int | None, make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = ScriptedModel(outputs, chunk=chunk)
    turn = turn_of(model, sandbox, make_memory(), limits=TurnLimits(steps=5))
    events = await run(turn)
    last = ended(events)
    assert "".join(event.text for event in events if isinstance(event, ReplyDelta)) == last.reply
    started = [event.step for event in events if isinstance(event, CodeStarted)]
    assert started == list(range(1, len(started) + 1))
    assert [event.step for event in events if isinstance(event, CodeFinished)] == started
    assert list(turn.leftover()) == []
    assert alternates(turn.messages)
    assert all(alternates([*call[1:], Message("assistant", "")]) for call in model.calls)
    assert len(model.calls) <= 5


class GetsReady(ScriptedModel):
    """Takes a while before its first word."""

    async def prepare(self) -> AsyncGenerator[str]:
        if not self.calls:
            yield "The weights are loaded."
            yield "Half of them are there."


async def test_what_a_model_does_before_it_can_answer_is_told_to_the_user(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    model = GetsReady(["<think>\nI know.\n</think>\n<python></python>\n<reply>\nYes.\n</reply>"])
    turn = Turn(model=model, sandbox=sandbox, memory=make_memory({}), history=(), question="Do you?")
    events = [event async for event in turn.events()]
    assert events[:2] == [Notice("The weights are loaded."), Notice("Half of them are there.")]
    assert isinstance(events[-1], TurnEnded)
    assert events[-1].reply == "Yes."
