"""What ``doctor`` looks at: a vault as it stands now, gathered for the checks. It reads, and changes nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

from commonplace.vault import links
from commonplace.vault.checks import Snapshot
from commonplace.vault.conflicts import original_name
from commonplace.vault.errors import NoteTooLarge, VaultError
from commonplace.vault.frontmatter import FrontmatterMalformed, properties
from commonplace.vault.index.index import Index, NotReady
from commonplace.vault.memory import Memory
from commonplace.vault.path import NotePath, locate

_PATIENCE = 5.0
"""Seconds for the index to learn which notes have other names now; without it, nothing is said of renames."""


def snapshot(memory: Memory, index: Index) -> Snapshot:
    """Gather what the checks need.

    Raises:
        VaultMissing: the vault's folder is not there.

    """
    index.catch_up(_PATIENCE)
    texts: dict[NotePath, str] = {}
    unreadable: dict[NotePath, str] = {}
    sizes: dict[NotePath, int] = {}
    for path in memory.notes():
        try:
            sizes[path] = memory.vault.size(path)
            texts[path] = memory.vault.read(path).text
        except NoteTooLarge:
            continue
        except VaultError as error:
            unreadable[path] = str(error)
    renamed = _renamed(index)
    notes = memory.vault.notes()
    return Snapshot(
        user_note=memory.user_note,
        texts=texts,
        resolver=memory.catalogue.resolver(),
        is_file=_Files(memory.vault.root),
        called=memory.catalogue.names(),
        name=memory.name,
        renamed=renamed,
        outside=dict(_linking(memory, index, renamed)),
        copies=dict(_read(memory, (path for path in notes if original_name(path.name)))),
        malformed=dict(_malformed(memory, notes)),
        unreadable=unreadable,
        sizes=sizes,
    )


class _Files:
    """The files of a vault that are no notes, as links name them."""

    def __init__(self, root: Path) -> None:
        self._paths: set[str] = set()
        self._names: set[str] = set()
        for folder, folders, files in os.walk(root):
            folders[:] = [name for name in folders if not name.startswith(".")]
            inside = Path(folder).relative_to(root).as_posix()
            for name in files:
                if not name.lower().endswith(".md"):
                    self._names.add(links.last_name(name))
                    self._paths.add(f"{inside}/{name}".removeprefix("./").casefold())

    def __call__(self, target: str, source: NotePath) -> bool:
        """Whether the target is one of them: by its path, or by its name anywhere."""
        return target.casefold().removeprefix("/") in self._paths or links.last_name(target) in self._names


def _renamed(index: Index) -> dict[str, str]:
    try:
        return index.ask(lambda answers: answers.renamed())
    except NotReady:
        return {}


def _linking(memory: Memory, index: Index, renamed: dict[str, str]) -> Iterator[tuple[NotePath, str]]:
    """The human's notes that link to a note's former name."""
    sources: set[NotePath] = set()
    for old in renamed:
        try:
            named = index.ask(lambda answers, old=old: answers.links_named(old))
        except NotReady:
            return
        sources |= {link.source for link in named if not memory.holds(link.source)}
    yield from _read(memory, iter(sorted(sources)))


def _read(memory: Memory, paths: Iterator[NotePath]) -> Iterator[tuple[NotePath, str]]:
    for path in paths:
        try:
            yield path, memory.vault.read(path).text
        except VaultError:
            continue


def _malformed(memory: Memory, notes: list[NotePath]) -> Iterator[tuple[NotePath, str]]:
    for path in notes:
        if memory.holds(path):
            continue
        try:
            with locate(memory.vault.root, path).open("rb") as file:
                if not file.read(4).startswith((b"---", b"\xef\xbb\xbf-")):
                    continue
            properties(memory.vault.read(path).text)
        except FrontmatterMalformed as error:
            yield path, str(error)
        except (OSError, VaultError):
            continue
