"""Notes on disk: read whole, written whole, and never over something that was not read."""

import os
import stat
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.disk import (
    TRASH,
    Displaced,
    replace_bytes,
    version_of,
    write_new,
)
from commonplace.vault.editor import Editor
from commonplace.vault.errors import (
    NoteExists,
    NoteNotFound,
    NoteNotText,
    NoteTooLarge,
    VaultError,
    VaultMissing,
    changed_meanwhile,
    exists_already,
    folder_instead,
    system_errors,
)
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.path import NotePath, locate
from commonplace.vault.text import NoteText
from commonplace.vault.trash import throw_away
from commonplace.vault.walking import named, walk

LARGEST_NOTE = 1_000_000
"""Bytes; the limit of the mem-agent scaffold, here enforced."""


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
    version: str | None = None
    """The version of the bytes after it."""


class Vault:
    """The notes below one folder. Every write is atomic; none loses bytes that it has not compared."""

    def __init__(self, root: Path, *, largest_note: int = LARGEST_NOTE, journal: Journal | None = None) -> None:
        """Open a vault; with a journal, every write can be undone.

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
        self.journal = journal
        self.editor: Editor | None = None
        """Where notes are open now, if anywhere; ``Workspace`` speaks with it."""
        self._largest_note = largest_note
        self.writing = threading.Lock()
        """Held while notes are written, so that no two writes meet."""

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
        return self.decoded(path, self._bytes(path))

    def decoded(self, path: NotePath, data: bytes) -> Note:
        """The note that those bytes are.

        Raises:
            NoteNotText, NoteTooLarge.

        """
        self.check_size(path, len(data))
        try:
            return Note(path, NoteText.decode(data).text, version_of(data))
        except UnicodeDecodeError as error:
            raise NoteNotText(
                f"{path} is not UTF-8 text (byte {error.start} of {len(data)}); save it as UTF-8 and try again."
            ) from None

    def create(self, path: NotePath, text: str, origin: Origin | None = None) -> Change:
        """Write a new note, with the folders that it needs; never over one that stands.

        Raises:
            NoteExists, NotANote, NoteTooLarge, PathRefused, NoteRefused.

        """
        path.check_portable()
        data = self.encoded(path, text)
        self._write_new(path, data, origin)
        return Change(path, None, text, version_of(data))

    def replace(self, note: Note, text: str, origin: Origin | None = None) -> Change:
        """Give a note that was read a new text, if its bytes are still the ones that were read.

        The byte order mark, the line endings of the lines that stay and the file's mode are kept. A note
        that is a symbolic link stays one: its target is replaced; one with several names (hard links) keeps them.

        Raises:
            NoteConflict: the note changed after it was read; nothing was written.
            NoteTooLarge, NoteNotFound, NoteRefused.

        """
        data = self._bytes(note.path)
        if version_of(data) != note.version:
            raise changed_meanwhile(note.path)
        with system_errors(note.path):
            after = NoteText.decode(data).encode(text)
        if after != data:
            self._swap(note.path, data, after, origin)
        return Change(note.path, note.text, text, version_of(after))

    def delete(self, path: NotePath, origin: Origin | None = None, *, expected: str | None = None) -> Change:
        """Delete a note as the user's Obsidian is set to: ``.trash``, the system's trash, or for good.

        Args:
            path: the note.
            origin: why, for the journal.
            expected: the version that it must have; unless set, the one that it has now.

        Raises:
            NoteConflict: it has another version, or changed meanwhile; it still stands.
            NoteNotFound, NotANote, NoteRefused.

        """
        data = self._bytes(path)
        if expected not in (None, version_of(data)):
            raise changed_meanwhile(path)
        try:
            before = NoteText.decode(data).text
        except UnicodeDecodeError:
            before = None
        with self.writing, system_errors(path), self._journaled(path, data, None, origin):
            try:
                throw_away(locate(self.root, path), self.root, expected=version_of(data))
            except Displaced:
                raise changed_meanwhile(path) from None
        return Change(path, before, None)

    def restore(self, path: NotePath, data: bytes | None, expected: str | None, origin: Origin | None = None) -> None:
        """Give a note the bytes that it had (None: no note), if its present version is the expected one.

        Raises:
            NoteConflict: the note is not as expected.
            NoteExists, NoteNotFound, NoteRefused.

        """
        if data is None:
            self.delete(path, origin, expected=expected)
        elif expected is None:
            self._write_new(path, data, origin)
        else:
            present = self._bytes(path)
            if version_of(present) != expected:
                raise changed_meanwhile(path)
            self._swap(path, present, data, origin)

    def bytes_of(self, path: NotePath) -> bytes | None:
        """The note's bytes; None where there is no note.

        Raises:
            NotANote, NoteTooLarge, NoteRefused.

        """
        try:
            return self._bytes(path)
        except NoteNotFound:
            return None

    def make_folder(self, path: NotePath) -> None:
        """Create a folder and those above it; one that exists is fine.

        Raises:
            NoteExists: a file stands there.
            VaultMissing, NoteRefused.

        """
        path.check_portable()
        with system_errors(path):
            self.make_folders(locate(self.root, path))

    def notes(self, under: NotePath | None = None) -> list[NotePath]:
        """All notes (``.md``) in a folder or the vault, sorted; hidden folders and links to folders left out."""
        start = self.root if under is None else locate(self.root, under)
        return sorted(named(walk(str(start), "" if under is None else f"{under}/")))

    def check_size(self, path: NotePath, size: int) -> None:
        """Hold the limit.

        Raises:
            NoteTooLarge.

        """
        if size > self._largest_note:
            raise NoteTooLarge(
                f"{path} has {size:,} bytes; a note may have {self._largest_note:,}. Split it into several notes."
            )

    def _write_new(self, path: NotePath, data: bytes, origin: Origin | None) -> None:
        place = locate(self.root, path)
        if place.is_dir():
            raise folder_instead(path)
        if place.is_symlink() or place.exists():
            raise exists_already(path)
        with self.writing, system_errors(path):
            self.make_folders(place.parent)
            with self._journaled(path, None, data, origin):
                try:
                    write_new(place, data)
                except FileExistsError:
                    raise exists_already(path) from None

    def _swap(self, path: NotePath, before: bytes, after: bytes, origin: Origin | None) -> None:
        self.check_size(path, len(after))
        place = Path(os.path.realpath(locate(self.root, path)))
        expected = version_of(before)
        with self.writing, system_errors(path), self._journaled(path, before, after, origin):
            try:
                replace_bytes(place, after, expected=expected, trash=self.root / TRASH)
            except (Displaced, FileNotFoundError):
                raise changed_meanwhile(path) from None

    @contextmanager
    def _journaled(
        self, path: NotePath, before: bytes | None, after: bytes | None, origin: Origin | None
    ) -> Generator[None]:
        """Record the write before it is done, and afterwards whether it was."""
        if self.journal is None:
            yield
            return
        entry = self.journal.intend(self.root, path, before, after, origin or Origin())
        try:
            yield
        except BaseException:
            if self.may_have_become(path, after):
                self.journal.leave_open(entry)
            else:
                self.journal.abandon(entry)
            raise
        self.journal.settle(entry)

    def may_have_become(self, path: NotePath, data: bytes | None) -> bool:
        """Whether the note is as a write that failed wanted it, or cannot be looked at."""
        try:
            return self.bytes_of(path) == data
        except VaultError:
            return True

    def make_folders(self, place: Path) -> None:
        """Make a folder of the vault and those above it, but never the vault's own: it may be a disk that is away."""
        here = self.root
        for part in place.relative_to(self.root).parts:
            here = here / part
            try:
                here.mkdir(exist_ok=True)
            except FileExistsError:
                name = here.relative_to(self.root).as_posix()
                raise NoteExists(f"{name} is a note, so no folder can have that name; choose another.") from None
            except FileNotFoundError:
                raise self._not_found(NotePath(here.name)) from None

    def _bytes(self, path: NotePath) -> bytes:
        place = locate(self.root, path)
        with system_errors(path):
            try:
                descriptor = os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
            except FileNotFoundError:
                raise self._not_found(path) from None
            with os.fdopen(descriptor, "rb", buffering=0) as file:
                found = os.fstat(descriptor)
                if not stat.S_ISREG(found.st_mode):
                    raise folder_instead(path)
                self.check_size(path, found.st_size)
                data = file.read(self._largest_note + 1) or b""
        self.check_size(path, len(data))
        return data

    def _stat(self, place: Path, path: NotePath) -> os.stat_result:
        with system_errors(path):
            try:
                return place.stat()
            except FileNotFoundError:
                raise self._not_found(path) from None

    def _not_found(self, path: NotePath) -> VaultError:
        if not self.root.is_dir():
            return VaultMissing(f"The vault's folder {self.root} is not there any more; put it back and ask again.")
        return NoteNotFound(f"{path} does not exist", "list_files() shows what does.")

    def encoded(self, path: NotePath, text: str) -> bytes:
        """The bytes of a new note.

        Raises:
            NoteNotText, NoteTooLarge.

        """
        try:
            data = text.encode("utf-8")
        except UnicodeEncodeError:
            raise NoteNotText(f"The text for {path} holds half of a character (a lone surrogate).") from None
        self.check_size(path, len(data))
        return data
