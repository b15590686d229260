"""A turn of the reader, in a memory of 20 notes and in one of 2,000 entities.

    .venv/bin/python benchmarks/reader_turn.py

Each turn has its own sandbox session and reads the notes from disk, as in a conversation.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from commonplace.agent.events import CodeRunning
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.reader import ReaderModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from timing import Timing, print_table

ROUNDS = 15
MOST_BLOCKS = 8
QUESTIONS = (
    "What is my name?",
    "How old is my sister?",
    "Where is the company that my sister works for?",
    "Who owns the company that my sister works for?",
    "What is the shoe size of my sister?",
    "Who is older, Person 3 or Person 7?",
    "Which of my friends is a baker?",
    "Who is the oldest person?",
)


def write_memory(root: Path, entities: int) -> None:
    """Write a user, a sister, her company and a crowd of people."""
    (root / "entities").mkdir()
    crowd = range(entities - 2)
    friends = "".join(f"- [[entities/person_{number}.md]]\n" for number in crowd[:10])
    user = (
        f"# User Information\n- name: Vera Lind\n- age: 40\n- sister: [[entities/ida_lind.md]]\n\n## Friends\n{friends}"
    )
    (root / "user.md").write_text(user)
    (root / "entities/ida_lind.md").write_text("# Ida Lind\n- age: 37\n- works_for: [[entities/acorn_mill.md]]\n")
    (root / "entities/acorn_mill.md").write_text("# Acorn Mill\n- type: company\n- city: Bonn\n- owner: Otto Rau\n")
    for number in crowd:
        job = "baker" if number == 4 else "clerk"
        facts = f"- type: person\n- age: {20 + number % 60}\n- occupation: {job}\n- city: Town {number % 9}\n"
        (root / f"entities/person_{number}.md").write_text(f"# Person {number}\n{facts}")


async def measure(entities: int) -> tuple[Timing, int]:
    """Ask every question several times; return the seconds, and the most blocks that a turn took."""
    seconds: list[float] = []
    most = 0
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_memory(root, entities)
        sandbox = Sandbox()
        for question in QUESTIONS * ROUNDS:
            turn = Turn(model=ReaderModel(), sandbox=sandbox, memory=Memory(Vault(root)), history=(), question=question)
            began = time.perf_counter()
            blocks = [event async for event in turn.events() if isinstance(event, CodeRunning)]
            seconds.append(time.perf_counter() - began)
            most = max(most, len(blocks))
        await sandbox.close()
    return Timing(f"{entities:,} entities, at most {most} blocks", seconds[len(QUESTIONS) :]), most


async def main() -> None:
    """Measure both memories and print the table."""
    small, few = await measure(20)
    large, many = await measure(2_000)
    print_table("A turn of the reader", [small, large], ["p95 at most 150 ms", "p95 at most 400 ms"])
    if max(few, many) > MOST_BLOCKS:
        raise SystemExit(f"A turn took {max(few, many)} blocks, more than {MOST_BLOCKS}.")


asyncio.run(main())
