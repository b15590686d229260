"""A real daemon on a real socket, in a home folder of its own."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from commonplace.config import load_config, register_vault
from commonplace.home import Discovery
from commonplace.models.base import Model
from commonplace.models.reader import ReaderModel
from commonplace.server.daemon import Running, start_daemon

Json = Mapping[str, Any]

# A shell that starts the tests in the background has them ignore Ctrl-C, and with them what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the long runs are, and whether golden files are made anew."""
    parser.addoption("--cuts", default=15, help="how often test_cut_off.py kills, suspends or cuts off its client")
    parser.addoption("--model-turns", default=10, help="turns of tests/integration/test_walkthrough_mlx.py")
    parser.addoption("--vllm", default="", help="the vllm program (test_walkthrough_vllm.py)")
    parser.addoption("--write-golden", action="store_true", help="write tests/golden anew (test_golden.py)")
    parser.addoption("--filter-cases", type=int, default=40, help="cases of tests/filters/test_cases.py; 300 is all")
    parser.addoption("--untouched-notes", default=200, help="notes of tests/clients/test_untouched_notes.py")
    parser.addoption("--window", action="store_true", help="show the real window of tests/clients/test_window.py")
    parser.addoption("--hostile-frames", type=int, default=300, help="frames of tests/server/test_hostile_frames.py")


@dataclass
class Client:
    """A client that keeps every update that it gets."""

    socket: aiohttp.ClientWebSocketResponse
    updates: list[Json] = field(default_factory=list[Json])
    batches: int = 0
    """Messages that held several of them."""
    touched: list[Json] = field(default_factory=list[Json])
    undone: list[Json] = field(default_factory=list[Json])
    asked: list[Json] = field(default_factory=list[Json])
    """The daemon's requests: questions to the user."""
    commands: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    """By session, each time that its commands were told."""
    _next: int = 0

    async def send(self, method: str, params: object) -> int:
        self._next += 1
        await self.socket.send_json({"jsonrpc": "2.0", "id": self._next, "method": method, "params": params})
        return self._next

    async def receive(self) -> Json:
        message = await self.socket.receive(timeout=20)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        return json.loads(message.data)

    async def take(self) -> Json:
        """Receive one message and keep it where it belongs."""
        message = await self.receive()
        match message.get("method"):
            case "session/update" if "availableCommands" in message["params"]["update"]:
                told = message["params"]
                self.commands.setdefault(told["sessionId"], []).append(told["update"]["availableCommands"])
            case "session/update":
                self.updates.append(message["params"])
            case "_commonplace/updates":
                self.batches += 1
                self.updates += message["params"]["updates"]
            case "_commonplace/touched":
                self.touched.append(message["params"])
            case "_commonplace/undone":
                self.undone.append(message["params"])
            case "session/request_permission":
                self.asked.append(message)
            case _:
                pass
        return message

    async def answer(self, request: int) -> Json:
        while True:
            message = await self.take()
            if message.get("id") == request and "method" not in message:
                return message

    async def question(self) -> Json:
        """The next question to the user that has not been taken."""
        while not self.asked:
            await self.take()
        return self.asked.pop(0)

    async def decide(self, question: Json, option: str) -> None:
        """Answer a question to the user."""
        outcome = {"outcome": "selected", "optionId": option}
        await self.socket.send_json({"jsonrpc": "2.0", "id": question["id"], "result": {"outcome": outcome}})

    async def until_number(self, number: int) -> Json:
        """Receive until an update has that number or a later one; that update."""
        while not (self.updates and self.updates[-1]["_meta"]["commonplace"]["seq"] >= number):
            await self.take()
        return self.updates[-1]

    async def until_ended(self) -> Json:
        """Receive until a turn has ended; the update that tells it."""
        while not (self.updates and "ended" in self.updates[-1]["_meta"]["commonplace"]):
            await self.take()
        return self.updates[-1]

    async def call(self, method: str, params: object) -> Json:
        return await self.answer(await self.send(method, params))

    async def new_session(self, vault: Path) -> str:
        begun = await self.call("session/new", {"cwd": str(vault), "mcpServers": []})
        assert "result" in begun, begun
        return begun["result"]["sessionId"]

    async def start_prompt(self, session: str, text: str, **meta: object) -> int:
        asked = {"sessionId": session, "prompt": [{"type": "text", "text": text}], "_meta": {"commonplace": meta}}
        return await self.send("session/prompt", asked)

    async def prompt(self, session: str, text: str, **meta: object) -> Json:
        return await self.answer(await self.start_prompt(session, text, **meta))

    def of_kind(self, kind: str) -> list[Json]:
        return [params for params in self.updates if params["update"]["sessionUpdate"] == kind]

    @property
    def reply(self) -> str:
        chunks = self.of_kind("agent_message_chunk")
        last = chunks[-1]["_meta"]["commonplace"]["turn"] if chunks else ""
        return "".join(
            params["update"]["content"]["text"] for params in chunks if params["_meta"]["commonplace"]["turn"] == last
        )


@dataclass
class Daemon:
    """A daemon under test."""

    running: Running
    home: Path
    vault: Path
    http: aiohttp.ClientSession
    _stack: AsyncExitStack

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.running.discovery.port}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.running.discovery.token}"}

    async def connect(self, token: str | None = None) -> Client:
        """A client that brings the daemon's own token, or another."""
        headers = {"Authorization": f"Bearer {token}"} if token else self.bearer
        socket = await self._stack.enter_async_context(self.http.ws_connect(f"{self.address}/acp", headers=headers))
        client = Client(socket)
        await client.call("initialize", {"protocolVersion": 1})
        return client


StartDaemon = Callable[..., Awaitable[Daemon]]


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Callable[[Discovery], Awaitable[Client]]]:
    """Connects to a daemon that is a process of its own."""
    async with AsyncExitStack() as stack, aiohttp.ClientSession() as http:

        async def begin(discovery: Discovery) -> Client:
            headers = {"Authorization": f"Bearer {discovery.token}"}
            client = Client(await stack.enter_async_context(http.ws_connect(discovery.url, headers=headers)))
            await client.call("initialize", {"protocolVersion": 1})
            return client

        yield begin


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "entities").mkdir(parents=True)
    (root / "user.md").write_text("# User\n- user_name: Robin Ashdown\n- employer: [[entities/dria.md]]\n")
    (root / "entities" / "dria.md").write_text("# Dria\n- city: Oslo\n")
    return root


@pytest_asyncio.fixture
async def start(tmp_path: Path, vault: Path) -> AsyncIterator[StartDaemon]:
    """Starts daemons that end with the test."""
    async with AsyncExitStack() as stack:

        async def begin(model: Model | None = None, **settings: Any) -> Daemon:
            home = tmp_path / "home"
            register_vault(home, vault)
            daemon = start_daemon(load_config(home), home, model or ReaderModel(), **settings)
            running = await stack.enter_async_context(daemon)
            http = await stack.enter_async_context(aiohttp.ClientSession())
            return Daemon(running, home, vault, http, stack)

        yield begin
        await asyncio.sleep(0)
