"""What is remembered of a vault while a look is under way: read when it is asked for, written back at the end."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from itertools import count

from commonplace.vault.origins_store import NoteRow, OriginStore, VaultRow
from commonplace.vault.provenance import Adrift, Known, all_adrift

KEEP_SECONDS = 90 * 86_400.0
"""A line or note that left is waited for as long; the journal keeps what it replaced no longer."""
JUST_NOW_SECONDS = 3_600.0
"""What was cut so long ago may well be pasted now."""


class Remembered:
    """The notes of one vault, and the lines that are adrift. ``save`` writes what was changed."""

    def __init__(self, store: OriginStore, vault: VaultRow, now: float) -> None:
        self.now = now
        self.adrift = store.adrift(vault.id)
        """The lines that left their notes, oldest first; those that did so in this look have negative numbers."""
        self.cut_just_now = set(store.adrift_since(vault.id, now - JUST_NOW_SECONDS))
        self._store = store
        self._vault = vault.id
        self._notes: dict[str, NoteRow | None] = {}
        self._numbers = count(-1, -1)
        self._returned: set[int] = set()

    @property
    def touched(self) -> Collection[str]:
        """The notes that were asked for so far."""
        return self._notes.keys()

    def note(self, path: str) -> NoteRow | None:
        """What is remembered of a note."""
        if path not in self._notes:
            row = self._store.note(self._vault, path)
            if row is None:
                return None
            self._notes[path] = row
        return self._notes[path]

    def known(self, path: str) -> Known:
        """The note's text and anchors; empty where no turn wrote in it."""
        row = self.note(path)
        return row.known if row is not None and row.known is not None else Known()

    def put(self, path: str, row: NoteRow | None) -> None:
        """Remember this of a note; None forgets it."""
        self._notes[path] = row

    def put_known(self, path: str, known: Known, *, gone: float | None = None) -> None:
        """Remember the note's text and anchors, and the rest as before."""
        self._notes[path] = replace(self.note(path) or NoteRow(), known=known, gone=gone)

    def put_plain(self, path: str, row: NoteRow) -> None:
        """Write back at once a note of which nothing more is asked: a vault may have very many."""
        self._notes.pop(path, None)
        self._store.save(self._vault, path, row)

    def gone(self) -> set[str]:
        """The notes that were not there at the last look."""
        return set(self._store.gone(self._vault))

    def set_adrift(self, lines: Iterable[Adrift]) -> None:
        """Lines left their notes."""
        for line in lines:
            number = next(self._numbers)
            self.adrift[number] = line
            self.cut_just_now.add(number)

    def take_back(self, numbers: Iterable[int]) -> None:
        """Lines stand again."""
        for number in tuple(numbers):
            del self.adrift[number]
            self._returned.add(number)

    def let_go(self, path: str) -> None:
        """Another text stands in the note's place: its lines are adrift."""
        self.set_adrift(all_adrift(path, self.known(path)))

    def save(self) -> None:
        """Write back what was changed, and forget what was waited for long enough."""
        for path, row in self._notes.items():
            if row is None or (row.gone is not None and not (row.known and row.known.anchors)):
                self._store.drop(self._vault, path)
            else:
                self._store.save(self._vault, path, row)
        self._store.take_back(self._returned)
        lost = [line for number, line in sorted(self.adrift.items(), reverse=True) if number < 0]
        self._store.set_adrift(self._vault, lost, self.now)
        self._store.forget_before(self._vault, self.now - KEEP_SECONDS)
