"""Files written whole or not at all, and swapped in without losing what came in between."""

import ctypes
import errno
import hashlib
import os
import re
import secrets
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_TEMPORARY = re.compile(r"^\.~.*\.[0-9a-f]{16}\.tmp$", re.DOTALL)
TRASH = ".trash"
"""Where Obsidian keeps deleted notes in a vault."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
"""Linux ``renameat2``; macOS calls it RENAME_SWAP, with the same value, in ``renamex_np``."""


class Displaced(Exception):
    """Something else stood there than was expected; it stands there again."""


def version_of(data: bytes) -> str:
    """SHA-256 (hex) of a note's bytes."""
    return hashlib.sha256(data).hexdigest()


def write_new(place: Path, data: bytes) -> None:
    """Write a file that is not there yet.

    Raises:
        FileExistsError: something stands there, or came there meanwhile.
        OSError.

    """
    with _temporary_file(place, data, mode=None) as temporary:
        try:
            os.link(temporary, place)
        except OSError as error:
            if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
                raise
            _write_exclusively(place, data)
    sync_folder(place.parent)


def swap_in(place: Path, data: bytes, *, mode: int, expected: str) -> None:
    """Give the file new bytes if its present ones have the expected version.

    Where the system can exchange two names at once, the bytes that stood there are looked at after the swap,
    and put back when they are not the expected ones: a write that slips in between the look and the swap is
    never lost. Elsewhere the look comes just before the rename.

    Raises:
        Displaced: other bytes stood there; they do again.
        OSError.

    """
    with _temporary_file(place, data, mode) as temporary:
        if version_of(place.read_bytes()) != expected:
            raise Displaced
        exchange = exchange_function()
        if exchange is None or not exchange(temporary, place):
            temporary.replace(place)
        elif version_of(temporary.read_bytes()) != expected:
            _put_back(exchange, temporary, place, data)
            raise Displaced
    sync_folder(place.parent)


def move_into(place: Path, folder: Path) -> Path:
    """Move a file into a folder, under its own name or one with a number; never over something in it."""
    folder.mkdir(exist_ok=True)
    for number in range(10_000):
        target = folder / (place.name if number == 0 else f"{place.stem} {number}{place.suffix}")
        if not (target.exists() or target.is_symlink()):
            place.rename(target)
            sync_folder(folder)
            sync_folder(place.parent)
            return target
    raise OSError(errno.EEXIST, "the trash holds too many notes of that name")


def is_temporary(name: str) -> bool:
    """Whether a file of that name is one of ours, left by a crash."""
    return _TEMPORARY.match(name) is not None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


Exchange = Callable[[Path, Path], bool]


@cache
def exchange_function() -> Exchange | None:
    """How to exchange two names at once on this system; None where it cannot be done."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            rename = library.renameat2
            return lambda one, other: _called(
                rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE), one
            )
        if sys.platform == "darwin":
            swap = library.renamex_np
            return lambda one, other: _called(swap(os.fsencode(one), os.fsencode(other), _RENAME_EXCHANGE), one)
    return None


def _called(status: int, path: Path) -> bool:
    """True when it was done, False when this file system cannot."""
    if status == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(path))


def _put_back(exchange: Exchange, temporary: Path, place: Path, data: bytes) -> None:
    """Undo the exchange; bytes that came to ``place`` even after it are the newest and stay there."""
    exchange(temporary, place)
    if temporary.read_bytes() != data:
        exchange(temporary, place)
        move_into(temporary, place.parent / TRASH)


@contextmanager
def _temporary_file(place: Path, data: bytes, mode: int | None) -> Generator[Path]:
    """A synced file beside ``place``; gone afterwards, unless it was renamed or holds bytes that are not known.

    An error in the middle of an exchange leaves it standing: ``recover`` then decides at the next start.
    """
    temporary = place.with_name(f".~{place.name[:60]}.{secrets.token_hex(8)}.tmp")
    try:
        _write_exclusively(temporary, data)
        if mode is not None:
            temporary.chmod(mode)
        yield temporary
    except Displaced:
        temporary.unlink(missing_ok=True)
        raise
    except BaseException:
        with suppress(OSError):
            if temporary.read_bytes() in (data, data[: temporary.stat().st_size]):
                temporary.unlink()
        raise
    else:
        temporary.unlink(missing_ok=True)


def _write_exclusively(place: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(place, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
