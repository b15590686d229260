"""A run: tasks done by a model, kept in a folder as they are done, so that it can go on where it was cut off."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from commonplace.bench.checks import Outcome, check
from commonplace.bench.judging import Judge, read_verdict
from commonplace.bench.record import Record, from_line, record, to_line
from commonplace.bench.rollout import Bench
from commonplace.bench.task import Task

SETUP_FILE = "run.json"
TRANSCRIPTS_FILE = "transcripts.jsonl"


class RunRefused(Exception):
    """The folder holds no run, or one of other tasks or another model; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run measures. Two runs with the same setup measure the same."""

    model: str
    tasks: str
    """The digest of the tasks."""
    count: int
    repeat: int
    judge: str | None
    seed: int
    """The first attempt draws from it, the second from the next number, and so on."""
    temperature: float
    searches: bool
    """Whether the model had ``search_notes``."""
    prompt: str
    """The digest of the system prompt."""
    version: str


class Run:
    """A run's folder and what is done of it."""

    def __init__(self, folder: Path, setup: Setup, records: Sequence[Record]) -> None:
        self.folder = folder
        self.setup = setup
        self.records = list(records)

    def add(self, kept: Record) -> None:
        """Keep a record, on disk first."""
        with (self.folder / TRANSCRIPTS_FILE).open("a", encoding="utf-8") as file:
            file.write(to_line(kept))
        self.records.append(kept)


def begin_or_continue(folder: Path, setup: Setup) -> Run:
    """The run of a folder: a new one, or the one that was begun there with the same setup.

    Raises:
        RunRefused.

    """
    if not (folder / SETUP_FILE).exists():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / SETUP_FILE).write_text(json.dumps(asdict(setup), indent=2) + "\n", encoding="utf-8")
        except OSError as error:
            raise RunRefused(f"{folder} cannot be written: {error.strerror}. Name another with --out.") from None
        return Run(folder, setup, ())
    run = read_run(folder)
    for name, asked in asdict(setup).items():
        if (begun := getattr(run.setup, name)) != asked:
            raise RunRefused(
                f"{folder} holds another run: another {name} ({begun}, now {asked}). Name another folder with --out."
            )
    _cut_torn_line(folder / TRANSCRIPTS_FILE)
    return run


def read_run(folder: Path) -> Run:
    """The run of a folder; a last line that a crash tore is left out.

    Raises:
        RunRefused.

    """
    try:
        setup = Setup(**json.loads((folder / SETUP_FILE).read_text(encoding="utf-8")))
        path = folder / TRANSCRIPTS_FILE
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        records = [from_line(line) for line in lines if line.endswith("\n")]
    except (OSError, ValueError, TypeError):
        raise RunRefused(f"{folder} holds no run of `commonplace bench`. Name the folder that --out named.") from None
    return Run(folder, setup, records)


async def carry_out(
    run: Run,
    tasks: Sequence[Task],
    bench: Bench,
    judge: Judge | None,
    *,
    concurrency: int,
    told: Callable[[Record], None],
) -> None:
    """Do what is left of a run, several tasks at once; ``told`` hears of each as it is done.

    Raises:
        ModelFailed: the model died; what was done by then is kept.

    """
    left = iter(_left(run, tasks))

    async def work() -> None:
        for task, attempt in left:
            kept = await _do(task, attempt, run.setup.seed + attempt - 1, bench, judge)
            run.add(kept)
            told(kept)

    workers = [asyncio.create_task(work()) for _ in range(concurrency)]
    try:
        await asyncio.gather(*workers)
    finally:
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)


def _left(run: Run, tasks: Sequence[Task]) -> Iterator[tuple[Task, int]]:
    done = {(kept.task, kept.attempt) for kept in run.records}
    for attempt in range(1, run.setup.repeat + 1):
        yield from ((task, attempt) for task in tasks if (task.name, attempt) not in done)


async def _do(task: Task, attempt: int, seed: int, bench: Bench, judge: Judge | None) -> Record:
    rollout = await bench.roll_out(task.notes, task.ask, task.filters, seed)
    checks = check(task, Outcome(rollout.reply, rollout.notes))
    kept = record(task, attempt, seed, rollout, checks)
    if judge is None:
        return kept
    told = None if task.then is None else (await bench.roll_out(rollout.notes, task.then.ask, seed=seed)).reply
    judgement = await judge.judgement(task, kept.reply if told is None else told)
    return replace(kept, told=told, judgement=judgement, verdict=read_verdict(judgement))


def _cut_torn_line(path: Path) -> None:
    if path.exists() and not (data := path.read_bytes()).endswith(b"\n"):
        path.write_bytes(data[: data.rfind(b"\n") + 1])
