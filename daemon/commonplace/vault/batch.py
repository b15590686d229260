"""Many notes written together: a crash in the middle is finished at the next start, a failure is taken back."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.disk import (
    TRASH,
    Displaced,
    remove,
    replace_bytes,
    sync_folder,
    version_of,
    write_unlisted,
)
from commonplace.vault.errors import changed_meanwhile, system_errors
from commonplace.vault.journal import Entry, Journal, Origin
from commonplace.vault.notes import Note, Vault
from commonplace.vault.path import NotePath, locate
from commonplace.vault.text import NoteText

SESSION = "import"
"""The session of such writes in the journal; by it ``recovery`` knows what belongs together."""


@dataclass(frozen=True, slots=True)
class _Write:
    path: NotePath
    place: Path
    before: bytes | None
    after: bytes


def write_together(
    vault: Vault, new: Sequence[tuple[NotePath, str]], changed: Sequence[tuple[Note, str]], origin: Origin
) -> set[NotePath]:
    """Write new notes, then new texts of notes that were read; the paths of those that were written.

    Where a note stands already in the place of a new one, it stays. The origin's session is ``SESSION``.

    Raises:
        NoteConflict: a note is no longer the one that was read; nothing was written.
        NoteTooLarge, PathRefused, NoteRefused, JournalFailed: nothing was written, as far as the system let us.

    """
    writes = [*_creations(vault, new), *_changes(vault, changed)]
    if not writes:
        return set()
    done: list[_Write] = []
    with vault.writing, system_errors(writes[0].path):
        folders = list(dict.fromkeys(write.place.parent for write in writes))
        for folder in folders:
            vault.make_folders(folder)
        entries = _intended(vault, writes, origin)
        try:
            for write in writes:
                with suppress(FileExistsError):
                    _put(vault.root, write)
                    done.append(write)
        except BaseException:
            for write in reversed(done):
                with suppress(OSError, Displaced):
                    _take_back(vault.root, write)
            done = []
            raise
        finally:
            for folder in folders:
                sync_folder(folder)
            _record(vault, writes, entries, {write.path.value for write in done})
    return {write.path for write in done}


def put(root: Path, place: Path, before: bytes | None, after: bytes) -> None:
    """Write one note of the vault at ``root``.

    Raises:
        FileExistsError, Displaced: the note is not as ``before`` (None: there is none).
        OSError.

    """
    if before is None:
        write_unlisted(place, after)
    else:
        replace_bytes(place, after, expected=version_of(before), trash=root / TRASH)


def _put(root: Path, write: _Write) -> None:
    try:
        put(root, write.place, write.before, write.after)
    except Displaced:
        raise changed_meanwhile(write.path) from None


def _take_back(root: Path, write: _Write) -> None:
    written = version_of(write.after)
    if write.before is None:
        remove(write.place, expected=written, trash=root / TRASH)
    else:
        replace_bytes(write.place, write.before, expected=written, trash=root / TRASH)


def _creations(vault: Vault, notes: Sequence[tuple[NotePath, str]]) -> Iterator[_Write]:
    for path, text in notes:
        path.check_portable()
        place = locate(vault.root, path)
        if not place.is_symlink() and not place.exists():
            yield _Write(path, place, None, vault.encoded(path, text))


def _changes(vault: Vault, notes: Sequence[tuple[Note, str]]) -> Iterator[_Write]:
    for note, text in notes:
        before = vault.bytes_of(note.path)
        if before is None or version_of(before) != note.version:
            raise changed_meanwhile(note.path)
        after = NoteText.decode(before).encode(text)
        vault.check_size(note.path, len(after))
        if after != before:
            yield _Write(note.path, Path(os.path.realpath(locate(vault.root, note.path))), before, after)


def _intended(vault: Vault, writes: Sequence[_Write], origin: Origin) -> dict[str, Entry]:
    if vault.journal is None:
        return {}
    intended = vault.journal.intend_all(vault.root, [(w.path, w.before, w.after) for w in writes], origin)
    return {entry.path: entry for entry in intended}


def _record(vault: Vault, writes: Sequence[_Write], entries: dict[str, Entry], done: set[str]) -> None:
    """Tell the journal which of the writes were done."""
    journal: Journal | None = vault.journal
    if journal is None:
        return
    rest = [write for write in writes if write.path.value not in done]
    doubt = {write.path.value for write in rest if vault.may_have_become(write.path, write.after)}
    journal.settle(*(entry for path, entry in entries.items() if path in done))
    journal.abandon(*(entries[write.path.value] for write in rest if write.path.value not in doubt))
    journal.leave_open(*(entries[path] for path in doubt))
