"""Taking back what a turn wrote, note by note, and leaving alone what the human wrote since."""

import secrets
from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Literal

from merge3 import Merge3

from commonplace.vault.disk import version_of
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import NOT_FINISHED, Entry, Journal, JournaledTurn, JournalFailed, Origin
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText
from commonplace.vault.workspace import Workspace

Outcome = Literal["restored", "merged", "unchanged", "conflict", "failed", "gone"]

Bytes = bytes | None
"""A note's bytes; None where there is no note."""

TOGETHER = 50
"""Notes that are looked at, and deleted, in one go."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of one note.

    "restored": it is as before the turn. "merged": the turn's lines are taken back and what was written since is
    kept. "unchanged": it was so already. "conflict": the same lines were changed since, so nothing was done.
    "failed": the note could not be reached. "gone": the journal no longer keeps the text from before.
    """

    path: str
    outcome: Outcome
    now: str | None = None
    """The note's text, where nothing could be done; None where there is no note."""
    wanted: str | None = None
    """The text from before the turn, where nothing could be done; None where there was no note."""
    reason: str | None = None
    """Why, where it failed."""


class _Overlap(Exception):
    """The same lines were changed since."""


class _Gone(Exception):
    """The journal keeps the text no longer."""


@dataclass(frozen=True, slots=True)
class UndoneTurn:
    """What became of a turn."""

    turn: str
    """The name of the undo, which is a turn of its own in the journal and can be undone as well."""
    notes: list[Undone]


async def _nothing_else(_: Origin, notes: list[Undone]) -> list[Undone]:
    return notes


async def undo(
    workspace: Workspace,
    journal: Journal,
    turn: JournaledTurn,
    only: Collection[str] | None = None,
    *,
    moved: Mapping[str, str] | None = None,
    as_written: Callable[[bytes], bytes] = lambda data: data,
    rest: Callable[[Origin, list[Undone]], Awaitable[list[Undone]]] = _nothing_else,
    progress: Callable[[int, int], None] = lambda _, __: None,
) -> UndoneTurn:
    """Undo the writes of a turn, note by note; what cannot be undone is left as it is.

    Until all of it is done it does not count as the undo of the turn: where a crash cuts it off, the next undo of
    the turn goes on with it, under its name.

    Args:
        workspace: the notes.
        journal: what stood in them before.
        turn: the turn.
        only: the paths of the notes to undo; None for all that the turn wrote.
        moved: where notes are now that are known to have moved.
        as_written: a note's bytes with its links to those spelled as the turn did.
        rest: what else belongs to it, done at its end under its origin; gives back what became of the notes.
        progress: told again and again how many notes are done, and of how many.

    """
    root = workspace.vault.root
    name = (journal.cut_off_undo(root, turn.turn) if only is None else None) or f"undo-{secrets.token_hex(4)}"
    said = NOT_FINISHED if only is None else f"Undo only {', '.join(only)}"
    origin = Origin(turn=name, asked=said, undoes=turn.turn)
    paths = dict.fromkeys(entry.path for entry in turn.entries if only is None or entry.path in only)
    steps: dict[str, list[Entry]] = {path: [] for path in paths}
    for entry in turn.entries:
        if entry.path in steps:
            steps[entry.path].append(entry)
    todo = [(NotePath((moved or {}).get(path, path)), steps[path]) for path in paths]
    notes: list[Undone] = []
    for start in range(0, len(todo), TOGETHER):
        progress(start, len(todo))
        notes += await _undo_some(workspace, journal, todo[start : start + TOGETHER], origin, as_written)
    notes = await rest(origin, notes)
    with suppress(JournalFailed):
        journal.finish_undo(root, name)
    return UndoneTurn(name, notes)


def latest_to_undo(journal: Journal, root: Path, last: int) -> list[JournaledTurn]:
    """The last turns that are in force: neither an undo nor undone; the newest first."""
    undone = journal.undone(root)
    in_force = (turn for turn in journal.each_turn(root) if not turn.origin.undoes and turn.turn not in undone)
    return list(islice(in_force, last))


async def _undo_some(
    workspace: Workspace,
    journal: Journal,
    todo: Sequence[tuple[NotePath, Sequence[Entry]]],
    origin: Origin,
    as_written: Callable[[bytes], bytes],
) -> list[Undone]:
    going: dict[NotePath, bytes] = {}
    notes = [await _undo_note(workspace, journal, *each, origin, as_written, going) for each in todo]
    versions = {path: version_of(data) for path, data in going.items()}
    refused = {path.value: (path, error) for path, error in (await workspace.delete_together(versions, origin)).items()}
    for index, note in enumerate(notes):
        if note.path in refused:
            path, error = refused[note.path]
            notes[index] = Undone(note.path, "failed", _text(going[path]), reason=error.plain)
    return notes


