"""Paths to look at, told by several threads to the one that follows the vault."""

import threading
import time
from collections.abc import Callable

SETTLING_SECONDS = 0.05
"""An editor truncates a note and then writes it; a look in between would see it empty."""


class Hints:
    """A queue of paths, each once, and the state of the thread that takes them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._due: dict[str, float] = {}
        self._hurried = False
        self._idle = False
        self._rescan = False
        self._closed = False

    def add(self, path: str) -> None:
        """Look at the path soon; a later hint of the same path puts it off no further."""
        with self._changed:
            self._idle = False
            if path not in self._due:
                self._due[path] = time.monotonic() + SETTLING_SECONDS
                self._changed.notify_all()

    def ask_rescan(self) -> None:
        """Look at everything soon."""
        with self._changed:
            self._idle = False
            self._rescan = True
            self._changed.notify_all()

    def close(self) -> None:
        """Wake whoever waits; nothing more comes."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        """Whether the follower is to end."""
        return self._closed

    @property
    def hurried(self) -> bool:
        """Whether somebody waits for the hints to be followed."""
        return self._hurried

    def settle(self, seconds: float) -> bool:
        """Wait until every hint so far was followed; False when it takes longer."""
        with self._changed:
            if not self._idle:
                self._hurried = True
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._idle or self._closed, seconds)
            return self._idle and not self._closed

    def take(self) -> tuple[list[str], bool]:
        """The paths that are due, and whether everything is to be looked at."""
        with self._changed:
            now = time.monotonic()
            due = [path for path, when in self._due.items() if self._hurried or when <= now]
            for path in due:
                del self._due[path]
            rescan, self._rescan = self._rescan, False
            return due, rescan

    def wait(self, seconds: float, is_idle: Callable[[], bool]) -> None:
        """Wait for a hint to be due, at most so long; who settles is told when nothing is left."""
        with self._changed:
            self._idle = not self._due and not self._rescan and is_idle()
            if self._idle:
                self._hurried = False
                self._changed.notify_all()
            if self._due:
                seconds = 0.0 if self._hurried else min(seconds, min(self._due.values()) - time.monotonic())
            if seconds > 0 and not self._rescan and not self._closed:
                self._changed.wait(seconds)
