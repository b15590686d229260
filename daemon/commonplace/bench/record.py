"""What is kept of one task of a run: a line of ``transcripts.jsonl``."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from commonplace.bench.checks import Check
from commonplace.bench.rollout import Rollout, Step
from commonplace.bench.task import Category, Task


@dataclass(frozen=True, slots=True)
class Record:
    """One task, done once."""

    task: str
    attempt: int
    """Counted from 1, where tasks are repeated."""
    seed: int
    """From which the model drew, if it draws."""
    domain: str
    category: Category
    hops: int
    ask: str
    filters: tuple[str, ...]
    outputs: tuple[str, ...]
    steps: tuple[Step, ...]
    touched: tuple[str, ...]
    reply: str
    ended: str
    changes: Mapping[str, str]
    """What the turn did to each note that it changed, as a unified diff."""
    checks: tuple[Check, ...]
    seconds: float
    characters: int
    """That the model wrote."""
    prompt_tokens: int | None
    """Of all calls of the model; None where it does not tell."""
    generated_tokens: int | None
    told: str | None = None
    """The reply to what was asked afterwards, of an update that a model judged."""
    judgement: str | None = None
    """What the judging model said; None where none judged."""
    verdict: bool | None = None
    """The judging model's; None where none judged, or what it said was no verdict."""

    @property
    def passed(self) -> bool:
        """Whether every rule held."""
        return all(check.passed for check in self.checks)


_RECORD = TypeAdapter(Record)


def record(task: Task, attempt: int, seed: int, rollout: Rollout, checks: tuple[Check, ...]) -> Record:
    """What is kept of a rollout."""
    return Record(
        task=task.name,
        attempt=attempt,
        seed=seed,
        domain=task.domain,
        category=task.category,
        hops=task.hops,
        ask=task.ask,
        filters=task.filters,
        outputs=rollout.outputs,
        steps=rollout.steps,
        touched=rollout.touched,
        reply=rollout.reply,
        ended=rollout.ended,
        changes=_changes(task.notes, rollout.notes),
        checks=checks,
        seconds=rollout.seconds,
        characters=sum(map(len, rollout.outputs)),
        prompt_tokens=rollout.prompt_tokens,
        generated_tokens=rollout.generated_tokens,
    )


def to_line(kept: Record) -> str:
    """The record as one line of JSON."""
    return _RECORD.dump_json(kept).decode() + "\n"


def from_line(line: str) -> Record:
    """The record of a line.

    Raises:
        ValueError: it is none.

    """
    return _RECORD.validate_json(line)


def _changes(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    changed = sorted(path for path in {*before, *after} if before.get(path) != after.get(path))
    return {path: _diff(path, before.get(path), after.get(path)) for path in changed}


def _diff(path: str, before: str | None, after: str | None) -> str:
    old = "/dev/null" if before is None else path
    new = "/dev/null" if after is None else path
    lines = difflib.unified_diff((before or "").splitlines(), (after or "").splitlines(), old, new, lineterm="")
    return "\n".join(lines)
