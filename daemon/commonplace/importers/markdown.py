"""A folder of markdown notes: another vault, or what another program wrote."""

import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from commonplace.importers.base import ExportRefused, ImportedNote, id_of, kind_of, with_files
from commonplace.importers.rendering import split_properties
from commonplace.vault import links
from commonplace.vault.conventions import aliases, title
from commonplace.vault.errors import PathRefused
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath
from commonplace.vault.text import NoteText

LARGEST_FILE = 64_000_000
"""Bytes; what is larger is no note."""
_LARGEST_PROPERTIES = 50_000
_HEAD = 8_192
"""Characters in which a note's aliases are looked for, before it is read."""
HTML = re.compile(r"\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
"""How a page begins that is no markdown, whatever its name says."""


class MarkdownFolder:
    """Notes with their folders, properties and links to each other; hidden folders and symbolic links are left out."""

    name = "markdown"
    label = "Markdown"
    dated = False

    def __init__(self, place: Path) -> None:
        """Look at a folder.

        Raises:
            ExportRefused: there is no such folder, or no note in it.

        """
        if not place.is_dir():
            raise ExportRefused(f"{place} is no folder. Name the folder with the notes.")
        self.skipped: Counter[str] = Counter()
        self._place = place
        self._files: dict[str, Path] = {}
        self._notes: list[NotePath] = []
        self._others: Counter[str] = Counter()
        for folder, folders, names in os.walk(place):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or path.is_symlink():
                    continue
                if name.lower().endswith(".md"):
                    self._files[path.relative_to(place).as_posix()] = path
                else:
                    self._others[kind_of(name)] += 1
        if not self._files:
            other = self._others[kind_of(".html")]
            files = "1 HTML file, which has" if other == 1 else f"{other:,} HTML files, which have"
            html = f"; it holds {files} to be converted first" if other else ""
            raise ExportRefused(f"{place} holds no markdown notes (.md){html}. Nothing was written.")
        for name in self._files:
            try:
                self._notes.append(NotePath.parse(name.encode("utf-8", "replace").decode()))
            except PathRefused:
                continue
        # The folder's own name goes with it: many a folder has a README.md, and each is another note.
        self._folder_name = place.resolve().name
        self._ids = {note: self._id_of(note.value) for note in self._notes}
        self._resolver = links.Resolver(self._notes)

    def fingerprint(self) -> str:
        """See ``Importer``."""
        return "\n".join(
            f"{name} {path.stat().st_size} {path.stat().st_mtime_ns}" for name, path in self._files.items()
        )

    def notes(self) -> Iterator[ImportedNote]:
        """See ``Importer``."""
        self.skipped.clear()
        self.skipped.update(self._others)
        unread: list[str] = []
        for name, path in self._files.items():
            try:
                if path.stat().st_size > LARGEST_FILE:
                    self.skipped[f"larger than {LARGEST_FILE:,} bytes"] += 1
                    continue
                text = NoteText.decode(path.read_bytes()).text
            except UnicodeDecodeError:
                unread.append(name)
            except OSError:
                self.skipped["not to be read"] += 1
            else:
                if HTML.match(text):
                    self.skipped["HTML pages under a markdown name"] += 1
                    continue
                yield self._note(name.encode("utf-8", "replace").decode(), text)

        if unread:
            self.skipped[with_files("not in UTF-8", unread)] = len(unread)

    @cached_property
    def _by_alias(self) -> dict[str, NotePath]:
        """The notes by what else they are called, as far as that is said of one alone."""
        found: dict[str, set[NotePath]] = {}
        for note in self._notes:
            with suppress(OSError, KeyError), self._files[note.value].open(encoding="utf-8", errors="replace") as file:
                for alias in aliases(file.read(_HEAD)):
                    found.setdefault(folded(alias), set()).add(note)
        return {name: next(iter(notes)) for name, notes in found.items() if len(notes) == 1}

    def _note(self, name: str, text: str) -> ImportedNote:
        *folder, file = name.split("/")
        linked = self._with_ids(name, text)
        own, other_names, body = split_properties(linked)
        if len(own) > _LARGEST_PROPERTIES:
            own, body = "", f"```yaml\n{own}\n```\n{body}"
        first = body.lstrip("\n").partition("\n")[0]
        called = title(text) if first.startswith("# ") else None
        return ImportedNote(
            self._id_of(name),
            called or file[: -len(".md")],
            body,
            folder=tuple(folder),
            properties=own,
            aliases=other_names,
        )

    def _id_of(self, name: str) -> str:
        return id_of(f"{self._folder_name}/{name}")

    def _with_ids(self, name: str, text: str) -> str:
        """The text with its links to notes of the folder as wikilinks to their ids."""
        try:
            source = NotePath.parse(name)
        except PathRefused:
            source = None
        pieces: list[str] = []
        position = 0
        for link in links.scan(text):
            found = self._resolver.resolve(link.target, source) if link.target else None
            if found is None and link.kind == "wikilink" and link.target:
                found = self._by_alias.get(folded(link.target))
            if found is None or link.start < position:
                continue
            raw = text[link.start : link.end]
            words = raw.removeprefix("!")[1:].rpartition("](")[0] if link.kind == "markdown" else link.alias or ""
            heading = f"#{link.heading}" if link.heading else ""
            alias = "".join(
                " " if c in "[]|" else c for c in words or link.target.rpartition("/")[2].removesuffix(".md")
            )
            pieces += [text[position : link.start], f"[[{self._ids[found]}{heading}|{alias}]]"]
            position = link.end
        return "".join([*pieces, text[position:]])
