"""Reads tasks: a folder for each domain, with vaults as folders of notes and one ``tasks.yaml``.

A mistake is told by file, line and field.
"""

import hashlib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from commonplace.bench.task import (
    LONGEST_REPLY,
    MOST_OTHER_FACTS,
    Category,
    FollowUp,
    NoteChecks,
    Reference,
    ReplyChecks,
    Task,
    TasksUnreadable,
)
from commonplace.bench.words import levelled
from commonplace.vault.errors import VaultError
from commonplace.vault.path import NotePath

SHIPPED = Path(__file__).parent / "tasks"
TASKS_FILE = "tasks.yaml"


def _as_wording(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _with_a_word(text: str) -> str:
    if not levelled(text):
        raise ValueError("a text without a letter or digit stands in every reply")
    return text


Text = Annotated[str, AfterValidator(_with_a_word)]
Wordings = list[Annotated[tuple[Text, ...], Field(min_length=1), BeforeValidator(_as_wording)]]
"""A list of texts, or of lists of texts of which any one will do."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Reply(_Strict):
    says: Wordings = []
    never: list[Text] = []
    asks: bool = False
    refuses: bool = False
    longest: int = LONGEST_REPLY
    others: int = MOST_OTHER_FACTS


class _Note(_Strict):
    fate: Literal["changed", "created", "deleted"] = "changed"
    new: Wordings = []
    gone: list[Text] = []
    may: Wordings = []


class _Then(_Strict):
    ask: str
    says: Wordings


class _Reference(_Strict):
    code: list[str] = []
    reply: str


class _Task(_Strict):
    name: str = Field(pattern=r"^[a-z0-9-]+$")
    category: Category
    ask: str
    vault: str | None = None
    notes: dict[str, str | None] = {}
    hops: int = Field(default=0, ge=0)
    about: list[str] = []
    filters: list[str] = []
    reply: _Reply = _Reply()
    after: dict[str, _Note] = {}
    then: _Then | None = None
    reference: _Reference


class _TasksFile(_Strict):
    vault: str = "notes"
    tasks: list[_Task]


def load_tasks(folder: Path = SHIPPED) -> list[Task]:
    """The tasks of all domains below the folder, by domain and then in the order of their file.

    Raises:
        TasksUnreadable.

    """
    files = sorted(folder.glob(f"*/{TASKS_FILE}"))
    if not files:
        raise TasksUnreadable(f"{folder} holds no tasks; a domain is a folder with {TASKS_FILE} in it.")
    tasks = [task for file in files for task in _read(file)]
    seen = dict[str, Task]()
    for task in tasks:
        if task.name in seen:
            raise TasksUnreadable(f"Two tasks are called {task.name} ({seen[task.name].domain}, {task.domain}).")
        seen[task.name] = task
    return tasks


def digest(*texts: str) -> str:
    """A short name for texts as they are, such as all that tasks hold: another letter gives another name."""
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


def _read(file: Path) -> Iterator[Task]:
    text = _text(file)
    try:
        tree = yaml.compose(text, Loader=yaml.CSafeLoader)
        raw: object = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark: yaml.Mark | None = getattr(error, "problem_mark", None)
        said = getattr(error, "problem", None) or "it is no YAML"
        raise TasksUnreadable(f"{file}, line {mark.line + 1 if mark else 1}: {said}.") from None
    if not isinstance(raw, dict):
        raise TasksUnreadable(f"{file}, line 1: tasks: a list of tasks is missing.")
    if (twice := _twice(tree)) is not None:
        raise TasksUnreadable(f"{file}, line {twice.start_mark.line + 1}: {twice.value} stands here a second time.")
    try:
        parsed = _TasksFile.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise TasksUnreadable(f"{file}, line {_line(tree, first['loc'])}: {where}: {first['msg']}.") from None
    vaults = dict[str, dict[str, str]]()
    for index, task in enumerate(parsed.tasks):
        name = task.vault or parsed.vault
        if name not in vaults:
            vaults[name] = _vault(file, name, _line(tree, ("tasks", index, "vault")))
        if problem := _problem(task) or _misplaced(task, vaults[name]):
            field, said = problem
            raise TasksUnreadable(f"{file}, line {_line(tree, ('tasks', index, field))}: tasks.{index}.{field}: {said}")
        yield _task(task, file.parent.name, vaults[name])


def _problem(task: _Task) -> tuple[str, str] | None:
    """What is wrong with a task that has all of its fields: the field, and what to do."""
    if task.category == "filter" and not task.filters:
        return "filters", "a filter task needs at least one filter."
    if task.category == "update" and (not task.after or task.then is None):
        return "after", "an update task says what the notes say afterwards, and asks for it in `then`."
    if task.category != "update" and task.after:
        return "after", "only an update task changes notes."
    if task.category == "clarification" and not (task.reply.asks and task.reply.says):
        return "reply", "a clarification task needs `asks: true`, and `says` with what was found by looking."
    if task.category == "retrieval" and not task.reply.says:
        return "reply", "a retrieval task needs `says`."
    return None


def _misplaced(task: _Task, vault: Mapping[str, str]) -> tuple[str, str] | None:
    """What is wrong with the paths of a task."""
    for path in task.notes:
        try:
            NotePath.parse(path)
        except VaultError as error:
            return "notes", f"{path}: {error}"
        if not path.endswith(".md"):
            return "notes", f"{path}: a note's name ends in .md."
    notes = [path for path in {**vault, **task.notes} if task.notes.get(path, "") is not None]
    if not notes:
        return "notes", "no note is left."
    for path, note in task.after.items():
        if note.fate != "created" and not any(fnmatchcase(one, path) for one in notes):
            return "after", f"{path}: the vault has no such note; is it one to be created (fate: created)?"
    return None


def _twice(tree: Any) -> Any:
    """The first key that a mapping holds a second time, which YAML lets pass."""
    if isinstance(tree, yaml.MappingNode):
        seen = set[str]()
        for key, value in tree.value:
            if key.value in seen:
                return key
            seen.add(key.value)
            if (found := _twice(value)) is not None:
                return found
    if isinstance(tree, yaml.SequenceNode):
        return next((found for value in tree.value if (found := _twice(value)) is not None), None)
    return None


def _task(task: _Task, domain: str, vault: Mapping[str, str]) -> Task:
    notes = {path: text for path, text in {**vault, **task.notes}.items() if text is not None}
    reply = task.reply
    return Task(
        name=task.name,
        domain=domain,
        category=task.category,
        ask=task.ask,
        notes=notes,
        reply=ReplyChecks(
            tuple(reply.says), tuple(reply.never), reply.asks, reply.refuses, reply.longest, reply.others
        ),
        reference=Reference(tuple(task.reference.code), task.reference.reply),
        hops=task.hops,
        about=tuple(task.about),
        filters=tuple(task.filters),
        after={path: _note(note) for path, note in task.after.items()},
        then=FollowUp(task.then.ask, tuple(task.then.says)) if task.then else None,
    )


def _note(note: _Note) -> NoteChecks:
    return NoteChecks(note.fate, tuple(note.new), tuple(note.gone), tuple(note.may))


def _vault(file: Path, name: str, line: int) -> dict[str, str]:
    folder = file.parent / name
    notes = {path.relative_to(folder).as_posix(): _text(path) for path in sorted(folder.rglob("*.md"))}
    if not notes:
        raise TasksUnreadable(f"{file}, line {line}: vault: {folder} holds no notes.")
    return notes


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except OSError as error:
        raise TasksUnreadable(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise TasksUnreadable(f"{path} is not UTF-8 text; save it as UTF-8.") from None


def _line(tree: Any, location: tuple[int | str, ...]) -> int:
    """The line, counted from 1, of the field, or of the nearest thing around it that is there."""
    line = 1
    for part in location:
        children: dict[int | str, Any]
        if isinstance(tree, yaml.MappingNode):
            children = {key.value: (key, value) for key, value in tree.value}
        elif isinstance(tree, yaml.SequenceNode):
            children = {index: (value, value) for index, value in enumerate(tree.value)}
        else:
            break
        if part not in children:
            break
        key, tree = children[part]
        line = key.start_mark.line + 1
    return line
