"""Taking back what a turn wrote, note by note, and leaving alone what the human wrote since."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from merge3 import Merge3

from commonplace.vault.disk import version_of
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import Journal, JournaledTurn, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText

Outcome = Literal["restored", "merged", "unchanged", "conflict", "gone"]


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of one note.

    "restored": it is as before the turn. "merged": the turn's lines are taken back and the human's kept.
    "unchanged": it was so already. "conflict": the human changed the same lines, so nothing was done.
    "gone": the journal no longer keeps the text from before.
    """

    path: str
    outcome: Outcome
    now: str | None = None
    """The note's text, where nothing could be done; None where there is no note."""
    wanted: str | None = None
    """The text from before the turn, where nothing could be done."""


def undo(vault: Vault, journal: Journal, turn: JournaledTurn, origin: Origin) -> list[Undone]:
    """Undo the writes of a turn; the undo is journaled under ``origin``, so it can be undone as well.

    A note that cannot be reached is reported as a conflict and left.
    """
    return [_undo_note(vault, journal, path, before, after, origin) for path, before, after in turn.net()]


def find_turn(journal: Journal, root: Path, turn: str) -> JournaledTurn | None:
    """The journaled turn of that name."""
    return next((found for found in journal.turns(root) if found.turn == turn), None)


def _undo_note(
    vault: Vault, journal: Journal, name: str, before: str | None, after: str | None, origin: Origin
) -> Undone:
    path = NotePath(name)
    wanted = None if before is None else journal.content(before)
    if before is not None and wanted is None:
        return Undone(name, "gone")
    present: bytes | None = None
    try:
        present = vault.bytes_of(path)
        version = None if present is None else version_of(present)
        if version == before:
            return Undone(name, "unchanged")
        if version == after:
            vault.restore(path, wanted, after, origin)
            return Undone(name, "restored")
        merged = _merge(None if after is None else journal.content(after), present, wanted)
        if merged is not None:
            vault.restore(path, merged, version, origin)
            return Undone(name, "merged")
    except VaultError:
        pass
    return Undone(name, "conflict", _text(present), _text(wanted))


def _merge(base: bytes | None, present: bytes | None, wanted: bytes | None) -> bytes | None:
    """The human's changes since the turn and the turn's, taken back, in one; None where they overlap."""
    if base is None or present is None or wanted is None:
        return None
    lines = [data.splitlines(keepends=True) for data in (base, present, wanted)]
    merge = Merge3(lines[0], lines[1], lines[2])
    if any(region[0] == "conflict" for region in merge.merge_regions()):
        return None
    return b"".join(merge.merge_lines())


def _text(data: bytes | None) -> str | None:
    if data is None:
        return None
    try:
        return NoteText.decode(data).text
    except UnicodeDecodeError:
        return f"({len(data):,} bytes that are no text)"
