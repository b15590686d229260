"""What an importer is: a source of notes, each under the source's own id."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class ExportRefused(Exception):
    """The export cannot be taken; the text says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note as its source has it. Whatever it says is data: ``rendering`` makes it harmless, ``shelving`` names it."""

    id: str
    """The source's own, in letters, digits and ``/ . _ ~ - %``: the same one is imported once."""
    title: str
    text: str
    """Markdown. ``[[id]]`` and ``[[id|words]]`` lead to another note of the export."""
    created: date | None = None
    folder: tuple[str, ...] = ()
    """Where it stood in the source."""
    properties: str = ""
    """Lines of YAML that it brings along."""


class Importer(Protocol):
    """One kind of export. A new source is one file with a class like this, and a line in ``sources.py``."""

    name: str
    """Its folder in ``entities/``."""
    label: str
    """What people call it."""
    dated: bool
    """Whether its notes are known by their day, and stand in a folder a year."""
    skipped: Counter[str]
    """What ``notes`` left out, in words, and how often."""

    def fingerprint(self) -> str:
        """A text that is the same as long as the export is."""
        ...

    def notes(self) -> Iterator[ImportedNote]:
        """The notes, one after the other and never all in memory; each call begins anew.

        Raises:
            ExportRefused: the export is damaged, or no export of this source.

        """
        ...
