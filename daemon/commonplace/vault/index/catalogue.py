"""The index as a catalogue: quick answers, each looked up on disk, and a walk where the index cannot tell."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from commonplace.vault import conventions, links
from commonplace.vault.catalogue import MOST_READ, Among, WalkedCatalogue, shown_hits, targets_of
from commonplace.vault.errors import VaultError
from commonplace.vault.index.answers import Answers
from commonplace.vault.index.index import Index, NotReady
from commonplace.vault.names import folded
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.search import Found, words_of

T = TypeVar("T")
_CANDIDATES = 200
"""Notes that a search ranks: some may have changed, or be out of the asker's reach."""


class IndexedCatalogue:
    """See ``catalogue.Catalogue`` for what the methods answer."""

    def __init__(self, vault: Vault, index: Index) -> None:
        self._vault = vault
        self._index = index
        self._walked = WalkedCatalogue(vault)

    def resolver(self) -> links.LinkResolver:
        """Which note a link means, as the vault is now."""
        if self._index.settle(listed=True):
            return _IndexedResolver(self._vault, self._index, self._walked.resolver)
        return self._walked.resolver()

    def named(self, *names: str) -> list[NotePath]:
        """The notes that go by any of the names; while the index is first made, unread ones by their file name only."""
        wanted = {folded(name) for name in names} - {""}
        known = self._ask(lambda answers: answers.known_as(wanted))
        if known is None:
            return self._walked.named(*names)
        return [path for path in known if self._goes_by(path, wanted)]

    def names(self) -> Mapping[str, Sequence[NotePath]]:
        """Every name by which a note goes, folded; the notes that are unread yet by their file name only."""
        known = self._ask(lambda answers: answers.names())
        return self._walked.names() if known is None else known

    def linked(self, paths: Collection[NotePath], among: Among) -> set[NotePath]:
        """Those of the paths to which another note links, one for which ``among`` is true."""
        resolver = self.resolver()
        found: set[NotePath] = set()
        unread = set(filter(among, self._ask(Answers.unread) or ()))
        for path in paths:
            named = self._ask(lambda answers, name=path.name: answers.links_named(name))
            if named is None:
                return self._walked.linked(paths, among)
            sources = {link.source for link in named if link.source != path and among(link.source)} | unread
            if any(path in targets_of(self._vault, source, resolver) for source in sorted(sources - {path})):
                found.add(path)
        return found

    def folders(self, under: str = "") -> Mapping[str, tuple[int, int]]:
        """For a folder and each below it that has notes: how many it holds itself, and their bytes."""
        counted = self._ask(lambda answers: answers.folders(under))
        return self._walked.folders(under) if counted is None else counted

    def search(self, query: str, among: Among) -> Found:
        """The notes that hold the query's words, the best first: while a large index is made, of those it has."""
        words = words_of(query)
        is_ready = self._index.settle()
        progress = self._index.progress
        if not is_ready and (progress.phase != "reading" or progress.total <= MOST_READ):
            return self._walked.search(query, among)
        try:
            paths = self._index.ask(lambda answers: answers.search(words, _CANDIDATES))
        except NotReady:
            return self._walked.search(query, among)
        missing = progress.total - progress.done
        left_out = f"{missing:,} of {progress.total:,} notes are not indexed yet" if missing > 0 else None
        return Found(tuple(shown_hits(self._vault, filter(among, paths), words)), left_out)

    def wrote(self, path: NotePath) -> None:
        """A note was just written or deleted by us."""
        self._index.wrote(path)

    def _ask(self, question: Callable[[Answers], T]) -> T | None:
        if not self._index.settle(listed=True):
            return None
        try:
            return self._index.ask(question)
        except NotReady:
            return None

    def _goes_by(self, path: NotePath, wanted: set[str]) -> bool:
        try:
            text = self._vault.read(path).text
        except VaultError:
            return self._vault.is_note(path)
        return bool({folded(name) for name in conventions.names_of(path, text)} & wanted)


class _IndexedResolver:
    """Resolves among the notes that are called as the target is; the files themselves say whether they stand."""

    def __init__(self, vault: Vault, index: Index, walk: Callable[[], links.LinkResolver]) -> None:
        self._vault = vault
        self._index = index
        self._walk = walk

    def resolve(self, target: str, source: NotePath | None = None) -> NotePath | None:
        """The note that the target means in the source note; None where the link leads nowhere."""
        if not target:
            return source
        name = links.last_name(target)
        try:
            called = self._index.ask(lambda answers: answers.called({name, f"{name}.md"}))
        except NotReady:
            return self._walk().resolve(target, source)
        found = links.Resolver(called).resolve(target, source)
        if found is not None and not self._vault.is_note(found):
            return self._walk().resolve(target, source)
        return found
