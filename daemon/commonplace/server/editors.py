"""Notes that are open in clients' editors, such as Obsidian's: ``vault.editor.Editor`` over their sockets."""

import os
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from acp import RequestError
from pydantic import BaseModel, StrictBool, ValidationError

from commonplace.vault.disk import version_of
from commonplace.vault.editor import EditorConflict, TextEdit
from commonplace.vault.errors import PathRefused
from commonplace.vault.path import NotePath, locate

Answer = TypeVar("Answer", bound=BaseModel)
Request = Callable[[str, Mapping[str, Any]], Awaitable[object]]
"""Asks one client for something and waits for its answer; a client that goes raises ConnectionError."""


class _Read(BaseModel):
    text: str | None


class _Edited(BaseModel):
    applied: StrictBool


class VaultEditor:
    """The editors of one vault as one. A note that several have open is its who opened it last."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._open: dict[str, dict[Request, str]] = {}
        """By a note's real place: who has it open, and by which name; the one who opened it last at the end."""

    def opened(self, client: Request, names: Iterable[str]) -> None:
        """The client has the notes open. What no tool can name is left out: nobody writes it."""
        for name in names:
            place = self._place(name)
            if place is not None:
                clients = self._open.setdefault(place, {})
                clients.pop(client, None)
                clients[client] = name

    def closed(self, client: Request, name: str) -> None:
        """The client has the note open no more."""
        self._drop(client, lambda known: known == name)

    def leave(self, client: Request) -> None:
        """The client has nothing open any more."""
        self._drop(client, lambda _: True)

    def holds(self, path: NotePath) -> bool:
        """Whether a client has the note open."""
        return self._holder(path) is not None

    async def text(self, path: NotePath) -> str | None:
        """The note as it is in the editor.

        Raises:
            OSError: the client has gone, or cannot say.

        """
        holder = self._holder(path)
        if holder is None:
            return None
        client, name = holder
        return (await _asked(client, "_commonplace/read", {"path": name}, _Read)).text

    async def apply(self, path: NotePath, before: str, edits: Sequence[TextEdit]) -> None:
        """Change the note in the editor.

        Raises:
            EditorConflict: its text is not ``before``, or it is open no more.
            OSError: the client has gone, or does not say what it did.

        """
        holder = self._holder(path)
        if holder is None:
            raise EditorConflict
        client, name = holder
        asked = {"path": name, "base_hash": version_of(before.encode()), "changes": utf16_changes(before, edits)}
        if not (await _asked(client, "_commonplace/edit", asked, _Edited)).applied:
            raise EditorConflict

    def _drop(self, client: Request, is_meant: Callable[[str], bool]) -> None:
        for place, clients in tuple(self._open.items()):
            if client in clients and is_meant(clients[client]):
                del clients[client]
            if not clients:
                del self._open[place]

    def _holder(self, path: NotePath) -> tuple[Request, str] | None:
        clients = self._open.get(self._place(path.value) or "")
        return next(reversed(clients.items())) if clients else None

    def _place(self, name: str) -> str | None:
        try:
            return os.path.realpath(locate(self._root, NotePath.parse(name)))
        except PathRefused:
            return None


class Editors:
    """The editor of each vault."""

    def __init__(self) -> None:
        self._vaults: dict[Path, VaultEditor] = {}

    def of(self, root: Path) -> VaultEditor:
        """That of the vault at the folder."""
        return self._vaults.setdefault(root, VaultEditor(root))


def utf16_changes(text: str, edits: Sequence[TextEdit]) -> list[dict[str, object]]:
    """Edits as an editor takes them: ``from`` and ``to`` count the UTF-16 code units of the text before any edit."""
    changes: list[dict[str, object]] = []
    at, units = 0, 0
    for edit in edits:
        start = units + _utf16_length(text[at : edit.start])
        at, units = edit.end, start + _utf16_length(text[edit.start : edit.end])
        changes.append({"from": start, "to": units, "insert": edit.text})
    return changes


def _utf16_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


async def _asked(client: Request, method: str, params: Mapping[str, Any], kind: type[Answer]) -> Answer:
    """The client's answer; an error, and what is no answer, leave open what it did."""
    try:
        return kind.model_validate(await client(method, params))
    except (RequestError, ValidationError) as error:
        raise ConnectionError(f"no answer to {method}") from error
