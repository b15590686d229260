"""The daemon under load, as a process of its own with a scripted model: latency, memory, waiting turns.

    .venv/bin/python benchmarks/load.py            all of it, some minutes
    .venv/bin/python benchmarks/load.py latency    one part: latency, turns, idle or waiting

Latency: 50 sessions stream 100 chunks a second each; every chunk carries the time at which the model said it, on
the clock that all processes share. The client is one process with a connection a session.
"""

import asyncio
import json
import multiprocessing
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from rich.console import Console
from rich.table import Table

from commonplace.config import load_config, register_vault
from commonplace.home import Discovery, find_daemon
from commonplace.models.base import Message, Meter
from commonplace.server.daemon import Start, run_daemon

SESSIONS = 50
CHUNKS = 1_000
INTERVAL = 0.01
TURNS = 10_000
IDLE = 500
WAITING = 8
NINTHS = 150
READ = '<python>\nuser = read_file("user.md")\nother = read_file("entities/dria.md")\n</python>'
WRITE = '<python>\nok = update_file("entities/dria.md", "- city: Oslo", "- city: Bergen")\n</python>'
REPLY = "<python></python>\n<reply>\nDone.\n</reply>"


class BenchModel:
    """Says what the question asks for: ``stream``, ``read`` or ``write``."""

    name = "bench"

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        """Say the next output of the turn."""
        asked = next(
            message.content
            for message in reversed(messages)
            if not message.content.startswith("<result>") and message.role == "user"
        )
        if asked == "stream":
            yield "<think>\n"
            began = time.monotonic()
            for number in range(CHUNKS):
                await asyncio.sleep(max(0.0, began + number * INTERVAL - time.monotonic()))
                yield f"t{time.monotonic():.6f} and some words of a thought "
            yield "</think>\n" + REPLY
        elif messages[-1].role == "user" and messages[-1].content.startswith("<result>"):
            yield REPLY
        else:
            yield WRITE if asked == "write" else READ

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    figure: str
    bar: str


