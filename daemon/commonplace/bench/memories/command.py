"""``commonplace bench --tasks FILE.jsonl``: progress while it runs, a table at its end."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from commonplace.bench.memories.judge import Outcome, Verdict, judge
from commonplace.bench.memories.tasks import Task, read_tasks
from commonplace.bench.rollout import Bench
from commonplace.bench.task import TasksUnreadable
from commonplace.models.base import Model


@dataclass(frozen=True, slots=True)
class Score:
    """Tasks done right, and all tasks, by kind and hops."""

    right: Mapping[str, int]
    total: Mapping[str, int]


def run_memories(
    tasks_file: Path,
    results_file: Path | None,
    model: Model,
    *,
    only: str | None = None,
    limit: int | None = None,
    concurrency: int = 4,
    searches: bool = True,
    prompt: str | None = None,
) -> Score:
    """Run the tasks with the model and print the accuracy; results are written as they come.

    Raises:
        TasksUnreadable, ModelFailed.

    """
    if only not in (None, "retrieval", "update"):
        raise TasksUnreadable(f"--only takes retrieval or update for {tasks_file.name}, not {only!r}.")
    tasks = [task for task in read_tasks(tasks_file) if only in (None, task.kind)][:limit]
    console = Console(highlight=False)
    with _opened(results_file) as results:
        bench = Bench(model, searches=searches, prompt=prompt)
        score = asyncio.run(_run(tasks, bench, concurrency, console, results))
    _print(console, model, score)
    return score


def score(verdicts: Iterable[Verdict]) -> Score:
    """Count the verdicts."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for verdict in verdicts:
        right[verdict.kind] += verdict.right
        total[verdict.kind] += 1
    return Score(right, total)


async def _run(tasks: list[Task], bench: Bench, concurrency: int, console: Console, results: TextIO | None) -> Score:
    verdicts: list[Verdict] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as progress:
        shown = progress.add_task(f"{bench.model.name}", total=len(tasks))
        async with aclosing(outcomes(tasks, bench, concurrency=concurrency)) as done:
            async for task, outcome in done:
                verdicts += judge(task, outcome)
                if results is not None:
                    results.write(_line(task, outcome))
                progress.advance(shown)
                _say_progress(console, progress.tasks[0].completed, len(tasks))
    return score(verdicts)


async def outcomes(tasks: Sequence[Task], bench: Bench, *, concurrency: int) -> AsyncGenerator[tuple[Task, Outcome]]:
    """Each task with what became of it, as it is done; several run at once. The bench is closed at the end.

    Raises:
        ModelFailed: the model cannot answer.

    """
    gate = asyncio.Semaphore(concurrency)

    async def run(task: Task) -> tuple[Task, Outcome]:
        async with gate:
            rollout = await bench.roll_out(task.files, task.query)
            return task, Outcome(rollout.reply, rollout.notes)

    running = [asyncio.create_task(run(task)) for task in tasks]
    try:
        for next_done in asyncio.as_completed(running):
            yield await next_done
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await bench.close()


def _say_progress(console: Console, completed: float, total: int) -> None:
    """A line every tenth where there is no bar."""
    tenth = max(1, total // 10)
    if not console.is_terminal and int(completed) % tenth == 0:
        console.print(f"{int(completed)} / {total}")


def _line(task: Task, outcome: Outcome) -> str:
    result = {
        "memory": task.memory,
        "kind": task.kind,
        "query": task.query,
        "reply": outcome.reply,
        "files": outcome.files,
    }
    return json.dumps(result, ensure_ascii=False) + "\n"


def _opened(path: Path | None) -> "nullcontext[None] | TextIO":
    if path is None:
        return nullcontext()
    try:
        return path.open("w", encoding="utf-8", buffering=1)
    except OSError as error:
        raise TasksUnreadable(f"{path} cannot be written: {error.strerror}. Name another file.") from None


def _print(console: Console, model: Model, found: Score) -> None:
    table = Table(title=f"{model.name}, {sum(found.total.values()):,} verdicts")
    table.add_column("kind")
    for column in ("right", "of", "%"):
        table.add_column(column, justify="right")
    for kind in sorted(found.total):
        right, total = found.right[kind], found.total[kind]
        table.add_row(kind, str(right), str(total), f"{100 * right / total:.1f}")
    console.print(table)
