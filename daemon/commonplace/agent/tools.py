"""The functions that a block may call: the mem-agent scaffold's ten, with its names and answers, and a search."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import unquote

from commonplace.agent.events import Access
from commonplace.agent.matching import NoSingleMatch, find_single
from commonplace.agent.results import LONGEST_VARIABLE
from commonplace.agent.sandbox import Tool, ToolRefused
from commonplace.vault import links, search
from commonplace.vault.disk import version_of
from commonplace.vault.errors import NoteConflict, NoteExists, NoteNotFound, PathRefused, VaultError
from commonplace.vault.journal import Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change, Note
from commonplace.vault.path import NotePath
from commonplace.vault.search import Hit
from commonplace.vault.text import NoteText
from commonplace.vault.workspace import Workspace

_ATTEMPTS = 16
"""How often an edit is repeated on the text as it is now, when the note changed in between."""
_LONGEST_PAUSE = 0.3
"""Seconds before such a repetition: turns that write to one note would else keep each other from it."""

WITHHELD = "{} is withheld from this client by a filter of the user; nothing was written there."

Permit = Callable[[Change], Awaitable[str | None]]
"""Waits for leave to make a change: None is a yes, a text is what the model is told instead.

A folder that is to be made is a change without texts.
"""


@dataclass(frozen=True, slots=True)
class Record:
    """What tools did since the record was last taken; paths are relative to the vault's root."""

    touched: tuple[tuple[NotePath, Access], ...] = ()
    changes: tuple[Change, ...] = ()


