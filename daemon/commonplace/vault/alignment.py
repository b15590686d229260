"""Which line of a text is which line of the text that came after it. A doubtful line is matched with none."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from commonplace.vault.likeness import ELSEWHERE, IN_PLACE, Rule, is_telling, match_changed, plain, says_something

Author = Callable[[int], Hashable]
"""Who wrote the old line of that index: lines of equal text and author may stand for each other."""

_Gap = tuple[int, int]
"""The landmarks around a line, by their place in the new text."""

_SHARED_BY_SAME = 1 / 2
"""Where fewer of the lines stay, another text may have come in their place: its beginning is another one."""
_MOST_PAIRS = 250_000
"""Lines are compared word by word up to this many pairs; beyond it, only unchanged lines are found again."""


def align(old: Sequence[str], new: Sequence[str], author: Author, *, reworded: bool = True) -> dict[int, int]:
    """The indices of old lines with those of the new lines that they became.

    Lines that did not change are found at their place and, when particular, at another; with ``reworded``
    also those that kept most of their words. Without it, both texts are those of one write, and so of one note.
    Of lines that look alike and have different authors, none is matched unless what stands around it tells
    which it is.
    """
    here = [index for index, line in enumerate(old) if says_something(line)]
    there = [index for index, line in enumerate(new) if says_something(line)]
    matching = _Matching(
        [plain(old[index]) for index in here],
        [plain(new[index]) for index in there],
        [author(index) for index in here],
    )
    matching.find_landmarks(is_one_write=not reworded)
    matching.fill_between_landmarks()
    matching.find_moved()
    if reworded:
        matching.find_reworded()
    return {here[one]: there[other] for one, other in matching.pairs.items()}


class _Matching:
    """The lines that say something, by their place among those."""

    def __init__(self, old: Sequence[str], new: Sequence[str], authors: Sequence[Hashable]) -> None:
        self.pairs: dict[int, int] = {}
        self._old = old
        self._new = new
        self._authors = authors
        self._taken: set[int] = set()
        self._landmarks: dict[int, int] = {}
        self._gaps: tuple[Sequence[_Gap], Sequence[_Gap]] = ((), ())
        self._edges: Mapping[int, int] = {}
        self._sure_edges: Mapping[int, int] = {}
        self._counts = Counter(old), Counter(new)

    def find_landmarks(self, *, is_one_write: bool) -> None:
        """The note's title, and particular lines that stand once in both texts, wherever that is."""
        before, after = self._counts
        places = {line: index for index, line in enumerate(self._new)}
        for index, line in enumerate(self._old):
            if before[line] == after[line] == 1 and is_telling(line):
                self._landmarks[index] = places[line]
                self._pair(index, places[line])
        end = len(self._new)
        is_same_title = self._is_title_kept()
        if is_same_title:
            self._landmarks[0] = 0
            self._pair(0, 0)
        if is_one_write or is_same_title:
            self._edges = self._sure_edges = {-1: -1, len(self._old): end}
        elif len(before.keys() & after.keys()) >= _SHARED_BY_SAME * len(before):
            self._edges = {-1: -1, len(self._old): end}
        self._gaps = (
            _around(len(self._old), self._landmarks, end),
            _around(end, {other: other for other in self._landmarks.values()}, end),
        )

    def fill_between_landmarks(self) -> None:
        """Equal lines between matched ones, and beside one if the note or the place between two landmarks has one such.

        Telling lines in any of these places. The beginning and the end of the note count as matched, unless most
        of it is new. Where two ways to match disagree, neither holds.
        """
        proposed: defaultdict[int, set[int]] = defaultdict(set)
        after, before = set(self._beside_matched(1, self._edges)), set(self._beside_matched(-1, self._edges))
        by_lines = {*self._beside_matched(1, self._sure_edges), *self._beside_matched(-1, self._sure_edges)}
        alone = set(self._alone_in_gap())
        for one, other in sorted(after | before | alone):
            is_beside = (one, other) in by_lines and (self._stands_once(one) or (one, other) in alone)
            if is_beside or (one, other) in after & before or is_telling(self._old[one]):
                proposed[one].add(other)
        rivals: defaultdict[int, set[Hashable]] = defaultdict(set)
        for one, others in proposed.items():
            for other in others:
                rivals[other].add(self._authors[one])
        for one in sorted(proposed):
            others = sorted(proposed[one] - self._taken)
            if others and all(len(rivals[other]) == 1 for other in proposed[one]):
                self._pair(one, others[0])

    def find_moved(self) -> None:
        """Telling lines at another place, where all of that text had one author and no copy was made."""
        authors: defaultdict[str, set[Hashable]] = defaultdict(set)
        for line, author in zip(self._old, self._authors, strict=True):
            authors[line].add(author)
        lost, places = _by_text(self._old, self.pairs), _by_text(self._new, self._taken)
        for line, there in places.items():
            if len(authors[line]) == 1 and is_telling(line) and len(there) <= len(lost[line]):
                for one, other in zip(lost[line], there, strict=False):
                    self._pair(one, other)

    def find_reworded(self) -> None:
        """Changed lines that kept most of their words, at their place or, if nothing else is like them, elsewhere."""
        lost = {index: self._old[index] for index in _left(len(self._old), self.pairs)}
        places = {index: self._new[index] for index in _left(len(self._new), self._taken)}
        if len(self._old) * len(places) <= _MOST_PAIRS:
            standing = [self._old[index] for index in self.pairs]
            for one, other in match_changed(lost, places, standing, self._rule):
                self._pair(one, other)

    def _rule(self, one: int, other: int) -> Rule:
        in_gap = self._gaps[0][one] == self._gaps[1][other] and self._is_bounded(self._gaps[0][one])
        in_place = in_gap or self._matched(one - 1, other - 1) or self._matched(one + 1, other + 1)
        return IN_PLACE if in_place else ELSEWHERE

    def _is_title_kept(self) -> bool:
        first = self._old[0] if self._old and self._new else ""
        return first.startswith("#") and first == self._new[0] and self._stands_once(0)

    def _stands_once(self, one: int) -> bool:
        return self._counts[0][self._old[one]] == self._counts[1][self._old[one]] == 1

    def _beside_matched(self, step: int, edges: Mapping[int, int]) -> Iterator[tuple[int, int]]:
        """Equal lines in an unbroken row from a matched pair onwards (step 1) or backwards (-1).

        Equal lines that stand together count if as many still do, or fewer of a single author's: of those that
        are more now, nobody can tell which came later.
        """
        old_runs, new_runs = _runs(self._old), _runs(self._new)
        authors: defaultdict[tuple[int, int], set[Hashable]] = defaultdict(set)
        for run, author in zip(old_runs, self._authors, strict=True):
            authors[run].add(author)
        reached = {**self.pairs, **edges}
        for one in range(len(self._old))[::step]:
            if one in self.pairs or one - step not in reached:
                continue
            other = reached[one - step] + step
            if not 0 <= other < len(self._new) or other in self._taken or self._old[one] != self._new[other]:
                continue
            grown = _length(new_runs[other]) - _length(old_runs[one])
            if grown == 0 or (grown < 0 and len(authors[old_runs[one]]) == 1):
                reached[one] = other
                yield one, other

    def _alone_in_gap(self) -> Iterator[tuple[int, int]]:
        here = Counter(zip(self._gaps[0], self._old, strict=True))
        there: defaultdict[tuple[_Gap, str], list[int]] = defaultdict(list)
        for index, place in enumerate(zip(self._gaps[1], self._new, strict=True)):
            there[place].append(index)
        for index, place in enumerate(zip(self._gaps[0], self._old, strict=True)):
            alone = here[place] == 1 and len(there[place]) == 1
            if index not in self.pairs and alone and self._is_bounded(place[0]):
                yield index, there[place][0]

    def _matched(self, one: int, other: int) -> bool:
        return self.pairs.get(one, self._edges.get(one)) == other

    def _is_bounded(self, gap: "_Gap") -> bool:
        return bool(self._edges) or (gap[0] != -1 and gap[1] != len(self._new))

    def _pair(self, one: int, other: int) -> None:
        self.pairs[one] = other
        self._taken.add(other)


def _around(length: int, landmarks: Mapping[int, int], end: int) -> list[_Gap]:
    """The landmarks before and after each line."""
    before: list[int] = []
    last = -1
    for index in range(length):
        before.append(last)
        last = landmarks.get(index, last)
    after: list[int] = []
    last = end
    for index in reversed(range(length)):
        after.append(last)
        last = landmarks.get(index, last)
    return list(zip(before, reversed(after), strict=True))


def _runs(lines: Sequence[str]) -> list[tuple[int, int]]:
    """For each line, the first and last index of the equal lines that stand together with it."""
    runs: list[tuple[int, int]] = []
    for _, group in groupby(lines):
        size = sum(1 for _ in group)
        runs += [(len(runs), len(runs) + size - 1)] * size
    return runs


def _length(run: tuple[int, int]) -> int:
    return run[1] - run[0]


def _by_text(lines: Sequence[str], gone: Iterable[int]) -> defaultdict[str, list[int]]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for index in _left(len(lines), gone):
        found[lines[index]].append(index)
    return found


def _left(length: int, gone: Iterable[int]) -> list[int]:
    taken = set(gone)
    return [index for index in range(length) if index not in taken]
