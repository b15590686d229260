"""Notes on disk: read whole, written whole, and never over something that was not read."""

import errno
import hashlib
import os
import secrets
import stat
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.errors import (
    NotANote,
    NoteConflict,
    NoteExists,
    NoteNotFound,
    NoteNotText,
    NoteRefused,
    NoteTooLarge,
    PathRefused,
    VaultError,
    VaultMissing,
)
from commonplace.vault.path import NotePath, locate
from commonplace.vault.text import NoteText

LARGEST_NOTE = 1_000_000
"""Bytes; the limit of the mem-agent scaffold, here enforced."""

TRASH = ".trash"


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it was when it was read."""

    path: NotePath
    text: str
    """Without byte order mark, every line ending as "\\n"."""
    version: str
    """SHA-256 (hex) of the bytes on disk: what a later write compares with."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a write did: the text before and after; None where there was or is no note."""

    path: NotePath
    before: str | None
    after: str | None


class Vault:
    """The notes below one folder. Every write is atomic; none loses bytes that it has not compared."""

    def __init__(self, root: Path, *, largest_note: int = LARGEST_NOTE) -> None:
        """Open a vault.

        Raises:
            VaultMissing: the folder is not there, or is no folder.

        """
        if not root.is_dir():
            raise VaultMissing(
                f"There is no vault at {root}. Type: commonplace vault init {root}"
                if not root.exists()
                else f"{root} is a file, not a vault's folder."
            )
        self.root = root.resolve()
        self._largest_note = largest_note
        self._writing = threading.Lock()

    def is_note(self, path: NotePath) -> bool:
        """Whether a file stands there."""
        try:
            return locate(self.root, path).is_file()
        except VaultError:
            return False

    def is_folder(self, path: NotePath) -> bool:
        """Whether a folder stands there."""
        try:
            return locate(self.root, path).is_dir()
        except VaultError:
            return False

    def size(self, path: NotePath | None) -> int:
        """Bytes of a note, of all notes in a folder, or (None) of all notes in the vault.

        Raises:
            NoteNotFound: nothing stands there.

        """
        if path is not None and not self.is_folder(path):
            return self._stat(locate(self.root, path), path).st_size
        total = 0
        for note in self.notes(path):
            try:
                total += locate(self.root, note).stat().st_size
            except OSError:
                continue
        return total

    def read(self, path: NotePath) -> Note:
        """Read a note whole.

        Raises:
            PathRefused, NoteNotFound, NotANote, NoteTooLarge, NoteNotText, NoteRefused.

        """
        return self._read(path)[0]

    def create(self, path: NotePath, text: str) -> Change:
        """Write a new note, with the folders that it needs; never over one that stands.

        Raises:
            NoteExists, NoteTooLarge, PathRefused, NoteRefused.

        """
        path.check_portable()
        place = locate(self.root, path)
        data = self._encode(path, text)
        if place.is_symlink() or place.exists():
            raise NoteExists(f"{path} exists already; read it and change it with update_file.")
        with self._writing, _system_errors(path):
            place.parent.mkdir(parents=True, exist_ok=True)
            with _temporary_file(place, data, mode=None) as temporary:
                try:
                    os.link(temporary, place)
                except FileExistsError:
                    raise NoteExists(f"{path} exists already; read it and change it with update_file.") from None
            _sync_folder(place.parent)
        return Change(path, None, text)

    def replace(self, note: Note, text: str) -> Change:
        """Give a note that was read a new text, if its bytes are still the ones that were read.

        The byte order mark, the line endings of the lines that stay and the file's mode are kept. A note
        that is a symbolic link stays one: its target is replaced.

        Raises:
            NoteConflict: the note changed after it was read; nothing was written.
            NoteTooLarge, NoteNotFound, NoteRefused.

        """
        with self._writing:
            return self._replace(note, text)

    def delete(self, path: NotePath) -> Change:
        """Move a note to the vault's ``.trash``, as Obsidian does, never over something in it.

        Raises:
            NoteNotFound, NotANote, NoteRefused.

        """
        place = locate(self.root, path)
        before: str | None
        try:
            before = self.read(path).text
        except (NoteNotText, NoteTooLarge):
            before = None
        with self._writing, _system_errors(path):
            trash = self.root / TRASH
            trash.mkdir(exist_ok=True)
            _move_without_overwriting(place, trash)
            _sync_folder(place.parent)
        return Change(path, before, None)

    def make_folder(self, path: NotePath) -> None:
        """Create a folder and those above it; one that exists is fine.

        Raises:
            NoteExists: a file stands there.
            NoteRefused.

        """
        path.check_portable()
        place = locate(self.root, path)
        with _system_errors(path):
            try:
                place.mkdir(parents=True, exist_ok=True)
            except FileExistsError:
                raise NoteExists(f"{path} is a note, so no folder can have that name; choose another.") from None

    def notes(self, under: NotePath | None = None) -> list[NotePath]:
        """All notes (``.md``) in a folder or the vault, sorted; hidden folders and links to folders left out."""
        start = self.root if under is None else locate(self.root, under)
        return sorted(_named(_walk(str(start), "" if under is None else f"{under}/")))

    def _replace(self, note: Note, text: str) -> Change:
        current, original = self._read(note.path)
        self._check_unchanged(note, current)
        if text == note.text:
            return Change(note.path, note.text, text)
        data = original.encode(text)
        self._check_size(note.path, len(data))
        place = locate(self.root, note.path).resolve()
        with (
            _system_errors(note.path),
            _temporary_file(place, data, mode=stat.S_IMODE(place.stat().st_mode)) as temporary,
        ):
            self._check_unchanged(note, self._read(note.path)[0])
            temporary.replace(place)
            _sync_folder(place.parent)
        return Change(note.path, note.text, text)

    def _read(self, path: NotePath) -> tuple[Note, NoteText]:
        place = locate(self.root, path)
        with _system_errors(path):
            try:
                descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            except FileNotFoundError:
                raise self._not_found(path) from None
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    raise NotANote(f"{path} is a folder, not a note; name a note in it, such as '{path}/name.md'.")
                self._check_size(path, found.st_size)
                data = file.read(self._largest_note + 1) or b""
        self._check_size(path, len(data))
        try:
            decoded = NoteText.decode(data)
        except UnicodeDecodeError as error:
            raise NoteNotText(
                f"{path} is not UTF-8 text (byte {error.start} of {len(data)}); save it as UTF-8 and try again."
            ) from None
        return Note(path, decoded.text, hashlib.sha256(data).hexdigest()), decoded

    def _stat(self, place: Path, path: NotePath) -> os.stat_result:
        with _system_errors(path):
            try:
                return place.stat()
            except FileNotFoundError:
                raise self._not_found(path) from None

    def _not_found(self, path: NotePath) -> VaultError:
        if not self.root.is_dir():
            return VaultMissing(f"The vault's folder {self.root} is not there any more; put it back and ask again.")
        return NoteNotFound(f"{path} does not exist; list_files() shows what does.")

    def _encode(self, path: NotePath, text: str) -> bytes:
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            raise NoteNotText(f"The text for {path} holds half of a character (a lone surrogate).") from None
        self._check_size(path, len(data))
        return data

    def _check_unchanged(self, read: Note, current: Note) -> None:
        if current.version != read.version:
            raise NoteConflict(f"{read.path} was changed after it was read; read it again and repeat the edit.")

    def _check_size(self, path: NotePath, size: int) -> None:
        if size > self._largest_note:
            raise NoteTooLarge(
                f"{path} has {size:,} bytes; a note may have {self._largest_note:,}. Split it into several notes."
            )


