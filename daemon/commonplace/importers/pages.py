"""The index notes of an import: from ``user.md`` a path of links leads to everything that it brought. Pure.

Each import has its own, and fills them with what it writes, batch by batch: whatever cuts it off, what is written
can be reached, and when it is undone they go with it and lead to nothing of another import.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commonplace.importers.base import ImportedNote
from commonplace.importers.rendering import rendered
from commonplace.vault.conventions import ENTITIES
from commonplace.vault.imported import INDEX

MOST_LINES = 1_000
HEADING = "## Imported"


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note to write where none stands."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Addition:
    """Lines for a note that stands: those that it has already are left out."""

    path: str
    lines: Sequence[str]
    heading: str | None = None
    """The section to which they go; unless set, the note's end."""


@dataclass(frozen=True, slots=True)
class IndexWork:
    """What is to be written together with some notes so that they can be reached."""

    new: Sequence[NewNote]
    additions: Sequence[Addition]


class IndexNotes:
    """The index notes of one import, as they fill: the first is linked from ``user.md``, and links the others."""

    def __init__(
        self,
        source: str,
        label: str,
        export: str,
        standing: Mapping[str, tuple[str, str]],
        called: Callable[[str], tuple[str, str]],
        day: date,
    ) -> None:
        """Go on where the import was cut off.

        Args:
            source: its folder in ``entities/``.
            label: what people call it.
            export: what tells this import from another, as the turn's name has it.
            standing: the path and text of its index notes that stand, by their id.
            called: gives a title and a file name that are free.
            day: of today.

        """
        self._source = source
        self._title = f"Imported from {label} on {day}"
        self._called = called
        self._prefix = f"{INDEX}{export}/"
        pages = sorted((int(id_.rpartition("/")[2]), page) for id_, page in standing.items())
        self._number = pages[-1][0] if pages else 0
        self.first = pages[0][1][0] if pages else None
        """The path of the one that leads to all."""
        self._current = pages[-1][1][0] if pages else ""
        self._text = pages[0][1][1] if pages else ""
        self._room = max(0, MOST_LINES - pages[-1][1][1].count("\n- [[")) if pages else 0

    def lead_to(self, paths: Sequence[str]) -> IndexWork:
        """Lead to some more notes."""
        new: list[NewNote] = []
        lines = [_line(path) for path in paths]
        additions = [Addition(self._current, lines[: self._room])] if lines and self._room else []
        lines = lines[self._room :]
        self._room = max(0, self._room - len(paths))
        while lines:
            note = self._page(lines[:MOST_LINES])
            new.append(note)
            self._room = MOST_LINES - len(lines[:MOST_LINES])
            lines = lines[MOST_LINES:]
            self._current = note.path
            if self.first is None:
                self.first = note.path
                additions.append(Addition("user.md", [f"- {self._source}: [[{note.path}]]"], HEADING))
            elif self.first == new[0].path:
                new[0] = NewNote(new[0].path, f"{new[0].text}{_line(note.path)}\n")
            else:
                additions.append(Addition(self.first, [_line(note.path)]))
        return IndexWork(new, additions)

    def is_whole(self, notes: int) -> bool:
        """Whether it says that as many notes are here with all their links."""
        return whole(notes) in self._text.split("\n")

    def _page(self, lines: Sequence[str]) -> NewNote:
        self._number += 1
        page = f", page {self._number}" if self._number > 1 else ""
        title, name = self._called(self._title + page)
        note = ImportedNote(f"{self._prefix}{self._number}", title, "\n".join(lines))
        text = rendered(note, self._source, title, lambda target: target)
        return NewNote(f"{ENTITIES}/{self._source}/{name}.md", text)


def whole(notes: int) -> str:
    """The line that says so."""
    return f"(Whole: {notes:,}, linked with one another.)"


def _line(path: str) -> str:
    return f"- [[{path}]]"
