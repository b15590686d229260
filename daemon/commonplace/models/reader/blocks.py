"""The python that the reader writes, and what it reads back out of a block's variables.

A watching user reads these blocks, so they are short: one assignment a note.
"""

import json
import re
from collections.abc import Iterable, Sequence

from commonplace.models.reader.block_text import (
    CUT,
    Swap,
    creations,
    paths_of_tree,
    reads,
    searches,
    variables,
    whole_lines,
)
from commonplace.models.reader.conversation import Step

FIRST_LOOK = 'user = read_file("user.md")\nfiles = list_files()'


def read_block(paths: Sequence[str]) -> str:
    """Return a block that reads whole notes, a variable each, named after the note."""
    return "\n".join(f"{name} = read_file({quoted(path)})" for path, name in variables(paths).items())


def follow_block(path: str) -> str:
    """Return a block that reads a note outside the memory, which only a link leads to."""
    (name,) = variables([path]).values()
    return f"{name} = go_to_link({quoted(f'[[{path}]]')})"


def write_block(swap: Swap, name: str = "changed") -> str:
    """Return a block that swaps one text of a note."""
    return f"{name} = update_file({quoted(swap.path)}, {quoted(swap.old)}, {quoted(swap.new)})"


def create_block(path: str, text: str) -> str:
    """Return a block that creates a note."""
    return f"created = create_file({quoted(path)}, {quoted(text)})"


def draft_block(creations: Sequence[tuple[str, str]], swaps: Sequence[Swap], deleted: str = "") -> str:
    """Return a block that creates notes, swaps texts of others and, at the end, deletes one."""
    lines = [
        f"created_{n} = create_file({quoted(path)}, {quoted(text)})" for n, (path, text) in enumerate(creations, 1)
    ]
    lines += [write_block(swap, f"changed_{n}" if len(swaps) > 1 else "changed") for n, swap in enumerate(swaps, 1)]
    return "\n".join([*lines, *([f"deleted = delete_file({quoted(deleted)})"] if deleted else [])])


def created(step: Step) -> list[str]:
    """Return the notes that a block created."""
    return [path for name, path, _ in creations(step.code) if step.variables.get(name) is True]


def refused(step: Step) -> tuple[str, str] | None:
    """Return the path and the title of the note that a block was refused to create, where one was."""
    for name, path, text in creations(step.code):
        if step.variables.get(name) is not True:
            title = re.search(r"^# (.+)$", text, re.MULTILINE)
            return path, title[1] if title else ""
    return None


def backlinks_block(stem: str) -> str:
    """Return a block that looks through every listed entity for links to a note, given by its bare name."""
    return _BACKLINKS.format(link=quoted(stem + ".md"))


