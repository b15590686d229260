"""Follows a vault: looks, reads what changed, and keeps the index up with it, in a thread of its own."""

import logging
import os
import sqlite3
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from commonplace.vault.conventions import ENTITIES, USER_NOTE
from commonplace.vault.errors import PathRefused
from commonplace.vault.index.absent import Absent
from commonplace.vault.index.entry import State
from commonplace.vault.index.hints import Hints
from commonplace.vault.index.progress import Progress
from commonplace.vault.index.reading import Reading, read_note
from commonplace.vault.index.scan import Look, look
from commonplace.vault.index.store import Store
from commonplace.vault.index.surroundings import Surroundings
from commonplace.vault.index.watcher import Hint, Watch, watch
from commonplace.vault.path import NotePath, locate

logger = logging.getLogger(__name__)

_BATCH_SECONDS = 0.4
_BATCH_GROUPS = 5
_GROUP_NOTES = 100
_GROUP_BYTES = 2_000_000
_MOST_UNREADABLE = 20
_FULL = frozenset({sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN})


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a follower looks, in seconds."""

    rescan: float = 180.0
    """All folders, since events may have been lost."""
    poll: float = 5.0
    """All folders, where there are no events; large vaults take twenty times as long as one look takes."""
    alive: float = 1.0
    """Whether the vault's folder is there, and whether the machine slept."""
    retry: float = 30.0
    """After the index could not be written."""


