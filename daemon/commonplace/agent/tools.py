"""The functions that a block may call: the mem-agent scaffold's ten, with its names and answers, and a search."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import unquote

from commonplace.agent.events import Access
from commonplace.agent.matching import NoSingleMatch
from commonplace.agent.sandbox import Tool, ToolRefused
from commonplace.agent.sight import Sight
from commonplace.agent.writing import Permit, Writing
from commonplace.vault import links, search
from commonplace.vault.errors import PathRefused, VaultError
from commonplace.vault.journal import Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change
from commonplace.vault.path import NotePath
from commonplace.vault.workspace import Workspace

_WHOLE_MEMORY = ("", ".", "/")


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
        workspace = Workspace(memory.vault)
        self._sight = Sight(memory, workspace)
        self._writing = Writing(memory, workspace, self._sight, origin=origin, permit=permit, done=self._changed)
        self._touched: list[tuple[NotePath, Access]] = []
        self._changes: list[Change] = []
        self.changes_of_turn: list[Change] = []

    @property
    def waited(self) -> float:
        """Seconds that the turn has waited for leave; no deadline counts them."""
        return self._writing.waited

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
            await self._writing.create(path, text)
        except VaultError as error:
            raise ToolRefused(str(error)) from None
        return True

    async def update_file(self, file_path: object, old_content: object, new_content: object) -> bool | str:
        """Replace the one place where the old text stands; True, or what to do instead."""
        try:
            path = self._memory.path(file_path)
            old, new = _text("old_content", old_content), _text("new_content", new_content)
            await self._writing.update(path, old, new)
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
            await self._writing.delete(path)
        except VaultError as error:
            raise ToolRefused(str(error)) from None
        return True

    async def check_if_file_exists(self, file_path: object) -> bool:
        """Whether there is such a note."""
        path = self._named(file_path)
        return self._memory.is_note(path) and await self._sight.allows(path)

    async def create_dir(self, dir_path: object) -> bool:
        """Make a folder in ``entities/``."""
        path = self._named(dir_path)
        if not self._memory.holds(path) and self._memory.name(path) != "entities":
            raise ToolRefused(f"{path} is not part of the memory; make folders in entities/ only.")
        self._sight.check_open(path)
        if self._memory.vault.is_folder(path):
            return True
        try:
            await self._writing.make_folder(path)
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
        memory = self._memory
        path = None if file_or_dir_path in _WHOLE_MEMORY else self._named(file_or_dir_path)
        try:
            if memory.lens is None:
                sized = memory.size if path is None else partial(memory.vault.size, path)
                return await asyncio.to_thread(sized)
            if path is not None and not memory.is_folder(path):
                return await self._sight.size_of_note(path)
            notes = memory.notes() if path is None else filter(memory.reaches, memory.vault.notes(path))
            return await self._sight.size(notes)
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
        wanted = _text("query", query)
        finds = partial(self._sight.finds, words=search.words_of(wanted))
        found = await asyncio.to_thread(self._memory.catalogue.search, wanted, finds)
        shown: list[str] = []
        for hit in await self._sight.hits(found.hits, wanted):
            self._touched.append((hit.path, "read"))
            shown.append(self._memory.name(hit.path))
            shown += [f"  line {number}: {self._memory.shown(line)}" for number, line in hit.lines]
        if found.left_out:
            shown.append(f"({found.left_out})")
        return "\n".join(shown) or "No note holds these words."

    async def _read(self, path: NotePath) -> str:
        note = await self._sight.note(path)
        self._touched.append((path, "read"))
        seen = await asyncio.to_thread(self._memory.seen, note.text)
        if seen == self._memory.shown(note.text):
            self._writing.knows(note)
        return seen

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
        found = [resolver.resolve(spelling, self._memory.user_note) for spelling in spellings]
        if not any(found) or any(path is not None and self._memory.reaches(path) for path in found):
            return next((path for path in found if path is not None and self._memory.reaches(path)), None)
        seen = links.Resolver(filter(self._memory.reaches, self._memory.vault.notes()))
        return next(filter(None, (seen.resolve(spelling, self._memory.user_note) for spelling in spellings)), None)

    def _named(self, name: object) -> NotePath:
        try:
            return self._memory.path(name)
        except PathRefused as error:
            raise ToolRefused(str(error)) from None

    def _check_writable(self, path: NotePath) -> None:
        if not self._memory.may_write(path):
            raise ToolRefused(f"{self._memory.name(path)} is not part of the memory; it is the user's own to change.")

    def _changed(self, change: Change) -> None:
        self._touched.append((change.path, "write"))
        if change.before != change.after:
            self._changes.append(change)
            self.changes_of_turn.append(change)


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
