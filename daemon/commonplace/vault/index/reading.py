"""A note read for the index, with the stamp that its file had."""

import errno
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.errors import PathRefused
from commonplace.vault.index.entry import Entry, State, entry_of
from commonplace.vault.index.store import Stamp
from commonplace.vault.notes import LARGEST_NOTE
from commonplace.vault.path import NotePath, locate

_OFFLINE = 0x1000 | 0x40000 | 0x400000
"""Windows: FILE_ATTRIBUTE_OFFLINE, RECALL_ON_OPEN, RECALL_ON_DATA_ACCESS (OneDrive and its like)."""
_DATALESS = 0x40000000
"""macOS: SF_DATALESS, a file whose content is in the cloud."""
_HAS_PLACEHOLDERS = sys.platform in ("win32", "darwin")
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands at a path."""

    stamp: Stamp
    state: State
    entry: Entry | None = None
    """What it says, if the state is READ."""


def read_note(root: Path, path: NotePath) -> Reading:
    """Read a note once; a placeholder of a sync program is not opened, since that would fetch it.

    Raises:
        FileNotFoundError: neither stands there.
        PathRefused: it leads out of the vault.

    """
    try:
        return _read(path, f"{root}/{path.value}", _FLAGS | _NO_LINK)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.ENOENT, errno.ENOTDIR, errno.EMLINK):
            raise
    place = locate(root, path)
    try:
        return _read(path, str(place), _FLAGS)
    except FileNotFoundError:
        placeholder = place.with_name(f".{place.name}.icloud").stat()
        return Reading(_stamp(placeholder), State.AWAY)


def _read(path: NotePath, place: str, flags: int) -> Reading:
    if _HAS_PLACEHOLDERS and _is_placeholder(found := os.stat(place)):  # noqa: PTH116 (one call a note)
        return Reading(_stamp(found), State.AWAY)
    try:
        descriptor = os.open(place, flags)
    except PermissionError:
        return Reading(_stamp(os.stat(place)), State.UNREADABLE)  # noqa: PTH116 (one call a note)
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise PathRefused(f"{place} is no note.")
        if found.st_size > LARGEST_NOTE:
            return Reading(_stamp(found), State.TOO_LARGE)
        data = _all_of(descriptor, found.st_size)
    finally:
        os.close(descriptor)
    try:
        return Reading(_stamp(found), State.READ, entry_of(path, data))
    except UnicodeDecodeError:
        return Reading(_stamp(found), State.NOT_TEXT)


def _all_of(descriptor: int, size: int) -> bytes:
    """The file to its end, which may have moved since its size was asked."""
    pieces = [os.read(descriptor, size + 1)]
    while pieces[-1]:
        pieces.append(os.read(descriptor, 65_536))
    return b"".join(pieces)


def _is_placeholder(found: os.stat_result) -> bool:
    windows, mac = getattr(found, "st_file_attributes", 0), getattr(found, "st_flags", 0)
    return bool(windows & _OFFLINE or mac & _DATALESS)


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns)