class Follower:
    """Keeps one index up with one vault. Start it once; close it once."""

    def __init__(
        self,
        root: Path,
        place: Path,
        *,
        pace: Pace | None = None,
        watch_folder: Callable[[Path, Hint], Watch] = watch,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        self.hints = Hints()
        self.progress = Progress()
        self._around = Surroundings(root, watch_folder, self.hints.add)
        self._root = root
        self._place = place
        self._pace = pace or Pace()
        self._told = told
        self._pending: deque[NotePath] = deque()
        self._absent = Absent(root)
        self._rescan_at = 0.0
        self._anew = threading.Event()
        self._edits = 0
        self.epoch = 0
        """Counts how often the file was made again; who has it open for reading opens it anew."""
        self._thread = threading.Thread(target=self._run, name="commonplace-index", daemon=True)

    def start(self) -> None:
        """Begin to follow."""
        self._thread.start()

    def close(self) -> None:
        """End, once the notes in hand are written."""
        self.hints.close()
        self._thread.join(10.0)

    @property
    def is_certain(self) -> bool:
        """Whether no note is suspected to be gone, or to have another name."""
        return not self._absent

    def start_anew(self) -> None:
        """Throw the index away and make it again."""
        self._anew.set()
        self.hints.ask_rescan()

    def _run(self) -> None:
        while not self.hints.closed:
            try:
                with closing(Store(self._place)) as store:
                    self._follow(store)
                if self._anew.is_set():
                    self._throw_away("asked for")
            except sqlite3.DatabaseError as error:
                if getattr(error, "sqlite_errorcode", 0) & 0xFF in _FULL:
                    self._stopped(f"The index cannot be written: {error}.")
                else:
                    self._throw_away(type(error).__name__)
            except OSError as error:
                self._stopped(f"The index cannot be written: {error.strerror}.")
            except Exception as error:
                self._stopped(f"The index had to stop: {type(error).__name__} at {_place_of(error)}.")
            finally:
                self._around.end_watch()

    def _throw_away(self, reason: str) -> None:
        logger.warning("the index %s is made again: %s", self._place.name, reason)
        for suffix in ("", "-wal", "-shm"):
            self._place.with_name(self._place.name + suffix).unlink(missing_ok=True)
        self._anew.clear()
        self.epoch += 1

    def _stopped(self, warning: str) -> None:
        logger.warning("the index %s rests: %s", self._place.name, warning)
        self._tell(phase="stopped", warning=warning)
        self.hints.wait(self._pace.retry, lambda: False)

    def _follow(self, store: Store) -> None:
        self._pending.clear()
        self._absent.clear()
        self._rescan_at = 0.0
        self._tell(phase="looking")
        while not (self.hints.closed or self._anew.is_set()):
            if not self._around.root_stands():
                self._tell(phase="away", warning=f"The vault's folder {self._root} is not there.")
                self.hints.take()
                self.hints.wait(self._pace.alive, lambda: False)
                continue
            hints, rescan = self.hints.take()
            if self._around.changed() or rescan or time.monotonic() >= self._rescan_at:
                self._look_at_all(store)
            for path in hints:
                self._look_at(store, path)
            if self._pending:
                self._read_batch(store)
            else:
                self._believe_absence(store)
            self._rest(store)

    def _rest(self, store: Store) -> None:
        known = store.count()
        if self._pending:
            self._tell(phase="reading", done=max(0, known - len(self._pending)), total=known)
            self.hints.wait(0.0, lambda: True)
            return
        self._tell(phase="ready", done=known, total=known, edits=self._edits)
        if store.is_worn:
            self.start_anew()
        until = min(self._rescan_at, self._absent.next_look) - time.monotonic()
        self.hints.wait(max(0.0, min(until, self._pace.alive)), lambda: True)

    def _look_at_all(self, store: Store) -> None:
        began = time.monotonic()
        warning = self._around.watch()
        self._tell(mode="polling" if warning else "events", warning=warning)
        if self.progress.phase in ("away", "stopped"):
            self._tell(phase="looking")
        self._pending.clear()
        unreadable = self._look_below(store, "")
        took = time.monotonic() - began
        self._rescan_at = time.monotonic() + (
            max(self._pace.poll, 20 * took) if self.progress.mode == "polling" else self._pace.rescan
        )
        self._tell(total=store.count(), looked=time.time(), unreadable=tuple(unreadable[:_MOST_UNREADABLE]))

    def _look_below(self, store: Store, start: str) -> list[str]:
        """Look at a folder and all below it; the folders that could not be read."""
        unreadable: list[str] = []
        gone = store.folders_below(start) | {start}
        folders = [start]
        while folders and not self.hints.closed:
            folder = folders.pop()
            known = store.known_in(folder)
            gone.discard(folder)
            try:
                found = look(self._root, folder, known)
            except OSError:
                unreadable.append(folder)
                gone = {other for other in gone if not other.startswith(f"{folder}/")}
                continue
            folders += found.folders
            self._note(store, found, {path: note.version for path, note in known.items()})
        for folder in gone:
            known = store.known_in(folder)
            self._note(store, Look(missing=list(known)), {path: note.version for path, note in known.items()})
        return unreadable

    def _note(self, store: Store, found: Look, versions: dict[str, bytes | None]) -> None:
        if found.new:
            with store.transaction():
                store.list_new(found.new)
        for path in (*(path for path, _ in found.new), *found.changed):
            (self._pending.appendleft if _is_memory(path) else self._pending.append)(path)
        for name in found.missing:
            self._absent.suspect(name, versions[name])

    def _look_at(self, store: Store, path: str) -> None:
        """Follow a hint: the path may be a note, a folder, or gone."""
        folder, _, name = path.rpartition("/")
        if name.startswith("."):
            path = f"{folder}/{name[1:].removesuffix('.icloud')}".removeprefix("/")
        try:
            note = NotePath.parse(path)
            place = locate(self._root, note)
        except PathRefused:
            self._suspect_below(store, path)
            return
        if os.path.realpath(place.parent) != str(place.parent):
            return
        if place.is_dir() and not place.is_symlink():
            self._look_below(store, note.value)
        elif note.is_markdown:
            self._pending.appendleft(note)
        else:
            self._suspect_below(store, note.value)

    def _suspect_below(self, store: Store, path: str) -> None:
        known = store.known(path)
        if known is not None:
            self._absent.suspect(path, known.version)
        for folder in store.folders_below(path) | {path}:
            for name, note in store.known_in(folder).items():
                self._absent.suspect(name, note.version)

    def _read_batch(self, store: Store) -> None:
        until = time.monotonic() + _BATCH_SECONDS
        with store.transaction():
            for _ in range(_BATCH_GROUPS):
                for path, reading in self._read_group():
                    self._put(store, path, reading)
                if not self._pending or time.monotonic() >= until or self.hints.closed or self.hints.hurried:
                    break

    def _read_group(self) -> list[tuple[NotePath, Reading | None]]:
        """Read a few notes before the first of them is put: by turns, both would wait for the processor's cache."""
        group: list[tuple[NotePath, Reading | None]] = []
        size = 0
        while self._pending and len(group) < _GROUP_NOTES and size < _GROUP_BYTES:
            path = self._pending.popleft()
            try:
                reading = read_note(self._root, path)
            except (OSError, PathRefused):
                reading = None
            group.append((path, reading))
            size += reading.stamp.size if reading else 0
        return group

    def _put(self, store: Store, path: NotePath, reading: Reading | None) -> None:
        """Put a note as it was read; what could not be read is listed, and what is gone is for the second look."""
        known = store.known(path.value)
        if reading is None:
            if known is not None:
                self._absent.suspect(path.value, known.version)
        elif reading.entry is None:
            store.list_only(path, reading.stamp, known, reading.state)
        elif known is not None and known.version == reading.entry.version:
            store.restamp(path.value, reading.stamp)
        else:
            store.put(reading.entry, reading.stamp, known)
            self._edits += 1
            if known is None or known.state is State.UNREAD:
                self._absent.appeared(path.value, reading.entry.version)

    def _believe_absence(self, store: Store) -> None:
        gone = self._absent.take()
        if not gone:
            return
        self._edits += len(gone)
        with store.transaction():
            for path, new in gone:
                store.remove(path)
                if new is not None:
                    store.remember_rename(path, new)
        self._tell(total=store.count(), done=store.count())

    def _tell(self, **changes: object) -> None:
        progress = replace(self.progress, **changes)  # pyright: ignore[reportArgumentType]  (the fields' own types)
        if progress != self.progress:
            self.progress = progress
            self._told(progress)


def _is_memory(path: NotePath) -> bool:
    """Whether the note is read before others: turns ask for these while the rest is still read."""
    return path.name == USER_NOTE or ENTITIES in path.parts[:-1]


def _place_of(error: Exception) -> str:
    """Where it was raised; its message stays out of sight, since it may hold text of a note."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
