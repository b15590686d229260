"""The vault's notes as the human has them now: in the editor where one is open, else on disk."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from commonplace.vault.deletion import delete_together
from commonplace.vault.disk import version_of
from commonplace.vault.editor import Editor, EditorConflict, edits_between
from commonplace.vault.errors import (
    EditorSilent,
    NoteConflict,
    NoteRefused,
    VaultError,
    changed_meanwhile,
    system_errors,
)
from commonplace.vault.journal import Entry, Origin
from commonplace.vault.notes import Change, Note, Vault
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText

PATIENCE = 5.0
"""Seconds that an editor gets to answer."""


class Workspace:
    """Reads and writes notes for a turn or an undo.

    A note that is open in the vault's editor is read there and changed there, so that nothing is merged under
    somebody's typing. Its journal entry holds the buffer. Waiting for an editor holds no thread and no lock; where
    it gives no answer, nobody falls back to the file: the note is looked at again, in the editor.
    """

    def __init__(self, vault: Vault, patience: float = PATIENCE) -> None:
        self.vault = vault
        self._patience = patience

    async def read(self, path: NotePath) -> Note:
        """Read a note whole.

        Raises:
            EditorSilent: it is open, and the editor does not answer.
            VaultError: see ``Vault.read``.

        """
        buffer = await self._buffer(path)
        return self.vault.read(path) if buffer is None else self.vault.decoded(path, buffer)

    async def is_open(self, path: NotePath) -> bool:
        """Whether it is open in the editor.

        Raises:
            EditorSilent.

        """
        return await self._buffer(path) is not None

    async def bytes_of(self, path: NotePath) -> bytes | None:
        """The note's bytes; None where there is no note.

        Raises:
            EditorSilent, NotANote, NoteTooLarge, NoteRefused.

        """
        buffer = await self._buffer(path)
        return self.vault.bytes_of(path) if buffer is None else buffer

    async def create(self, path: NotePath, text: str, origin: Origin | None = None) -> Change:
        """Write a new note (see ``Vault.create``)."""
        return await asyncio.to_thread(self.vault.create, path, text, origin)

    async def replace(self, note: Note, text: str, origin: Origin | None = None) -> Change:
        """Give a note that was read a new text, if it is still the one that was read.

        Raises:
            NoteConflict: it changed after it was read; nothing was written.
            EditorSilent: whether it was written is not known.
            VaultError: see ``Vault.replace``.

        """
        buffer = await self._buffer(note.path)
        if buffer is None:
            return await asyncio.to_thread(self.vault.replace, note, text, origin)
        if version_of(buffer) != note.version:
            raise changed_meanwhile(note.path)
        with system_errors(note.path):
            after = NoteText.decode(buffer).encode(text)
        if after != buffer:
            await self._edit(note.path, buffer, after, origin)
        return Change(note.path, note.text, text, version_of(after))

    async def delete(self, path: NotePath, origin: Origin | None = None, *, expected: str | None = None) -> Change:
        """Delete a note (see ``Vault.delete``); one that is open goes only when nothing in it is unsaved.

        Raises:
            NoteRefused: it is open and not saved yet.
            EditorSilent, VaultError.

        """
        buffer = await self._buffer(path)
        if buffer is None:
            return await asyncio.to_thread(self.vault.delete, path, origin, expected=expected)
        if expected not in (None, version_of(buffer)):
            raise changed_meanwhile(path)
        try:
            return await asyncio.to_thread(self.vault.delete, path, origin, expected=version_of(buffer))
        except NoteConflict:
            raise NoteRefused(f"{path} is open and not saved yet; save or close it, then delete it.") from None

    async def delete_together(self, notes: Mapping[NotePath, str], origin: Origin) -> Mapping[NotePath, VaultError]:
        """Delete the notes that have these versions; why, for each that could not be (see ``deletion``)."""
        refused: dict[NotePath, VaultError] = {}
        closed: list[tuple[NotePath, str]] = []
        for path, version in notes.items():
            try:
                if await self.is_open(path):
                    await self.delete(path, origin, expected=version)
                else:
                    closed.append((path, version))
            except VaultError as error:
                refused[path] = error
        return {**refused, **await asyncio.to_thread(delete_together, self.vault, closed, origin)}

    async def restore(
        self, path: NotePath, data: bytes | None, expected: str | None, origin: Origin | None = None
    ) -> None:
        """Give a note the bytes that it had (None: no note), if its present version is the expected one.

        Raises:
            NoteConflict: the note is not as expected.
            EditorSilent, VaultError.

        """
        buffer = await self._buffer(path)
        if buffer is None:
            await asyncio.to_thread(self.vault.restore, path, data, expected, origin)
        elif data is None:
            await self.delete(path, origin, expected=expected)
        elif version_of(buffer) != expected:
            raise changed_meanwhile(path)
        else:
            await self._edit(path, buffer, data, origin)

    async def _buffer(self, path: NotePath) -> bytes | None:
        """The text in the editor; None where the note is not open."""
        editor = self._editor_of(path)
        if editor is None:
            return None
        try:
            async with asyncio.timeout(self._patience):
                text = await editor.text(path)
        except OSError:
            raise _silent(path) from None
        return None if text is None else text.encode("utf-8", "surrogatepass")

    async def _edit(self, path: NotePath, before: bytes, after: bytes, origin: Origin | None) -> None:
        editor = self._editor_of(path)
        if editor is None:
            raise changed_meanwhile(path)
        self.vault.check_size(path, len(after))
        try:
            old, new = before.decode(), after.decode()
        except UnicodeDecodeError:
            raise NoteRefused(f"{path} is open, and what it should become is no text; close it first.") from None
        entry = await self._intend(path, before, after, origin)
        try:
            async with asyncio.timeout(self._patience):
                await editor.apply(path, old, edits_between(old, new))
        except EditorConflict:
            await self._record("abandon", entry)
            raise changed_meanwhile(path) from None
        except OSError:
            await self._look_again(path, after, entry)
        except BaseException:
            await self._record("leave_open", entry)
            raise
        else:
            await self._record("settle", entry)

    async def _look_again(self, path: NotePath, after: bytes, entry: Entry | None) -> None:
        """The editor did not say what became of the edit, and may still do it: only its result is a proof."""
        present = None
        with suppress(EditorSilent):
            present = await self._buffer(path)
        if present != after:
            await self._record("leave_open", entry)
            raise _silent(path)
        await self._record("settle", entry)

    async def _intend(self, path: NotePath, before: bytes, after: bytes, origin: Origin | None) -> Entry | None:
        journal = self.vault.journal
        if journal is None:
            return None
        with system_errors(path):
            return await asyncio.to_thread(journal.intend, self.vault.root, path, before, after, origin or Origin())

    async def _record(self, outcome: str, entry: Entry | None) -> None:
        journal = self.vault.journal
        if journal is not None and entry is not None:
            record = {"settle": journal.settle, "abandon": journal.abandon, "leave_open": journal.leave_open}[outcome]
            await asyncio.to_thread(record, entry)

    def _editor_of(self, path: NotePath) -> Editor | None:
        editor = self.vault.editor
        return editor if editor is not None and editor.holds(path) else None


def _silent(path: NotePath) -> EditorSilent:
    return EditorSilent(
        f"{path} is open in an editor that does not answer, so what became of an edit of it is not known. "
        "Read it again before you change it."
    )
