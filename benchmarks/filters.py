"""What filters cost in a vault of 10,000 notes: the first look at it, a look when nothing changed, a note read, a turn.

.venv/bin/python benchmarks/filters.py [--notes 10000]
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiohttp

from commonplace.config import load_config, register_vault
from commonplace.config_edit import add_filter
from commonplace.filters.lens import FilterLens
from commonplace.filters.looks import Looks
from commonplace.filters.rule import parse_rules
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import start_daemon
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from made_vault import make_vault
from timing import Timing, print_table

RULES = ("no phone numbers", "do not tell my age", "no health", "nothing tagged #secret", "hide made/0003/")
TURNS = 30
BLOCK = '<think>\nI read.\n</think>\n<python>\nuser = read_file("user.md")\nfound = search_notes("Oslo")\n</python>'
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYour employer is in Oslo.\n</reply>"


def looks(vault: Path) -> list[Timing]:
    """The first look, and later ones; by the clock, and by the processor, which other programs may want as well."""
    first: list[float] = []
    first_processor: list[float] = []
    later: list[float] = []
    later_processor: list[float] = []
    for _ in range(2):
        lens = FilterLens(Looks(parse_rules(RULES), Memory(Vault(vault))))
        for seconds, processor, times in ((first, first_processor, 1), (later, later_processor, 5)):
            for _ in range(times):
                began, began_processor = time.perf_counter(), time.thread_time()
                lens.look()
                seconds.append(time.perf_counter() - began)
                processor.append(time.thread_time() - began_processor)
    return [
        Timing("the first look", first),
        Timing("of it the processor", first_processor),
        Timing("a look when nothing changed", later),
        Timing("of it the processor", later_processor),
    ]


async def call(socket: aiohttp.ClientWebSocketResponse, number: int, method: str, params: object) -> Any:
    """Send a request and read up to its answer."""
    await socket.send_str(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
    while True:
        message = json.loads((await socket.receive()).data)
        if message.get("id") == number:
            return message["result"]


async def turns(home: Path, vault: Path, name: str, rules: Sequence[str]) -> Timing:
    """A turn of one block that reads and searches, with the rules in force; the first turn is left out."""
    for rule in rules:
        add_filter(home, rule, complete=False, clients=[])
    model = ScriptedModel([BLOCK, REPLY] * (TURNS + 1), chunk=20)
    seconds: list[float] = []
    async with start_daemon(load_config(home), home, model) as daemon, aiohttp.ClientSession() as client:
        headers = {"Authorization": f"Bearer {daemon.discovery.token}"}
        async with client.ws_connect(daemon.discovery.url, headers=headers, max_msg_size=0) as socket:
            await call(socket, 0, "initialize", {"protocolVersion": 1})
            begun = await call(socket, 1, "session/new", {"cwd": str(vault), "mcpServers": []})
            while (await call(socket, 2, "_commonplace/index", {}))["indexes"][str(vault)]["phase"] != "ready":
                await asyncio.sleep(0.5)
            asked = {"sessionId": begun["sessionId"], "prompt": [{"type": "text", "text": "Where is my employer?"}]}
            for turn in range(TURNS + 1):
                began = time.perf_counter()
                await call(socket, turn + 3, "session/prompt", asked)
                seconds.append(time.perf_counter() - began)
    return Timing(name, seconds[1:])


async def main() -> None:
    """Make the vault, take the times, print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--notes", type=int, default=10_000)
    notes = parser.parse_args().notes
    with tempfile.TemporaryDirectory() as home_folder, tempfile.TemporaryDirectory() as vault_folder:
        home, vault = Path(home_folder), Path(vault_folder).resolve()
        make_vault(vault, notes)
        register_vault(home, vault)
        plain = await turns(home, vault, "a turn without filters", ())
        filtered = await turns(home, vault, "the same turn under five filters", RULES)
        print_table(f"A turn on {notes:,} notes", [plain, filtered], ["", "at most 100 ms more"])
        print_table(f"The lens on {notes:,} notes", looks(vault), ["a few seconds, once", "", "at most 100 ms", ""])


asyncio.run(main())
