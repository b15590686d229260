"""The life of a ``vllm serve``: started when it is wanted, watched while its weights load, ended as a whole group."""

import asyncio
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import aiohttp

from commonplace.models.base import Message, ModelError
from commonplace.models.stale import end_stale_group
from commonplace.models.vllm import guardian

_END_SECONDS = 10.0
"""How long the server may take to end when it is asked to; then it is killed."""
_HEALTH_SECONDS = 5.0
_LOOK_SECONDS = 0.25
_NEWS_SECONDS = 15.0
_MOST_TRIES = 3
_FIRST_PAUSE = 1.0
_LARGEST_LOG = 5_000_000
_LONGEST_TAIL = 40_000
"""Bytes; before vLLM's last line stand the tracebacks of each of its processes."""
_PERCENT = re.compile(r"(\d+)% Completed")
_NO_MEMORY = re.compile(
    r"out of memory|OutOfMemory|No available memory for|Free memory on device|available KV cache memory|"
    r"[Cc]annot allocate memory|can't allocate memory|DefaultCPUAllocator",
)
"""How vLLM and PyTorch say that the memory does not do."""
_KILLED = 128 + signal.SIGKILL
"""The guardian's code for a server that the system killed, which it does where memory runs out."""


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """What is to be run."""

    command: Sequence[str]
    """The executable and what goes before ``serve``."""
    weights: str
    arguments: Sequence[str]
    """The user's own, such as ``--tensor-parallel-size 2``."""
    start_seconds: float
    log: Path
    group_file: Path


class VllmProcess:
    """A server process, on a free loopback port, with a key of its own."""

    def __init__(self, plan: ServerPlan) -> None:
        self._plan = plan
        self._guardian: subprocess.Popen[bytes] | None = None
        self._logged_before = 0
        self.key = secrets.token_urlsafe(24)
        self.port = 0

    @property
    def base_url(self) -> str:
        """Where it is spoken to."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def is_running(self) -> bool:
        """Whether the process is there; it may still be loading."""
        return self._guardian is not None and self._guardian.poll() is None

    async def start(self) -> AsyncGenerator[str]:
        """Start it and wait until it serves; what happens meanwhile, in words. A crash is tried again, more slowly.

        Raises:
            ModelError: it is not installed, crashes each time, or takes too long.

        """
        await asyncio.to_thread(end_stale_group, self._plan.group_file)
        for number in range(_MOST_TRIES):
            if number:
                pause = _FIRST_PAUSE * 2 ** (number - 1)
                yield f"vLLM ended while it started; next try in {pause:.0f} s."
                await asyncio.sleep(pause)
            yield f"vLLM loads {self._plan.weights}."
            self._spawn()
            async for news in self._loading():
                yield news
            if self.is_running:
                return
            if (starved := self.starved()) is not None:
                raise starved
        raise ModelError(f"vLLM ended {_MOST_TRIES} times while it started: {self._last_line()}", self._look)

    def starved(self) -> ModelError | None:
        """What to say if it ended, or broke, for want of memory; as far as its log and its end tell."""
        ended = None if self._guardian is None else self._guardian.poll()
        if ended != _KILLED and not _NO_MEMORY.search(self._tail()):
            return None
        return ModelError(
            f"vLLM has too little memory for {self._plan.weights}.",
            'End what else holds memory there, shorten the window (vllm_args = ["--max-model-len", "8192"] under '
            f"[model] in config.toml), or choose smaller weights: commonplace model list. Its log: {self._plan.log}",
        )

    async def is_healthy(self) -> bool:
        """Whether it answers; one that hangs does not."""
        timeout = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as http,
                http.get(f"http://127.0.0.1:{self.port}/health") as response,
            ):
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def window(self) -> int | None:
        """The tokens that its weights can see, as it says; None where it does not."""
        models = await self._ask("GET", "/v1/models", None)
        return next((entry.get("max_model_len") for entry in (models or {}).get("data", [])), None)

    async def tokenize(self, messages: Sequence[Message]) -> int | None:
        """How many tokens it makes of the messages; None where it does not say."""
        told = [{"role": message.role, "content": message.content} for message in messages]
        counted = await self._ask("POST", "/tokenize", {"model": self._plan.weights, "messages": told})
        return (counted or {}).get("count")

    async def _ask(self, method: str, path: str, body: object) -> dict[str, Any] | None:
        timeout = aiohttp.ClientTimeout(total=_HEALTH_SECONDS)
        headers = {"Authorization": f"Bearer {self.key}"}
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout, headers=headers) as http,
                http.request(method, url, json=body) as response,
            ):
                return await response.json() if response.status == 200 else None
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None

    def end(self) -> None:
        """End the server and everything that it started."""
        guarding, self._guardian = self._guardian, None
        if guarding is None:
            return
        assert guarding.stdin is not None
        guarding.stdin.close()
        try:
            guarding.wait(_END_SECONDS + 5.0)
        except subprocess.TimeoutExpired:
            guarding.kill()
            guarding.wait()
            end_stale_group(self._plan.group_file)

    async def _loading(self) -> AsyncGenerator[str]:
        """Until it serves or has ended."""
        loop = asyncio.get_running_loop()
        began = told = loop.time()
        while self.is_running and not await self.is_healthy():
            await asyncio.sleep(_LOOK_SECONDS)
            now = loop.time()
            if now - began > self._plan.start_seconds:
                await asyncio.to_thread(self.end)
                raise ModelError(f"vLLM did not serve within {self._plan.start_seconds:.0f} s.", self._slow)
            if now - told >= _NEWS_SECONDS:
                told = now
                done = _PERCENT.findall(self._tail())
                yield f"vLLM loads {self._plan.weights}: {f'{done[-1]} %, ' if done else ''}{now - began:.0f} s so far."

    def _spawn(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        served = ["serve", self._plan.weights, "--host", "127.0.0.1", "--port", str(self.port)]
        figures = ["--enable-prefix-caching", "--enable-prompt-tokens-details"]
        guarding = [sys.executable, guardian.__file__, str(self._plan.group_file), str(_END_SECONDS)]
        self._plan.group_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._opened_log() as log:
            self._guardian = subprocess.Popen(
                [*guarding, *self._plan.command, *served, *figures, *self._plan.arguments],
                env={**os.environ, "VLLM_API_KEY": self.key, "VLLM_NO_USAGE_STATS": "1"},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _opened_log(self) -> IO[bytes]:
        log = self._plan.log
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > _LARGEST_LOG:
            log.replace(log.with_suffix(".1.log"))
        self._logged_before = log.stat().st_size if log.exists() else 0
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return os.fdopen(descriptor, "ab")

    def _tail(self) -> str:
        """The end of what this start has logged."""
        with suppress(OSError), self._plan.log.open("rb") as log:
            log.seek(max(self._logged_before, log.seek(0, os.SEEK_END) - _LONGEST_TAIL))
            return log.read().decode("utf-8", "replace")
        return ""

    def _last_line(self) -> str:
        lines = [line.strip() for line in self._tail().splitlines() if line.strip()]
        return f"{lines[-1][:200].rstrip('.')}." if lines else "it said nothing."

    @property
    def _look(self) -> str:
        return f"Look at {self._plan.log}, correct vllm_args under [model] in config.toml, then ask again."

    @property
    def _slow(self) -> str:
        return f"Look at {self._plan.log}; large weights may need more start_minutes under [model] in config.toml."
