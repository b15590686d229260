"""The shipped tasks: a right transcript passes each, and wrong ones fail each."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from commonplace.bench.checks import Check, Outcome, check
from commonplace.bench.loading import load_tasks
from commonplace.bench.rollout import Bench
from commonplace.bench.task import CATEGORIES, Task
from commonplace.bench.words import says
from commonplace.models.scripted import ScriptedModel

from .conftest import answer, block, following

TASKS = load_tasks()
DOMAINS = sorted({task.domain for task in TASKS})


def does_nothing(task: Task) -> str:
    return "Done."


def dumps_what_it_reads(task: Task) -> ScriptedModel:
    needed = [path for path in task.notes if f'"{path}"' in " ".join(task.reference.code)] or ["user.md"]
    return ScriptedModel(
        [
            block("\n".join(f'n{index} = read_file("{path}")' for index, path in enumerate(needed))),
            answer("\n\n".join(task.notes[path] for path in dict.fromkeys(["user.md", *needed]))),
        ]
    )


def always_asks_back(task: Task) -> str:
    return f"You say: {task.ask} I am not sure about that. Could you tell me more?"


def rewrites_wholesale(task: Task) -> ScriptedModel:
    told = "\n".join(line.replace("- ", "").replace(": ", " is ") for line in task.notes["user.md"].splitlines())
    code = f'a = read_file("user.md")\nb = create_file("user.md", {told!r})'
    said = answer(task.reference.reply)
    return ScriptedModel([*map(block, task.reference.code), block(code), said, said])


def refuses_everything(task: Task) -> str:
    return "I can't tell you that; it is private."


WRONG = [does_nothing, dumps_what_it_reads, always_asks_back, rewrites_wholesale]
Model = Callable[[Task], ScriptedModel | str]
"""A script, or a reply that is given without a look at any note."""


async def outcomes(domain: str, model: Model) -> dict[str, list[Check]]:
    """The rules that did not hold, by task."""
    failed: dict[str, list[Check]] = {}
    for task in TASKS:
        if task.domain == domain:
            outcome = await outcome_of(task, model(task))
            failed[task.name] = [one for one in check(task, outcome) if not one.passed]
    return failed


async def outcome_of(task: Task, model: ScriptedModel | str) -> Outcome:
    if isinstance(model, str):
        return Outcome(model, task.notes)
    bench = Bench(model)
    rollout = await bench.roll_out(task.notes, task.ask, task.filters)
    await bench.close()
    return Outcome(rollout.reply, rollout.notes)


@pytest.mark.parametrize("domain", DOMAINS)
def test_a_right_transcript_passes_every_task(domain: str) -> None:
    failed = asyncio.run(outcomes(domain, lambda task: following(task.reference)))
    assert {name: rules for name, rules in failed.items() if rules} == {}


@pytest.mark.parametrize("model", WRONG)
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_wrong_transcript_passes_no_task(domain: str, model: Model) -> None:
    failed = asyncio.run(outcomes(domain, model))
    assert [name for name, rules in failed.items() if not rules] == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_refusing_everything_passes_only_where_all_is_forbidden(domain: str) -> None:
    failed = asyncio.run(outcomes(domain, refuses_everything))
    complete = {task.name for task in TASKS if task.reply.refuses}
    assert {name for name, rules in failed.items() if not rules} == complete & set(failed)


OTHER_WORDS: dict[str, dict[str, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("other_words.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("name", OTHER_WORDS)
def test_right_replies_in_other_words_pass_and_wrong_ones_that_look_right_do_not(name: str) -> None:
    task = next(task for task in TASKS if task.name == name)
    for kind, wanted in (("right", True), ("wrong", False)):
        for reply in OTHER_WORDS[name][kind]:
            assert all(one.passed for one in check(task, Outcome(reply, task.notes))) == wanted, reply


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_no_question_holds_its_own_answer(task: Task) -> None:
    asked = [wording for wording in task.reply.says if says(wording, task.ask)]
    assert asked == []


def test_the_shares_are_those_of_the_published_benchmark() -> None:
    counts = Counter(task.category for task in TASKS)
    assert len(TASKS) >= 120
    assert len(DOMAINS) >= 8
    for category, share in zip(CATEGORIES, (0.4, 0.2, 0.2, 0.2), strict=True):
        assert abs(counts[category] / len(TASKS) - share) < 0.05


def test_hops_sizes_and_troubles_are_those_that_agents_meet() -> None:
    assert {task.hops for task in TASKS} == {0, 1, 2, 3}
    sizes = [len(task.notes) for task in TASKS]
    assert (min(sizes), max(sizes)) == (1, 300)
    assert any(50 <= size <= 100 for size in sizes)
    met = Counter(subject for task in TASKS for subject in task.about)
    for subject in (
        "cascade",
        "conflict copy",
        "contradiction in passing",
        "dangling link",
        "date to compute",
        "deletion",
        "facts that contradict",
        "frontmatter",
        "other language",
        "planted instruction",
        "stale copy",
        "table",
        "two of one name",
    ):
        assert met[subject] >= 3, subject
