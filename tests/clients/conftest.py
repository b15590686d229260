"""The command line as whole processes, in a home folder and a user's folder of their own."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from commonplace.clients import launch
from commonplace.home import find_daemon
from terminal import SPAWN, Terminal


@dataclass(frozen=True)
class Ended:
    """What a process left."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """Runs ``commonplace`` as a process and waits for its end."""

    home: Path
    user: Path

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("COMMONPLACE_")}
        return {**kept, "COMMONPLACE_HOME": str(self.home), "HOME": str(self.user), "COLUMNS": "100"}

    async def begin(
        self, *arguments: str | bytes, cwd: Path | None = None, **environment: str
    ) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "commonplace",
            *arguments,
            cwd=cwd or self.user,
            env={**self.environment, **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def __call__(
        self, *arguments: str | bytes, stdin: str | bytes = "", cwd: Path | None = None, **environment: str
    ) -> Ended:
        process = await self.begin(*arguments, cwd=cwd, **environment)
        out, err = await process.communicate(stdin.encode() if isinstance(stdin, str) else stdin)
        assert process.returncode is not None
        assert b"Traceback" not in err, err.decode()
        return Ended(process.returncode, out.decode(), err.decode())


@pytest_asyncio.fixture
async def commonplace(tmp_path: Path) -> AsyncIterator[CommandLine]:
    """The command line; a daemon that it started ends with the test."""
    user = tmp_path / "user"
    user.mkdir()
    command = CommandLine(tmp_path / "home", user)
    yield command
    found = find_daemon(command.home)
    if found is not None and found.pid != os.getpid():
        await asyncio.to_thread(launch.stop, command.home)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest_asyncio.fixture
async def slow_server(unused_tcp_port: int) -> AsyncIterator[dict[str, str]]:
    """The settings of a model that changes a note at its first step and is silent from then on."""
    code = 'ok = update_file("user.md", "Robin", "Robyn")'

    async def answer(request: web.Request) -> web.StreamResponse:
        if len((await request.json())["messages"]) > 2:
            await asyncio.sleep(60)
        chunk = {"choices": [{"delta": {"content": f"<python>\n{code}\n</python>"}, "finish_reason": "stop"}]}
        return web.Response(text=f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n", content_type="text/event-stream")

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    yield {
        "COMMONPLACE_MODEL__BACKEND": "openai",
        "COMMONPLACE_MODEL__NAME": "slow",
        "COMMONPLACE_MODEL__BASE_URL": f"http://127.0.0.1:{unused_tcp_port}/v1",
    }
    await runner.cleanup()


@pytest_asyncio.fixture
async def open_chat(commonplace: Any) -> AsyncIterator[Any]:
    """Opens ``commonplace chat`` in a terminal and waits for its prompt."""
    opened: list[asyncio.subprocess.Process] = []

    async def begin(*arguments: str, **environment: str) -> tuple[Terminal, str]:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SPAWN, sys.executable, "-m", "commonplace", "chat", *arguments),
            cwd=commonplace.user,
            env={**commonplace.environment, "TERM": "xterm-256color", "LINES": "24", **environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        opened.append(process)
        terminal = Terminal(process)
        return terminal, await terminal.until("> ")

    yield begin
    for process in opened:
        if process.returncode is None:
            process.kill()
            await process.wait()
