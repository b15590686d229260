"""What the undo of an import has to do beyond its own writes: nothing that stays leads to what goes."""

import asyncio
import re
from collections.abc import Callable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from commonplace.vault import links
from commonplace.vault.batch import SESSION
from commonplace.vault.conventions import ENTITIES
from commonplace.vault.errors import VaultError
from commonplace.vault.imported import id_in, imported_notes
from commonplace.vault.journal import Journal, JournaledTurn, Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Note
from commonplace.vault.path import NotePath, locate
from commonplace.vault.undo import Undone
from commonplace.vault.workspace import Workspace

_ONLY_A_LINK = re.compile(r"- [^:\[\]]+: !?\[\[[^\[\]]+\]\]\s*")


def is_import(turn: JournaledTurn) -> bool:
    """Whether the turn is an import."""
    return turn.origin.session == SESSION and not turn.origin.undoes


def moved_notes(memory: Memory, journal: Journal, turn: JournaledTurn) -> Mapping[str, str]:
    """Where notes of the import are now that somebody moved or renamed, by the paths at which it wrote them."""
    lost: dict[str, str] = {}
    for path, version in _created(turn).items():
        if not memory.vault.is_note(NotePath(path)) and (data := journal.content(version)) is not None:
            lost[id_in(data)] = path
    lost.pop("", None)
    if not lost:
        return {}
    source = _source(turn)
    found = ((lost.get(f"{source}:{note.id}"), note.path.value) for note in imported_notes(memory.vault, source))
    # A note that was deleted and imported once more belongs to the later import.
    return {path: now for path, now in found if path is not None and not journal.has_created(memory.vault.root, now)}


def as_written(moved: Mapping[str, str]) -> Callable[[bytes], bytes]:
    """Gives back the links that Obsidian spelled anew when notes were renamed."""
    old = {now.removesuffix(".md").encode(): path.encode() for path, now in moved.items()}
    names = b"|".join(map(re.escape, sorted(old, key=len, reverse=True)))
    link = re.compile(rb"\[\[(" + names + rb")(?:\.md)?(?=[\]|#])")
    return lambda data: link.sub(lambda found: b"[[" + old[found[1]], data) if old else data


async def tidied(
    memory: Memory,
    workspace: Workspace,
    turn: JournaledTurn,
    moved: Mapping[str, str],
    origin: Origin,
    notes: list[Undone],
) -> list[Undone]:
    """Take out links to notes that went, from ``user.md`` and from other imports; and folders that are empty now."""
    paths = {moved.get(path, path) for path in _created(turn)} | set(_created(turn))
    gone = {path for path in paths if not memory.vault.is_note(NotePath(path))}
    outcomes = {note.path: note for note in notes}
    for note, text in await asyncio.to_thread(lambda: list(_leading_there(memory, _source(turn), gone))):
        with suppress(VaultError):
            await workspace.replace(note, text, origin)
            path, left = note.path.value, outcomes.get(note.path.value)
            # A note of the import that stays still holds what it wrote.
            outcomes[path] = replace(left, now=text) if left and path in paths else Undone(path, "merged")
    await asyncio.to_thread(_remove_empty_folders, memory, gone)
    return list(outcomes.values())


def _created(turn: JournaledTurn) -> dict[str, str]:
    """The notes that the turn created, with their last version."""
    new = {entry.path for entry in turn.entries if entry.before is None}
    return {entry.path: entry.after for entry in turn.entries if entry.path in new and entry.after is not None}


def _source(turn: JournaledTurn) -> str:
    return turn.turn.split("-")[1]


def _leading_there(memory: Memory, source: str, gone: Set[str]) -> Iterator[tuple[Note, str]]:
    """The notes with links to what is gone, and their texts without them."""
    others = [found.path for found in imported_notes(memory.vault, source)] if gone else []
    for path in (memory.user_note, *others):
        with suppress(VaultError):
            note = memory.vault.read(path)
            text = without_links(note.text, gone, drop_lines=path == memory.user_note)
            if text != note.text:
                yield note, text


def without_links(text: str, gone: Set[str], *, drop_lines: bool) -> str:
    """The text with links to those notes as plain words; lines that are a key and such a link may go whole."""
    pieces: list[str] = []
    position = 0
    for link in links.scan(text):
        if link.kind == "markdown" or not {link.target, f"{link.target}.md"} & gone or link.start < position:
            continue
        start, end = text.rfind("\n", 0, link.start) + 1, text.find("\n", link.end) + 1 or len(text)
        if drop_lines and _ONLY_A_LINK.fullmatch(text[start:end]):
            pieces.append(text[position:start])
            position = end
        else:
            words = link.alias or link.target.rpartition("/")[2].removesuffix(".md").replace("_", " ")
            pieces += [text[position : link.start], words]
            position = link.end
    return "".join([*pieces, text[position:]])


def _remove_empty_folders(memory: Memory, gone: Set[str]) -> None:
    entities = memory.vault.root / memory.folder / ENTITIES
    folders: set[Path] = set()
    for path in gone:
        with suppress(VaultError):
            folders.update(locate(memory.vault.root, NotePath(path)).parents)
    inside = [folder for folder in folders if entities in folder.parents]
    for folder in sorted(inside, key=lambda each: len(each.parts), reverse=True):
        with suppress(OSError):
            folder.rmdir()
