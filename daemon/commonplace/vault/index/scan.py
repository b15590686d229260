"""A look at one folder: what is new, what changed, what is missing. Reads names and stamps, no note."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from commonplace.vault.errors import PathRefused
from commonplace.vault.index.entry import State
from commonplace.vault.index.store import Known, Stamp
from commonplace.vault.path import NotePath, locate

_ICLOUD = re.compile(r"^\.(.+\.md)\.icloud$", re.IGNORECASE)
_TO_BE_READ = (State.UNREAD, State.UNREADABLE)


@dataclass(frozen=True, slots=True)
class Look:
    """What a folder holds."""

    folders: list[str] = field(default_factory=list[str])
    new: list[tuple[NotePath, Stamp]] = field(default_factory=list[tuple[NotePath, Stamp]])
    changed: list[NotePath] = field(default_factory=list[NotePath])
    """Notes that have another stamp than the index knows, or that could not be read before."""
    missing: list[str] = field(default_factory=list[str])
    """Notes that the index knows and that were not seen. Look again before you believe it."""


def look(root: Path, folder: str, known: Mapping[str, Known]) -> Look:
    """Look at a folder of the vault ("" is its root), links to folders and hidden names left out.

    Raises:
        OSError: it cannot be read to its end, so nothing is said about its notes.

    """
    found = Look()
    standing: set[str] = set()
    prefix = f"{folder}/" if folder else ""
    with os.scandir(root / folder) as listed:
        entries = list(listed)
    for entry, name in _named(entries, found.folders, prefix):
        path = prefix + name
        if path in standing:
            continue
        standing.add(path)
        note = known.get(path)
        seen = _seen(root, entry, path, note)
        if seen is not None and note is None:
            found.new.append(seen)
        elif seen is not None:
            found.changed.append(seen[0])
    found.missing.extend(path for path in known if path not in standing)
    return found


def names_in(root: Path, folder: str) -> set[str] | None:
    """The names in a folder, in NFC; empty where there is no such folder, None where that cannot be known."""
    try:
        return {unicodedata.normalize("NFC", _note_name(name)) for name in os.listdir(root / folder)}  # noqa: PTH208 (names alone, no Path for each)
    except (FileNotFoundError, NotADirectoryError):
        return set() if root.is_dir() else None
    except OSError:
        return None


def _named(entries: list[os.DirEntry[str]], folders: list[str], prefix: str) -> Iterator[tuple[os.DirEntry[str], str]]:
    """The notes with their names in NFC; of two that differ in their form alone, the one that is in NFC first."""
    other_forms: list[tuple[os.DirEntry[str], str]] = []
    for entry in entries:
        name = entry.name
        if name.startswith("."):
            if match := _ICLOUD.match(name):
                other_forms.append((entry, unicodedata.normalize("NFC", match[1])))
        elif name[-3:].lower() == ".md" and not entry.is_dir(follow_symlinks=False):
            if name.isascii() or unicodedata.is_normalized("NFC", name):
                yield entry, name
            else:
                other_forms.append((entry, unicodedata.normalize("NFC", name)))
        elif entry.is_dir(follow_symlinks=False):
            folders.append(prefix + name)
    yield from other_forms


def _seen(root: Path, entry: os.DirEntry[str], path: str, known: Known | None) -> tuple[NotePath, Stamp] | None:
    """The note if it is to be read. What cannot be looked at stays as it is known."""
    try:
        found = entry.stat()
        stamp = _stamp(found)
        if known is not None and known.stamp == stamp and known.state not in _TO_BE_READ:
            return None
        if not stat.S_ISREG(found.st_mode):
            return None
        note = NotePath.parse(path)
        if entry.is_symlink():
            locate(root, note)
    except (OSError, PathRefused):
        return None
    return note, stamp


def _stamp(found: os.stat_result) -> Stamp:
    return Stamp(found.st_size, found.st_mtime_ns)


def _note_name(name: str) -> str:
    match = _ICLOUD.match(name)
    return match[1] if match else name
