"""However often a client is killed, suspended or cut off, what it ends up with is what the log holds.

The long run: ``pytest tests/server/test_cut_off.py --cuts 200``.
"""

import asyncio
import json
import random
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from commonplace.models.scripted import ScriptedModel

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows suspends no process by a signal")

StartDaemon = Callable[..., Awaitable[Any]]
CLIENT = Path(__file__).with_name("taking_client.py")
THOUGHT = "<think>\n" + "".join(f"thought {number} " for number in range(150)) + "</think>\n"
STEP = THOUGHT + '<python>\nuser = read_file("user.md")\ndria = read_file("entities/dria.md")\n</python>'
LAST = THOUGHT + "<python></python>\n<reply>\n" + "".join(f"word {number} " for number in range(150)) + "\n</reply>"


class Wire:
    """A TCP relay that can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0)
        return self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        for writer in self._open:
            writer.transport.abort()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        await asyncio.sleep(0.05)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._to)
        self._open |= {writer, back}
        await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
        self._open -= {writer, back}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()


class Taker:
    """The client that is treated badly."""

    def __init__(self, *arguments: str) -> None:
        self._arguments = arguments
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(sys.executable, str(CLIENT), *self._arguments)

    async def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        await self._process.wait()

    async def suspend(self, seconds: float) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)


@pytest_asyncio.fixture
async def wire() -> AsyncIterator[Callable[[int], Awaitable[Wire]]]:
    opened: list[Wire] = []

    async def open_wire(port: int) -> Wire:
        opened.append(Wire(port))
        return opened[-1]

    yield open_wire
    for one in opened:
        await one.close()


@pytest.mark.timeout(1200)
async def test_what_a_client_ends_up_with_equals_the_log(
    connect: Any, process_daemon: Any, vault: Path, tmp_path: Path, transcript: Any, wire: Any, request: Any
) -> None:
    cuts = int(request.config.getoption("--cuts"))
    chance = random.Random(cuts)
    discovery = await process_daemon.start(*[STEP, LAST] * cuts, chunk=7, delay=0.002)
    control = await connect(discovery)
    session = await control.new_session(vault)
    relay = await wire(discovery.port)
    kept = tmp_path / "taken.jsonl"
    kept.touch()
    taker = Taker(str(discovery.port), str(await relay.start()), discovery.token, session, str(kept))
    await taker.start()
    done = 0
    while done < cuts:
        request_id = await control.start_prompt(session, f"Question {done}")
        turn = asyncio.create_task(control.answer(request_id))
        while not turn.done() and done < cuts:
            await asyncio.sleep(chance.uniform(0.05, 0.4))
            match chance.choice(("kill", "suspend", "cut")):
                case "kill":
                    await taker.kill()
                    await taker.start()
                case "suspend":
                    await taker.suspend(chance.uniform(0.05, 0.4))
                case _:
                    relay.cut()
            done += 1
        assert (await turn)["result"]["stopReason"] == "end_turn"
    last = control.updates[-1]["_meta"]["commonplace"]["seq"]
    for _ in range(600):
        lines = kept.read_text().split("\n")[:-1]
        if lines and json.loads(lines[-1])["_meta"]["commonplace"]["seq"] >= last:
            break
        await asyncio.sleep(0.05)
    await taker.kill()
    taken = [json.loads(line) for line in kept.read_text().splitlines()]
    whole = await connect(discovery)
    await whole.call("session/load", {"sessionId": session, "cwd": str(vault), "mcpServers": []})
    assert transcript(taken) == transcript(whole.updates) == transcript(control.updates)
    assert any("first" in params["_meta"]["commonplace"] for params in taken), "no deltas were joined"
    assert len(taken) > 2 * len(whole.updates), "it took part while the turns ran"
    await control.socket.close()
    await whole.socket.close()


async def test_a_client_that_does_not_read_loses_nothing_and_slows_nobody(
    start: StartDaemon, transcript: Any, vault: Path
) -> None:
    """It reads nothing until the turn is over; by then more waits for it than sockets and outbox hold."""
    reads = '[read_file("user.md") for n in range(400)]'
    block = (
        f'<think>\n{{}}\n</think>\n<python>\nok = update_file("user.md", "Robin", "Robyn")\nnotes = {reads}\n</python>'
    )
    words = " ".join(map(str, range(480_000)))
    after = f"<think>\n{words}</think><python></python><reply>All told.</reply>"
    outputs = [block.format(words), after]
    daemon = await start(ScriptedModel(outputs, chunk=1500))

    def small_buffer(address: Any) -> socket.socket:
        made = socket.socket(address[0], socket.SOCK_STREAM)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        return made

    connector = aiohttp.TCPConnector(socket_factory=small_buffer)
    async with aiohttp.ClientSession(connector=connector, read_bufsize=1024) as http:
        slow = type(await daemon.connect())(
            await http.ws_connect(f"{daemon.address}/acp", headers=daemon.bearer, max_msg_size=0)
        )
        quick = await daemon.connect()
        session = await quick.new_session(vault)
        await quick.call("session/set_mode", {"sessionId": session, "modeId": "review"})
        await slow.call("session/resume", {"sessionId": session, "cwd": str(vault)})
        quick.updates.clear()
        slow.updates.clear()
        request = await quick.start_prompt(session, "Tell me everything.")
        await quick.decide(await quick.question(), "allow_once")
        assert (await quick.answer(request))["result"]["stopReason"] == "end_turn"
        await slow.until_ended()
    assert transcript(slow.updates) == transcript(quick.updates)
    deltas = sum("thought" in params["update"]["sessionUpdate"] for params in slow.updates)
    assert deltas < 3_300, "of 4,400 deltas, those that no socket had room for were joined"
    assert len(slow.of_kind("tool_call_update")) > 400
    told = [params["_meta"]["commonplace"].get("permission") for params in slow.updates]
    assert [state["outcome"] for state in told if state] == [None, "allow_once"]
