"""The walkthrough with a real vLLM that the daemon starts: ``make test-vllm``, where vllm is installed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from commonplace.models.settings import ModelSettings
from commonplace.models.vllm import VllmModel
from tiny import CHECKPOINT, write_vault
from transcripts import USER, WALKTHROUGH

StartDaemon = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture
async def model(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[VllmModel]:
    command = str(request.config.getoption("--vllm"))
    if not command:
        pytest.skip("type: make test-vllm")
    made = VllmModel(
        ModelSettings(
            backend="vllm",
            name=str(CHECKPOINT),
            command=(command,),
            arguments=("--max-model-len", "4096", "--gpu-memory-utilization", "0.3"),
            state_folder=tmp_path / "home" / "models",
        )
    )
    yield made
    await made.close()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", WALKTHROUGH)


async def test_weights_behind_a_managed_vllm_drive_the_daemon(start: StartDaemon, model: VllmModel) -> None:
    async for news in model.prepare():
        print(news)
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    for turn in WALKTHROUGH.turns:
        await client.prompt(session, turn.question)
        print(client.reply, client.updates[-1]["_meta"]["commonplace"]["metrics"])
    changed = USER.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n")
    assert (daemon.vault / "user.md").read_bytes() == changed.encode()
    assert client.reply == "Your job title is AI Researcher."
