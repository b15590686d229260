"""What an importer is: a source of notes, each under the source's own id."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from urllib.parse import quote

_ID = re.compile(r"[\w/.~%-]{1,200}", re.ASCII)
_LONGEST_ID = 150
_MOST_NAMED = 3
_KINDS = {
    "HTML pages": ("html", "htm"),
    "images": ("png", "jpg", "jpeg", "gif", "webp", "svg", "heic", "bmp", "avif"),
    "text that is not in files ending in .md": ("txt", "markdown", "mdown", "org", "rst"),
    "canvases": ("canvas", "base"),
}


class ExportRefused(Exception):
    """The export cannot be taken; the text says why, what to do, and that nothing was done."""

    def __init__(self, text: str) -> None:
        super().__init__(text if "othing was " in text else f"{text} Nothing was written.")


class ImportStopped(Exception):
    """The user stopped it before anything was written."""


@dataclass(frozen=True, slots=True)
class ImportedNote:
    """A note as its source has it. Whatever it says is data: ``rendering`` makes it harmless, ``shelving`` names it."""

    id: str
    """The source's own, in letters, digits and ``/ . _ ~ - %``: the same one is imported once."""
    title: str
    text: str
    """Markdown. ``[[id]]`` and ``[[id|words]]`` lead to another note of the export."""
    created: date | None = None
    updated: datetime | None = None
    """When the source changed it last, in UTC: a later export in which it has grown is known by that."""
    folder: tuple[str, ...] = ()
    """Where it stood in the source."""
    properties: str = ""
    """Lines of YAML that it brings along."""
    aliases: tuple[str, ...] = ()
    """What else it is called."""


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


def kind_of(file: str) -> str:
    """What a file that is no note is, in words."""
    ending = file.lower().rpartition(".")[2]
    return next((words for words, endings in _KINDS.items() if ending in endings), "other files")


def with_files(why: str, files: Sequence[str]) -> str:
    """A reason with the files that it is about, a few of them by name."""
    more = f" and {len(files) - _MOST_NAMED:,} more" if len(files) > _MOST_NAMED else ""
    return f"{why} ({', '.join(files[:_MOST_NAMED])}{more})"


def is_id(text: str) -> bool:
    """Whether a text can be a note's id: nothing in it ends a link or a property."""
    return _ID.fullmatch(text) is not None


def id_of(text: str) -> str:
    """Any text as an id: what could end a link or a property is spelled in hex; a long one is cut."""
    id_ = quote(text, safe="/")
    if 0 < len(id_) <= _LONGEST_ID:
        return id_
    return f"{id_[:_LONGEST_ID].rstrip('%')}.{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}"
