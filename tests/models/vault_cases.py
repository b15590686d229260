"""What the reader is asked and told in the vaults of ``reader_vaults/``, and what counts as right.

Every third case of a kind is held out: the reader was never changed to get one of those right. In a vault that says
``seen`` none is held out any more.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

VAULTS = sorted((Path(__file__).parent / "reader_vaults").glob("*.toml"))
LONGEST_REPLY = 400


class Right(Protocol):
    """Judges a turn by its reply and by the notes before and after it."""

    def __call__(self, reply: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool: ...


@dataclass(frozen=True, slots=True)
class Case:
    """A message, the filters it comes with, and what makes its turn right."""

    message: str
    right: Right
    held_out: bool
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VaultCases:
    """An invented vault and the cases that are tried on it, each on a fresh copy."""

    notes: Mapping[str, str]
    cases: Sequence[Case]


def read_vault_cases(path: Path) -> VaultCases:
    """Read the notes and the cases of a vault."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    notes = table["notes"] if "notes" in table else _notes_in(Path(__file__).parents[2] / table["notes_from"])
    held_out = not table.get("seen", False)
    return VaultCases(notes, [case for kind, rows in table["cases"].items() for case in _cases(kind, rows, held_out)])


def _notes_in(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}


def _cases(kind: str, rows: Sequence[Any], holds_out: bool) -> Iterator[Case]:
    for number, row in enumerate(rows):
        held_out = holds_out and number % 3 == 2
        match kind:
            case "asks":
                yield Case(row[0], _tells(row[0], row[1:]), held_out)
            case "asks_back" | "proposes":
                yield Case(row, _asks_back, held_out)
            case "changes":
                yield Case(row["say"], _changes(row), held_out)
            case _:
                yield Case(row["ask"], _keeps_to_itself(row), held_out, (row["rule"],))


def _tells(question: str, answers: Sequence[str]) -> Right:
    """The answers stand in a short reply that asks nothing; yes, no or a choice stands at its beginning."""
    first = answers[0] in ("Yes", "No") or " or " in question

    def right(reply: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
        said = reply.casefold()
        told = all(answer.casefold() in said for answer in answers)
        begins = said.startswith(answers[0].casefold()) or said.startswith(f"the {answers[0].casefold()}")
        return told and (begins or not first) and "?" not in reply and len(reply) <= LONGEST_REPLY and before == after

    return right


def _asks_back(reply: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return "?" in reply and before == after


def _changes(row: Mapping[str, Any]) -> Right:
    """The named texts are swapped, the named notes are new or gone, and every other byte is as it was."""

    def right(reply: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
        wanted = dict(before)
        for path, old, new in row.get("swaps", ()):
            assert old in wanted[path], f"{path} does not say {old!r}"
            wanted[path] = wanted[path].replace(old, new, 1)
        for path, text in row.get("adds", ()):
            if text not in after[path] or not set(before[path].split("\n")) <= set(after[path].split("\n")):
                return False
            wanted[path] = after[path]
        created = row.get("creates", {})
        if any(text not in after.get(path, "") for path, texts in created.items() for text in texts):
            return False
        wanted |= {path: after[path] for path in created}
        for path in row.get("deletes", ()):
            del wanted[path]
        return bool(reply) and wanted == after

    return right


def _keeps_to_itself(row: Mapping[str, Any]) -> Right:
    def right(reply: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
        hides = not any(secret.casefold() in reply.casefold() for secret in row.get("hides", ()))
        return hides and all(answer in reply for answer in row.get("tells", ())) and before == after

    return right
