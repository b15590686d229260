"""Events of the file system, as hints of where to look. What they say is never believed."""

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

_EVENTS: list[type[FileSystemEvent]] = [
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
]
"""Not the events of reading: our own reads would raise them."""

Hint = Callable[[str], None]
"""Called, from another thread, with a path relative to the vault, with "/"."""


class WatchFailed(Exception):
    """The system gives no events; the text says why, and what can be done."""


class Watch(Protocol):
    """Events that come until they are stopped."""

    @property
    def is_alive(self) -> bool:
        """Whether events still come."""
        ...

    def stop(self) -> None:
        """End them."""
        ...


def watch(root: Path, hint: Hint) -> Watch:
    """Call ``hint`` for whatever changes below ``root``, until it is stopped.

    Raises:
        WatchFailed.

    """
    watching = _start(root, _Handler(str(root), hint))
    try:
        check_watches()
    except WatchFailed:
        watching.stop()
        raise
    return watching


def check_watches() -> None:
    """Make sure that the system had a watch for every folder, and has one more.

    watchdog passes over a folder that it cannot watch, so the limit is met by asking for one watch too many.

    Raises:
        WatchFailed.

    """
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        _start(Path(folder), FileSystemEventHandler()).stop()


def _start(root: Path, handler: FileSystemEventHandler) -> Watch:
    observer = Observer()
    try:
        observer.schedule(handler, str(root), recursive=True, event_filter=_EVENTS)
        observer.start()
    except OSError as error:
        raise WatchFailed(_reason(error)) from error
    return _Observed(observer)


class _Observed:
    def __init__(self, observer: BaseObserver) -> None:
        self._observer = observer

    @property
    def is_alive(self) -> bool:
        return self._observer.is_alive() and all(emitter.is_alive() for emitter in self._observer.emitters)

    def stop(self) -> None:
        self._observer.stop()
        self._observer.join(2.0)


class _Handler(FileSystemEventHandler):
    def __init__(self, root: str, hint: Hint) -> None:
        self._root = root
        self._hint = hint

    def dispatch(self, event: FileSystemEvent) -> None:
        for path in (event.src_path, event.dest_path):
            if path:
                self._tell(os.fsdecode(path), is_folder=event.is_directory)

    def _tell(self, path: str, *, is_folder: bool) -> None:
        inside = os.path.relpath(path, self._root).replace(os.sep, "/")
        parts = inside.split("/")
        if any(part.startswith(".") for part in parts[:-1]) or parts[-1] in ("", ".", ".."):
            return
        name = parts[-1].lower()
        if (is_folder and name[0] != ".") or name.endswith((".md", ".md.icloud")):
            self._hint(inside)


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EMFILE):
        return (
            "The system has no file watches left, so changes are looked for every few seconds instead. "
            "On Linux raise fs.inotify.max_user_watches and fs.inotify.max_user_instances."
        )
    return f"The system gives no file events ({error.strerror}), so changes are looked for every few seconds instead."
