"""What a python block that reads two notes costs: the daemon's whole path, bare Monty, a subprocess.

    .venv/bin/python benchmarks/python_block.py

The three take turns in one run, so that the machine's moods meet them alike. Bare Monty runs the same
snippet with plain functions that read the files, and lists the variables as the daemon must.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pydantic_monty import Monty

from commonplace.agent.results import LISTING
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.tools import Tools
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from timing import Timing, print_table

ROUNDS = 400
SUBPROCESS_EVERY = 10
CODE = 'user = read_file("user.md")\nemployer = read_file("entities/dria.md")'
NOTE = "# Note\n" + "- key: some value that is written here\n" * 40


def bare(pool: Monty, root: Path) -> float:
    """Seconds of one block in Monty, with nothing of ours."""

    def read_file(name: str) -> str:
        return (root / name).read_text()

    began = time.perf_counter()
    with pool.checkout(limits={"max_feed_duration_secs": 5.0, "max_memory": 64 * 1024 * 1024}) as session:
        session.feed_run(CODE, external_lookup={"read_file": read_file})
        session.feed_run(LISTING)
    return time.perf_counter() - began


async def ours(sandbox: Sandbox, memory: Memory) -> float:
    """Seconds of one block as a turn runs it."""
    began = time.perf_counter()
    tools = Tools(memory)
    result = await sandbox.run(CODE, tools.functions())
    tools.take_record()
    assert result.ok
    return time.perf_counter() - began


def subprocess_block(root: Path) -> float:
    """Seconds of one block in a CPython process of its own, as mem-agent-mcp starts one a snippet."""
    code = f"read_file = lambda name: open(name).read()\n{CODE}\nprint(repr(locals()))"
    began = time.perf_counter()
    subprocess.run([sys.executable, "-I", "-c", code], cwd=root, check=True, capture_output=True)
    return time.perf_counter() - began


async def main() -> None:
    """Run the three in turn and print the table."""
    with tempfile.TemporaryDirectory() as folder, Monty() as pool:
        root = Path(folder)
        (root / "entities").mkdir()
        for name in ("user.md", "entities/dria.md"):
            (root / name).write_text(NOTE)
        memory, sandbox = Memory(Vault(root)), Sandbox()
        runs: dict[str, list[float]] = {"bare Monty": [], "the daemon's path": [], "CPython subprocess": []}
        for index in range(ROUNDS):
            runs["bare Monty"].append(bare(pool, root))
            runs["the daemon's path"].append(await ours(sandbox, memory))
            if index % SUBPROCESS_EVERY == 0:
                runs["CPython subprocess"].append(subprocess_block(root))
        await sandbox.close()
    timings = [Timing(name, seconds[2:]) for name, seconds in runs.items()]
    print_table("A python block that reads two notes", timings, ["", "ratio at most 1.6", ""])


asyncio.run(main())
