"""What the index keeps of a note, read from its bytes. Pure."""

import hashlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from commonplace.vault.conventions import names_of
from commonplace.vault.facts import Fact, facts
from commonplace.vault.links import last_name, prose, targets
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath


class State(IntEnum):
    """How much of a note is known."""

    READ = 0
    AWAY = 1
    """A placeholder of a sync program: its text is elsewhere, and reading it would fetch it."""
    UNREADABLE = 2
    TOO_LARGE = 3
    NOT_TEXT = 4
    UNREAD = 5
    """Seen in its folder, and still to be read."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A note's links, names, facts and words."""

    path: NotePath
    version: bytes
    """SHA-256 of the bytes on disk."""
    text: str
    called: tuple[str, ...]
    """File name, title and aliases."""
    targets: tuple[str, ...]
    """The notes that its links name, as written."""
    facts: tuple[Fact, ...]

    @property
    def folded_names(self) -> set[str]:
        """The names as people would call them the same."""
        return {folded(name) for name in self.called} - {""}


def entry_of(path: NotePath, data: bytes) -> Entry:
    """Read a note's bytes.

    Raises:
        UnicodeDecodeError: they are no text.

    """
    text = data.decode("utf-8-sig")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    spans = tuple(prose(text))
    return Entry(
        path=path,
        version=hashlib.sha256(data).digest(),
        text=text,
        called=names_of(path, text),
        targets=tuple(targets(text, spans)),
        facts=tuple(facts(text, spans)),
    )


def link_names(targets: Iterable[str]) -> set[int]:
    """Checksums of the file names that the targets end in, ``.md`` left out."""
    return {_link_name(target) for target in targets}


@lru_cache(maxsize=8_192)
def _link_name(target: str) -> int:
    """Notes of one vault link to the same ones again and again."""
    return zlib.crc32(last_name(target).removesuffix(".md").encode("utf-8", "surrogatepass"))