class Tools:
    """The tools of one turn, and a record of what they touched.

    A refused bool tool raises ``ToolRefused``, so that the model sees the trained error form;
    ``read_file``, ``go_to_link`` and ``update_file`` return their error as text.
    """

    def __init__(
        self, memory: Memory, origin: Origin | None = None, permit: Permit | None = None, *, searches: bool = True
    ) -> None:
        """``searches``: whether there is ``search_notes``, which mem-agent's published weights do not know."""
        self._searches = searches
        self._memory = memory
        self._origin = origin
        self._permit = permit
        self.waited = 0.0
        """Seconds that the turn has waited for leave; no deadline counts them."""
        self._workspace = Workspace(memory.vault)
        self._known: dict[NotePath, str] = {}
        """The version of each note whose text the turn has seen or written."""
        self._touched: list[tuple[NotePath, Access]] = []
        self._changes: list[Change] = []
        self.changes_of_turn: list[Change] = []

    def functions(self) -> Mapping[str, Tool]:
        """The tools by the names that the model calls."""
        tools = [
            self.create_file,
            self.update_file,
            self.read_file,
            self.delete_file,
            self.check_if_file_exists,
            self.create_dir,
            self.list_files,
            self.check_if_dir_exists,
            self.get_size,
            self.go_to_link,
            *([self.search_notes] if self._searches else []),
        ]
        return {tool.__name__: tool for tool in tools}

    def take_record(self) -> Record:
        """What was touched and changed since the last call."""
        record = Record(tuple(self._touched), tuple(self._changes))
        self._touched.clear()
        self._changes.clear()
        return record

    async def create_file(self, file_path: object, content: object = "") -> bool:
        """Write a note; its folders are made with it. One that exists is written anew only if the turn read it."""
        text = _text("content", content)
        try:
            path = self._memory.path(file_path)
            await self._write(lambda: self._plan_creation(path, text))
        except VaultError as error:
            raise ToolRefused(str(error)) from None
        return True

    async def update_file(self, file_path: object, old_content: object, new_content: object) -> bool | str:
        """Replace the one place where the old text stands; True, or what to do instead."""
        try:
            path = self._memory.path(file_path)
            old, new = _text("old_content", old_content), _text("new_content", new_content)
            await self._write(lambda: self._plan_update(path, old, new))
        except (VaultError, NoSingleMatch, ToolRefused) as error:
            return f"Error: {error}"
        return True

    async def read_file(self, file_path: object) -> str:
        """The note's text, or what is wrong."""
        try:
            return await self._read(self._memory.path(file_path))
        except VaultError as error:
            return f"Error: {error}"

    async def delete_file(self, file_path: object) -> bool:
        """Delete a note as the user's Obsidian is set to."""
        try:
            path = self._memory.path(file_path)
            if path == self._memory.user_note:
                raise ToolRefused("user.md is where the memory starts; change it with update_file instead.")
            self._check_writable(path)
            await self._write(lambda: self._plan_deletion(path))
        except VaultError as error:
            raise ToolRefused(str(error)) from None
        return True

    async def check_if_file_exists(self, file_path: object) -> bool:
        """Whether there is such a note."""
        path = self._named(file_path)
        return self._memory.is_note(path) and await self._is_open(path)

    async def create_dir(self, dir_path: object) -> bool:
        """Make a folder in ``entities/``."""
        path = self._named(dir_path)
        if not self._memory.holds(path) and self._memory.name(path) != "entities":
            raise ToolRefused(f"{path} is not part of the memory; make folders in entities/ only.")
        self._check_visible(path)
        if self._memory.vault.is_folder(path):
            return True
        await self._wait_for_leave(Change(path, None, None))
        try:
            await asyncio.to_thread(self._memory.vault.make_folder, path)
        except VaultError as error:
            raise ToolRefused(str(error)) from None
        return True

    async def list_files(self) -> str:
        """The memory as a tree; the user's other folders with counts."""
        return await asyncio.to_thread(self._memory.tree)

    async def check_if_dir_exists(self, dir_path: object) -> bool:
        """Whether there is such a folder."""
        return self._memory.is_folder(self._named(dir_path))

    async def get_size(self, file_or_dir_path: object = "") -> int:
        """Bytes of a note or folder; of the whole memory when nothing is named."""
        try:
            if self._memory.lens is not None:
                return await self._visible_size(file_or_dir_path)
            if file_or_dir_path in ("", ".", "/"):
                return await asyncio.to_thread(self._memory.size)
            return await asyncio.to_thread(self._memory.vault.size, self._named(file_or_dir_path))
        except VaultError as error:
            raise ToolRefused(str(error)) from None

    async def go_to_link(self, link_string: object) -> str:
        """The text of the note that a link leads to, however the link is written, or what is wrong."""
        try:
            target = _target(_text("link_string", link_string))
            path = self._beside_memory(target) or await asyncio.to_thread(self._resolve, target)
            if path is None:
                return f"Error: The link to {target[:80]!r} leads nowhere; list_files() shows the notes that exist."
            return await self._read(path)
        except (VaultError, ToolRefused) as error:
            return f"Error: {error}"

    async def search_notes(self, query: object) -> str:
        """The notes that hold the words, the best first, each with its best lines and their numbers."""
        memory = self._memory
        found = await asyncio.to_thread(memory.catalogue.search, _text("query", query), memory.reaches)
        shown: list[str] = []
        for hit in await self._visible_hits(found.hits, _text("query", query)):
            self._touched.append((hit.path, "read"))
            shown.append(self._memory.name(hit.path))
            shown += [f"  line {number}: {self._memory.shown(line)}" for number, line in hit.lines]
        if found.left_out:
            shown.append(f"({found.left_out})")
        return "\n".join(shown) or "No note holds these words."

    async def _plan_creation(self, path: NotePath, text: str) -> "_Plan":
        self._check_visible(path, text)
        workspace, origin = self._workspace, self._origin
        if self._memory.vault.is_note(path):
            note = await workspace.read(path)
            self._check_visible(path, note.text)
            self._check_known(note)
            stored = await asyncio.to_thread(self._stored, note, text)
            return _Plan(Change(path, note.text, stored), lambda: workspace.replace(note, stored, origin))
        prepared = await asyncio.to_thread(self._prepared, path, text)
        return _Plan(Change(path, None, prepared), lambda: workspace.create(path, prepared, origin))

    async def _plan_update(self, path: NotePath, old: str, new: str) -> "_Plan":
        if not old:
            raise NoSingleMatch("old_content is empty; give the text to replace, or use create_file for a new note.")
        self._check_visible(path)
        note = await self._workspace.read(path)
        self._check_visible(path, note.text)
        stored = await asyncio.to_thread(self._edited, note, old, new)
        change = Change(path, note.text, stored)
        return _Plan(change, lambda: self._workspace.replace(note, stored, self._origin))

    async def _plan_deletion(self, path: NotePath) -> "_Plan":
        self._check_visible(path)
        data = await self._workspace.bytes_of(path)
        if data is not None:
            self._check_visible(path, _decoded(data) or "")
        if data is None:
            raise NoteNotFound(f"{path} does not exist; list_files() shows what does.")
        expected = version_of(data)
        before = _decoded(data)
        if before is not None and self._memory.seen(before) != self._memory.shown(before):
            raise ToolRefused(WITHHELD.format(self._memory.name(path)))
        change = Change(path, before, None)
        return _Plan(change, lambda: self._workspace.delete(path, self._origin, expected=expected))

    async def _read(self, path: NotePath) -> str:
        if not self._memory.reaches(path):
            raise self._missing(path)
        note = await self._workspace.read(path)
        if self._hides(path, note.text):
            raise self._missing(path)
        self._touched.append((path, "read"))
        seen = await asyncio.to_thread(self._memory.seen, note.text)
        if seen == self._memory.shown(note.text):
            self._known[path] = note.version
        return seen

    def _missing(self, path: NotePath) -> NoteNotFound:
        return NoteNotFound(f"{path} does not exist; list_files() shows what does.")

    def _hides(self, path: NotePath, text: str) -> bool:
        lens = self._memory.lens
        return lens is not None and lens.hides_text(path, text)

    def _check_visible(self, path: NotePath, text: str = "") -> None:
        """Refuse to write where a filter withholds what stands there."""
        if not self._memory.reaches(path) or self._hides(path, text):
            raise ToolRefused(WITHHELD.format(self._memory.name(path)))

    async def _is_open(self, path: NotePath) -> bool:
        """Whether a note that stands may be known of, by what it says."""
        if self._memory.lens is None:
            return True
        with suppress(VaultError):
            return not self._hides(path, (await self._workspace.read(path)).text)
        return True

    async def _visible_size(self, named: object) -> int:
        """Bytes of what is seen: a masked note counts as it is shown."""
        memory = self._memory
        whole = named in ("", ".", "/")
        path = None if whole else self._named(named)
        if path is not None and not memory.is_folder(path):
            return len((await self._seen(path)).encode("utf-8", "surrogatepass"))
        notes = memory.notes() if path is None else filter(memory.reaches, memory.vault.notes(path))
        total = 0
        for note in notes:
            with suppress(VaultError):
                total += len((await self._seen(note)).encode("utf-8", "surrogatepass"))
        return total

    async def _seen(self, path: NotePath) -> str:
        """The note's text as it is seen, without a record that it was read."""
        if not self._memory.reaches(path):
            raise self._missing(path)
        note = await self._workspace.read(path)
        if self._hides(path, note.text):
            raise self._missing(path)
        return self._memory.seen(note.text)

    async def _visible_hits(self, hits: Sequence[Hit], query: str) -> list[Hit]:
        """The hits that still are some in what is seen of their notes."""
        if self._memory.lens is None:
            return list(hits)
        found: list[Hit] = []
        for each in hits:
            with suppress(VaultError):
                again = search.hit(each.path, await self._seen(each.path), search.words_of(query))
                found += [again] if again is not None else []
        return found

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
        shown, seen = self._memory.shown(note.text), self._memory.seen(note.text)
        match = find_single(seen, old, new)
        edited = seen[: match.start] + match.new + seen[match.end :]
        if seen != shown:
            edited = self._unmasked(note, shown, seen, edited)
        return self._stored(note, edited)

    def _unmasked(self, note: Note, shown: str, seen: str, edited: str) -> str:
        """The edited text with its masked lines as they are; an edit that changes one is refused."""
        lines, masked, after = shown.split("\n"), seen.split("\n"), edited.split("\n")
        most = min(len(masked), len(after))
        head = next((at for at in range(most) if masked[at] != after[at]), most)
        tail = next((at for at in range(most - head) if masked[-1 - at] != after[-1 - at]), most - head)
        end = len(lines) - tail
        if lines[head:end] != masked[head:end]:
            raise ToolRefused(WITHHELD.format(f"A line of {self._memory.name(note.path)}"))
        return "\n".join([*lines[:head], *after[head : len(after) - tail], *lines[end:]])

    def _stored(self, note: Note, text: str) -> str:
        """A note's new text as it goes to disk."""
        stored = self._memory.stored(text, note.text, note.path)
        self._memory.check_addition(note.path, note.text, stored)
        return stored

    def _beside_memory(self, target: str) -> NotePath | None:
        """The note of the memory that the link names, without a look at the whole vault."""
        name = target if target.endswith(".md") else f"{target}.md"
        for candidate in (name, f"entities/{name}"):
            try:
                path = self._memory.path(candidate)
            except PathRefused:
                continue
            if self._memory.is_note(path):
                return path
        return None

    def _resolve(self, target: str) -> NotePath | None:
        resolver = self._memory.catalogue.resolver()
        spellings = (target, unquote(target)) if target else ()
        found = (resolver.resolve(spelling, self._memory.user_note) for spelling in spellings)
        return next((path for path in found if path is not None and self._memory.reaches(path)), None)

    def _named(self, name: object) -> NotePath:
        try:
            return self._memory.path(name)
        except PathRefused as error:
            raise ToolRefused(str(error)) from None

    def _check_writable(self, path: NotePath) -> None:
        if not self._memory.may_write(path):
            raise ToolRefused(f"{self._memory.name(path)} is not part of the memory; it is the user's own to change.")

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
            self._changed(await asyncio.shield(writing))
        except asyncio.CancelledError:
            with suppress(VaultError):
                self._changed(await writing)
            raise

    def _changed(self, change: Change) -> None:
        self._touched.append((change.path, "write"))
        self._memory.catalogue.wrote(change.path)
        if change.version is None:
            self._known.pop(change.path, None)
        else:
            self._known[change.path] = change.version
        if change.before != change.after:
            self._changes.append(change)
            self.changes_of_turn.append(change)


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


def _target(text: str) -> str:
    """The note that a whole link names, with or without its brackets; the name itself where it is no link."""
    bare = text.strip()
    match links.scan(bare):
        case [link] if link.end - link.start == len(bare):
            return link.target
        case _:
            return links.parse_target(bare.removeprefix("!").strip("[]"))[0]


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ToolRefused(f"{name} must be text, not {type(value).__name__}.")
    return value.replace("\r\n", "\n")
