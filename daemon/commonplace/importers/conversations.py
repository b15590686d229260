"""What the exports of chats share: conversations in JSON, read one at a time, and how one becomes a note."""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import ijson  # pyright: ignore[reportMissingTypeStubs] -- it has none

from commonplace.importers.archive import Archive
from commonplace.importers.base import ExportRefused, ImportedNote
from commonplace.importers.values import Json, as_object
from commonplace.vault import links

MOST_OF_ONE = 64_000_000
"""Bytes of one conversation."""
_CONVERSATIONS = re.compile(r"(?:.*/)?conversations(?:[-_]\d+)?\.json")
"""Newer exports of ChatGPT come as ``conversations-000.json`` and on."""
_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Message:
    """What one side said."""

    speaker: str
    text: str
    time: datetime | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as its source tells it."""

    id: str
    title: str
    began: datetime | None
    messages: Sequence[Message]
    unread: int = 0
    """Texts of attached files, which are left out."""


class ConversationExport(ABC):
    """An importer of conversations; see ``base.Importer``."""

    name: str
    label: str
    dated = True

    def __init__(self, place: Path) -> None:
        """Open the zip, or the folder that it was unpacked to.

        Raises:
            ExportRefused.

        """
        self.skipped: Counter[str] = Counter()
        self._archive = Archive(place)

    @abstractmethod
    def read(self, found: Json) -> Conversation | None:
        """A conversation out of its JSON; None where its form is not known."""

    def fingerprint(self) -> str:
        """See ``Importer``."""
        return self._archive.fingerprint()

    def notes(self) -> Iterator[ImportedNote]:
        """See ``Importer``."""
        self.skipped.clear()
        self.skipped.update(self._archive.others)
        known = unknown = 0
        for found in _conversations(self._archive, self.label):
            conversation = self.read(found)
            if conversation is None:
                unknown += 1
                self.skipped["of a form that this version does not know"] += 1
                continue
            known += 1
            if conversation.messages:
                yield _as_note(conversation)
            else:
                self.skipped["without words"] += 1
            if conversation.unread:
                self.skipped["texts of attached files"] += conversation.unread
        if unknown and not known:
            raise ExportRefused(
                f"{self._archive.place.name} has another format than this version knows: none of its conversations "
                f"looks like one of {self.label}. Nothing was written."
            )


def _conversations(archive: Archive, label: str) -> Iterator[Json]:
    names = [name for name in archive.names(".json") if _CONVERSATIONS.fullmatch(name.lower())]
    if not names:
        raise ExportRefused(
            f"{archive.place.name} holds no conversations.json, so it is no export of {label} as this version knows "
            "them. Name the zip that was sent to you, as it came."
        )
    for name in names:
        with archive.open(name) as file:
            yield from _items(file, archive.place.name)


def _as_note(conversation: Conversation) -> ImportedNote:
    times = [message.time for message in conversation.messages if message.time]
    began = conversation.began or next(iter(times), None)
    created, updated = began.date() if began else None, max(times, default=None)
    return ImportedNote(conversation.id, conversation.title, as_text(conversation.messages), created, updated)


def as_text(messages: Sequence[Message]) -> str:
    """A conversation as markdown: each message is a quotation, so nothing in it is a heading, a fact or a property."""
    return "\n\n".join(_as_quote(message) for message in messages)


def _as_quote(message: Message) -> str:
    when = f" ({message.time:%Y-%m-%d %H:%M})" if message.time else ""
    lines = _closed(message.text.strip()).split("\n")
    return "\n".join([f"## {message.speaker}{when}", *(f"> {line}".rstrip() for line in lines)])


def _closed(text: str) -> str:
    """The text with a fence that was left open closed, and without what would hide the rest of the note."""
    fence: str | None = None
    lines = text.split("\n")
    for index, line in enumerate(lines):
        found = _FENCE.match(line)
        if found and fence is None:
            fence = found[1]
        elif found and fence and found[1].startswith(fence) and not line.strip(" \t>`~"):
            fence = None
        elif fence is None and "%%" in line:
            lines[index] = line.replace("%%", "%\\%")
    return _without_fields("\n".join([*lines, fence] if fence else lines))


def _without_fields(text: str) -> str:
    """The text without Dataview's ``key:: value``, which would be a fact wherever it stands."""
    if "::" not in text:
        return text
    pieces: list[str] = []
    position = 0
    for start, end in links.prose(text):
        pieces += [text[position:start], text[start:end].replace("::", ":\\:")]
        position = end
    return "".join([*pieces, text[position:]])


def _items(file: IO[bytes], name: str) -> Iterator[Json]:
    watched = _Watched(file, name)
    if watched.first() != b"[":
        raise ExportRefused(f"{name} has another format than this version knows: its conversations are no list.")
    try:
        for item in ijson.items(watched, "item", use_float=True):
            watched.begin_next()
            yield as_object(item)
    except ijson.JSONError as error:
        raise ExportRefused(
            f"A file of {name} is damaged or not whole ({_first_line(error)}). Download the export again."
        ) from None


class _Watched:
    """A file that ends the reading when one conversation is larger than any is."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._ahead = b""
        self._since = 0

    def first(self) -> bytes:
        """The first byte that is no blank."""
        self._ahead = self._file.read(4_096).removeprefix(b"\xef\xbb\xbf")
        return self._ahead.lstrip()[:1]

    def read(self, size: int = -1) -> bytes:
        """For ijson."""
        if size == 0:
            return b""
        data, self._ahead = self._ahead or self._file.read(size), b""
        self._since += len(data)
        if self._since > MOST_OF_ONE:
            raise ExportRefused(f"{self._name} holds a conversation of more than {MOST_OF_ONE:,} bytes.")
        return data

    def begin_next(self) -> None:
        """A conversation was read."""
        self._since = 0


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:80]
