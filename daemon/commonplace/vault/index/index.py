"""The index of one vault: followed in the background, asked from anywhere."""

import hashlib
import re
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from commonplace.vault.index.answers import Answers
from commonplace.vault.index.follower import Follower, Pace
from commonplace.vault.index.progress import Progress
from commonplace.vault.index.watcher import Hint, Watch, watch
from commonplace.vault.path import NotePath

_SETTLE_SECONDS = 1.0
_LOOKING_SECONDS = 5.0
"""The first look at the folders of 100,000 notes takes less, and a walk in its place more."""
_FRESH_SECONDS = 1.0
"""A look at all folders is believed for so long where there are no events."""

T = TypeVar("T")


class NotReady(Exception):
    """The index cannot answer now; whoever asks looks at the vault itself."""


class Index:
    """What the whole vault holds. It never has the last word: an answer is looked up on disk before it counts."""

    def __init__(
        self,
        root: Path,
        place: Path,
        *,
        pace: Pace | None = None,
        watch_folder: Callable[[Path, Hint], Watch] = watch,
        told: Callable[[Progress], None] = lambda _: None,
    ) -> None:
        """Keep an index of the vault at ``root`` in the file ``place``; nothing happens before ``start``.

        ``told`` is called from another thread whenever the progress changes.
        """
        self.root = root
        self._place = place
        self._follower = Follower(root, place, pace=pace, watch_folder=watch_folder, told=told)
        self._answers: Answers | None = None
        self._epoch = 0
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to follow the vault, in a thread."""
        self._follower.start()

    def close(self) -> None:
        """End the thread and close the file."""
        self._follower.close()
        self._drop_answers()

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._follower.progress

    def wrote(self, path: NotePath) -> None:
        """A note was just written or deleted by us."""
        self._follower.hints.add(path.value)

    def rebuild(self) -> None:
        """Throw the file away and make it again, so that nothing of what was deleted is left in it."""
        self._follower.start_anew()

    def settle(self, *, listed: bool = False) -> bool:
        """Whether the index knows all that the system has told; waits a little for what is on its way.

        Where there are no events, a look at all folders takes their place. With ``listed`` it is enough that it
        knows every note's path and has read the memory's notes; other notes may still be unread.
        """
        progress = self.progress
        if progress.phase in ("away", "stopped") or (progress.phase == "reading" and not listed):
            return False
        if progress.mode == "polling" and time.time() - (progress.looked or 0.0) > _FRESH_SECONDS:
            self._follower.hints.ask_rescan()
        patience = _LOOKING_SECONDS if progress.phase == "looking" else _SETTLE_SECONDS
        settled = self._follower.hints.settle(patience)
        return settled and self.progress.phase in (("ready", "reading") if listed else ("ready",))

    def catch_up(self, patience: float) -> bool:
        """Look at all folders, and wait at most so many seconds until every note is read and none is suspected gone.

        Whether so; then renames are known, those too of which the system has yet to tell.
        """
        until = time.monotonic() + patience
        self._follower.hints.ask_rescan()
        while not (self.settle() and self._follower.is_certain):
            if time.monotonic() > until or self.progress.phase in ("away", "stopped"):
                return False
            time.sleep(0.02)
        return True

    def ask(self, question: Callable[[Answers], T]) -> T:
        """Answer a question from what is indexed so far.

        Raises:
            NotReady: the file cannot be read; damage leads to a new one.

        """
        try:
            return question(self._opened())
        except sqlite3.Error as error:
            self._drop_answers()
            if not isinstance(error, sqlite3.OperationalError) or "malformed" in str(error):
                self._follower.start_anew()
            raise NotReady(str(error)) from error

    def _opened(self) -> Answers:
        with self._lock:
            if self._answers is not None and self._epoch != self._follower.epoch:
                self._answers.close()
                self._answers = None
            if self._answers is None:
                self._epoch = self._follower.epoch
                self._answers = Answers(self._place)
            return self._answers

    def _drop_answers(self) -> None:
        with self._lock:
            if self._answers is not None:
                self._answers.close()
                self._answers = None


def index_file(folder: Path, root: Path) -> Path:
    """Where the index of the vault at ``root`` lies in the folder of all indexes."""
    readable = re.sub(r"[^\w-]+", "_", root.name)[:40]
    return folder / f"{readable}-{hashlib.sha256(str(root).encode('utf-8', 'surrogatepass')).hexdigest()[:12]}.db"
