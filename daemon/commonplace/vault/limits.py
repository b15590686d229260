"""How large a memory may grow: the limits of the mem-agent scaffold, which states and never enforces them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from commonplace.vault.errors import MemoryFull


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes. A single note's limit is ``notes.LARGEST_NOTE``."""

    folder: int = 10_000_000
    """The notes of one folder in ``entities/``, those in folders below it left out."""
    memory: int = 100_000_000
    """``user.md`` and everything in ``entities/``."""

    def check(self, note: str, growth: int, folders: Mapping[str, int], loose: int) -> None:
        """Refuse a write that would take a memory over its limits; one that makes it smaller is always fine.

        Args:
            note: the path, as the model names it.
            growth: bytes that the write adds.
            folders: bytes of each folder's own notes, as the model names it.
            loose: bytes of the notes in none of them.

        Raises:
            MemoryFull: saying what to do instead.

        """
        if growth <= 0:
            return
        folder = note.rpartition("/")[0]
        if (held := folders.get(folder, 0) + growth) > self.folder and folder:
            raise MemoryFull(
                f"{folder}/ would hold {held:,} bytes with this; a folder may have {self.folder:,}. "
                f"Write the note into a folder of its own, such as {folder}/more/, or take out what is not needed."
            )
        if (held := sum(folders.values()) + loose + growth) > self.memory:
            raise MemoryFull(
                f"The memory would hold {held:,} bytes with this; it may have {self.memory:,}. "
                "Take out what is not needed any more, then write this again."
            )
