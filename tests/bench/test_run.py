"""Runs: kept as they go, continued after a stop, reported and compared."""

import asyncio
import json
import signal
import xml.etree.ElementTree as ElementTree
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from commonplace.bench.command import chosen, compare_runs, run_tasks
from commonplace.bench.judging import Judge
from commonplace.bench.rollout import Bench, ModelFailed
from commonplace.bench.run import RunRefused, read_run
from commonplace.bench.task import Task, TasksUnreadable
from commonplace.models.base import AnswerUnended, Message, Meter, ModelError
from commonplace.models.scripted import ScriptedModel

from .conftest import answer, block


class Answering:
    """Answers every question by the reference of the task that asks it, and dies after so many."""

    name = "answering"

    def __init__(self, tasks: Sequence[Task], *, dies_after: int | None = None, wrong: Sequence[str] = ()) -> None:
        self._tasks = {task.ask: task for task in tasks}
        self._left = dies_after
        self._wrong = set(wrong)
        self.asked: list[str] = []

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        ask = next(message.content for message in messages if message.role == "user")
        task = self._tasks[ask]
        step = sum(message.role == "assistant" for message in messages)
        if step == 0:
            if self._left == 0:
                raise ModelError("The model died.", "Start it again.")
            self._left = None if self._left is None else self._left - 1
            self.asked.append(ask)
        if step < len(task.reference.code):
            yield block(task.reference.code[step])
        else:
            yield answer("No idea." if task.name in self._wrong else task.reference.reply)

    async def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def tasks(retrieval: Task, update: Task) -> list[Task]:
    again = [
        replace(retrieval, name=f"sister-city-{index}", ask=f"In which city does my sister live? ({index})")
        for index in range(3)
    ]
    return [retrieval, update, *again]


