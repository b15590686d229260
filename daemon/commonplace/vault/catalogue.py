"""Questions about the whole vault: answered by a walk over its files, or out of the index when it is ready."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from commonplace.vault import links
from commonplace.vault.errors import VaultError
from commonplace.vault.names import Names
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath, locate
from commonplace.vault.search import Found, Hit, hit, score, words_of

MOST_HITS = 10
MOST_READ = 2_000
"""Notes that a search without an index reads."""

Among = Callable[[NotePath], bool]


class Catalogue(Protocol):
    """Whoever answers them. Every answer stands on disk; none is older than the last event of the system."""

    def resolver(self) -> links.LinkResolver:
        """Which note a link means, as the vault is now."""
        ...

    def named(self, *names: str) -> list[NotePath]:
        """The notes that go by any of the names, without case, spaces, hyphens and underscores; sorted."""
        ...

    def names(self) -> Mapping[str, Sequence[NotePath]]:
        """Every name by which a note of the vault goes, folded, and the notes that go by it, sorted."""
        ...

    def linked(self, paths: Collection[NotePath], among: Among) -> set[NotePath]:
        """Those of the paths to which another note links, one for which ``among`` is true."""
        ...

    def folders(self, under: str = "") -> Mapping[str, tuple[int, int]]:
        """For a folder and each below it ("" is the root) that has notes: how many it holds itself, and their bytes."""
        ...

    def search(self, query: str, among: Among) -> Found:
        """The notes for which ``among`` is true that hold the query's words, the best first; a few."""
        ...

    def wrote(self, path: NotePath) -> None:
        """A note was just written or deleted by us."""
        ...


class WalkedCatalogue:
    """Answers from the files, each time anew: right in any vault, and quick in a small one."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._names = Names(vault)

    def resolver(self) -> links.LinkResolver:
        """See ``Catalogue``."""
        return links.Resolver(self._vault.notes())

    def named(self, *names: str) -> list[NotePath]:
        """See ``Catalogue``."""
        return self._names.find(*names)

    def names(self) -> Mapping[str, Sequence[NotePath]]:
        """See ``Catalogue``."""
        return self._names.all()

    def linked(self, paths: Collection[NotePath], among: Among) -> set[NotePath]:
        """See ``Catalogue``."""
        notes = self._vault.notes()
        resolver = links.Resolver(notes)
        found: set[NotePath] = set()
        for source in filter(among, notes):
            found |= targets_of(self._vault, source, resolver) - {source}
        return found & set(paths)

    def folders(self, under: str = "") -> Mapping[str, tuple[int, int]]:
        """See ``Catalogue``."""
        folder = NotePath(under) if under else None
        if folder is not None and not self._vault.is_folder(folder):
            return {}
        return count_folders(self._vault.root, self._vault.notes(folder))

    def search(self, query: str, among: Among) -> Found:
        """See ``Catalogue``; of a vault that is too large to read whole, a part: the notes named so come first."""
        words = words_of(query)
        notes = sorted(filter(among, self._vault.notes()), key=lambda path: -score(path.value, words))
        ranked: list[tuple[int, NotePath]] = []
        for path in notes[:MOST_READ]:
            with suppress(VaultError):
                if found := score(f"{path}\n{self._vault.read(path).text}", words):
                    ranked.append((-found, path))
        left_out = f"{len(notes) - MOST_READ:,} notes were not searched" if len(notes) > MOST_READ else None
        return Found(tuple(shown_hits(self._vault, [path for _, path in sorted(ranked)], words)), left_out)

    def wrote(self, path: NotePath) -> None:
        """See ``Catalogue``; nothing is remembered here."""


def shown_hits(vault: Vault, paths: Iterable[NotePath], words: Sequence[str]) -> list[Hit]:
    """The lines of the first notes that still hold one of the words."""
    hits: list[Hit] = []
    for path in paths:
        if len(hits) == MOST_HITS:
            break
        with suppress(VaultError):
            if found := hit(path, vault.read(path).text, words):
                hits.append(found)
    return hits


def targets_of(vault: Vault, source: NotePath, resolver: links.LinkResolver) -> set[NotePath]:
    """The notes to which a note links now; none where it cannot be read."""
    try:
        text = vault.read(source).text
    except VaultError:
        return set()
    return {found for target in links.targets(text) if (found := resolver.resolve(target, source))}


def count_folders(root: Path, notes: Iterable[NotePath]) -> dict[str, tuple[int, int]]:
    """For each folder: how many of the notes it holds itself, and their bytes."""
    counted: dict[str, tuple[int, int]] = {}
    for note in notes:
        try:
            size = locate(root, note).stat().st_size
        except (OSError, VaultError):
            continue
        folder = note.value.rpartition("/")[0]
        count, total = counted.get(folder, (0, 0))
        counted[folder] = (count + 1, total + size)
    return counted
