"""Two renames that a plain one cannot replace: exchange two names at once, and take a name only if it is free.

Linux ``renameat2(2)``, macOS ``renamex_np(2)``, Windows ``ReplaceFileW``.
"""

import ctypes
import errno
import os
import secrets
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path

_AT_FDCWD = -100
_LINUX_NOREPLACE, _LINUX_EXCHANGE = 1, 2
_DARWIN_SWAP, _DARWIN_EXCL = 2, 4

_UNABLE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
"""How a file system says that it has no such rename."""

TEMPORARY = ".~{name}.{token}{random}.tmp"
PROCESS = secrets.token_hex(4)
"""Stands in the names of this process's temporary files, so that a sweep leaves those in use alone."""


def temporary_beside(place: Path) -> Path:
    """A name for a temporary file in the same folder; names are cut, since file systems take 255 bytes."""
    name = place.name.encode()[:120].decode(errors="ignore")
    return place.with_name(TEMPORARY.format(name=name, token=PROCESS, random=secrets.token_hex(4)))


def exchange(one: Path, other: Path) -> bool:
    """Let the two files change names in one step; False where this system or file system cannot.

    Raises:
        OSError: nothing was exchanged.

    """
    if sys.platform == "win32":
        return _exchange_windows(one, other)
    return _rename_with(one, other, _LINUX_EXCHANGE if sys.platform == "linux" else _DARWIN_SWAP)


def rename_new(source: Path, target: Path) -> None:
    """Rename a file, never over something.

    Raises:
        FileExistsError: the target's name is taken.
        OSError.

    """
    if sys.platform == "win32":
        source.rename(target)
    elif not _rename_with(source, target, _LINUX_NOREPLACE if sys.platform == "linux" else _DARWIN_EXCL):
        if target.exists() or target.is_symlink():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
        source.rename(target)


def _rename_with(source: Path, target: Path, flag: int) -> bool:
    rename = _rename_function()
    if rename is None:
        return False
    if rename(os.fsencode(source), os.fsencode(target), flag) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNABLE:
        return False
    raise OSError(number, os.strerror(number), str(source), None, str(target))


@cache
def _rename_function() -> Callable[[bytes, bytes, int], int] | None:
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            rename = library.renameat2
            return lambda source, target, flag: rename(_AT_FDCWD, source, _AT_FDCWD, target, flag)
        if sys.platform == "darwin":
            return library.renamex_np
    return None


def _exchange_windows(one: Path, other: Path) -> bool:
    """``ReplaceFileW`` keeps what it displaces under a third name, which then gets the first one's."""
    if sys.platform != "win32":
        return False
    displaced = temporary_beside(other)
    if not ctypes.windll.kernel32.ReplaceFileW(str(other), str(one), str(displaced), 0, None, None):
        raise ctypes.WinError()
    displaced.rename(one)
    return True
