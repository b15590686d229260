"""The text of a block: which variables it sets, from which notes, and the names that it may use. Pure."""

import ast
import json
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Swap:
    """An old text that stands exactly once in the note, and what to put in its place."""

    path: str
    old: str
    new: str


def reads(code: str) -> Mapping[str, str]:
    """Variables of a block that hold a whole note: ``name = read_file("path")``, or ``go_to_link("[[path]]")``."""
    found: dict[str, str] = {}
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError):
        return found
    for statement in statements:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(func=ast.Name(id="read_file" | "go_to_link"), args=[ast.Constant(value=str(path))]),
            ):
                found[name] = path.removeprefix("[[").removesuffix("]]")
            case _:
                pass
    return found


def creations(code: str) -> Iterable[tuple[str, str, str]]:
    """Variable, path and text of each note that a block creates."""
    for match in _CREATES.finditer(code):
        yield match["name"], json.loads(match["path"]), json.loads(match["text"])


def searches(code: str) -> Mapping[str, str]:
    """Variables of a block that hold the lines found in a note."""
    found = _SEARCH.search(code)
    return {"lines": json.loads(found[1])} if found else {}


def whole_lines(text: str) -> str:
    """Drop the remark at the end of a cut text, and the line that it cuts."""
    cut = CUT.search(text)
    return text[: cut.start()].rpartition("\n")[0] if cut else text


def paths_of_tree(tree: str) -> Iterable[str]:
    """Yield the notes of a tree as ``list_files`` shows it."""
    folders: list[str] = []
    for line in tree.split("\n"):
        name = line.strip()
        depth = (len(line) - len(line.lstrip())) // 2
        del folders[depth:]
        if name.endswith("/"):
            folders.append(name[:-1])
        elif name.endswith(".md"):
            yield "/".join([*folders, name])


def variables(paths: Sequence[str]) -> dict[str, str]:
    """A readable variable for each note, no two alike."""
    names: dict[str, str] = {}
    for path in paths:
        stem = path.rsplit("/", 1)[-1].removesuffix(".md")
        name = re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").casefold()
        if not name.isidentifier() or keyword.iskeyword(name) or name in _TAKEN:
            name = f"note_{name}".rstrip("_")
        taken = set(names.values())
        names[path] = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 99))) if n not in taken)
    return names


CUT = re.compile(r" \.\.\. \[cut: [^\[\]]*\]\Z")
"""The remark at the end of a text that is too long to be shown whole."""
_SEARCH = re.compile(r'^text = read_file\(("(?:[^"\\]|\\.)*")\)\.split', re.MULTILINE)
_STRING = r'"(?:[^"\\]|\\.)*"'
_CREATES = re.compile(
    rf"^(?P<name>created\w*) = create_file\((?P<path>{_STRING}), (?P<text>{_STRING})\)$", re.MULTILINE
)
_TAKEN = frozenset(
    [
        "user",
        "files",
        "create_file",
        "update_file",
        "read_file",
        "delete_file",
        "check_if_file_exists",
        "create_dir",
        "list_files",
        "check_if_dir_exists",
        "get_size",
        "go_to_link",
        "search_notes",
        "found",
    ]
)
