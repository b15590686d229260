"""How a table accounts for the words of a question: by its place, its heads and its cells. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.models.reader.answering.asking_rows import MONTHS, SPENDING, Asked
from commonplace.models.reader.language.words import Word, best_likeness, make_word, words_of
from commonplace.models.reader.notes.facts import NoteText, without_links
from commonplace.models.reader.notes.scene import Scene
from commonplace.models.reader.notes.tables import Table

SAYS = 0.7
"""The likeness from which the head of a column is what a word says."""
SAME = 0.85
"""The likeness from which a cell or a heading says a word."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a table accounts for a question: ``heads`` that it says, and for each word of a cell where that stands."""

    table: Table
    note: NoteText
    heads: tuple[int, ...]
    cells: tuple[frozenset[tuple[int, int]], ...]
    of_place: int
    """How many words the heading, the head of the names or the note account for."""
    of_kind: int
    """Those of them that say what the rows are."""
    is_weak: bool

    def column(self, column: int) -> list[str]:
        """Return the cells of a column."""
        return [without_links(cells[column]) for _, cells in self.table.rows]


def fit_of(asked: Asked, table: Table, note: NoteText, marks: Sequence[str], scene: Scene) -> Fit | None:
    """Return how a table accounts for a question, None where it does not; ``marks`` are the notes that are named."""
    if len(table.rows) < 2:
        return None
    kind = (*words_of(table.heading), *words_of(table.heads[0]))
    called = () if note.is_user else (*scene.known.called(note.path), *scene.known.linked_as(note.path))
    heads, cells = list[int](), list[frozenset[tuple[int, int]]]()
    of_kind, of_note, is_weak = 0, 0, False
    for token in asked.words:
        word = make_word(token)
        said = [c for c, head in enumerate(table.heads) if c and best_likeness(word, words_of(head)) >= SAYS]
        stands = _stands(word, table)
        if best_likeness(word, kind) >= SAME:
            of_kind += 1
            heads += said if asked.opening in ("how many", "how much") or asked.most else []
        elif said:
            heads += said
        elif stands:
            cells.append(stands)
        elif best_likeness(word, called) >= SAME:
            of_note += 1
        elif token in _OF_NOW:
            return None
        elif word.weight > 0.5 and token not in SPENDING:
            if not _is_known_of(word, table, note, scene):
                return None
            is_weak = True
    named = {path: _named(path, table, scene) for path in marks}
    if any(not stands and path not in ("user.md", note.path) for path, stands in named.items()):
        return None
    cells += [stands for stands in named.values() if stands]
    of_note += sum(path == note.path for path in marks)
    accounts = (of_kind or of_note or heads or is_weak) and (cells or not is_weak)
    if not accounts:
        return None
    return Fit(table, note, tuple(dict.fromkeys(heads)), tuple(cells), of_kind + of_note, of_kind, is_weak)


def _stands(word: Word, table: Table) -> frozenset[tuple[int, int]]:
    """Return the rows and columns of the cells that say a word."""
    month = rf"\d{{4}}-{MONTHS.index(word.text) + 1:02}-\d\d" if word.text in MONTHS else None
    places = {
        (r, c): 1.0 if month and re.fullmatch(month, cell) else best_likeness(word, _said_in(cell))
        for r, (_, cells) in enumerate(table.rows)
        for c, cell in enumerate(cells)
    }
    best = max(places.values(), default=0.0)
    return frozenset(place for place, like in places.items() if like >= max(SAME, best))


def _said_in(cell: str) -> list[Word]:
    return [make_word(part) for part in re.findall(r"[^\W_]+", without_links(cell).casefold())]


def _named(path: str, table: Table, scene: Scene) -> frozenset[tuple[int, int]]:
    """Return the rows and columns of the cells that name a note."""
    name = scene.name(path).casefold()
    rows = enumerate(cells for _, cells in table.rows)
    return frozenset(
        (r, c) for r, cells in rows for c, cell in enumerate(cells) if name in without_links(cell).casefold()
    )


def _is_known_of(word: Word, table: Table, note: NoteText, scene: Scene) -> bool:
    """Say whether the note uses a word, or another note tells that a row is one: "favourite apple: Ashmead"."""
    lines = [line for line in note.text.split("\n") if not line.startswith("|") and "[[" not in line]
    if any(best_likeness(word, words_of(line)) >= 1 for line in lines):
        return True
    names = {cells[0].casefold() for _, cells in table.rows}
    return any(
        fact.value.casefold() in names and best_likeness(word, fact.key_words) >= SAME
        for other in scene.known.notes.values()
        for fact in other.facts
    )


_OF_NOW = frozenset(
    ("next", "coming", "upcoming", "recent", "current", "overdue", "due", "today", "tomorrow", "yesterday")
)
"""Words that ask for what day it is, which no note tells."""
