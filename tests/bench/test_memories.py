"""``commonplace bench``: tasks in, a table and results out."""

import json
from pathlib import Path

import pytest

from commonplace.bench.memories.command import run_memories
from commonplace.bench.memories.tasks import read_tasks
from commonplace.bench.rollout import ModelFailed
from commonplace.bench.task import TasksUnreadable
from commonplace.models.reader import ReaderModel
from commonplace.models.scripted import ScriptedModel

MEMORY = {
    "memory": "one",
    "files": {"user.md": "# Robin Ashdown\n- age: 34\n", "entities/maya.md": "# Maya\n- job: pilot\n"},
    "retrieval": [{"question": "How old am I?", "answer": "34", "hops": 0}],
    "update": [{"query": "Update my age to 35.", "diff": "==='user.md'===\n-- age: 34\n+- age: 35\n", "hops": 0}],
}


@pytest.fixture
def tasks(tmp_path: Path) -> Path:
    path = tmp_path / "tasks.jsonl"
    path.write_text("\n".join(json.dumps(MEMORY | {"memory": f"memory-{index}"}) for index in range(5)) + "\n\n")
    return path


def test_every_task_has_a_fresh_memory_and_its_result_a_line(
    tasks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    score = run_memories(tasks, tmp_path / "out.jsonl", ReaderModel(), concurrency=3)
    assert score.right == score.total == {"retrieval 0 hop": 5, "update stated 0 hop": 5}
    results = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {(result["memory"], result["kind"]) for result in results} == {
        (f"memory-{index}", kind) for index in range(5) for kind in ("retrieval", "update")
    }
    for result in results:
        assert ("- age: 35\n" in result["files"]["user.md"]) == (result["kind"] == "update")
    assert "retrieval 0 hop" in capsys.readouterr().out


def test_tasks_can_be_chosen(tasks: Path) -> None:
    assert run_memories(tasks, None, ReaderModel(), only="update", limit=2).total == {"update stated 0 hop": 2}
    with pytest.raises(TasksUnreadable, match="retrieval or update"):
        run_memories(tasks, None, ReaderModel(), only="everything")


def test_a_model_that_fails_at_once_is_said_to_and_not_scored(tasks: Path) -> None:
    with pytest.raises(ModelFailed, match="script is over"):
        run_memories(tasks, None, ScriptedModel([]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "holds no tasks"),
        ("{}", "line 1: memory"),
        (json.dumps(MEMORY) + "\nnot json", "line 2"),
        (json.dumps(MEMORY | {"files": {"../x.md": ""}}), "line 1: '../x.md' steps out"),
        (json.dumps(MEMORY | {"retrieval": [{"question": 7}]}), "line 1: retrieval"),
    ],
)
def test_tasks_that_cannot_be_read_are_named_by_their_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "tasks.jsonl"
    path.write_text(content)
    with pytest.raises(TasksUnreadable, match=said):
        read_tasks(path)
    with pytest.raises(TasksUnreadable, match="cannot be read"):
        read_tasks(tmp_path / "no.jsonl")