class Client:
    """A connection to the daemon."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self._number = 0
        self.late: list[float] = []

    async def send(self, method: str, params: object) -> int:
        """Send a request; its number."""
        self._number += 1
        request = {"jsonrpc": "2.0", "id": self._number, "method": method, "params": params}
        await self.socket.send_str(json.dumps(request))
        return self._number

    async def answer(self, number: int) -> Any:
        """Read up to the answer; how late each chunk of a stream came is kept."""
        while True:
            text = (await self.socket.receive()).data
            now = time.monotonic()
            self.late += [now - float(said) for said in re.findall(r"t(\d+\.\d+) ", text)]
            message = json.loads(text)
            if message.get("id") == number and "method" not in message:
                return message["result"]

    async def call(self, method: str, params: object) -> Any:
        """Send a request and read up to its answer."""
        return await self.answer(await self.send(method, params))

    async def new_session(self, vault: Path, mode: str = "auto") -> str:
        """Begin a session."""
        session = (await self.call("session/new", {"cwd": str(vault), "mcpServers": []}))["sessionId"]
        if mode != "auto":
            await self.call("session/set_mode", {"sessionId": session, "modeId": mode})
        return session

    async def prompt(self, session: str, text: str) -> None:
        """Run a turn."""
        await self.answer(await self.start(session, text))

    async def start(self, session: str, text: str) -> int:
        """Begin a turn; the number of the request."""
        return await self.send("session/prompt", {"sessionId": session, "prompt": [{"type": "text", "text": text}]})


@dataclass
class Bench:
    """A daemon and a way to connect to it."""

    discovery: Discovery
    vault: Path
    http: aiohttp.ClientSession
    stack: AsyncExitStack

    async def connect(self) -> Client:
        """Open a connection that stays."""
        headers = {"Authorization": f"Bearer {self.discovery.token}"}
        socket = await self.stack.enter_async_context(self.http.ws_connect(self.discovery.url, headers=headers))
        client = Client(socket)
        await client.call("initialize", {"protocolVersion": 1})
        return client

    @property
    def processor_seconds(self) -> float:
        """What the daemon's own process has computed so far."""
        fields = Path(f"/proc/{self.discovery.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def resident(self) -> float:
        """Megabytes of the daemon's own process."""
        status = Path(f"/proc/{self.discovery.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def latency(bench: Bench) -> list[Row]:
    """How late chunks come when 50 sessions stream at once."""
    clients = [await bench.connect() for _ in range(SESSIONS)]
    sessions = [await client.new_session(bench.vault) for client in clients]

    async def one(number: int) -> None:
        await asyncio.sleep(number * INTERVAL / SESSIONS)
        await clients[number].prompt(sessions[number], "stream")

    began, used = time.monotonic(), bench.processor_seconds
    await asyncio.gather(*(one(number) for number in range(SESSIONS)))
    seconds, used = time.monotonic() - began, bench.processor_seconds - used
    late = sorted(late for client in clients for late in client.late)
    p50, p95, p99 = (late[int(len(late) * share)] * 1000 for share in (0.5, 0.95, 0.99))
    rate = f"{len(late):,} chunks, {len(late) / seconds:,.0f} a second"
    figure = f"p50 {p50:.2f} ms, p95 {p95:.2f} ms, p99 {p99:.2f} ms"
    return [
        Row(f"added latency a chunk ({rate})", figure, "p50 at most 2 ms, p99 at most 20 ms"),
        Row(
            "processor time of the daemon a chunk",
            f"{used / len(late) * 1e6:.0f} microseconds",
            "200 would fill a core",
        ),
    ]


async def turns(bench: Bench) -> list[Row]:
    """Resident memory over 10,000 turns; the first thousand warm the daemon up."""
    client = await bench.connect()
    session = await client.new_session(bench.vault)
    warm = 0.0
    began = time.monotonic()
    for number in range(TURNS):
        if number == TURNS // 10:
            warm = bench.resident
        if number % 100 == 0:
            session = await client.new_session(bench.vault)
        await client.prompt(session, "read")
    seconds = time.monotonic() - began
    after = bench.resident
    return [
        Row(
            f"resident memory over {TURNS:,} turns ({seconds / TURNS * 1000:.1f} ms each)",
            f"{warm:.1f} MB after {TURNS // 10:,}, {after:.1f} MB at the end: {after / warm - 1:+.1%}",
            "flat within 10 %",
        )
    ]


async def idle(bench: Bench) -> list[Row]:
    """Resident memory that idle connections cost."""
    first = await bench.connect()
    await first.prompt(await first.new_session(bench.vault), "read")
    before = bench.resident
    for _ in range(IDLE):
        await bench.connect()
    await asyncio.sleep(1.0)
    return [Row(f"{IDLE} idle connections", f"{bench.resident - before:.1f} MB more", "at most 60 MB")]


async def waiting(bench: Bench) -> list[Row]:
    """How long a turn takes beside eight that wait for permission, and alone, in turn."""
    ninth = await bench.connect()
    session = await ninth.new_session(bench.vault)

    async def timed() -> list[float]:
        seconds: list[float] = []
        for _ in range(NINTHS):
            began = time.monotonic()
            await ninth.prompt(session, "read")
            seconds.append(time.monotonic() - began)
        return sorted(seconds)

    await timed()
    alone: list[float] = []
    beside: list[float] = []
    for _ in range(4):
        alone += await timed()
        clients = [await bench.connect() for _ in range(WAITING)]
        held: list[tuple[Client, str]] = []
        for client in clients:
            held.append((client, await client.new_session(bench.vault, "review")))
            await client.start(held[-1][1], "write")
            while "request_permission" not in (await client.socket.receive()).data:
                pass
        await asyncio.sleep(0.5)
        beside += await timed()
        for client, waits in held:
            await client.call("session/close", {"sessionId": waits})
            await client.socket.close()
    medians = [sorted(seconds)[len(seconds) // 2] * 1000 for seconds in (alone, beside)]
    figure = f"{medians[0]:.2f} ms alone, {medians[1]:.2f} ms beside: {medians[1] / medians[0] - 1:+.1%}"
    return [Row(f"a turn beside {WAITING} that wait for permission", figure, "at most 10 % longer")]


PARTS: dict[str, Callable[[Bench], Coroutine[Any, Any, list[Row]]]] = {
    "latency": latency,
    "idle": idle,
    "waiting": waiting,
    "turns": turns,
}


def serve(home: Path) -> None:
    """Run the daemon until it is ended."""
    asyncio.run(run_daemon(load_config(home), home, BenchModel(), Start()))


async def run(part: str) -> list[Row]:
    """Run one part against a fresh daemon."""
    with tempfile.TemporaryDirectory() as folder:
        home, vault = Path(folder) / "home", Path(folder) / "vault"
        (vault / "entities").mkdir(parents=True)
        (vault / "user.md").write_text("# User\n" + "- key: some value that is written here\n" * 40)
        (vault / "entities" / "dria.md").write_text("# Dria\n- city: Oslo\n")
        register_vault(home, vault)
        daemon = multiprocessing.get_context("spawn").Process(target=serve, args=(home,))
        daemon.start()
        try:
            while (discovery := find_daemon(home)) is None:
                await asyncio.sleep(0.05)
            connector = aiohttp.TCPConnector(limit=0)
            async with aiohttp.ClientSession(connector=connector) as http, AsyncExitStack() as stack:
                return await PARTS[part](Bench(discovery, vault, http, stack))
        finally:
            daemon.terminate()
            daemon.join()


def main() -> None:
    """Run the parts that are named, or all, and print the table."""
    table = Table(title=f"The daemon under load ({os.cpu_count()} cores)")
    for column in ("what", "figure", "bar"):
        table.add_column(column)
    for part in sys.argv[1:] or PARTS:
        for row in asyncio.run(run(part)):
            table.add_row(row.what, row.figure, row.bar)
    Console(width=160).print(table)


if __name__ == "__main__":
    main()
