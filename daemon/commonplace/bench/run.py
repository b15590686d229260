"""Runs tasks: each gets a fresh copy of its memory on disk and a fresh turn."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

from commonplace.agent.events import TurnEnded
from commonplace.agent.prompt import load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.bench.judge import Outcome
from commonplace.bench.tasks import Task
from commonplace.models.base import Model
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault


class ModelFailed(Exception):
    """The model cannot answer; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task and what became of it."""

    index: int
    task: Task
    outcome: Outcome


async def run_tasks(tasks: Sequence[Task], model: Model, *, concurrency: int) -> AsyncGenerator[Done]:
    """Run the tasks, several at once, and yield each as it is done.

    Raises:
        ModelFailed: the model failed on the very first task, so it would on all.

    """
    sandbox = Sandbox()
    prompt = load_prompt()
    gate = asyncio.Semaphore(concurrency)

    async def run(index: int, task: Task) -> Done:
        async with gate:
            return Done(index, task, await _run_task(task, model, sandbox, prompt, index == 0))

    running = [asyncio.create_task(run(index, task)) for index, task in enumerate(tasks)]
    try:
        for next_done in asyncio.as_completed(running):
            yield await next_done
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await sandbox.close()


async def _run_task(task: Task, model: Model, sandbox: Sandbox, prompt: str, is_first: bool) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="commonplace-bench-") as folder:
        root = Path(folder)
        _write_files(root, task)
        turn = Turn(
            model=model,
            sandbox=sandbox,
            memory=Memory(Vault(root)),
            history=(),
            question=task.query,
            system_prompt=prompt,
        )
        ended = TurnEnded("failed", "")
        async with aclosing(turn.events()) as events:
            async for event in events:
                if isinstance(event, TurnEnded):
                    ended = event
        if is_first and ended.error:
            raise ModelFailed(f"{ended.error} {ended.advice or ''}".strip())
        return Outcome(ended.reply, _read_files(root))


def _write_files(root: Path, task: Task) -> None:
    for name, text in task.files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _read_files(root: Path) -> dict[str, str]:
    paths = sorted(path for path in root.rglob("*.md") if ".trash" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes().decode() for path in paths}
