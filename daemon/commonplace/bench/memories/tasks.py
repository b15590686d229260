"""Memories with questions and updates: one JSON object a line.

``{"memory": id, "files": {path: markdown}, "retrieval": [{"question", "answer", "hops"}],
"update": [{"query", "diff", "hops"}]}``; an answer of null wants a question back.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ValidationError

from commonplace.bench.task import TasksUnreadable
from commonplace.vault.errors import PathRefused
from commonplace.vault.path import NotePath

Kind = Literal["retrieval", "update"]


@dataclass(frozen=True, slots=True)
class Task:
    """One question or one update, with the memory that it is asked about."""

    memory: str
    files: Mapping[str, str]
    kind: Kind
    query: str
    hops: int
    answer: str | None = None
    """Of a retrieval: what the reply must hold; None wants a question back."""
    diff: str = ""
    """Of an update: what the notes must say afterwards."""


class _Retrieval(BaseModel):
    question: str
    answer: str | None
    hops: int = 0


class _Update(BaseModel):
    query: str
    diff: str
    hops: int = 0


class _Memory(BaseModel):
    memory: str
    files: dict[str, str]
    retrieval: list[_Retrieval] = []
    update: list[_Update] = []


def read_tasks(path: Path) -> list[Task]:
    """All tasks of a file, in its order.

    Raises:
        TasksUnreadable.

    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        raise TasksUnreadable(f"{path} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise TasksUnreadable(f"{path} cannot be read: {error.strerror}. Name a file with tasks.") from None
    tasks = [task for number, line in enumerate(lines, 1) if line.strip() for task in _tasks_of(path, number, line)]
    if not tasks:
        raise TasksUnreadable(f"{path} holds no tasks; each line is one memory with its questions and updates.")
    return tasks


def _tasks_of(path: Path, number: int, line: str) -> Iterator[Task]:
    try:
        memory = _Memory.model_validate_json(line)
        for name in memory.files:
            NotePath.parse(name)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TasksUnreadable(f"{path}, line {number}: {where}: {first['msg']}.") from None
    except PathRefused as error:
        raise TasksUnreadable(f"{path}, line {number}: {error}") from None
    for question in memory.retrieval:
        yield Task(memory.memory, memory.files, "retrieval", question.question, question.hops, answer=question.answer)
    for update in memory.update:
        yield Task(memory.memory, memory.files, "update", update.query, update.hops, diff=update.diff)
