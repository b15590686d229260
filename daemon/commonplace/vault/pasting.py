"""Lines cut from one note and pasted into another: those adrift are given to the places where they stand now."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from commonplace.vault import provenance
from commonplace.vault.likeness import is_telling, mark, plain, says_something
from commonplace.vault.origins_store import NoteRow
from commonplace.vault.provenance import Adrift, Anchor, Known, Place, all_adrift
from commonplace.vault.remembered import JUST_NOW_SECONDS, Remembered

FRESH_SECONDS = 86_400.0
"""A line may be seen pasted in one note so long before it is seen to have left another, as sync programs do it."""
_MOST_COMPARED = 250_000


class Pasting:
    """The places that lines came to in a look at a vault."""

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self._fresh: defaultdict[str, set[int]] = defaultdict(set)
        self._lost_by_human: set[int] = set()
        self._places: list[Place] = []
        self._texts: dict[str, Sequence[str]] = {}

    def came(self, path: str, marks: Iterable[int]) -> None:
        """Lines with these marks came into a note, and no turn put them there."""
        self._fresh[path].update(marks)

    def left(self, marks: Iterable[int]) -> None:
        """A human's own lines with these marks left a note."""
        self._lost_by_human.update(marks)

    def fresh(self, path: str) -> frozenset[int]:
        """The marks of the lines that came into a note."""
        return frozenset(self._fresh[path]) if path in self._fresh else frozenset()

    def look_at(self, path: str, lines: Sequence[str]) -> bool:
        """Keep the lines that came into a note, and the small ones that may have come with them, as places."""
        fresh = self.fresh(path)
        if not fresh:
            return False
        anchors = self._remembered.known(path).anchors
        self._texts[path] = lines
        self._places += [
            Place(path, index, line)
            for index, line in enumerate(lines)
            if index not in anchors and says_something(line) and (mark(line) in fresh or not is_telling(line))
        ]
        return True

    def look_at_earlier(self, paths: Iterable[str], read: Callable[[str], Sequence[str] | None]) -> None:
        """Look at notes in which lines came to stand a while ago, should they be what left another one only now."""
        for path in paths:
            row = self._remembered.note(path) if path not in self._texts else None
            if row is not None and row.fresh:
                self.came(path, row.fresh)
                self.look_at(path, row.known.lines if row.known is not None else read(path) or ())

    def settle(self, vanished: Collection[str], written: Sequence[Anchor]) -> None:
        """Give the lines that are adrift, or in notes that vanished, to their places.

        Args:
            vanished: the notes with lines of turns that are not there.
            written: the lines of turns that stood anywhere at the last look.

        """
        in_vanished = self._lines_of(vanished)
        pool = {**self._remembered.adrift, **in_vanished}
        if not pool or not self._places:
            return
        recent = self._remembered.cut_just_now | {n for n in in_vanished if self._vanished_just_now(pool[n].path)}
        doubtful = self._lost_by_human | self._written_twice([*written, *(line.anchor for line in pool.values())])
        found = provenance.claim(pool, self._places, recent=recent, doubtful=doubtful)
        self._give(pool, found)
        left = {number: line for number, line in pool.items() if number < 0 and number in recent - found.keys()}
        texts = {plain(text) for line in left.values() for text in (line.text, line.anchor.written)}
        others = [anchor.written for anchor in written if plain(anchor.written) not in texts]
        places = [place for place in self._places if place.line not in self._remembered.known(place.path).anchors]
        if left and len(places) * (len(left) + len(others)) <= _MOST_COMPARED:
            self._give(pool, provenance.claim_reworded(left, places, others))

    def _lines_of(self, vanished: Iterable[str]) -> dict[int, Adrift]:
        lines = [line for path in sorted(vanished) for line in all_adrift(path, self._remembered.known(path))]
        first = min([0, *self._remembered.adrift]) - 1
        return {first - index: line for index, line in enumerate(lines)}

    def _vanished_just_now(self, path: str) -> bool:
        row = self._remembered.note(path)
        return row is not None and row.gone is not None and row.gone > self._remembered.now - JUST_NOW_SECONDS

    def _written_twice(self, anchors: Iterable[Anchor]) -> set[int]:
        """The marks of lines that several turns wrote: such a text does not tell whose it is."""
        origins: defaultdict[int, set[int]] = defaultdict(set)
        here = (a for path in tuple(self._remembered.touched) for a in self._remembered.known(path).anchors.values())
        for anchor in (*anchors, *here):
            origins[mark(anchor.written)].add(anchor.origin)
        return {line for line, turns in origins.items() if len(turns) > 1}

    def _give(self, pool: Mapping[int, Adrift], found: Mapping[int, Place]) -> None:
        """Name the turns of the lines at their places. A note that vanished keeps its own: it may come back."""
        for number, place in found.items():
            row = self._remembered.note(place.path) or NoteRow()
            known = row.known or Known(tuple(self._texts[place.path]))
            self._remembered.put_known(place.path, known.with_anchor(place.line, pool[number].anchor))
        self._remembered.take_back(found.keys() & self._remembered.adrift.keys())
