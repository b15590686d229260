"""Where an imported note goes and what it is called: no two notes of the vault under one name. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from commonplace.importers.base import ExportRefused, ImportedNote
from commonplace.importers.rendering import title_of
from commonplace.vault.conventions import ENTITIES, entity_name
from commonplace.vault.limits import Limits
from commonplace.vault.names import folded

MOST_IN_FOLDER = 1_000
"""Notes; a file explorer and a human come to an end with more."""
MOST_DEPTH = 4
"""Folders below the source's own; what stood deeper stands in the last of them."""
_FILLED = 0.9
"""How much of a folder is used: the rest is for index notes, and for what the human adds."""
_LONGEST_NAME = 60
"""Characters: Unicode letters have up to four bytes, and a name on disk 255."""
_WINDOWS_KEEPS = frozenset({"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)})


@dataclass(frozen=True, slots=True)
class Placed:
    """A note's place."""

    path: str
    """As the agent names it."""
    title: str
    aliases: tuple[str, ...] = ()
    """What else it is called, beside the title."""


class Shelves:
    """The folders of one source in a memory, as they fill."""

    def __init__(
        self,
        source: str,
        label: str,
        *,
        dated: bool,
        names: Iterable[str],
        folders: Mapping[str, tuple[int, int]],
        memory: int,
        limits: Limits | None = None,
    ) -> None:
        """Args: ``names`` are those of the vault, folded; ``folders`` have notes and bytes; ``memory`` has bytes."""
        self._root = f"{ENTITIES}/{source}"
        self._label = label
        self._dated = dated
        self._names = set(names)
        self._counted: Counter[str] = Counter()
        self._held: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0), folders)
        self._overflow: Counter[str] = Counter()
        self._memory = memory
        self._limits = limits or Limits()

    def place(self, note: ImportedNote, size: int) -> Placed:
        """Give a note a name and a folder that has room for its bytes.

        Raises:
            ExportRefused: the memory has none.

        """
        title, name = self.called(self._title(note))
        folder = self._with_room(self._folder(note), size)
        notes, held = self._held[folder]
        self._held[folder] = (notes + 1, held + size)
        self._memory += size
        if self._memory > self._limits.memory:
            raise ExportRefused(
                f"The memory would grow beyond {self._limits.memory:,} bytes with this export, and its notes stay as "
                "they are: nothing was written. Import a part of it (--since 2025-01-01), or take out what is not "
                "needed any more."
            )
        return Placed(f"{folder}/{name}.md", title)

    def called(self, title: str) -> tuple[str, str]:
        """The title and the file's name, without its ending, for a note that would be called so: both are free."""
        while True:
            number = self._counted[title]
            self._counted[title] += 1
            mark = "" if number == 0 else f" ({number + 1})" if self._dated else self._mark(number)
            name = _file_name(title, mark)
            wanted = {folded(title + mark), folded(name)} - {""}
            if not wanted & self._names:
                self._names |= wanted
                return title + mark, name

    def also_called(self, placed: Placed, aliases: Sequence[str]) -> Placed:
        """The place with the aliases that the note brings along; one that is taken gets the source behind it."""
        kept: list[str] = []
        own = {folded(placed.title), folded(placed.path.rpartition("/")[2].removesuffix(".md"))}
        for alias in dict.fromkeys(aliases):
            if folded(alias) in own:
                continue
            spellings = (alias + (self._mark(number) if number else "") for number in count())
            name = next(each for each in spellings if folded(each) not in self._names)
            self._names.add(folded(name))
            own.add(folded(alias))
            kept.append(name)
        return replace(placed, aliases=tuple(kept))

    def _mark(self, number: int) -> str:
        return f" ({self._label})" if number == 1 else f" ({self._label} {number})"

    def _title(self, note: ImportedNote) -> str:
        title = title_of(note.title)
        if not self._dated:
            return title
        return f"{note.created} {title} ({self._label})" if note.created else f"{title} ({self._label})"

    def _folder(self, note: ImportedNote) -> str:
        inside = note.folder
        if self._dated:
            inside = (str(note.created.year) if note.created else "undated",)
        return "/".join([self._root, *(_file_name(part, "") for part in inside[:MOST_DEPTH])])

    def _with_room(self, folder: str, size: int) -> str:
        """The folder, or one beside it once it is full."""
        while True:
            number = self._overflow[folder]
            beside = f"{folder}/more" if folder == self._root else folder
            shelf = folder if number == 0 else f"{beside}_{number + 1}"
            notes, held = self._held[shelf]
            if notes < MOST_IN_FOLDER and held + size <= self._limits.folder * _FILLED:
                return shelf
            self._overflow[folder] += 1


def _file_name(title: str, mark: str) -> str:
    """The snake_case name of a file or folder."""
    end = f"_{entity_name(mark)}" if mark else ""
    name = entity_name(title).lower()[:_LONGEST_NAME].strip("_") or "unnamed"
    return f"{name}_note" if name in _WINDOWS_KEEPS and not end else name + end