async def _undo_note(
    workspace: Workspace,
    journal: Journal,
    path: NotePath,
    steps: Sequence[Entry],
    origin: Origin,
    as_written: Callable[[bytes], bytes],
    going: dict[NotePath, bytes],
) -> Undone:
    """Undo one note; one that is to be deleted is put to those that are ``going`` instead."""
    name = path.value
    present: Bytes = None
    wanted: Bytes = None
    try:
        wanted = _content(journal, steps[0].before)
        present = await workspace.bytes_of(path)
        result, merged = _taken_back(journal, steps, None if present is None else as_written(present))
        if result == present:
            return Undone(name, "unchanged")
        if result is None and present is not None:
            going[path] = present
        else:
            await workspace.restore(path, result, None if present is None else version_of(present), origin)
        return Undone(name, "merged" if merged else "restored")
    except _Gone:
        return Undone(name, "gone")
    except _Overlap:
        return Undone(name, "conflict", _text(present), _text(wanted))
    except VaultError as error:
        return Undone(name, "failed", _text(present), _text(wanted), error.plain)


def _taken_back(journal: Journal, steps: Sequence[Entry], present: Bytes) -> tuple[Bytes, bool]:
    """The note without the turn's writes, the last first; whether something else was merged in.

    Between two writes of a turn the human may have written too; so each run of writes that follow each other is
    taken back for itself.
    """
    result, merged = present, False
    for first, last in _runs(steps):
        version = None if result is None else version_of(result)
        if version == first.before:
            continue
        if version == last.after:
            result = _content(journal, first.before)
        else:
            result = _merge(_content(journal, last.after), result, _content(journal, first.before))
            merged = True
    return result, merged


def _runs(steps: Sequence[Entry]) -> Iterator[tuple[Entry, Entry]]:
    """First and last of each run of writes of which each began where the one before it ended; the last run first."""
    runs: list[tuple[Entry, Entry]] = []
    for entry in steps:
        if runs and runs[-1][1].after == entry.before:
            runs[-1] = (runs[-1][0], entry)
        else:
            runs.append((entry, entry))
    return reversed(runs)


def _merge(base: Bytes, present: Bytes, wanted: Bytes) -> bytes:
    """What was written since, and the turn's writes taken back, in one.

    Texts are merged, since an editor's buffer has other line endings than the file that it is saved to; the note
    keeps those that it has now.
    """
    if base is None or present is None or wanted is None:
        raise _Overlap
    try:
        old, new, without = (NoteText.decode(data).text.split("\n") for data in (base, present, wanted))
    except UnicodeDecodeError:
        raise _Overlap from None
    lines: list[str] = []
    for group in Merge3(old, new, without).merge_groups():
        lines += _beside(group[1], group[2], group[3]) if group[0] == "conflict" else group[1]
    return NoteText.decode(present).encode("\n".join(lines))


def _beside(base: Sequence[str], present: Sequence[str], wanted: Sequence[str]) -> Sequence[str]:
    """The lines of a region in which both sides changed something, where no line was changed by both.

    Merge3 calls changes that only touch a conflict, as facts that stand under each other often do.
    """
    lines: list[str] = []
    at = 0
    inserted_at = -1
    for start, end, new in sorted({*_hunks(base, present), *_hunks(base, wanted)}):
        if start < at or start == end == inserted_at:
            raise _Overlap
        lines += [*base[at:start], *new]
        at, inserted_at = end, start if start == end else -1
    return [*lines, *base[at:]]


def _hunks(base: Sequence[str], side: Sequence[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """First and last line in the base of each change, and what stands there instead."""
    for tag, first, last, begin, end in SequenceMatcher(None, base, side, autojunk=False).get_opcodes():
        if tag != "equal":
            yield first, last, tuple(side[begin:end])


def _content(journal: Journal, version: str | None) -> Bytes:
    if version is None:
        return None
    data = journal.content(version)
    if data is None:
        raise _Gone
    return data


def _text(data: Bytes) -> str | None:
    if data is None:
        return None
    try:
        return NoteText.decode(data).text
    except UnicodeDecodeError:
        return f"({len(data):,} bytes that are no text)"
