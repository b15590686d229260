"""Files written whole or not at all, and swapped in without losing what came in between."""

import errno
import hashlib
import os
import re
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from commonplace.vault import exchange
from commonplace.vault.exchange import temporary_beside

TRASH = ".trash"
"""Where Obsidian keeps deleted notes in a vault."""

_TEMPORARY = re.compile(r"^\.~(?P<name>.*)\.(?P<process>[0-9a-f]{8})[0-9a-f]{8}\.tmp$", re.DOTALL)
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_PATIENCE = 0.5
"""Seconds that a program which is writing the note right now gets to finish."""


class Displaced(Exception):
    """Something else stood there than was expected; it stands there again."""


def version_of(data: bytes) -> str:
    """SHA-256 (hex) of a note's bytes."""
    return hashlib.sha256(data).hexdigest()


def write_new(place: Path, data: bytes) -> None:
    """Write a file that is not there yet, and make its name last; see ``write_unlisted``."""
    write_unlisted(place, data)
    sync_folder(place.parent)


def write_unlisted(place: Path, data: bytes) -> None:
    """Write a file that is not there yet; its name lasts once its folder is synced.

    Raises:
        FileExistsError: something stands there, or came there meanwhile.
        OSError: nothing was written.

    """
    temporary = _written_beside(place, data, mode=None)
    try:
        os.link(temporary, place)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _write_exclusively(place, data)
    finally:
        _discard(temporary)


def replace_bytes(place: Path, data: bytes, *, expected: str, trash: Path) -> None:
    """Give the file new bytes: by ``swap_in``, or ``write_in_place`` where it has several names.

    Raises:
        Displaced: other bytes stood there; they do again.
        OSError.

    """
    if place.stat().st_nlink > 1:
        write_in_place(place, data, expected=expected)
    else:
        swap_in(place, data, expected=expected, trash=trash)


def swap_in(place: Path, data: bytes, *, expected: str, trash: Path) -> None:
    """Give the file new bytes if its present ones have the expected version; its mode stays.

    Where the system can exchange two names at once, the bytes that stood there are looked at after the swap,
    and put back when they are not the expected ones: a write that slips in between the look and the swap is
    never lost. Elsewhere the look comes just before the rename. ``trash`` gets what cannot be put back, since
    something newer has taken its place.

    Raises:
        Displaced: other bytes stood there; they do again.
        OSError: the file is as it was.

    """
    temporary = _written_beside(place, data, mode=stat.S_IMODE(place.stat().st_mode))
    try:
        _copy_attributes(place, temporary)
        if version_of(place.read_bytes()) != expected:
            raise Displaced
        exchanged = exchange.exchange(temporary, place)
        if not exchanged:
            temporary.replace(place)
    except BaseException:
        _discard(temporary)
        raise
    if exchanged:
        if final_version(temporary) != expected:
            put_back(temporary, place, data, trash)
            raise Displaced
        _discard(temporary)
    sync_folder(place.parent)


