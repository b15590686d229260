"""Weights in our own process, with mlx-lm on the CPU: what is computed, when it stops, and what stays behind."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("mlx_lm", reason="mlx-lm is not there for Windows")
from commonplace.agent.prompt import load_prompt
from commonplace.models.base import Message, Meter, Model, ModelError
from commonplace.models.mlx import MlxModel
from commonplace.models.settings import ModelSettings
from tiny import CHECKPOINT, with_template
from transcripts import WALKTHROUGH

MakeModel = Callable[..., MlxModel]

SYSTEM = Message("system", load_prompt())
QUESTION = Message("user", WALKTHROUGH.turns[0].question)
CODE = Message("assistant", '<python>\nuser = read_file("user.md")\n</python>')
RESULT = Message("user", "<result>\n{'user': '# User\\n- user_name: Robin Ashdown\\n- city: Bergen'}\n</result>")
OUTPUT = WALKTHROUGH.turns[0].outputs[0]


@pytest.fixture(autouse=True)
def without_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """mlx compiles fused operations at their first use, which takes seconds on a CPU."""
    monkeypatch.setenv("MLX_DISABLE_COMPILE", "1")


@pytest_asyncio.fixture
async def make_model() -> AsyncIterator[MakeModel]:
    async with AsyncExitStack() as stack:

        def make(weights: Path = CHECKPOINT, **settings: Any) -> MlxModel:
            model = MlxModel(ModelSettings(backend="mlx", name=str(weights), **settings))
            stack.push_async_callback(model.close)
            return model

        yield make


@pytest.fixture(scope="module")
def with_system(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_template(tmp_path_factory.mktemp("weights") / "with-system")


async def heard(model: MlxModel, messages: Sequence[Message], meter: Meter | None = None) -> str:
    return "".join([text async for text in model.stream(messages, meter)])


async def prefilled(model: MlxModel, *messages: Message) -> tuple[int, int]:
    """The prompt's tokens, and those of them that were computed for it; three tokens are then taken."""
    meter = Meter()
    async with aclosing(model.stream(messages, meter)) as deltas:
        async for _ in deltas:
            if (meter.generated_tokens or 0) >= 3:
                break
    assert meter.prompt_tokens is not None
    assert meter.cached_tokens is not None
    return meter.prompt_tokens, meter.prompt_tokens - meter.cached_tokens


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


def engine_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "mlx"]


async def test_it_says_what_it_was_taught_in_several_chunks_and_counts_them(make_model: MakeModel) -> None:
    meter = Meter()
    chunks = [text async for text in make_model().stream([SYSTEM, QUESTION], meter)]
    assert "".join(chunks) == OUTPUT
    assert len(chunks) > 10
    assert meter.generated_tokens is not None
    assert meter.generated_tokens >= len(chunks)


async def test_a_second_block_computes_no_more_of_the_prompt_than_is_new(
    make_model: MakeModel, with_system: Path
) -> None:
    model = make_model(with_system)
    first, computed = await prefilled(model, SYSTEM, QUESTION)
    assert computed == first
    second, computed = await prefilled(model, SYSTEM, QUESTION, CODE, RESULT)
    assert computed <= 1.1 * (second - first)


async def test_a_second_session_computes_nothing_of_the_system_prompt(make_model: MakeModel, with_system: Path) -> None:
    model = make_model(with_system)
    whole, _ = await prefilled(model, SYSTEM, QUESTION)
    system = whole - (await prefilled(model, QUESTION))[0]
    other, computed = await prefilled(model, SYSTEM, Message("user", "In which city does my sister live?"))
    assert system > 1_000
    assert computed <= other - system


async def test_nor_does_a_session_after_a_restart(make_model: MakeModel, with_system: Path, tmp_path: Path) -> None:
    before = make_model(with_system, cache_folder=tmp_path)
    whole, _ = await prefilled(before, SYSTEM, QUESTION)
    system = whole - (await prefilled(before, QUESTION))[0]
    await before.close()
    after = make_model(with_system, cache_folder=tmp_path)
    other, computed = await prefilled(after, SYSTEM, Message("user", "In which city does my sister live?"))
    assert computed <= other - system


async def test_another_prompt_and_a_damaged_file_are_computed_anew(
    make_model: MakeModel, with_system: Path, tmp_path: Path
) -> None:
    before = make_model(with_system, cache_folder=tmp_path)
    whole, _ = await prefilled(before, SYSTEM, QUESTION)
    await before.close()
    changed = Message("system", "Be brief. " + SYSTEM.content)
    after = make_model(with_system, cache_folder=tmp_path)
    longer, computed = await prefilled(after, changed, QUESTION)
    assert longer - computed < 30
    await after.close()
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:1000])
    again = make_model(with_system, cache_folder=tmp_path)
    assert await prefilled(again, SYSTEM, QUESTION) == (whole, whole)


