"""A block in plain words, for a person who watches: "Read user.md, entities/dria.md".

The person knows notes by their path in the vault, so a memory in a folder is named with it.
"""

import ast
from collections.abc import Sequence

from commonplace.agent.tools import Record
from commonplace.vault.errors import PathRefused
from commonplace.vault.memory import Memory

_VERBS = {
    "read_file": "Read",
    "go_to_link": "Read",
    "create_file": "Create",
    "update_file": "Change",
    "delete_file": "Delete",
    "create_dir": "Make folder",
    "check_if_file_exists": "Look for",
    "check_if_dir_exists": "Look for",
    "list_files": "List the notes",
    "get_size": "Measure",
    "search_notes": "Search the notes",
}
_FALLBACK = "Run Python"
_LONGEST_NAMES = 3


def title_before(memory: Memory, code: str) -> str:
    """What a block is about to do, as far as its text tells; never raises."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _FALLBACK
    calls = [
        (_VERBS[node.func.id], _first_argument(memory, node))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _VERBS
    ]
    return _sentence(calls) or _FALLBACK


def title_after(record: Record, fallback: str) -> str:
    """What a block did: notes written before notes read; ``fallback`` where it touched none."""
    written = {change.path: _verb(change.before, change.after) for change in record.changes}
    calls = [(verb, path.value) for path, verb in written.items()]
    calls += [("Read", path.value) for path, access in record.touched if access == "read" and path not in written]
    return _sentence(calls) or fallback


def _verb(before: str | None, after: str | None) -> str:
    if before is None:
        return "Created"
    return "Deleted" if after is None else "Changed"


def _sentence(calls: Sequence[tuple[str, str | None]]) -> str:
    names: dict[str, dict[str, None]] = {}
    for verb, name in calls:
        names.setdefault(verb, {}).update({name: None} if name else {})
    parts = [f"{verb} {_listed(list(named))}".strip() for verb, named in names.items()]
    return "; ".join([parts[0], *(part[0].lower() + part[1:] for part in parts[1:])]) if parts else ""


def _listed(names: list[str]) -> str:
    if len(names) <= _LONGEST_NAMES:
        return ", ".join(names)
    return f"{names[0]} and {len(names) - 1} notes"


def _first_argument(memory: Memory, call: ast.Call) -> str | None:
    values = [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg and "path" in keyword.arg)]
    for value in values:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return _in_vault(memory, value.value.strip("[]"))[:120]
    return None


def _in_vault(memory: Memory, name: str) -> str:
    try:
        return memory.path(name).value
    except PathRefused:
        return name
