"""The walkthrough with real weights behind a real OpenAI-compatible server (mlx-lm's own), over HTTP."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

pytest.importorskip("mlx_lm", reason="mlx-lm is not there for Windows")
from commonplace.models.openai import OpenAIModel
from commonplace.models.settings import ModelSettings
from tiny import CHECKPOINT, write_vault
from transcripts import USER, WALKTHROUGH

StartDaemon = Callable[..., Awaitable[Any]]


@pytest_asyncio.fixture
async def base_url() -> AsyncIterator[str]:
    """A server with the tiny weights, as a user would start it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "mlx_lm", "server", "--model", str(CHECKPOINT), "--port", str(port)]
    environment = {**os.environ, "MLX_DISABLE_COMPILE": "1", "HF_HUB_OFFLINE": "1"}
    quiet = subprocess.DEVNULL
    server = await asyncio.create_subprocess_exec(*command, env=environment, stdout=quiet, stderr=quiet)
    try:
        async with aiohttp.ClientSession() as http, asyncio.timeout(60):
            while True:
                try:
                    async with http.get(f"http://127.0.0.1:{port}/health"):
                        break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.terminate()
        await server.wait()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    return write_vault(tmp_path / "vault", WALKTHROUGH)


async def test_weights_behind_a_server_drive_the_daemon(start: StartDaemon, base_url: str) -> None:
    model = OpenAIModel(ModelSettings(backend="openai", base_url=base_url, name=str(CHECKPOINT)))
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)

    await client.prompt(session, WALKTHROUGH.turns[0].question)
    assert client.reply == "Your notes name no job title. What is your exact job title?"
    assert client.of_kind("agent_thought_chunk")

    await client.prompt(session, WALKTHROUGH.turns[1].question)
    changed = USER.replace("- zodiac_sign: Libra\n", "- zodiac_sign: Libra\n- job_title: AI Researcher\n")
    assert (daemon.vault / "user.md").read_bytes() == changed.encode()

    await client.prompt(await client.new_session(daemon.vault), "What is my job title?")
    assert client.reply == "Your job title is AI Researcher."
    for update in client.updates:
        metrics = update["_meta"]["commonplace"].get("metrics")
        if metrics is not None:
            assert metrics["generated_tokens"] > 20
            assert metrics["prompt_tokens"] > metrics["cached_tokens"] >= 0
