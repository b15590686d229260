"""The notes of a folder and those below it, by their names."""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress

from commonplace.vault.errors import PathRefused
from commonplace.vault.path import NotePath


def named(names: Iterable[str]) -> Iterator[NotePath]:
    """The notes that can be named at all; a name that cannot (a colon, say) is its owner's alone."""
    for name in names:
        with suppress(PathRefused):
            yield NotePath.parse(name)


Stamp = tuple[int, int, int]
"""When a file was written, when anything of it was changed (both in nanoseconds), and its bytes."""


def walk(folder: str, prefix: str) -> Iterator[str]:
    """The names of all files below a folder that are notes by their ending, each behind the prefix."""
    return (name for name, _ in _entries(folder, prefix))


def stamps(folder: str) -> dict[str, Stamp]:
    """The same names with what shows whether a file is as it was; a note is read only where that differs."""
    found: dict[str, Stamp] = {}
    for name, entry in _entries(folder, ""):
        try:
            stat = entry.stat()
        except OSError:
            continue
        found[name] = stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size
    return found


def _entries(folder: str, prefix: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    folders = [(folder, prefix)]
    while folders:
        folder, prefix = folders.pop()
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            name = entry.name
            if name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, f"{prefix}{name}/"))
            elif name.lower().endswith(".md") and _leads_to_a_file(entry):
                yield prefix + name, entry


def _leads_to_a_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file or a link to one; a loop of links is neither."""
    try:
        return entry.is_file()
    except OSError:
        return False
