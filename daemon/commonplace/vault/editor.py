"""The seam for notes that are open in an editor: what it tells, and how an edit reaches it."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Protocol

from commonplace.vault.path import NotePath


class EditorConflict(Exception):
    """The buffer is not the text that the edit was made for; nothing was changed."""


@dataclass(frozen=True, slots=True)
class TextEdit:
    """The characters from ``start`` up to ``end`` become ``text``; places count in the buffer before any edit."""

    start: int
    end: int
    text: str


class Editor(Protocol):
    """The app in which a vault's notes are open, such as a connected Obsidian.

    Its methods may take as long as they like: who waits for one holds nothing, and gives up after a while. One
    that cannot say what became of an edit raises OSError, as a connection that broke does.
    """

    def holds(self, path: NotePath) -> bool:
        """Whether the note is open in it."""
        ...

    async def text(self, path: NotePath) -> str | None:
        """The open note as it is in the editor, saved or not; None where it is open no more."""
        ...

    async def apply(self, path: NotePath, before: str, edits: Sequence[TextEdit]) -> None:
        """Change the open note, if its text is ``before``.

        Raises:
            EditorConflict: it has another, or is open no more.

        """
        ...


def edits_between(before: str, after: str) -> tuple[TextEdit, ...]:
    """The edits that turn one text into the other, by whole lines, in order; what stays is not touched."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return tuple(
        TextEdit(starts[first], starts[last], "".join(new[begin:end]))
        for tag, first, last, begin, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    )


def applied(text: str, edits: Sequence[TextEdit]) -> str:
    """The text after the edits."""
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text
