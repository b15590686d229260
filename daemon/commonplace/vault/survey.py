"""A look at a folder before memory is added to it. Reads only."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.conventions import ENTITIES, USER_NOTE
from commonplace.vault.frontmatter import FrontmatterMalformed, properties
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

_MOST_SAMPLED = 400
_HEAD_BYTES = 4_096
_PEOPLE_FOLDERS = frozenset({"people", "person", "persons", "contacts", "friends", "family", "team", "colleagues"})
_FIRST_USER_NOTE = "# User Information\n"


@dataclass(frozen=True, slots=True)
class Survey:
    """What stands in a folder, and what adding memory would add."""

    notes: int
    folders: tuple[tuple[str, int], ...]
    """The largest top folders, with their number of notes."""
    user_notes: tuple[str, ...]
    """Notes called ``User.md``, in any case, anywhere at the top two levels."""
    people: tuple[str, ...]
    """Notes that look like people, a few of them."""
    memory: str | None
    """The folder where memory stands already ("" is the root), or None."""
    proposal: str
    """Where memory could live: "" or a folder's name that is free."""


def survey(vault: Vault) -> Survey:
    """Look at the vault's notes."""
    notes = vault.notes()
    folders = Counter(note.parts[0] for note in notes if len(note.parts) > 1)
    user_notes = tuple(note.value for note in notes if note.name.casefold() == USER_NOTE and len(note.parts) <= 2)
    memory = find_memory(vault.root)
    return Survey(
        notes=len(notes),
        folders=tuple(folders.most_common(8)),
        user_notes=user_notes,
        people=tuple(note.value for note in _people(vault, notes))[:8],
        memory=memory,
        proposal="" if not notes else _free_folder(vault.root),
    )


def find_memory(root: Path) -> str | None:
    """The folder that holds ``user.md`` as the agent wants it: "" for the root, a top folder, or None."""
    if _stands_exactly(root, USER_NOTE):
        return ""
    try:
        with os.scandir(root) as entries:
            folders = sorted(entry.name for entry in entries if entry.is_dir() and not entry.name.startswith("."))
    except OSError:
        return None
    return next(
        (name for name in folders if _stands_exactly(root / name, USER_NOTE) and (root / name / ENTITIES).is_dir()),
        None,
    )


def memory_of(root: Path) -> str:
    """Where the memory of a vault lives or will live: where it stands, else the root.

    Where the root holds the human's own ``User.md``, which some systems take for ``user.md``, a free folder.
    """
    found = find_memory(root)
    if found is not None:
        return found
    return _free_folder(root) if other_user_note(root) else ""


def other_user_note(folder: Path) -> str | None:
    """The name of a human's note in the folder that differs from ``user.md`` in capitals alone."""
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except OSError:
        return None
    return next((name for name in names if name.casefold() == USER_NOTE and name != USER_NOTE), None)


def additions(vault: Vault, folder: str) -> tuple[str, ...]:
    """What ``initialise`` would add, as paths relative to the vault."""
    prefix = f"{folder}/" if folder else ""
    wanted = (f"{prefix}{USER_NOTE}", f"{prefix}{ENTITIES}/")
    return tuple(path for path in wanted if not (vault.root / path).exists())


def initialise(vault: Vault, folder: str) -> tuple[str, ...]:
    """Add ``user.md`` and ``entities/`` in the folder, and nothing else; what stands stays as it is.

    Raises:
        PathRefused: the folder's name cannot be one, or a twin of ``user.md`` in other capitals stands there.
        NoteRefused: the system refused.

    """
    added = additions(vault, folder)
    for path in added:
        place = NotePath.parse(path)
        if path.endswith("/"):
            vault.make_folder(place)
        else:
            vault.create(place, _FIRST_USER_NOTE)
    return added


def _people(vault: Vault, notes: list[NotePath]) -> list[NotePath]:
    in_folder = [note for note in notes if {part.casefold() for part in note.parts[:-1]} & _PEOPLE_FOLDERS]
    others = [note for note in notes if note not in set(in_folder)][:_MOST_SAMPLED]
    return in_folder + [note for note in others if _says_person(vault, note)]


def _says_person(vault: Vault, note: NotePath) -> bool:
    try:
        with (vault.root / note.value).open("rb") as file:
            head = file.read(_HEAD_BYTES).decode("utf-8", "ignore")
        found = properties(head)
    except (OSError, FrontmatterMalformed):
        return False
    said = f"{found.get('type', '')} {found.get('tags', '')} {found.get('category', '')}".casefold()
    return any(word in said for word in ("person", "people", "contact"))


def _free_folder(root: Path) -> str:
    names = ("Memory", "Commonplace", *(f"Memory {number}" for number in range(2, 100)))
    taken = {entry.name.casefold() for entry in root.iterdir()}
    return next(name for name in names if name.casefold() not in taken)


def _stands_exactly(folder: Path, name: str) -> bool:
    try:
        return name in (entry.name for entry in folder.iterdir())
    except OSError:
        return False
