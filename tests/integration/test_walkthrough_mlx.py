"""The walkthrough with real weights in the daemon's process: real tokens, real tags, the vault really changed."""

import gc
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

pytest.importorskip("mlx_lm", reason="mlx-lm is not there for Windows")
from commonplace.models.mlx import MlxModel
from commonplace.models.settings import ModelSettings
from tiny import CHECKPOINT, in_four_bits, write_vault
from transcripts import FRESH_SESSION, USER, WALKTHROUGH

StartDaemon = Callable[..., Awaitable[Any]]


@pytest.fixture(autouse=True)
def without_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    """mlx compiles fused operations at their first use, which takes seconds on a CPU."""
    monkeypatch.setenv("MLX_DISABLE_COMPILE", "1")


@pytest.fixture(params=["bf16", "4-bit"])
def weights(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return CHECKPOINT if request.param == "bf16" else in_four_bits(tmp_path / "weights")


@pytest_asyncio.fixture
async def model(weights: Path) -> AsyncIterator[MlxModel]:
    made = MlxModel(ModelSettings(backend="mlx", name=str(weights)))
    yield made
    await made.close()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", WALKTHROUGH)


def is_measured(params: Mapping[str, Any]) -> bool:
    return "metrics" in params["_meta"]["commonplace"]


async def test_weights_ask_for_what_no_note_says_remember_it_and_know_it(start: StartDaemon, model: MlxModel) -> None:
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)

    await client.prompt(session, WALKTHROUGH.turns[0].question)
    assert client.reply == "Your notes name no job title. What is your exact job title?"
    assert client.of_kind("agent_thought_chunk")
    looked, replied = [update["_meta"]["commonplace"]["metrics"] for update in client.updates if is_measured(update)]
    assert looked["generated_tokens"] > replied["generated_tokens"] > 20
    assert replied["prompt_tokens"] > replied["cached_tokens"] >= looked["prompt_tokens"] - 5
    assert 0 < looked["first_token_milliseconds"] < looked["model_milliseconds"]
    assert looked["tokens_per_second"] > 0
    assert looked["sandbox_milliseconds"] > 0
    assert looked["tool_milliseconds"] > 0

    await client.prompt(session, WALKTHROUGH.turns[1].question)
    changed = USER.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n")
    assert (daemon.vault / "user.md").read_bytes() == changed.encode()

    for known_in in (session, await client.new_session(daemon.vault)):
        await client.prompt(known_in, "What is my job title?")
        assert client.reply == "Your job title is AI Researcher."


@pytest.mark.parametrize("weights", ["bf16"], indirect=True)
async def test_many_turns_leave_nothing_behind(
    start: StartDaemon, model: MlxModel, pytestconfig: pytest.Config
) -> None:
    import mlx.core as mx

    turns = int(str(pytestconfig.getoption("--model-turns")))
    daemon = await start(model)
    write_vault(daemon.vault, FRESH_SESSION)
    client = await daemon.connect()
    held: list[tuple[int, int, int]] = []
    for number in range(turns):
        await client.prompt(await client.new_session(daemon.vault), FRESH_SESSION.turns[0].question)
        assert client.reply == "Your job title is AI Researcher."
        client.updates.clear()
        if number in (turns // 2, turns - 1):
            gc.collect()
            held.append((mx.get_active_memory(), threading.active_count(), len(list(Path("/dev/fd").iterdir()))))
    halfway, at_the_end = held
    assert at_the_end[0] <= halfway[0] * 1.01
    assert at_the_end[1] <= halfway[1] + 4  # the pools of threads fill up as they are needed
    assert at_the_end[2] <= halfway[2] + 4
