"""After a crash: every write that was cut off is finished or taken back, and nobody's bytes are thrown away."""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from commonplace.vault import batch, exchange
from commonplace.vault.disk import (
    TRASH,
    Displaced,
    final_version,
    keep,
    sync_folder,
    temporary_of,
    version_of,
    write_in_place,
)
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import Entry, Journal
from commonplace.vault.path import NotePath, locate


@dataclass(frozen=True, slots=True)
class Recovered:
    """Something that a person may want to know of.

    "put back": bytes that a write had displaced stand in their note again. "kept": bytes that nobody else holds
    are in the trash now. "mended": a note that was half written is as it was before.
    """

    path: str
    """Of the note, or of the file in the trash."""
    what: Literal["put back", "kept", "mended"]


def recover(root: Path, journal: Journal) -> list[Recovered]:
    """Mend what a crash left of the writes that the journal holds in doubt; call it before anything is written.

    Looks at the notes in doubt and their folders only. What cannot be reached now stays in doubt.
    """
    found: list[Recovered] = []
    by_path: dict[str, list[Entry]] = {}
    in_doubt = journal.in_doubt(root)
    undone = journal.undone_notes(root) if in_doubt else {}
    for entry in in_doubt:
        by_path.setdefault(entry.path, []).append(entry)
    for path, entries in by_path.items():
        is_part = entries[-1].origin.session == batch.SESSION and path not in undone.get(entries[-1].origin.turn, ())
        with suppress(OSError, VaultError):
            found += _Doubt(root, journal, entries, is_part=is_part).resolve()
    return found


def sweep(root: Path, journal: Journal) -> list[Recovered]:
    """Look through the whole vault for temporary files of ours that no entry explains, after ``recover``.

    One whose bytes the journal holds is deleted; another goes to the trash.
    """
    found: list[Recovered] = []
    for place in _temporary_files(root):
        with suppress(OSError):
            data = place.read_bytes()
            if not data or journal.content(version_of(data)) is not None:
                place.unlink()
            else:
                kept = keep(place, root / TRASH, temporary_of(place.name) or place.name)
                found.append(Recovered(kept.relative_to(root).as_posix(), "kept"))
    return found


class _Doubt:
    """A note whose newest write may have been cut off; of older ones it may not be known whether they were done."""

    def __init__(self, root: Path, journal: Journal, entries: Sequence[Entry], *, is_part: bool) -> None:
        """``is_part``: the newest write is one of several that belong together, and is done now if it was not."""
        self._is_part = is_part
        self._root = root
        self._journal = journal
        self._entries = entries
        self._entry = entry = entries[-1]
        self._ours = {version for known in entries for version in (known.before, known.after)}
        self._place = Path(os.path.realpath(locate(root, NotePath(entry.path))))
        self._before = None if entry.before is None else journal.content(entry.before)
        self._after = None if entry.after is None else journal.content(entry.after)

    def resolve(self) -> Iterator[Recovered]:
        if self._is_part:
            self._place.parent.mkdir(parents=True, exist_ok=True)
        for temporary in self._temporary_files():
            yield from self._clear(temporary)
        present = self._present()
        if self._is_torn(present):
            yield from self._mend()
            present = self._before
        for entry in self._entries:
            if entry is self._entry and present == self._before != self._after and not self._is_finished():
                self._journal.abandon(entry)
            else:
                self._journal.settle(entry)

    def _is_finished(self) -> bool:
        """Whether the write, which was not done, is done now."""
        if not self._is_part or self._after is None:
            return False
        with suppress(FileExistsError, Displaced):
            batch.put(self._root, self._place, self._before, self._after)
            sync_folder(self._place.parent)
            return True
        return False

    def _temporary_files(self) -> list[Path]:
        with os.scandir(self._place.parent) as entries:
            names = [entry.name for entry in entries]
        return [
            self._place.with_name(name)
            for name in names
            if (note := temporary_of(name)) and self._place.name.startswith(note)
        ]

    def _clear(self, temporary: Path) -> Iterator[Recovered]:
        data = temporary.read_bytes()
        if version_of(data) in self._ours or (self._after or b"").startswith(data):
            temporary.unlink()
            return
        if self._put_back(temporary):
            yield Recovered(self._entry.path, "put back")
        else:
            kept = keep(temporary, self._root / TRASH, self._place.name)
            yield Recovered(kept.relative_to(self._root).as_posix(), "kept")

    def _put_back(self, temporary: Path) -> bool:
        """Give the note the bytes that our write displaced, if it still holds what we wrote."""
        if self._after is None:
            with suppress(FileExistsError):
                exchange.rename_new(temporary, self._place)
                return True
            return False
        if self._present() != self._after or not exchange.exchange(temporary, self._place):
            return False
        if final_version(temporary) == self._entry.after:
            temporary.unlink()
            return True
        exchange.exchange(temporary, self._place)
        return False

    def _is_torn(self, present: bytes | None) -> bool:
        """Whether a write in place stopped half-way: the new text up to somewhere, the old one from there on."""
        if present is None or self._after is None or present in (self._before, self._after):
            return False
        written = _common_start(present, self._after)
        if self._before is None:
            return written > 0 and written == len(present)
        in_place = self._place.stat().st_nlink > 1
        return in_place and written > 0 and present[written:] == self._before[written:]

    def _mend(self) -> Iterator[Recovered]:
        """Write the old text again. A copy of what stands goes to the trash: a human may have written just that."""
        torn = self._place.read_bytes()
        copy = self._place.with_name(f"{self._place.stem} (half written){self._place.suffix}")
        if self._before is None:
            kept = keep(self._place, self._root / TRASH, copy.name)
        else:
            _copy_new(copy, torn)
            kept = keep(copy, self._root / TRASH, copy.name)
            with suppress(Displaced):
                write_in_place(self._place, self._before, expected=version_of(torn))
        yield Recovered(kept.relative_to(self._root).as_posix(), "kept")
        yield Recovered(self._entry.path, "mended")

    def _present(self) -> bytes | None:
        try:
            return self._place.read_bytes()
        except FileNotFoundError:
            return None


def _common_start(one: bytes, other: bytes) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _copy_new(place: Path, data: bytes) -> None:
    with place.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _temporary_files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in files if temporary_of(name) is not None)