async def test_what_was_computed_before_changes_nothing_of_what_is_said(
    make_model: MakeModel, with_system: Path
) -> None:
    said: list[str] = []
    for warm in (False, True):
        model = make_model(with_system)
        if warm:
            await prefilled(model, SYSTEM, QUESTION)
        texts: list[str] = []
        async with aclosing(model.stream([SYSTEM, QUESTION, CODE, RESULT])) as deltas:
            async for text in deltas:
                texts.append(text)
                if len(texts) == 30:
                    break
        said.append("".join(texts))
    assert said[0] == said[1]


async def test_two_conversations_share_the_model_and_neither_waits_for_the_other(make_model: MakeModel) -> None:
    model = make_model()
    order: list[int] = []

    async def listen(number: int) -> str:
        texts: list[str] = []
        async for text in model.stream([SYSTEM, QUESTION]):
            order.append(number)
            texts.append(text)
        return "".join(texts)

    assert await asyncio.gather(listen(1), listen(2)) == [OUTPUT, OUTPUT]
    first_of_second, last_of_first = order.index(2), len(order) - 1 - order[::-1].index(1)
    assert first_of_second < last_of_first / 2


async def begun(model: Model, letters: int = 60) -> str:
    """How an answer begins; one that draws at random may have no end."""
    said = ""
    async with aclosing(model.stream([QUESTION])) as deltas:
        async for text in deltas:
            said += text
            if len(said) >= letters:
                break
    return said[:letters]


async def test_a_seed_makes_an_answer_repeatable_alone_and_among_others(make_model: MakeModel) -> None:
    model = make_model(temperature=4.0)
    alone = [await begun(model.seeded(seed)) for seed in (1, 2)]
    assert alone[0] != alone[1]
    together = await asyncio.gather(begun(model.seeded(2)), begun(model), begun(model.seeded(1)))
    assert [together[2], together[0]] == alone


@pytest.mark.parametrize("after", [1, 7])
async def test_a_cancel_stops_it_within_two_tokens(make_model: MakeModel, after: int) -> None:
    model, meter = make_model(), Meter()
    stream = model.stream([SYSTEM, QUESTION], meter)
    for _ in range(after):
        await anext(stream)
    generation = next(iter(model.generations))
    by_then = generation.generated_tokens
    await stream.aclose()
    await until(lambda: not model.generations)
    assert generation.generated_tokens - by_then <= 2


async def test_a_reader_that_pauses_is_not_overtaken_by_more_than_two_tokens(make_model: MakeModel) -> None:
    model = make_model()
    async with aclosing(model.stream([SYSTEM, QUESTION])) as stream:
        await anext(stream)
        generation = next(iter(model.generations))
        taken = generation.generated_tokens
        await asyncio.sleep(0.2)
        assert generation.generated_tokens - taken <= 2


async def test_a_prompt_is_given_up_while_it_is_still_being_computed(make_model: MakeModel, with_system: Path) -> None:
    model = make_model(with_system, context_tokens=8192)
    long = Message("system", SYSTEM.content * 3)
    asked = asyncio.create_task(heard(model, [long, QUESTION]))
    await until(lambda: bool(model.generations) and next(iter(model.generations)).prompt_tokens is not None)
    asked.cancel()
    await asyncio.wait((asked,))
    await until(lambda: not model.generations)
    assert len(await heard(make_model(), [SYSTEM, QUESTION])) == len(OUTPUT)


async def test_the_weights_leave_the_memory_when_nobody_asks_and_come_back_when_somebody_does(
    make_model: MakeModel,
) -> None:
    model = make_model(unload_seconds=0.2)
    assert await heard(model, [SYSTEM, QUESTION]) == OUTPUT
    await until(lambda: not model.is_loaded and engine_threads() == [])
    assert await heard(model, [SYSTEM, QUESTION]) == OUTPUT


async def test_no_thread_is_left_when_it_is_closed_in_the_middle(make_model: MakeModel) -> None:
    model = make_model()
    stream = model.stream([SYSTEM, QUESTION])
    await anext(stream)
    await model.close()
    assert engine_threads() == []
    with pytest.raises(ModelError, match="ended"):
        async with asyncio.timeout(5):
            while True:
                await anext(stream)


async def test_an_answer_that_never_ends_is_cut_and_says_so(make_model: MakeModel) -> None:
    with pytest.raises(ModelError) as caught:
        await heard(make_model(max_tokens=20), [SYSTEM, QUESTION])
    assert "longer than 20 tokens" in caught.value.message
    assert "max_tokens" in caught.value.advice