def backlinks_found(steps: Iterable[Step]) -> list[str] | None:
    """Return the notes that ``backlinks_block`` found, or None where it did not run yet."""
    for step in steps:
        found = step.variables.get("linking")
        if isinstance(found, list):
            return [str(path) for path in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return None


def naming_block(names: Sequence[str]) -> str:
    """Return a block that looks through every listed note of the memory for one of some names."""
    return _NAMING.format(names=", ".join(quoted(name) for name in names))


def is_search(step: Step) -> bool:
    """Say whether a step only searched; a model may have no such tool."""
    return "search_notes(" in step.code


def naming_found(steps: Iterable[Step]) -> list[str] | None:
    """Return the notes of the memory that ``naming_block`` found, or None where it did not run yet."""
    for step in steps:
        found = step.variables.get("naming")
        if isinstance(found, list):
            return [str(path) for path in found]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return None


def unreadable(steps: Iterable[Step]) -> str:
    """Return why a note that stands could not be read, or "" where each could; one that is not there counts not."""
    texts = (str(step.variables.get(name, "")) for step in steps for name in reads(step.code))
    failures = (text.removeprefix("Error: ") for text in texts if text.startswith("Error:"))
    return next((text for text in failures if "does not exist" not in text), "")


def failure(step: Step) -> str:
    """Return why a writing block failed, or "" where it did not."""
    if step.error:
        return _FOR_PROGRAMMERS.sub("", step.error)
    for name, outcome in step.variables.items():
        if name.startswith(("created", "changed", "deleted")) and outcome is not True:
            return str(outcome).removeprefix("Error: ")
    return ""


def quoted(text: str) -> str:
    """Return the text as a Python string literal on one line."""
    return json.dumps(text, ensure_ascii=False)


def notes_read(steps: Iterable[Step]) -> dict[str, str | None]:
    """Return the text of every note that the steps read, by path; None where it could not be read."""
    notes: dict[str, str | None] = {}
    for step in steps:
        for name, path in reads(step.code).items():
            text = step.variables.get(name)
            readable = isinstance(text, str) and not text.startswith("Error:")
            notes[path] = whole_lines(text) if isinstance(text, str) and readable else None
        for name, path in searches(step.code).items():
            lines = step.variables.get(name)
            if isinstance(lines, list):
                found = [str(line) for line in lines]  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
                notes[path] = "\n".join([notes.get(path) or "", *found])
    return notes


def cut_notes(steps: Sequence[Step]) -> list[str]:
    """Return the notes that were too long to be shown whole and were not searched yet."""
    searched = {path for step in steps for path in searches(step.code).values()}
    return [path for path in dict.fromkeys(read_in_part(steps)) if path not in searched]


def read_in_part(steps: Iterable[Step]) -> list[str]:
    """Return the notes of which no step showed the whole."""
    return [
        path
        for step in steps
        for name, path in reads(step.code).items()
        if CUT.search(str(step.variables.get(name, "")))
    ]


def search_block(path: str, words: Sequence[str]) -> str:
    """Return a block that finds the lines of a long note that hold one of some lowercase words."""
    wanted = ", ".join(quoted(word) for word in words)
    return _SEARCH_BLOCK.format(path=quoted(path), words=wanted, most=_MOST_LINES)


def find_block(words: str) -> str:
    """Return a block that searches all notes for words."""
    return f"found = search_notes({quoted(words)})"


def find_named_block(name: str) -> str:
    """Return a block that searches all notes for a name."""
    return f"named = search_notes({quoted(name)})"


def named_found(steps: Iterable[Step], name: str) -> list[str] | None:
    """Return the notes that ``find_named_block`` found for a name, or None where it did not run yet."""
    for step in steps:
        if step.code == find_named_block(name):
            lines = str(step.variables.get("named", "")).split("\n")
            return [line for line in lines if line.endswith(".md") and not line.startswith(" ")]
    return None


def has_searched(steps: Iterable[Step]) -> bool:
    """Say whether all notes were searched."""
    return any("found = search_notes(" in step.code for step in steps)


def memory_found(steps: Iterable[Step]) -> list[str] | None:
    """Return the notes of the memory that ``find_block`` found, or None where it did not run yet."""
    steps = tuple(steps)
    paths = dict.fromkeys(path for path, _ in lines_found(steps) if path == "user.md" or path.startswith("entities/"))
    return list(paths) if has_searched(steps) else None


def lines_found(steps: Iterable[Step]) -> list[tuple[str, str]]:
    """Return the lines that ``find_block`` found, each with its note."""
    lines: list[tuple[str, str]] = []
    for step in steps:
        path = ""
        for line in str(step.variables.get("found", "")).split("\n"):
            hit = _FOUND_LINE.match(line)
            if hit and path:
                lines.append((path, hit[1]))
            elif line.endswith(".md"):
                path = line
    return lines


def listed_notes(steps: Iterable[Step]) -> tuple[str, ...]:
    """Return the notes that ``list_files`` showed, as the tools name them."""
    for step in steps:
        listing = step.variables.get("files")
        if isinstance(listing, str):
            return tuple(paths_of_tree(listing))
    return ()


def lists_all(steps: Iterable[Step]) -> bool:
    """Say whether ``list_files`` showed every note: a large memory is shown by its folders only."""
    listings = (step.variables.get("files") for step in steps)
    lines = [line for text in listings if isinstance(text, str) for line in text.splitlines()]
    return all(line.endswith(("/", ".md", _OUTSIDE_MEMORY)) for line in lines)


def has_written(steps: Iterable[Step]) -> bool:
    """Say whether a step changed something, so that only the report is left to give."""
    return any(_WRITES.search(step.code) for step in steps)


_OUTSIDE_MEMORY = " of the user)"
"""How a line ends that counts the notes of a folder beside the memory."""
_FOUND_LINE = re.compile(r"  line \d+: (.*)")
_MOST_LINES = 60
_SEARCH_BLOCK = """words = [{words}]
text = read_file({path}).split("\\n")
lines = [line for line in text if any([word in line.lower() for word in words])][:{most}]
text = None"""
_WRITES = re.compile(r"\b(?:update_file|create_file|delete_file|create_dir)\(")

_BACKLINKS = """linking = []
for line in list_files().split("\\n")[:400]:
    if line.startswith("  ") and line.endswith(".md"):
        path = "entities/" + line.strip()
        if {link} in read_file(path):
            linking.append(path)
linking = linking[:8]"""

_NAMING = """naming, folders = [], []
for line in list_files().split("\\n")[:400]:
    name = line.strip()
    folders = folders[:(len(line) - len(name)) // 2]
    if name.endswith("/"):
        folders.append(name[:-1])
    path = "/".join(folders + [name])
    if name.endswith(".md") and (path == "user.md" or path.startswith("entities/")):
        text = read_file(path)
        if any([said in text for said in [{names}]]):
            naming.append(path)
text, line, name = None, None, None"""

_FOR_PROGRAMMERS = re.compile(r"^RuntimeError: | \(line \d+: .*\)$", re.DOTALL)
"""What an error says about the code, which the user did not write."""
