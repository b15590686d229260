"""The scripted model says what it was told to say, in the pieces that it was told to use."""

from contextlib import aclosing

import pytest

from commonplace.models.base import Message, Model, ModelError
from commonplace.models.scripted import ScriptedModel

ASKED = (Message("user", "Who am I?"),)


async def said(model: Model) -> list[str]:
    return [delta async for delta in model.stream(ASKED)]


async def test_each_call_gets_the_next_output_whole() -> None:
    model = ScriptedModel(["one", "two"])
    assert [await said(model), await said(model)] == [["one"], ["two"]]


@pytest.mark.parametrize(("chunk", "deltas"), [(1, ["a", "b", "c"]), (2, ["ab", "c"]), (9, ["abc"])])
async def test_an_output_is_cut_into_chunks(chunk: int, deltas: list[str]) -> None:
    assert await said(ScriptedModel(["abc"], chunk=chunk)) == deltas


async def test_an_empty_output_has_no_deltas() -> None:
    assert await said(ScriptedModel([""])) == []


async def test_it_remembers_what_it_was_given_also_where_the_caller_changes_its_list() -> None:
    model = ScriptedModel(["one"])
    messages = [*ASKED]
    async with aclosing(model.stream(messages)) as deltas:
        async for _ in deltas:
            messages.clear()
    assert model.calls == [ASKED]


async def test_a_call_that_the_caller_closes_is_counted() -> None:
    model = ScriptedModel(["abc", "def"], chunk=1)
    async with aclosing(model.stream(ASKED)) as deltas:
        assert await anext(deltas) == "a"
    assert model.stopped_early == 1
    await said(model)
    assert model.stopped_early == 1


async def test_when_the_script_is_over_the_model_cannot_answer() -> None:
    model = ScriptedModel([])
    with pytest.raises(ModelError) as raised:
        await said(model)
    assert raised.value.message == "The script is over."
    assert raised.value.advice
