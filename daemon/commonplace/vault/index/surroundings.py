"""What a follower stands on: the vault's folder, the system's events, a machine that may have slept."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

from commonplace.vault.index.watcher import Hint, Watch, WatchFailed, check_watches

logger = logging.getLogger(__name__)


class Surroundings:
    """Says whether the folder is there, whether events come, and whether all must be looked at again."""

    def __init__(self, root: Path, watch_folder: Callable[[Path, Hint], Watch], hint: Hint) -> None:
        self._root = root
        self._watch_folder = watch_folder
        self._hint = hint
        self._watch: Watch | None = None
        self._root_id: tuple[int, int] | None = None
        self._clocks = (time.time(), time.monotonic())
        self._is_other = False
        self._was_warned = False

    def root_stands(self) -> bool:
        """Whether the vault's folder is there."""
        try:
            found = self._root.stat()
        except OSError:
            self._root_id = None
            self.end_watch()
            return False
        if self._root_id != (found.st_dev, found.st_ino):
            self._root_id = (found.st_dev, found.st_ino)
            self._is_other = True
            self.end_watch()
        return True

    def changed(self) -> bool:
        """Whether another folder stands in the vault's place, or the machine slept, since the last call."""
        is_other, self._is_other = self._is_other, False
        before, self._clocks = self._clocks, (time.time(), time.monotonic())
        wall, own = (now - then for now, then in zip(self._clocks, before, strict=True))
        return is_other or abs(wall - own) > 5.0 or own > 60.0

    def watch(self) -> str | None:
        """See that events come; where they do not, what to tell the user."""
        try:
            if self._watch is not None and self._watch.is_alive:
                check_watches()
            else:
                self.end_watch()
                self._watch = self._watch_folder(self._root, self._hint)
        except WatchFailed as error:
            self.end_watch()
            if not self._was_warned:
                logger.warning("vault %s is polled: %s", self._root.name, error)
            self._was_warned = True
            return str(error)
        self._was_warned = False
        return None

    def end_watch(self) -> None:
        """Let no more events come."""
        if self._watch is not None:
            self._watch.stop()
            self._watch = None
