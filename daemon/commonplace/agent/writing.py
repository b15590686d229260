"""How a turn changes notes: a change is prepared on the note as it is now, allowed, then made."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass

from commonplace.agent.matching import NoSingleMatch, find_single
from commonplace.agent.results import LONGEST_VARIABLE
from commonplace.agent.sandbox import ToolRefused
from commonplace.agent.sight import Sight
from commonplace.vault.disk import version_of
from commonplace.vault.errors import NoteConflict, NoteExists, VaultError
from commonplace.vault.journal import Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change, Note
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText
from commonplace.vault.workspace import Workspace

_ATTEMPTS = 16
"""How often an edit is repeated on the text as it is now, when the note changed in between."""
_LONGEST_PAUSE = 0.3
"""Seconds before such a repetition: turns that write to one note would else keep each other from it."""

Permit = Callable[[Change], Awaitable[str | None]]
"""Waits for leave to make a change: None is a yes, a text is what the model is told instead.

A folder that is to be made is a change without texts.
"""


class Writing:
    """Makes the changes of one turn, and knows which versions of notes the turn has seen."""

    def __init__(
        self,
        memory: Memory,
        workspace: Workspace,
        sight: Sight,
        *,
        origin: Origin | None,
        permit: Permit | None,
        done: Callable[[Change], None],
    ) -> None:
        """``done`` is told of each change that was made."""
        self._memory = memory
        self._workspace = workspace
        self._sight = sight
        self._origin = origin
        self._permit = permit
        self._done = done
        self._known: dict[NotePath, str] = {}
        self.waited = 0.0
        """Seconds that the turn has waited for leave; no deadline counts them."""

    def knows(self, note: Note) -> None:
        """The turn has seen the whole text of this version."""
        self._known[note.path] = note.version

    async def create(self, path: NotePath, text: str) -> None:
        """Write a note; one that exists is written anew only if the turn knows it.

        Raises:
            VaultError, ToolRefused.

        """
        await self._write(lambda: self._plan_creation(path, text))

    async def update(self, path: NotePath, old: str, new: str) -> None:
        """Replace the one place where the old text stands.

        Raises:
            NoSingleMatch, VaultError, ToolRefused.

        """
        if not old:
            raise NoSingleMatch("old_content is empty; give the text to replace, or use create_file for a new note.")
        await self._write(lambda: self._plan_update(path, old, new))

    async def delete(self, path: NotePath) -> None:
        """Delete a note as the user's Obsidian is set to.

        Raises:
            VaultError, ToolRefused.

        """
        await self._write(lambda: self._plan_deletion(path))

    async def make_folder(self, path: NotePath) -> None:
        """Make a folder.

        Raises:
            VaultError, ToolRefused.

        """
        await self._wait_for_leave(Change(path, None, None))
        await asyncio.to_thread(self._memory.vault.make_folder, path)

    async def _plan_creation(self, path: NotePath, text: str) -> "_Plan":
        self._sight.check_open(path, text)
        workspace, origin = self._workspace, self._origin
        if self._memory.vault.is_note(path):
            note = await workspace.read(path)
            self._sight.check_open(path, note.text)
            self._check_known(note)
            stored = await asyncio.to_thread(self._stored, note, text)
            return _Plan(Change(path, note.text, stored), lambda: workspace.replace(note, stored, origin))
        prepared = await asyncio.to_thread(self._prepared, path, text)
        return _Plan(Change(path, None, prepared), lambda: workspace.create(path, prepared, origin))

    async def _plan_update(self, path: NotePath, old: str, new: str) -> "_Plan":
        note = await self._sight.note(path)
        stored = await asyncio.to_thread(self._edited, note, old, new)
        change = Change(path, note.text, stored)
        return _Plan(change, lambda: self._workspace.replace(note, stored, self._origin))

    async def _plan_deletion(self, path: NotePath) -> "_Plan":
        data = await self._workspace.bytes_of(path)
        before = None if data is None else _decoded(data)
        if data is None or not self._sight.shows(path, before or ""):
            raise self._sight.missing(path)
        if before is not None:
            self._sight.check_unmasked(path, before)
        expected = version_of(data)
        change = Change(path, before, None)
        return _Plan(change, lambda: self._workspace.delete(path, self._origin, expected=expected))

    def _check_known(self, note: Note) -> None:
        """Refuse to write a note anew that the model has not seen, whole, as it is now: its lines would be lost."""
        name = self._memory.name(note.path)
        known = self._known.get(note.path)
        if known is None:
            raise NoteExists(f"{name} exists already; read it and change it with update_file.")
        if known != note.version:
            raise NoteConflict(f"{name} was changed after you read it; read it again, then change it with update_file.")
        if len(note.text) > LONGEST_VARIABLE:
            raise NoteExists(f"{name} is too long to be written anew; change it with update_file.")

    def _prepared(self, path: NotePath, text: str) -> str:
        """A new note as it goes to disk."""
        memory = self._memory
        memory.check_addition(path, None, text)
        prepared = memory.prepared_entity(path, memory.stored(text, None, path))
        if path != memory.user_note:
            memory.check_new_entity(path, prepared)
        return prepared

    def _edited(self, note: Note, old: str, new: str) -> str:
        """The note with the one place replaced, as it goes to disk."""
        seen = self._memory.seen(note.text)
        match = find_single(seen, old, new)
        edited = seen[: match.start] + match.new + seen[match.end :]
        return self._stored(note, self._sight.unmasked(note, edited))

    def _stored(self, note: Note, text: str) -> str:
        """A note's new text as it goes to disk."""
        stored = self._memory.stored(text, note.text, note.path)
        self._memory.check_addition(note.path, note.text, stored)
        return stored

    async def _write(self, plan: "Callable[[], Awaitable[_Plan]]") -> None:
        """Prepare a change, wait for leave, make it; all again on the note as it is now if it changed meanwhile.

        Nothing is held while the turn waits, and what is written was compared with what was shown.
        """
        for attempt in range(_ATTEMPTS):
            planned = await plan()
            await self._wait_for_leave(planned.change)
            try:
                await self._finish(planned.write())
                return
            except NoteConflict:
                if attempt == _ATTEMPTS - 1:
                    raise
                await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.004 * 2**attempt)))

    async def _wait_for_leave(self, change: Change) -> None:
        if self._permit is None:
            return
        began = time.monotonic()
        try:
            refusal = await self._permit(change)
        finally:
            self.waited += time.monotonic() - began
        if refusal is not None:
            raise ToolRefused(refusal)

    async def _finish(self, write: Coroutine[object, object, Change]) -> None:
        """A cancelled turn waits for the write in hand, so that it is known."""
        writing = asyncio.ensure_future(write)
        try:
            self._made(await asyncio.shield(writing))
        except asyncio.CancelledError:
            with suppress(VaultError):
                self._made(await writing)
            raise

    def _made(self, change: Change) -> None:
        self._memory.catalogue.wrote(change.path)
        if change.version is None:
            self._known.pop(change.path, None)
        else:
            self._known[change.path] = change.version
        self._done(change)


@dataclass(frozen=True, slots=True)
class _Plan:
    """A change that is ready to be made."""

    change: Change
    write: Callable[[], Coroutine[object, object, Change]]


def _decoded(data: bytes) -> str | None:
    try:
        return NoteText.decode(data).text
    except UnicodeDecodeError:
        return None