def test_a_run_keeps_every_transcript_and_shows_a_report(
    tasks: list[Task], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = run_tasks(tasks, Answering(tasks), tmp_path / "run", repeat=2)
    assert [(row.name, row.tasks, row.rules.share) for row in report.rows] == [
        ("retrieval", 4, 1.0),
        ("update", 1, 1.0),
        ("overall", 5, 1.0),
    ]
    assert len((tmp_path / "run" / "transcripts.jsonl").read_text().splitlines()) == 10
    kept = next(kept for kept in read_run(tmp_path / "run").records if kept.task == "sister-moves")
    assert "+- city: Tromsø" in kept.changes["entities/maya_ashdown.md"]
    assert "overall" in capsys.readouterr().out
    assert "| update | 1 | 100.0 % |" in (tmp_path / "run" / "report.md").read_text()
    assert (tmp_path / "run" / "scores.png").read_bytes().startswith(b"\x89PNG")
    assert ElementTree.parse(tmp_path / "run" / "scores.svg").getroot().tag.endswith("svg")


def test_a_model_that_dies_leaves_a_run_that_goes_on(tasks: list[Task], tmp_path: Path) -> None:
    with pytest.raises(ModelFailed, match=r"The model died\. Start it again\. 3 of 5 are kept in .*--out"):
        run_tasks(tasks, Answering(tasks, dies_after=3), tmp_path / "run", concurrency=1)
    model = Answering(tasks)
    report = run_tasks(tasks, model, tmp_path / "run", concurrency=1)
    assert model.asked == [task.ask for task in tasks[3:]]
    assert report.rows[-1].tasks == 5


class Drawing(Answering):
    """Is right or wrong as its seed falls."""

    def __init__(self, tasks: Sequence[Task], seed: int | None = None) -> None:
        super().__init__(tasks, wrong=[task.name for task in tasks if seed is not None and seed % 2])
        self._all = tasks

    def seeded(self, seed: int) -> "Drawing":
        return Drawing(self._all, seed)


def test_each_attempt_draws_from_a_seed_of_its_own_the_same_in_every_run(tasks: list[Task], tmp_path: Path) -> None:
    for run in ("one", "other"):
        run_tasks(tasks[:1], Drawing(tasks), tmp_path / run, repeat=3, seed=7, temperature=0.6)
        records = sorted(read_run(tmp_path / run).records, key=lambda kept: kept.attempt)
        assert [(kept.seed, kept.passed) for kept in records] == [(7, False), (8, True), (9, False)]
    assert (
        "Temperature 0.6, drawn from the seeds 7 to 9; with search_notes"
        in (tmp_path / "one" / "report.md").read_text()
    )


def test_a_run_with_another_temperature_or_seed_is_another_run(tasks: list[Task], tmp_path: Path) -> None:
    run_tasks(tasks[:1], Answering(tasks), tmp_path / "run")
    with pytest.raises(RunRefused, match=r"another temperature \(0.0, now 0.6\)"):
        run_tasks(tasks[:1], Answering(tasks), tmp_path / "run", temperature=0.6)
    with pytest.raises(RunRefused, match="another seed"):
        run_tasks(tasks[:1], Answering(tasks), tmp_path / "run", seed=1)


async def test_a_model_without_search_notes_is_told_nothing_of_it(retrieval: Task) -> None:
    for searches in (True, False):
        model = ScriptedModel([answer("In Bergen.")])
        bench = Bench(model, searches=searches)
        await bench.roll_out(retrieval.notes, retrieval.ask)
        await bench.close()
        assert ("search_notes" in model.calls[0][0].content) == searches


class Telling(Answering):
    """Tells at the end of each answer what it cost, as servers do."""

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        assert meter is not None
        meter.generated_tokens = 20
        async for delta in super().stream(messages, meter):
            yield delta
        meter.prompt_tokens = 900


def test_the_tokens_of_a_task_are_those_of_all_its_answers_though_each_is_stopped_at_its_end(
    tasks: list[Task], tmp_path: Path
) -> None:
    run_tasks(tasks[:1], Telling(tasks), tmp_path / "run")
    (kept,) = read_run(tmp_path / "run").records
    assert (len(kept.outputs), kept.prompt_tokens, kept.generated_tokens) == (2, 1800, 40)
    assert "| 1,800 / 40 |" in (tmp_path / "run" / "report.md").read_text()


class Rambling(Answering):
    """Answers one question without ever coming to an end."""

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        if any("(1)" in message.content for message in messages):
            yield "<think>and then and then and then"
            raise AnswerUnended("The model's answer is longer than 20 tokens.", "Raise max_tokens.")
        async for delta in super().stream(messages, meter):
            yield delta


def test_an_answer_without_an_end_is_a_failed_task_and_the_run_goes_on(tasks: list[Task], tmp_path: Path) -> None:
    report = run_tasks(tasks, Rambling(tasks), tmp_path / "run")
    assert report.rows[-1].tasks == 5
    assert [(kept.task, kept.ended, kept.reply) for kept in report.failed] == [("sister-city-1", "failed", "")]


def test_a_line_that_a_crash_tore_is_done_again(tasks: list[Task], tmp_path: Path) -> None:
    run_tasks(tasks, Answering(tasks), tmp_path / "run", concurrency=1)
    transcripts = tmp_path / "run" / "transcripts.jsonl"
    transcripts.write_bytes(transcripts.read_bytes()[:-40])
    model = Answering(tasks)
    run_tasks(tasks, model, tmp_path / "run")
    assert model.asked == [tasks[-1].ask]
    assert len(read_run(tmp_path / "run").records) == 5


def test_another_model_or_other_tasks_do_not_mix_with_a_run(tasks: list[Task], tmp_path: Path) -> None:
    run_tasks(tasks, Answering(tasks), tmp_path / "run")
    with pytest.raises(RunRefused, match="another model"):
        run_tasks(tasks, ScriptedModel([]), tmp_path / "run")
    with pytest.raises(RunRefused, match="another tasks"):
        run_tasks(tasks[:2], Answering(tasks), tmp_path / "run")
    with pytest.raises(RunRefused, match="holds no run"):
        read_run(tmp_path)


def test_the_page_shows_what_failed_first_and_runs_nothing_of_what_was_said(tasks: list[Task], tmp_path: Path) -> None:
    spiteful = replace(tasks[0], reference=replace(tasks[0].reference, reply="<script>alert(1)</script>"))
    run_tasks([*tasks[1:], spiteful], Answering([*tasks[1:], spiteful]), tmp_path / "run")
    page = (tmp_path / "run" / "transcripts.html").read_text()
    assert "<script" not in page
    assert page.index("&lt;script&gt;") < page.index("sister-city-0")
    assert page.count("<details open>") == 1


def test_a_run_that_is_cut_off_by_hand_says_how_to_go_on(
    tasks: list[Task], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    class CutOff(Answering):
        async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
            if len(self.asked) == 2:
                signal.raise_signal(signal.SIGINT)
                await asyncio.sleep(1)
            async for delta in super().stream(messages, meter):
                yield delta

    with pytest.raises(KeyboardInterrupt):
        run_tasks(tasks, CutOff(tasks), tmp_path / "run", concurrency=1)
    assert f"are kept in {tmp_path / 'run'}; type the same command with --out" in capsys.readouterr().out
    assert run_tasks(tasks, Answering(tasks), tmp_path / "run").rows[-1].tasks == 5


def test_the_page_tells_scores_steps_tokens_and_latency_and_what_the_judge_said(
    tasks: list[Task], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    judge = Judge(ScriptedModel(["I like it.\nVERDICT: CORRECT", "<b>Hm.</b>"]))
    run_tasks(tasks[2:4], Answering(tasks), tmp_path / "run", judge=judge, concurrency=1)
    page = (tmp_path / "run" / "transcripts.html").read_text()
    for told in (
        "95 % interval",
        "judged right",
        "blocks",
        "tokens in / out",
        "seconds, p50 / p95",
        "personal",
        "1 hop",
    ):
        assert told in page
    for told in ("I like it.", "The judge finds it right.", "&lt;b&gt;Hm.", "The judge gave no verdict."):
        assert told in page
    said = "Rules and judge agree on 100.0 % of 1 verdicts. 1 judgements were no verdict and count as not passed."
    assert said in page
    assert said in " ".join(capsys.readouterr().out.split())


def test_two_runs_of_one_model_are_told_apart_by_their_folders(
    tasks: list[Task], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for run in ("cold", "warm"):
        run_tasks(tasks[:1], Answering(tasks), tmp_path / run)
    capsys.readouterr()
    compare_runs(tmp_path / "cold", tmp_path / "warm", None)
    assert "answering (cold) and answering (warm)" in " ".join(capsys.readouterr().out.split())


def test_two_runs_are_compared_task_by_task(
    tasks: list[Task], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_tasks(tasks, Answering(tasks), tmp_path / "one")
    run_tasks(tasks, Answering(tasks, wrong=[task.name for task in tasks]), tmp_path / "other")
    capsys.readouterr()
    compare_runs(tmp_path / "one", tmp_path / "other", tmp_path / "plots")
    said = capsys.readouterr().out
    assert "-80.0" in said
    assert "0.125" in said
    assert (tmp_path / "plots" / "scores.svg").exists()


def test_a_judge_is_asked_about_the_reply_and_of_an_update_about_a_second_one(
    tasks: list[Task], tmp_path: Path
) -> None:
    follow_up = replace(
        tasks[1],
        ask="Where does my sister live?",
        reference=replace(tasks[1].reference, code=('a = read_file("entities/maya_ashdown.md")',), reply="In Tromsø."),
    )
    judge = ScriptedModel(["It is right.\nVERDICT: CORRECT", "Hm. I am not sure."])
    model = Answering([tasks[1], tasks[2], follow_up])
    report = run_tasks([tasks[1], tasks[2]], model, tmp_path / "run", judge=Judge(judge), concurrency=1)
    shown = [call[-1].content for call in judge.calls]
    assert "In Tromsø." in shown[0]
    assert "It must say: Tromsø" in shown[0]
    records = read_run(tmp_path / "run").records
    assert [(kept.told, kept.verdict) for kept in records] == [("In Tromsø.", True), (None, None)]
    assert report.no_verdict == 1
    assert report.agreement is not None
    assert (report.agreement.share, report.agreement.count) == (1.0, 1)
    judged = report.rows[-1].judged
    assert judged is not None
    assert judged.share == 0.5
    assert json.loads((tmp_path / "run" / "run.json").read_text())["judge"] == "scripted"


def test_tasks_are_chosen_by_category_domain_subject_or_name(tasks: list[Task]) -> None:
    assert [task.name for task in chosen(tasks, ["update"], None)] == ["sister-moves"]
    assert len(chosen(tasks, ["personal"], 2)) == 2
    assert len(chosen([replace(tasks[0], about=("table",)), *tasks[1:]], ["table", "sister-moves"], None)) == 2
    with pytest.raises(TasksUnreadable, match="No task is called or about nonsense"):
        chosen(tasks, ["nonsense"], None)