@contextmanager
def _system_errors(path: NotePath) -> Generator[None]:
    try:
        yield
    except IsADirectoryError:
        raise NotANote(f"{path} is a folder, not a note; name a note in it, such as '{path}/name.md'.") from None
    except UnicodeEncodeError:
        raise NoteNotText(f"The text for {path} holds half of a character (a lone surrogate).") from None
    except OSError as error:
        reason = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else error.strerror
        raise NoteRefused(f"{path} could not be reached or changed: {reason}. The note is as it was.") from error


@contextmanager
def _temporary_file(place: Path, data: bytes, mode: int | None) -> Generator[Path]:
    """A synced file beside ``place`` with the data and mode (None: the usual); gone afterwards unless renamed."""
    temporary = place.with_name(f".~{place.name[:60]}.{secrets.token_hex(8)}.tmp")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(temporary, flags, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _move_without_overwriting(place: Path, folder: Path) -> None:
    for number in range(10_000):
        target = folder / (place.name if number == 0 else f"{place.stem} {number}{place.suffix}")
        if not (target.exists() or target.is_symlink()):
            place.rename(target)
            return
    raise OSError(errno.EEXIST, "the trash holds too many notes of that name")


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _named(names: Iterable[str]) -> Iterator[NotePath]:
    """The notes that can be named at all; a name that cannot (a colon, say) is its owner's alone."""
    for name in names:
        with suppress(PathRefused):
            yield NotePath.parse(name)


def _walk(folder: str, prefix: str) -> Iterator[str]:
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.lower().endswith(".md") and entry.is_file():
            yield prefix + entry.name