async def test_a_template_that_opens_the_thought_itself_leaves_it_opened_in_the_text(
    make_model: MakeModel, tmp_path: Path
) -> None:
    template = (
        "{% for message in messages if message.role != 'system' %}<|im_start|>{{ message.role }}\n"
        "{{ message.content }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n{% endif %}"
    )
    model = make_model(with_template(tmp_path / "thinking", template))
    assert await heard(model, [SYSTEM, QUESTION]) == OUTPUT


@pytest.mark.parametrize("trouble", ["not there", "no template", "no weights", "damaged", "a template that fails"])
async def test_weights_that_cannot_be_used_say_what_to_do(
    make_model: MakeModel, tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hub"))
    folder = tmp_path / "weights"
    expected = {
        "not there": ("not on this machine", "commonplace model pull nobody/nothing"),
        "no template": ("no chat template", "commonplace model list"),
        "no weights": ("cannot be loaded", "commonplace model pull"),
        "damaged": ("damaged", "commonplace model pull"),
        "a template that fails": ("chat template refuses", "commonplace model list"),
    }[trouble]
    match trouble:
        case "no template":
            with_template(folder, None)
        case "a template that fails":
            with_template(folder, "{{ raise_exception('no') }}")
        case "no weights" | "damaged":
            with_template(folder)
            weights = folder / "model.safetensors"
            weights.write_bytes(weights.read_bytes()[:5_000])
            if trouble == "no weights":
                weights.unlink()
        case _:
            pass
    model = make_model(Path("nobody/nothing") if trouble == "not there" else folder)
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        await heard(model, [SYSTEM, QUESTION])
    assert time.monotonic() - began < 20
    assert expected[0] in caught.value.message
    assert expected[1] in caught.value.advice
    await model.close()
    assert engine_threads() == []


async def test_weights_that_are_larger_than_the_memory_are_refused_before_they_are_loaded(
    make_model: MakeModel, tmp_path: Path
) -> None:
    folder = with_template(tmp_path / "weights")
    with (folder / "more.safetensors").open("wb") as file:
        file.truncate(8_000_000_000_000)
    with pytest.raises(ModelError) as caught:
        await heard(make_model(folder), [SYSTEM, QUESTION])
    assert "GB of memory" in caught.value.message
    assert "smaller weights" in caught.value.advice


@pytest.mark.parametrize(
    "said",
    [
        "[metal::malloc] Attempting to allocate 28611722496 bytes which is greater than the maximum allowed",
        "[METAL] Command buffer execution failed: Insufficient Memory (00000008:kIOGPUCommandBufferCallbackError)",
    ],
)
async def test_memory_that_runs_out_while_it_generates_is_said_and_what_was_kept_is_let_go(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    from mlx_lm.generate import BatchGenerator

    model = make_model()
    assert await heard(model, [SYSTEM, QUESTION]) == OUTPUT

    def starve(_: object) -> object:
        raise RuntimeError(said)  # mlx's words on a Mac; on a CPU it says nothing and is killed

    with monkeypatch.context() as patched:
        patched.setattr(BatchGenerator, "next", starve)
        with pytest.raises(ModelError) as caught:
            await heard(model, [SYSTEM, QUESTION])
    assert "memory does not do" in caught.value.message
    assert "smaller weights" in caught.value.advice
    meter = Meter()
    assert await heard(model, [SYSTEM, QUESTION], meter) == OUTPUT
    assert meter.cached_tokens == 0


async def test_trouble_between_two_tokens_ends_the_answer_too_and_the_next_one_comes(
    make_model: MakeModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = make_model()

    def break_down(*_: object) -> None:
        raise RuntimeError("no more")

    with monkeypatch.context() as patched:
        patched.setattr("commonplace.models.mlx.prefixes.Prefixes.keep", break_down)
        async with asyncio.timeout(20):
            with pytest.raises(ModelError, match="no more"):
                await heard(model, [SYSTEM, QUESTION])
    await until(lambda: engine_threads() == [])
    assert await heard(model, [SYSTEM, QUESTION]) == OUTPUT


async def test_it_counts_with_its_own_tokenizer_without_loading_the_weights(
    make_model: MakeModel, with_system: Path
) -> None:
    model = make_model(with_system)
    assert model.window == 4096
    counted = await model.count([SYSTEM, QUESTION])
    assert not model.is_loaded
    assert (counted, counted) == await prefilled(model, SYSTEM, QUESTION)


async def test_a_prompt_beyond_the_window_is_refused_before_it_is_computed(
    make_model: MakeModel, with_system: Path
) -> None:
    with pytest.raises(ModelError) as caught:
        await heard(make_model(with_system, context_tokens=1024), [SYSTEM, QUESTION])
    assert "window 1,024" in caught.value.message
    assert "new conversation" in caught.value.advice