def write_in_place(place: Path, data: bytes, *, expected: str) -> None:
    """Give the file new bytes and keep the file itself, for a note that has several names (hard links).

    A crash can tear such a write; ``recovery`` mends it from the journal.

    Raises:
        Displaced: it holds other bytes than expected.
        OSError: it holds what it held, as far as the system still let us write.

    """
    descriptor = os.open(place, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        before = _read_all(descriptor)
        if version_of(before) != expected:
            raise Displaced
        try:
            _overwrite(descriptor, data)
        except OSError:
            with suppress(OSError):
                _overwrite(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def keep(place: Path, trash: Path, name: str) -> Path:
    """Move a file into the trash, and make that last; see ``keep_unlisted``."""
    target = keep_unlisted(place, trash, name)
    sync_folder(trash)
    sync_folder(place.parent)
    return target


def keep_unlisted(place: Path, trash: Path, name: str) -> Path:
    """Move a file into the trash under that name, or one with a number; never over something in it.

    The move lasts once both folders are synced.
    """
    with suppress(FileExistsError):
        trash.mkdir()
    wanted = Path(name)
    for number in range(10_000):
        target = trash / (name if number == 0 else f"{wanted.stem} {number}{wanted.suffix}")
        with suppress(FileExistsError):
            exchange.rename_new(place, target)
            return target
    raise OSError(errno.EEXIST, "the trash holds too many notes of that name")


def remove(place: Path, *, expected: str, trash: Path) -> None:
    """Delete a file for good, and make that last; see ``remove_unlisted``."""
    remove_unlisted(place, expected=expected, trash=trash)
    sync_folder(place.parent)


def remove_unlisted(place: Path, *, expected: str, trash: Path) -> None:
    """Delete a file for good if it has the expected version; it stays gone once its folder is synced.

    It is moved aside first, so that what is deleted is what was looked at.

    Raises:
        Displaced: it has another version, and stands where it stood.
        OSError.

    """
    aside = temporary_beside(place)
    place.rename(aside)
    if final_version(aside) != expected:
        try:
            exchange.rename_new(aside, place)
        except FileExistsError:
            keep(aside, trash, place.name)
        raise Displaced
    aside.unlink()


def put_back(temporary: Path, place: Path, ours: bytes, trash: Path) -> None:
    """Undo an exchange that displaced somebody's bytes; what came to ``place`` even after it is newest and stays."""
    try:
        exchange.exchange(temporary, place)
    except FileNotFoundError:
        exchange.rename_new(temporary, place)
        return
    if final_version(temporary) == version_of(ours):
        _discard(temporary)
        return
    exchange.exchange(temporary, place)
    keep(temporary, trash, place.name)


def final_version(place: Path) -> str | None:
    """The version of a file that has lost its name, once nobody writes to it any more.

    A program that opened the note before it was exchanged still writes to the displaced file. Linux tells: a
    read lease is granted only where nobody has the file open for writing (fcntl(2), F_SETLEASE). None when
    somebody still writes after a while, or when it cannot be read.
    """
    try:
        descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        deadline = time.monotonic() + _PATIENCE
        while _is_being_written(descriptor):
            if time.monotonic() > deadline:
                return None
            time.sleep(0.01)
        return version_of(_read_all(descriptor))
    except OSError:
        return None
    finally:
        os.close(descriptor)


def temporary_of(name: str) -> str | None:
    """The (cut) name of the note whose temporary file it is, left by a process that has ended; else None."""
    found = _TEMPORARY.match(name)
    return found["name"] if found is not None and found["process"] != exchange.PROCESS else None


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows does so by itself.

    What fails here comes after the write is done and its bytes are synced, so it is no reason to call it failed.
    """
    if os.name == "nt":
        return
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _written_beside(place: Path, data: bytes, mode: int | None) -> Path:
    temporary = temporary_beside(place)
    _write_exclusively(temporary, data, mode)
    return temporary


def _write_exclusively(place: Path, data: bytes, mode: int | None = None) -> None:
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        try:
            if mode is not None and os.name != "nt":
                os.fchmod(descriptor, mode)
            _write_all(descriptor, data)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except BaseException:
        _discard(place)
        raise


def _overwrite(descriptor: int, data: bytes) -> None:
    os.lseek(descriptor, 0, os.SEEK_SET)
    _write_all(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _read_all(descriptor: int) -> bytes:
    os.lseek(descriptor, 0, os.SEEK_SET)
    pieces: list[bytes] = []
    while piece := os.read(descriptor, 1 << 20):
        pieces.append(piece)
    return b"".join(pieces)


def _discard(temporary: Path) -> None:
    """Delete a file of ours that nobody needs; one that cannot be deleted is swept at the next start."""
    with suppress(OSError):
        temporary.unlink()


def _is_being_written(descriptor: int) -> bool:
    if sys.platform != "linux":
        return False
    import fcntl
    import signal

    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    return False


def _copy_attributes(source: Path, target: Path) -> None:
    """Tags and the like that live beside a file's bytes, where the system lets us copy them."""
    if sys.platform == "linux":
        with suppress(OSError):
            for name in os.listxattr(source):
                os.setxattr(target, name, os.getxattr(source, name))
