"""Whether a turn did its task. Pure and deterministic; no model judges here."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from commonplace.bench.memories.tasks import Task
from commonplace.bench.words import levelled, stands_in

LONGEST_REPLY = 400
"""Characters; an answer that drowns in others is none."""
MOST_OTHER_FACTS = 1

_FACT = re.compile(r"^\s*-\s*\**([^:*\n]+?)\**\s*:\s*\**\s*(.*\S)\s*$")
_LINK = re.compile(r"\[\[(?:[^\]|#]*/)?([^\]|#/]+?)(?:\.md)?(?:[#|][^\]]*)?\]\]")
_STATED = re.compile(r"\b(update|correct|change|edit|revise)\b", re.IGNORECASE)
_DIFF_HEAD = re.compile(r"^===\s*'?(.+?)'?\s*===")

Facts = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn left behind."""

    reply: str
    files: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The line of the report that a task counts in, and whether it was done."""

    kind: str
    right: bool


def judge(task: Task, outcome: Outcome) -> list[Verdict]:
    """The verdicts on a task; an implied update counts twice, also by whether it was asked about first."""
    if task.kind == "retrieval":
        kind = "asks back" if task.answer is None else f"retrieval {task.hops} hop"
        return [Verdict(kind, retrieval_is_right(task, outcome.reply))]
    stated = bool(_STATED.search(task.query))
    kind = f"update {'stated' if stated else 'implied'} {task.hops} hop"
    verdicts = [Verdict(kind, update_is_right(task, outcome.files))]
    if not stated:
        asked_first = dict(outcome.files) == dict(task.files) and "?" in outcome.reply
        verdicts.append(Verdict("implied, asks first", asked_first))
    return verdicts


def retrieval_is_right(task: Task, reply: str) -> bool:
    """The answer stands in a short reply that tells at most one other fact; without an answer, it asks."""
    answer = task.answer or ""
    if len(reply) > max(LONGEST_REPLY, 2 * len(answer)) or _other_facts(task, reply) > MOST_OTHER_FACTS:
        return False
    return "?" in reply if task.answer is None else stands_in(answer, reply)


def update_is_right(task: Task, after: Mapping[str, str]) -> bool:
    """The notes say exactly what the diff asks for.

    A note that it names has the facts that it asks for and every other line; the notes that it creates are
    the new ones, each with a title; no other note changed by a byte.
    """
    wanted = _read_diff(task.diff)
    created = {_bare_name(path) for path, change in wanted.items() if change.creates}
    new = [path for path in after if path not in task.files]
    if sorted(created) != sorted(_bare_name(path) for path in new):
        return False
    if not all(re.search(r"^# \S", after[path], re.MULTILINE) for path in new):
        return False
    return all(_note_is_right(text, after.get(path), wanted.get(path)) for path, text in task.files.items())


@dataclass(slots=True)
class _NoteDiff:
    removed: list[str] = field(default_factory=list[str])
    added: list[str] = field(default_factory=list[str])

    @property
    def creates(self) -> bool:
        return not self.removed and any(re.match(r"#\s", line) for line in self.added)


def _note_is_right(before: str, after: str | None, diff: _NoteDiff | None) -> bool:
    if diff is None:
        return after == before
    if after is None:
        return False
    removed = "\n".join(diff.removed)
    wanted = facts(before) - facts(removed) + facts("\n".join(diff.added))
    lost = _lines(before) - _lines(removed) - _lines(after)
    added = _lines(after) - _lines(before)
    return facts(after) == wanted and not lost and all(_FACT.match(line) for line in added)


def facts(text: str) -> Facts:
    """The ``- key: value`` lines of a note; a link counts by the bare name of its note."""
    found: Facts = Counter()
    for line in text.splitlines():
        if fact := _FACT.match(line):
            value = _LINK.sub(lambda link: f"[[{levelled(link[1])}]]", fact[2])
            found[levelled(fact[1]), value if "[[" in value else levelled(value)] += 1
    return found


def _other_facts(task: Task, reply: str) -> int:
    """How many values of the memory the reply tells that neither question nor answer holds."""
    values = {value for text in task.files.values() for _, value in facts(text) if len(value) > 3 and "[[" not in value}
    known = f"{task.query} | {task.answer or ''}"
    return sum(
        stands_in(value, reply)
        and not stands_in(value, known)
        and not (task.answer is not None and task.answer != "" and stands_in(task.answer, value))
        for value in values
    )


def _read_diff(diff: str) -> dict[str, _NoteDiff]:
    changes: dict[str, _NoteDiff] = {}
    current: _NoteDiff | None = None
    for line in diff.splitlines():
        if head := _DIFF_HEAD.match(line):
            current = changes[head[1]] = _NoteDiff()
        elif current is not None and line.startswith("-") and not line.startswith("---"):
            current.removed.append(line[1:])
        elif current is not None and line.startswith("+") and not line.startswith("+++"):
            current.added.append(line[1:])
    return changes


def _lines(text: str) -> Counter[str]:
    return Counter(line.rstrip() for line in text.splitlines() if line.strip())


def _bare_name(path: str) -> str:
    return levelled(path.rpartition("/")[2].removesuffix(".md"))
