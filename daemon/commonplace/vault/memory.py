"""The agent's memory within a vault: ``user.md`` and ``entities/``, named as the agent names them."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from commonplace.vault import conventions, links
from commonplace.vault.catalogue import Catalogue, WalkedCatalogue
from commonplace.vault.conventions import ENTITIES, USER_NOTE
from commonplace.vault.errors import ConventionError, PathRefused, VaultError
from commonplace.vault.lens import Lens
from commonplace.vault.limits import Limits
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.text import added_lines

TREE_BUDGET = 6_000
"""Characters of ``tree``; a result may have 8,000 a variable."""


class Memory:
    """Where memory lives in a vault, and what may be added there.

    On disk a link says ``[[Memory/entities/jane_doe.md]]``, as Obsidian needs; the agent sees and writes
    ``[[entities/jane_doe.md]]``. With the memory at the vault's root both are the same.
    """

    def __init__(
        self,
        vault: Vault,
        folder: str = "",
        catalogue: Catalogue | None = None,
        *,
        alone: bool = False,
        limits: Limits | None = None,
        lens: Lens | None = None,
    ) -> None:
        """Open the memory in ``folder`` of the vault ("" is its root); the folder need not exist yet.

        ``catalogue`` answers for the whole vault; unless there is one, its files are walked. With
        ``alone``, the rest of the vault is out of reach: not read, not listed, not named. ``lens`` hides notes
        and lines from whoever uses this memory.

        Raises:
            PathRefused: the folder's name cannot stand for a folder of the vault.

        """
        self.vault = vault
        self.folder = NotePath.parse(folder).value if folder else ""
        self._prefix = f"{self.folder}/" if self.folder else ""
        self.catalogue = catalogue or WalkedCatalogue(vault)
        self._alone = alone
        self._limits = limits or Limits()
        self.lens = lens

    def seen_as(self, *, alone: bool | None = None, lens: Lens | None = None) -> "Memory":
        """The same memory, of which less is seen."""
        return Memory(
            self.vault,
            self.folder,
            self.catalogue,
            alone=self._alone if alone is None else alone,
            limits=self._limits,
            lens=self.lens if lens is None else lens,
        )

    @property
    def user_note(self) -> NotePath:
        """Where the memory starts."""
        return NotePath(self._prefix + USER_NOTE)

    def path(self, name: object) -> NotePath:
        """The note or folder that the agent calls ``name``.

        Raises:
            PathRefused: it cannot stand for one, or is out of reach.

        """
        path = NotePath.parse(name)
        if path.value == USER_NOTE or path.parts[0] == ENTITIES:
            return NotePath.parse(self._prefix + path.value)
        if self._alone and not self.holds(path) and path.value != self._prefix + ENTITIES:
            raise PathRefused(f"{path} is out of reach: this conversation has user.md and entities/ alone.")
        return path

    def reaches(self, path: NotePath) -> bool:
        """Whether the agent may know of the note or folder."""
        if self.lens is not None and self.lens.hides(path):
            return False
        return not self._alone or self.holds(path) or path.value == self._prefix + ENTITIES

    def is_note(self, path: NotePath) -> bool:
        """Whether there is such a note, as far as the agent may know."""
        return self.reaches(path) and self.vault.is_note(path)

    def is_folder(self, path: NotePath) -> bool:
        """Whether there is such a folder, as far as the agent may know."""
        return self.reaches(path) and self.vault.is_folder(path)

    def name(self, path: NotePath) -> str:
        """What the agent calls the note: the inverse of ``path``."""
        inside = path.value.removeprefix(self._prefix)
        if path.value.startswith(self._prefix) and (inside == USER_NOTE or inside.split("/")[0] == ENTITIES):
            return inside
        return path.value

    def holds(self, path: NotePath) -> bool:
        """Whether the note is ``user.md`` or lies in ``entities/``."""
        return path == self.user_note or path.within(self._prefix + ENTITIES)

    def may_write(self, path: NotePath) -> bool:
        """Whether the agent may write the note: ``user.md`` and ``entities/**.md`` alone."""
        return path == self.user_note or (path.within(self._prefix + ENTITIES) and path.is_markdown)

    def notes(self) -> list[NotePath]:
        """The notes of the memory: ``user.md`` first."""
        entities = NotePath(self._prefix + ENTITIES)
        found = self.vault.notes(entities) if self.vault.is_folder(entities) else []
        found = found if self.lens is None else [note for note in found if self.reaches(note)]
        return [self.user_note, *found] if self.vault.is_note(self.user_note) else found

    def size(self) -> int:
        """Bytes of the memory's notes; one that goes away meanwhile counts nothing."""
        total = 0
        for note in self.notes():
            with suppress(VaultError):
                total += self.vault.size(note)
        return total

    def shown(self, text: str) -> str:
        """A note's text as the agent sees it; every line stays in its place."""
        if not self._prefix:
            return text
        return text.replace(f"[[{self._prefix}{ENTITIES}/", f"[[{ENTITIES}/").replace(
            f"[[{self._prefix}{USER_NOTE}", f"[[{USER_NOTE}"
        )

    def placed(self, text: str) -> str:
        """The inverse of ``shown``, for a text whose links to the memory are in full already."""
        if not self._prefix:
            return text
        return text.replace(f"[[{ENTITIES}/", f"[[{self._prefix}{ENTITIES}/").replace(
            f"[[{USER_NOTE}", f"[[{self._prefix}{USER_NOTE}"
        )

    def seen(self, text: str) -> str:
        """A note's text as ``shown``, without what the lens hides; every line stays in its place."""
        shown = self.shown(text)
        return shown if self.lens is None else self.lens.seen(shown)

    def masked(self, text: str) -> str:
        """A note's text as it stands, without what the lens hides; every line stays in its place."""
        return text if self.lens is None else self.lens.seen(text)

    def stored(self, text: str, before: str | None, source: NotePath) -> str:
        """Text that the agent wrote, as it goes to disk: the links that it added in full.

        Lines that stood in ``before`` (the text on disk) and links that stood there keep their spelling.
        A link that leads nowhere is kept as written, but for the memory folder.
        """
        shown_before = None if before is None else self.shown(before)
        lines = text.split("\n")
        added = dict(added_lines(shown_before, text))
        if before is not None:
            self._restore(lines, set(added), before)
        if not any("[[" in line for line in added.values()):
            return "\n".join(lines)
        standing = {self.shown(raw): raw for raw in _raw_links(before or "")}
        resolver = self.catalogue.resolver()
        for index, line in added.items():
            lines[index] = self._spell_links(line, standing, resolver, source)
        return "\n".join(lines)

    def check_addition(self, path: NotePath, before: str | None, after: str) -> None:
        """Hold what the agent adds to a note against the conventions and the limits, before it is written.

        Raises:
            ConventionError, MemoryFull: saying what to write instead.

        """
        if not self.may_write(path):
            raise ConventionError(
                f"{self.name(path)} is not part of the memory; write user.md or a note in entities/, ending in .md."
            )
        conventions.check_added_text(before, after)
        if before is None and path != self.user_note:
            conventions.check_entity_path(self.name(path))
            conventions.check_entity_text(self.name(path), after)
        if before is not None:
            conventions.check_fact_place(before, after)
        self._check_room(path, before or "", after)

    def check_new_entity(self, path: NotePath, text: str) -> None:
        """Refuse a second note about somebody or something that has one.

        A human's note outside the memory gets a card instead: an entity with the line ``- note: [[...]]``.

        Raises:
            ConventionError: naming the note that stands, or the candidates.

        """
        called = conventions.names_of(path, text)
        standing = [note for note in self.catalogue.named(*called) if note != path and self.reaches(note)]
        inside = [note for note in standing if self.holds(note)]
        if inside:
            raise ConventionError(
                f"{self.name(inside[0])} is about {called[-1]} already; read it and change it with update_file."
            )
        resolver = self.catalogue.resolver()
        linked = {resolver.resolve(link.target, path) for link in links.scan(text)}
        if not standing or linked & set(standing):
            return
        if len(standing) == 1:
            raise ConventionError(
                f"The user has a note about {called[-1]}: add the line '- note: {links.canonical(standing[0])}' "
                "to the new entity, and keep there only what their note does not say."
            )
        candidates = " and ".join(links.canonical(note) for note in standing[:5])
        raise ConventionError(
            f"Several notes could be about {called[-1]}: {candidates}. Ask the user which is meant, "
            "then add '- note: [[...]]' with that one."
        )

    def prepared_entity(self, path: NotePath, text: str) -> str:
        """A new entity's text with its real name as alias (see ``conventions.with_alias``)."""
        return text if path == self.user_note else conventions.with_alias(path, text)

    def tree(self, budget: int = TREE_BUDGET) -> str:
        """What ``list_files`` shows: the memory in full while it fits, then folders with counts.

        The human's other folders are shown with counts only.
        """
        memory = self.notes()
        full = _tree_lines([self.name(note) for note in memory])
        others = [] if self._alone else _folder_counts(self._notes_of_the_user())
        while others and sum(map(len, others)) + len(others) > budget // 3:
            others = [*others[: len(others) // 2 - 1], "... more folders"] if len(others) > 3 else []
        if sum(len(line) + 1 for line in [*full, *others]) > budget:
            full = _counted([self.name(note) for note in memory], budget - sum(len(line) + 1 for line in others))
        return "\n".join([*full, *others]) or "(the memory is empty: no user.md yet)"

    def _notes_of_the_user(self) -> Mapping[str, int]:
        """How many notes that are not memory stand in each top folder; "" is the root."""
        entities = self._prefix + ENTITIES
        counts: Counter[str] = Counter()
        for folder, (notes, _) in self.catalogue.folders().items():
            hidden = self.lens is not None and bool(folder) and self.lens.hides(NotePath(folder))
            if not hidden and folder != entities and not folder.startswith(f"{entities}/"):
                counts[folder.split("/")[0]] += notes
        counts[self.folder.split("/")[0]] -= self.vault.is_note(self.user_note)
        return counts

    def _check_room(self, path: NotePath, before: str, after: str) -> None:
        growth = len(after.encode("utf-8", "surrogatepass")) - len(before.encode("utf-8", "surrogatepass"))
        if growth <= 0:
            return
        folders = {
            self.name(NotePath(folder)): size
            for folder, (_, size) in self.catalogue.folders(self._prefix + ENTITIES).items()
        }
        loose = self.vault.size(self.user_note) if self.vault.is_note(self.user_note) else 0
        self._limits.check(self.name(path), growth, folders, loose)

    def _restore(self, lines: list[str], added: set[int], before: str) -> None:
        """Give the lines that stood in the note their spelling on disk."""
        originals: dict[str, list[str]] = {}
        for raw in before.split("\n"):
            originals.setdefault(self.shown(raw), []).append(raw)
        for index, line in enumerate(lines):
            if index not in added and (stock := originals.get(line)):
                lines[index] = stock.pop(0) if len(stock) > 1 else stock[0]

    def _spell_links(self, line: str, standing: dict[str, str], resolver: links.LinkResolver, source: NotePath) -> str:
        pieces: list[str] = []
        position = 0
        for link in links.scan(line):
            raw = line[link.start : link.end]
            if link.kind == "markdown" or not link.target:
                continue
            pieces += [line[position : link.start], standing.get(raw) or self._full_link(link, resolver, source)]
            position = link.end
        return "".join([*pieces, line[position:]])

    def _full_link(self, link: links.Link, resolver: links.LinkResolver, source: NotePath) -> str:
        try:
            named = self.path(link.target)
        except PathRefused:
            return link.spelled(link.target)
        found = resolver.resolve(named.value, source) or resolver.resolve(link.target, source)
        if found is not None:
            return link.spelled(found.value)
        return link.spelled(named.value if self.holds(named) else link.target)


def _raw_links(text: str) -> list[str]:
    return [text[link.start : link.end] for link in links.scan(text) if link.kind != "markdown"]


def _tree_lines(names: list[str]) -> list[str]:
    lines: list[str] = []
    open_folders: tuple[str, ...] = ()
    for name in names:
        *folders, leaf = name.split("/")
        for depth in range(len(folders)):
            if tuple(folders[: depth + 1]) != open_folders[: depth + 1]:
                lines.append("  " * depth + folders[depth] + "/")
        open_folders = tuple(folders)
        lines.append("  " * len(folders) + leaf)
    return lines


def _counted(names: list[str], budget: int) -> list[str]:
    """The tree with folders in place of their notes, the deepest level that fits."""
    for depth in range(8, 0, -1):
        counts = Counter("/".join(name.split("/")[:-1][:depth]) for name in names if "/" in name)
        lines = [name for name in names if "/" not in name]
        lines += [f"{folder}/ ({count:,} notes)" for folder, count in sorted(counts.items())]
        if sum(len(line) + 1 for line in lines) <= budget or depth == 1:
            return [*lines, "(too many to list: check a name with check_if_file_exists, follow links with go_to_link)"]
    return []


def _folder_counts(counts: Mapping[str, int]) -> list[str]:
    lines = [
        f"{folder}/ ({count:,} note{'s' if count > 1 else ''} of the user)"
        for folder, count in sorted(counts.items())
        if folder and count > 0
    ]
    loose = counts.get("", 0)
    return [*lines, *([f"({loose:,} more note{'s' if loose > 1 else ''} of the user)"] if loose > 0 else [])]
