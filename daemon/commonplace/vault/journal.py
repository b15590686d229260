"""What every write replaced, kept outside the vault, so that it can be undone.

A write is recorded before it is done: first both texts by their content, then a line in the log, each synced.
A line that was not followed by its write is harmless, since undo looks at what stands in the note.
"""

import json
import os
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from commonplace.vault.disk import sync_folder, version_of
from commonplace.vault.path import NotePath

KEEP_DAYS = 90
KEEP_BYTES = 500_000_000
"""The journal keeps as long and as much as this by default, the newest first."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Why a write was done."""

    session: str = ""
    turn: str = ""
    asked: str = ""
    """The user's sentence."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: the versions of the note before and after it; None where there was or is no note."""

    number: int
    time: float
    """Seconds since 1970."""
    vault: str
    path: str
    before: str | None
    after: str | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class JournaledTurn:
    """The writes of one turn, in order."""

    turn: str
    time: float
    asked: str
    entries: tuple[Entry, ...] = field(default=())

    def net(self) -> Iterator[tuple[str, str | None, str | None]]:
        """For each note: its path, its version before the turn and after it."""
        first: dict[str, str | None] = {}
        last: dict[str, str | None] = {}
        for entry in self.entries:
            first.setdefault(entry.path, entry.before)
            last[entry.path] = entry.after
        for path, after in last.items():
            if first[path] != after:
                yield path, first[path], after


class Journal:
    """The record of writes in one folder. Safe to use from several threads of one process."""

    def __init__(self, folder: Path) -> None:
        self._objects = folder / "objects"
        self._log = folder / "log.jsonl"
        self._lock = threading.Lock()
        self._objects.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder.chmod(0o700)
        self._next = max((entry.number for entry in self._entries()), default=0) + 1

    def intend(self, root: Path, path: NotePath, before: bytes | None, after: bytes | None, origin: Origin) -> Entry:
        """Record a write that is about to be done; it is on disk when this returns.

        Raises:
            OSError: it could not be recorded, so the write must not be done.

        """
        with self._lock:
            versions = [None if data is None else self._keep(data) for data in (before, after)]
            entry = Entry(self._next, time.time(), str(root), path.value, versions[0], versions[1], origin)
            self._append({"entry": asdict(entry)})
            self._next += 1
        return entry

    def abandon(self, entry: Entry) -> None:
        """Record that a write was not done after all."""
        with self._lock:
            self._append({"abandoned": entry.number})

    def content(self, version: str) -> bytes | None:
        """The bytes of that version; None where they are no longer kept."""
        try:
            return self._place(version).read_bytes()
        except OSError:
            return None

    def turns(self, root: Path) -> list[JournaledTurn]:
        """The turns that wrote to the vault, the newest first."""
        found: dict[str, list[Entry]] = {}
        for entry in self._entries():
            if entry.vault == str(root):
                found.setdefault(entry.origin.turn, []).append(entry)
        turns = [
            JournaledTurn(turn, entries[0].time, entries[0].origin.asked, tuple(entries))
            for turn, entries in found.items()
        ]
        return sorted(turns, key=lambda turn: turn.entries[-1].number, reverse=True)

    def prune(self, *, days: float = KEEP_DAYS, most_bytes: int = KEEP_BYTES) -> int:
        """Forget what is older or beyond the size; the number of entries that went."""
        with self._lock:
            entries = list(self._entries())
            kept = self._worth_keeping(entries, time.time() - days * 86_400, most_bytes)
            if len(kept) == len(entries):
                return 0
            self._rewrite(kept)
            self._drop_objects({version for entry in kept for version in (entry.before, entry.after) if version})
            return len(entries) - len(kept)

    def _worth_keeping(self, entries: Sequence[Entry], oldest: float, most_bytes: int) -> list[Entry]:
        kept: list[Entry] = []
        counted: set[str] = set()
        size = 0
        for entry in reversed(entries):
            fresh = {version for version in (entry.before, entry.after) if version} - counted
            size += sum(self._size(version) for version in fresh)
            counted |= fresh
            if entry.time < oldest or size > most_bytes:
                break
            kept.append(entry)
        return kept[::-1]

    def _entries(self) -> Iterator[Entry]:
        """The entries that were not abandoned. A torn last line, left by a crash, is passed over."""
        abandoned: set[int] = set()
        entries: list[Entry] = []
        for line in self._lines():
            try:
                record = json.loads(line)
                if "abandoned" in record:
                    abandoned.add(record["abandoned"])
                else:
                    entries.append(_entry(record["entry"]))
            except (ValueError, KeyError, TypeError):
                continue
        return (entry for entry in entries if entry.number not in abandoned)

    def _lines(self) -> list[str]:
        try:
            return self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []

    def _keep(self, data: bytes) -> str:
        version = version_of(data)
        place = self._place(version)
        if not place.exists():
            place.parent.mkdir(exist_ok=True, mode=0o700)
            temporary = place.with_suffix(f".{os.getpid()}.tmp")
            with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(place)
            sync_folder(place.parent)
        return version

    def _place(self, version: str) -> Path:
        return self._objects / version[:2] / version

    def _size(self, version: str) -> int:
        try:
            return self._place(version).stat().st_size
        except OSError:
            return 0

    def _append(self, record: object) -> None:
        line = json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"
        descriptor = os.open(self._log, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            torn = (
                os.lseek(descriptor, 0, os.SEEK_END) > 0
                and os.pread(descriptor, 1, os.fstat(descriptor).st_size - 1) != b"\n"
            )
            os.write(descriptor, (("\n" if torn else "") + line).encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _rewrite(self, kept: Sequence[Entry]) -> None:
        temporary = self._log.with_suffix(".tmp")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.writelines(json.dumps({"entry": asdict(entry)}, ensure_ascii=False) + "\n" for entry in kept)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(self._log)

    def _drop_objects(self, wanted: set[str]) -> None:
        for place in self._objects.glob("*/*"):
            if place.name not in wanted:
                place.unlink(missing_ok=True)


def _entry(values: dict[str, Any]) -> Entry:
    origin = Origin(**values.pop("origin"))
    return Entry(**values, origin=origin)
