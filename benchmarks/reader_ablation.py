"""What each part of the reader adds: every part is switched off in turn, and the rest is scored.

    .venv/bin/python benchmarks/reader_ablation.py                              the invented vaults of the tests
    .venv/bin/python benchmarks/reader_ablation.py TASKS.jsonl SCORER.py        also tasks of your own

``SCORER.py TASKS.jsonl RESULTS.jsonl`` prints a line a kind of task, with the share that is right at its end.
"""

import asyncio
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from commonplace.agent.sandbox import Sandbox
from commonplace.bench.memories.command import outcomes
from commonplace.bench.memories.tasks import read_tasks
from commonplace.bench.rollout import Bench
from commonplace.models.reader import ReaderModel, conversation
from commonplace.models.reader.answering import calling, looking, relating
from commonplace.models.reader.changing import touching
from commonplace.models.reader.language import words
from commonplace.models.reader.notes import facts
from commonplace.models.reader.notes.memory import Hop, KnownNotes

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.models.conftest import Talk
from tests.models.vault_cases import VAULTS, read_vault_cases


class NoStemmer:
    """Leaves words as they are."""

    def stemWord(self, word: str) -> str:
        """Return the word."""
        return word


def switch(module: object, name: str, value: object) -> Callable[[], None]:
    """Return what puts a value in place of a part, which must be there."""

    def put() -> None:
        getattr(module, name)
        setattr(module, name, value)

    return put


def nothing(*_: object, **__: object) -> list[Any]:
    """Find nothing."""
    return []


def as_typed(message: str) -> str:
    """Leave a message as it is."""
    return message


def no_topics(_: object) -> frozenset[int]:
    """Know no topic."""
    return frozenset()


def always(*_: object) -> bool:
    """Say yes."""
    return True


def without_stems() -> None:
    """Compare words as they are written."""
    switch(words, "_STEMMER", NoStemmer())()
    switch(words, "_GROUPS_OF", vars(words)["_groups_of_stems"]())()


def without_links_back() -> None:
    """Follow links from the note that holds them only."""
    switch(relating, "_from_the_other_end", nothing)()
    both_ways = KnownNotes.hops

    def own_links(known: KnownNotes, path: str) -> list[Hop]:
        return [hop for hop in both_ways(known, path) if hop.relation.note == path]

    switch(KnownNotes, "hops", own_links)()


PARTS: dict[str, Callable[[], None]] = {
    "nothing": lambda: None,
    "the tree of a question": switch(looking, "readings", nothing),
    "the weighing of words": switch(looking, "findings", nothing),
    "stems": without_stems,
    "words that mean the same": switch(words, "_GROUPS_OF", {}),
    "phrases that stand for a word": switch(words, "_PHRASES", ()),
    "what where, when and how ask for": switch(calling, "FRAMES", ()),
    "links read from their other end": without_links_back,
    "kin through others": switch(relating, "KIN_BY_WAY_OF", ()),
    "plain sentences": switch(facts, "sentence_facts", nothing),
    "tables": switch(facts, "table_facts", nothing),
    "lists without keys": switch(facts, "items_in", nothing),
    "haste in typing": switch(conversation, "spelled", as_typed),
    "topics of everyday life": switch(touching, "topics_of", no_topics),
    "whose fact it is": switch(looking, "_heeds_whose", always),
}


async def vault_shares() -> dict[str, float]:
    """Return the shares of right turns in the invented vaults, made on and held out."""
    right: dict[str, list[bool]] = {"made on": [], "held out": []}
    sandbox = Sandbox()
    with tempfile.TemporaryDirectory() as folder:
        for place in VAULTS:
            vault = read_vault_cases(place)
            for number, case in enumerate(vault.cases):
                talk = Talk(Path(folder) / place.stem / str(number), sandbox)
                talk.write(vault.notes)
                reply = await talk.say(case.message, *case.filters)
                good = case.right(reply, vault.notes, talk.notes())
                right["held out" if case.held_out else "made on"].append(good)
    await sandbox.close()
    return {name: sum(marks) / len(marks) for name, marks in right.items()}


async def task_shares(tasks: Path, scorer: Path) -> dict[str, float]:
    """Return the shares that the scorer gives, by kind of task."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as results:
        async with aclosing(outcomes(read_tasks(tasks), Bench(ReaderModel()), concurrency=2)) as done:
            async for task, outcome in done:
                row = {"memory": task.memory, "kind": task.kind, "query": task.query}
                row |= {"reply": outcome.reply, "files": outcome.files}
                results.write(json.dumps(row) + "\n")
        results.flush()
        printed = await asyncio.to_thread(output_of, [sys.executable, str(scorer), str(tasks), results.name])
    lines = (re.match(r"(.+?)\s{2,}.*\s([\d.]+)$", line) for line in printed.splitlines())
    return {line[1]: float(line[2]) for line in lines if line}


def output_of(command: list[str]) -> str:
    """Run a command to its end."""
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    """Run each part's absence in a process of its own, and print one table."""
    if sys.argv[1:2] == ["--without"]:
        PARTS[sys.argv[2]]()
        shares = asyncio.run(vault_shares())
        if len(sys.argv) > 3:
            shares |= asyncio.run(task_shares(Path(sys.argv[3]), Path(sys.argv[4])))
        print(json.dumps(shares))
        return
    rows: dict[str, dict[str, float]] = {}
    for part in PARTS:
        rows[part] = json.loads(output_of([sys.executable, __file__, "--without", part, *sys.argv[1:]]))
    table = Table(title="The reader without one of its parts, % right")
    table.add_column("without")
    for column in rows["nothing"]:
        table.add_column(column, justify="right")
    for part, shares in rows.items():
        table.add_row(part, *(f"{100 * share:.1f}" for share in shares.values()))
    Console(width=160).print(table)


main()
