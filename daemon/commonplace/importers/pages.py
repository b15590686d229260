"""The index notes of a source: from ``user.md`` a path of links leads to everything that was imported. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from commonplace.importers.base import ImportedNote
from commonplace.importers.rendering import rendered
from commonplace.vault import links
from commonplace.vault.conventions import ENTITIES

INDEX = "index"
"""The id of a source's first index note; those that follow are ``index/2`` and on."""
MOST_LINES = 1_000
HEADING = "## Imported"


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to write where none stands."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines for a note that may stand: those that it has already are left out."""

    path: str
    lines: Sequence[str]
    heading: str | None = None
    """The section to which they go; unless set, the note's end."""


@dataclass(frozen=True, slots=True)
class IndexWork:
    """What is to be written so that every imported note can be reached."""

    new: Sequence[NewNote]
    additions: Sequence[Addition]


def index_work(
    source: str,
    label: str,
    imported: Iterable[str],
    standing: Mapping[str, tuple[str, str]],
    called: Callable[[str], tuple[str, str]],
) -> IndexWork:
    """Let the index notes lead to every imported note, and ``user.md`` to the first of them.

    Args:
        source: its folder in ``entities/``.
        label: what people call it.
        imported: the paths of its notes in that folder.
        standing: the path and text of each index note that stands, by its id.
        called: gives a title and a file name that are free.

    """
    numbers = sorted(int(id_.partition("/")[2] or 1) for id_ in standing)
    listed = {target for _, text in standing.values() for target in links.targets(text)}
    missing = sorted(path for path in set(imported) if path not in listed and path.removesuffix(".md") not in listed)
    additions: list[Addition] = []
    if numbers and missing:
        path, text = standing[_id(numbers[-1])]
        room = max(0, MOST_LINES - text.count("\n- [["))
        if room:
            additions.append(Addition(path, [_line(note) for note in missing[:room]]))
            missing = missing[room:]
    first = standing[INDEX][0] if INDEX in standing else None
    new: list[NewNote] = []
    more = [_line(path) for id_, (path, _) in sorted(standing.items()) if id_ != INDEX and path not in listed]
    number = numbers[-1] + 1 if numbers else 1
    while missing or (first is None and not new):
        title, name = called(f"Imported from {label}" + (f", page {number}" if number > 1 else ""))
        note = NewNote(f"{ENTITIES}/{source}/{name}.md", "")
        new.append(NewNote(note.path, _text(source, number, title, missing[:MOST_LINES])))
        missing = missing[MOST_LINES:]
        if first is None:
            first = note.path
        else:
            more.append(_line(note.path))
        number += 1
    if more and first is not None:
        additions.append(Addition(first, more))
    if first is not None:
        additions.append(Addition("user.md", [f"- {source}: [[{first}]]"], HEADING))
    return IndexWork(new, additions)


def is_index(id_: str) -> bool:
    """Whether the id is an index note's."""
    return id_ == INDEX or (id_.startswith(f"{INDEX}/") and id_.removeprefix(f"{INDEX}/").isdigit())


def _text(source: str, number: int, title: str, notes: Sequence[str]) -> str:
    note = ImportedNote(_id(number), title, "\n".join(map(_line, notes)))
    return rendered(note, source, title, lambda target: target)


def _line(path: str) -> str:
    return f"- [[{path}]]"


def _id(number: int) -> str:
    return INDEX if number == 1 else f"{INDEX}/{number}"
