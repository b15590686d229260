"""A turn of three reading blocks over the socket, with the scripted model.

    .venv/bin/python benchmarks/turn_over_socket.py

The daemon and the client share a process and an event loop, so that the figure holds the cost of both.
"""

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from commonplace.config import load_config, register_vault
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import start_daemon
from timing import Timing, print_table

TURNS = 200
CODE = 'user = read_file("user.md")\nother = read_file("entities/dria.md")'
BLOCK = f"<think>\nI read.\n</think>\n<python>\n{CODE}\n</python>"
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYour employer is Dria.\n</reply>"


async def call(socket: aiohttp.ClientWebSocketResponse, number: int, method: str, params: object) -> Any:
    """Send a request and read up to its answer."""
    await socket.send_str(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}))
    while True:
        message = json.loads((await socket.receive()).data)
        if message.get("id") == number:
            return message["result"]


async def main() -> None:
    """Run the turns and print the table."""
    with tempfile.TemporaryDirectory() as home_folder, tempfile.TemporaryDirectory() as vault_folder:
        home, vault = Path(home_folder), Path(vault_folder)
        (vault / "entities").mkdir()
        for name in ("user.md", "entities/dria.md"):
            (vault / name).write_text("# Note\n" + "- key: some value that is written here\n" * 40)
        register_vault(home, vault)
        model = ScriptedModel([BLOCK, BLOCK, BLOCK, REPLY] * (TURNS + 1), chunk=20)
        seconds: list[float] = []
        async with start_daemon(load_config(home), home, model) as daemon, aiohttp.ClientSession() as client:
            headers = {"Authorization": f"Bearer {daemon.discovery.token}"}
            async with client.ws_connect(daemon.discovery.url, headers=headers) as socket:
                await call(socket, 0, "initialize", {"protocolVersion": 1})
                for turn in range(TURNS + 1):
                    begun = await call(socket, 1, "session/new", {"cwd": str(vault), "mcpServers": []})
                    asked = {"sessionId": begun["sessionId"], "prompt": [{"type": "text", "text": "Who employs me?"}]}
                    began = time.perf_counter()
                    await call(socket, turn + 2, "session/prompt", asked)
                    seconds.append(time.perf_counter() - began)
    timing = Timing("three reading blocks and a reply", seconds[1:])
    print_table("A turn over the socket", [timing], ["p50 at most 25 ms"])


asyncio.run(main())
