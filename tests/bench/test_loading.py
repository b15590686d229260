"""Task files: what is read, and how a mistake is told."""

from pathlib import Path

import pytest

from commonplace.bench.loading import digest, load_tasks
from commonplace.bench.task import TasksUnreadable

GOOD = """\
tasks:
- name: city
  category: retrieval
  ask: Where do I live?
  reply: {says: [[Oslo, Kristiania]]}
  reference: {code: ['a = read_file("user.md")'], reply: In Oslo.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "home" / "notes").mkdir(parents=True)
    (tmp_path / "home" / "notes" / "user.md").write_text("# Robin\n- city: Oslo\n")
    (tmp_path / "home" / "tasks.yaml").write_text(GOOD)
    return tmp_path


def test_a_task_has_its_domain_and_its_own_notes_over_those_of_the_vault(folder: Path) -> None:
    more = "  notes: {entities/maya.md: '# Maya', user.md: null}\n"
    (folder / "home" / "tasks.yaml").write_text(GOOD + more)
    (task,) = load_tasks(folder)
    assert task.domain == "home"
    assert dict(task.notes) == {"entities/maya.md": "# Maya"}
    assert task.reply.says == (("Oslo", "Kristiania"),)


def test_the_digest_changes_with_any_text_of_the_tasks(folder: Path) -> None:
    before = digest(*map(repr, load_tasks(folder)))
    assert digest(*map(repr, load_tasks(folder))) == before
    (folder / "home" / "notes" / "user.md").write_text("# Robin\n- city: Bergen\n")
    assert digest(*map(repr, load_tasks(folder))) != before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("category: retrieval", "category: guessing", "line 3: tasks.0.category"),
        ("  ask: Where do I live?\n", "", "line 2: tasks.0.ask"),
        ("  ask:", "  question: x\n  ask:", "line 4: tasks.0.question"),
        ("[Oslo, Kristiania]", "[yes, Kristiania]", "line 5: tasks.0.reply.says.0.0"),
        ("name: city", "name: The City", "line 2: tasks.0.name"),
        ("category: retrieval", "category: filter", "tasks.0.filters: a filter task needs"),
        ("category: retrieval", "category: update", "tasks.0.after: an update task says"),
        ("category: retrieval", "category: clarification", "line 5: tasks.0.reply: a clarification task needs"),
        ("{says: [[Oslo, Kristiania]]}", "{asks: true}", "line 5: tasks.0.reply: a retrieval task needs"),
        ("tasks:\n", "vault: elsewhere\ntasks:\n", "elsewhere holds no notes"),
        ("ask: Where", "ask: [Where", "tasks.yaml, line"),
        ("  ask: Where", "  ask: Who\n  ask: Where", "line 5: ask stands here a second time"),
        ("[Oslo, Kristiania]", "['']", "line 5: tasks.0.reply.says.0.0: Value error, a text without a letter"),
        ("  ask", "  notes: {../user.md: x}\n  ask", "line 4: tasks.0.notes: ../user.md: "),
        ("  ask", "  notes: {/etc/user.md: x}\n  ask", "line 4: tasks.0.notes: /etc/user.md: "),
        ("  ask", "  notes: {user.txt: x}\n  ask", "line 4: tasks.0.notes: user.txt: "),
        ("  ask", "  notes: {user.md: null}\n  ask", "line 4: tasks.0.notes: no note is left"),
        (GOOD, "", "line 1: tasks: a list of tasks is missing"),
        (GOOD, "\0", "line 1: it is no YAML"),
        (
            "retrieval\n",
            "update\n  after: {maya.md: {gone: [Oslo]}}\n  then: {ask: Where?, says: [Bergen]}\n",
            "line 4: tasks.0.after: maya.md: the vault has no such note",
        ),
    ],
)
def test_a_mistake_is_told_by_file_line_and_field(folder: Path, old: str, new: str, told: str) -> None:
    (folder / "home" / "tasks.yaml").write_text(GOOD.replace(old, new))
    with pytest.raises(TasksUnreadable) as caught:
        load_tasks(folder)
    assert told in str(caught.value)
    assert str(folder / "home" / "tasks.yaml") in str(caught.value)


def test_two_tasks_of_one_name_and_a_folder_without_tasks_are_told(folder: Path, tmp_path: Path) -> None:
    (folder / "home" / "tasks.yaml").write_text(GOOD + GOOD.removeprefix("tasks:\n"))
    with pytest.raises(TasksUnreadable, match="Two tasks are called city"):
        load_tasks(folder)
    with pytest.raises(TasksUnreadable, match="holds no tasks"):
        load_tasks(tmp_path / "home" / "notes")


def test_the_task_in_the_documentation_is_one(folder: Path) -> None:
    page = Path(__file__).parents[2].joinpath("docs", "bench.md").read_text("utf-8")
    (folder / "home" / "notes" / "entities").mkdir()
    (folder / "home" / "notes" / "entities" / "flat.md").write_text("# Flat\n- rent: 1,140\n")
    (folder / "home" / "tasks.yaml").write_text(page.split("```yaml\n")[1].split("```")[0])
    (task,) = load_tasks(folder)
    assert task.after["entities/flat.md"].may == (("since",),)
