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


def walk(folder: str, prefix: str) -> Iterator[str]:
    """The names of all files below a folder that are notes by their ending, each behind the prefix."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.name.lower().endswith(".md") and _leads_to_a_file(entry):
            yield prefix + entry.name


def _leads_to_a_file(entry: "os.DirEntry[str]") -> bool:
    """Whether it is a file or a link to one; a loop of links is neither."""
    try:
        return entry.is_file()
    except OSError:
        return False
