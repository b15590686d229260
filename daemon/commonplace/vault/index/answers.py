"""Reading the index: what it knows, from any thread. Whoever acts on an answer looks at the disk as well."""

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commonplace.vault.index import query
from commonplace.vault.index.entry import link_names
from commonplace.vault.links import last_name
from commonplace.vault.path import NotePath

_FEW = 1_000
_COMMON = 0.1
"""A word in more than this share of the notes tells them apart too little to be worth ranking by."""


@dataclass(frozen=True, slots=True)
class Backlink:
    """A link of another note: where it stands, and the target as written."""

    source: NotePath
    target: str


@dataclass(frozen=True, slots=True)
class PlacedFact:
    """A fact with its note; see ``facts.Fact``."""

    note: NotePath
    line: int
    key: str
    value: str
    form: str


class Answers:
    """The index file, open for reading."""

    def __init__(self, place: Path) -> None:
        """Open it.

        Raises:
            sqlite3.Error: it is not there, or damaged.

        """
        self._connection = sqlite3.connect(
            f"{place.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, check_same_thread=False, timeout=5.0
        )
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def called(self, last_names: Iterable[str]) -> list[NotePath]:
        """The notes whose file is called so (case folded, with ``.md``)."""
        wanted = list(last_names)
        return [
            NotePath(row[0]) for row in self._rows(f"SELECT path FROM note WHERE name IN ({_marks(wanted)})", wanted)
        ]

    def known_as(self, folded_names: Iterable[str]) -> list[NotePath]:
        """The notes that go by any of the names (see ``names.folded``); sorted."""
        wanted = list(folded_names)
        rows = self._rows(
            "SELECT DISTINCT note.path FROM called JOIN note ON note.id = called.note"
            f" WHERE called.name IN ({_marks(wanted)})",
            wanted,
        )
        return sorted(NotePath(row[0]) for row in rows)

    def names(self) -> dict[str, list[NotePath]]:
        """Every name by which a note goes (see ``names.folded``), and the notes that go by it, sorted."""
        rows = self._rows(
            "SELECT DISTINCT called.name, note.path FROM called JOIN note ON note.id = called.note ORDER BY note.path",
            [],
        )
        called: dict[str, list[NotePath]] = {}
        for name, path in rows:
            called.setdefault(name, []).append(NotePath(path))
        return called

    def links_from(self, path: NotePath) -> list[str]:
        """The targets of a note's links, in order."""
        rows = self._rows("SELECT targets FROM note WHERE path = ?", [path.value])
        return rows[0][0].split("\n") if rows and rows[0][0] else []

    def links_named(self, name: str) -> list[Backlink]:
        """The links whose target ends in the file name of ``name``, ``.md`` left out."""
        wanted = last_name(name).removesuffix(".md")
        rows = self._rows(
            "SELECT DISTINCT note.path, note.targets FROM link JOIN note ON note.id = link.note WHERE link.name = ?",
            list(link_names([name])),
        )
        return [
            Backlink(NotePath(path), target)
            for path, targets in rows
            for target in dict.fromkeys((targets or "").split("\n"))
            if last_name(target).removesuffix(".md") == wanted
        ]

    def all_links(self) -> Iterator[Backlink]:
        """Every link of every note, note by note."""
        last = ""
        while rows := self._rows(
            "SELECT path, targets FROM note WHERE path > ? AND targets <> '' ORDER BY path LIMIT 500", [last]
        ):
            last = rows[-1][0]
            for path, targets in rows:
                yield from (Backlink(NotePath(path), target) for target in dict.fromkeys(targets.split("\n")))

    def facts(self, key: str) -> list[PlacedFact]:
        """The facts with that key, in any case."""
        rows = self._rows(
            "SELECT note.path, line, key, value, form FROM fact JOIN note ON note.id = fact.note"
            " WHERE key = ? COLLATE NOCASE ORDER BY note.path, position",
            [key],
        )
        return [PlacedFact(NotePath(row[0]), *row[1:]) for row in rows]

    def facts_of(self, path: NotePath) -> list[PlacedFact]:
        """The facts of a note, in order of their lines."""
        rows = self._rows(
            "SELECT note.path, line, key, value, form FROM fact JOIN note ON note.id = fact.note"
            " WHERE note.path = ? ORDER BY line",
            [path.value],
        )
        return [PlacedFact(NotePath(row[0]), *row[1:]) for row in rows]

    def folders(self, under: str = "") -> dict[str, tuple[int, int]]:
        """For a folder and each below it ("" is the root): how many notes it holds itself, and their bytes."""
        rows = self._rows(
            "SELECT path, notes, bytes FROM folder WHERE ? = '' OR path = ? OR path > ? AND path < ?",
            [under, under, f"{under}/", f"{under}0"],
        )
        return {row[0]: (row[1], row[2]) for row in rows}

    def unread(self) -> list[NotePath]:
        """The notes that are known by their path only, so far."""
        return [NotePath(row[0]) for row in self._rows("SELECT path FROM note WHERE state = 5", [])]

    def renamed(self) -> dict[str, str]:
        """Where notes went that were seen to get another name."""
        return dict(self._rows("SELECT old, new FROM renamed", []))

    def search(self, words: Sequence[str], limit: int) -> list[NotePath]:
        """The notes that the words fit best (bm25, names before text): with all of them, else with any."""
        if not words:
            return []
        found = self._matching(query.all_of(words), limit)
        if len(found) < limit and len(words) > 1:
            telling = self._telling(words)
            others = self._matching(query.any_of(telling), limit)
            found = [*found, *(path for path in others if path not in found)][:limit]
        return found

    def _telling(self, words: Sequence[str]) -> list[str]:
        """The words without those that stand almost everywhere, unless all do."""
        notes = sum(count for count, _ in self.folders().values())
        most = max(_FEW, int(notes * _COMMON))
        counts = {word: self._notes_with(word, most + 1) for word in words}
        telling = [word for word in words if 0 < counts[word] <= most]
        return telling or sorted(words, key=lambda word: counts[word])[:1]

    def _notes_with(self, word: str, most: int) -> int:
        rows = self._rows("SELECT rowid FROM words WHERE words MATCH ? LIMIT ?", [query.any_of([word]), most])
        return len(rows)

    def _matching(self, expression: str, limit: int) -> list[NotePath]:
        rows = self._rows(
            "SELECT note.path FROM words CROSS JOIN note ON note.text = words.rowid"
            " WHERE words MATCH ? AND rank MATCH 'bm25(8.0, 1.0)' ORDER BY rank LIMIT ?",
            [expression, limit],
        )
        return [NotePath(row[0]) for row in rows]

    def _rows(self, sql: str, values: Sequence[object]) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values).fetchall()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
