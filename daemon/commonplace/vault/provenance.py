"""Which turn wrote which line, followed from one text of a note to the next. Pure: no file, no clock.

A line keeps its origin while it stays, moves or is reworded. Where two answers are possible, there is none.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from commonplace.vault.alignment import align
from commonplace.vault.likeness import ELSEWHERE, Rule, is_telling, mark, match_changed, plain, says_something

AGED = 0
"""The origin of a line that stood before the journal's oldest entry: whoever wrote it is not known any more."""

_NEAR_LINES = 2
"""A line moved with its neighbour stands this close to it, blank lines counted."""
_SHARED_BY_RENAMED = 0.5
"""A note that has so many of the particular lines of one that vanished is that note, renamed."""
_SHARED_UNDER_SAME_NAME = 0.3
_SHARED_BY_SAME = 0.3


@dataclass(frozen=True, slots=True)
class Anchor:
    """That a turn wrote a line."""

    origin: int
    written: str
    """The line as the turn wrote it."""


@dataclass(frozen=True, slots=True)
class Known:
    """A note's text as it was last seen, and which of its lines turns wrote."""

    lines: tuple[str, ...] = ()
    anchors: Mapping[int, Anchor] = field(default_factory=dict[int, Anchor])
    """By the line's index, from 0."""

    def author(self, index: int) -> int | None:
        """The origin of a line; None for a human's."""
        anchor = self.anchors.get(index)
        return anchor.origin if anchor else None

    def with_anchor(self, index: int, anchor: Anchor) -> "Known":
        """The same text, with one more line that a turn wrote."""
        return Known(self.lines, {**self.anchors, index: anchor})


@dataclass(frozen=True, slots=True)
class Adrift:
    """A turn's line that left its note, and may be put back, or put into another."""

    path: str
    line: int
    text: str
    anchor: Anchor


@dataclass(frozen=True, slots=True)
class Step:
    """A note followed from one text to the next."""

    note: Known
    lost: tuple[Adrift, ...]
    """The turns' lines that are not in it any more."""
    gone: tuple[str, ...]
    """A human's lines that are not in it any more."""
    fresh: tuple[int, ...]
    """Lines of the new text that were not in the old one, and are nobody's yet."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line that somebody put into a note."""

    path: str
    line: int
    text: str


def follow_human(path: str, known: Known, lines: Sequence[str]) -> Step:
    """A human, or a program of theirs, gave the note these lines."""
    return _follow(path, known, lines, align(known.lines, lines, known.author))


def follow_turn(path: str, known: Known, lines: Sequence[str], origin: int) -> Step:
    """A turn gave the note these lines: what it added or reworded is its own."""
    step = _follow(path, known, lines, align(known.lines, lines, known.author, reworded=False))
    added = _added(known.lines, lines, step.fresh)
    anchors = {**step.note.anchors, **{index: Anchor(origin, lines[index]) for index in added}}
    return Step(Known(tuple(lines), anchors), step.lost, step.gone, ())


def follow_undo(
    path: str, known: Known, lines: Sequence[str], adrift: Mapping[int, Adrift]
) -> tuple[Step, Collection[int]]:
    """An undo gave the note these lines: those that it restored have the origin that they had, of those adrift.

    Returns the step, and which of ``adrift`` (oldest first) stand again.
    """
    step = _follow(path, known, lines, align(known.lines, lines, known.author, reworded=False))
    lost: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in adrift.items():
        if line.path == path:
            lost[plain(line.text)].append(number)
    restored: dict[int, int] = {}
    for index in step.fresh:
        if candidates := lost[plain(lines[index])]:
            restored[index] = candidates.pop()
    anchors = {**step.note.anchors, **{index: adrift[number].anchor for index, number in restored.items()}}
    left = tuple(index for index in step.fresh if index not in restored)
    return Step(Known(tuple(lines), anchors), step.lost, step.gone, left), restored.values()


def aged(lines: Sequence[str]) -> Known:
    """A note of which the journal does not tell how its lines came about."""
    return Known(tuple(lines), {i: Anchor(AGED, line) for i, line in enumerate(lines) if says_something(line)})


def is_same(before: AbstractSet[int], after: AbstractSet[int]) -> bool:
    """Whether a note kept enough of its marks to be the same one, and no other that got its name."""
    return len(before & after) >= len(before) * _SHARED_BY_SAME


def all_adrift(path: str, known: Known) -> list[Adrift]:
    """Every line of turns in a note, as if it had left."""
    return [Adrift(path, index, known.lines[index], anchor) for index, anchor in sorted(known.anchors.items())]


def claim(
    adrift: Mapping[int, Adrift],
    fresh: Sequence[Place],
    *,
    recent: AbstractSet[int],
    doubtful: AbstractSet[int] = frozenset(),
) -> dict[int, Place]:
    """Lines cut from one note and pasted into another: which of those adrift stands at which place now.

    Args:
        adrift: the turns' lines that left their notes.
        fresh: the lines that came into notes.
        recent: which of those adrift left just now; of others, only long lines are known again in another note.
        doubtful: marks of a human's own lines that left notes at the same time; their text proves nothing.

    """
    found = _claim_equal(adrift, fresh, recent, doubtful)
    found |= _claim_neighbours(adrift, fresh, found)
    return {one: fresh[other] for one, other in found.items()}


def claim_reworded(adrift: Mapping[int, Adrift], fresh: Sequence[Place], standing: Sequence[str]) -> dict[int, Place]:
    """Lines pasted into another note and changed there; one that is like a line of ``standing`` is a copy of it."""
    lost = {number: line.text for number, line in adrift.items()}
    places = {number: place.text for number, place in enumerate(fresh)}
    found = match_changed(lost, places, standing, _elsewhere)
    return {one: fresh[other] for one, other in found}


def renamed(vanished: Mapping[str, AbstractSet[int]], appeared: Mapping[str, AbstractSet[int]]) -> dict[str, str]:
    """Which of the notes that vanished is which of those that appeared, by their marks, where only one can be."""
    shared: dict[tuple[str, str], float] = {}
    for old, old_marks in vanished.items():
        for new, new_marks in appeared.items():
            if old == new:
                continue
            share = len(old_marks & new_marks) / len(old_marks) if old_marks else 0.0
            same_name = old.rpartition("/")[2] == new.rpartition("/")[2]
            if share >= (_SHARED_UNDER_SAME_NAME if same_name else _SHARED_BY_RENAMED):
                shared[old, new] = share
    best_old: dict[str, list[float]] = {}
    best_new: dict[str, list[float]] = {}
    for (old, new), share in shared.items():
        best_old.setdefault(old, []).append(share)
        best_new.setdefault(new, []).append(share)
    return {
        old: new
        for (old, new), share in shared.items()
        if all(share == max(shares) and shares.count(share) == 1 for shares in (best_old[old], best_new[new]))
    }


def _elsewhere(_: int, __: int) -> Rule:
    return ELSEWHERE


def _follow(path: str, known: Known, lines: Sequence[str], alignment: Mapping[int, int]) -> Step:
    stay = {index: anchor for index, anchor in known.anchors.items() if index in alignment}
    taken = set(alignment.values())
    return Step(
        Known(tuple(lines), {alignment[index]: anchor for index, anchor in stay.items()}),
        tuple(Adrift(path, i, known.lines[i], known.anchors[i]) for i in sorted(known.anchors.keys() - stay.keys())),
        tuple(line for i, line in enumerate(known.lines) if i not in alignment and i not in known.anchors),
        tuple(index for index, line in enumerate(lines) if index not in taken and says_something(line)),
    )


def _added(before: Sequence[str], after: Sequence[str], fresh: Sequence[int]) -> list[int]:
    """Of the fresh lines those that the note had not before; where only their number grew, none if it is unclear."""
    stood, stand = Counter(map(plain, before)), Counter(map(plain, after))
    unplaced = Counter(plain(after[index]) for index in fresh)
    return [index for index in fresh if unplaced[text := plain(after[index])] <= stand[text] - stood[text]]


def _claim_equal(
    adrift: Mapping[int, Adrift], fresh: Sequence[Place], recent: AbstractSet[int], doubtful: AbstractSet[int]
) -> dict[int, int]:
    lost: defaultdict[str, list[int]] = defaultdict(list)
    for number, line in adrift.items():
        lost[plain(line.text)].append(number)
    found: dict[int, int] = {}
    for number, place in enumerate(fresh):
        text = plain(place.text)
        candidates = lost[text]
        if not candidates or mark(text) in doubtful or len({adrift[one].anchor.origin for one in candidates}) > 1:
            continue
        short, long = is_telling(text, words=3, letters=12), is_telling(text, words=5, letters=20)
        beside = next((one for one in candidates if adrift[one].path == place.path and one not in found), None)
        free = next((one for one in candidates if one not in found and (long or (short and one in recent))), None)
        if beside is not None and is_telling(text):
            found[beside] = number
        elif free is not None:
            found[free] = number
    return found


def _claim_neighbours(adrift: Mapping[int, Adrift], fresh: Sequence[Place], found: Mapping[int, int]) -> dict[int, int]:
    """Lines that prove nothing by themselves, but stood and stand beside a line that was found, one of a kind."""
    more: dict[int, int] = {}
    here = Counter((line.path, plain(line.text)) for line in adrift.values())
    there = Counter((place.path, plain(place.text)) for place in fresh)
    taken = set(found.values())
    lost = _beside({number: (line.path, line.line) for number, line in adrift.items()})
    places = _beside({number: (place.path, place.line) for number, place in enumerate(fresh)})
    for start, target in found.items():
        for step in (1, -1):
            one, other = lost(start, step), places(target, step)
            while one is not None and other is not None and one not in found and one not in more:
                text = plain(adrift[one].text)
                alone = here[adrift[one].path, text] == there[fresh[other].path, text] == 1
                if not alone or other in taken or plain(fresh[other].text) != text:
                    break
                more[one] = other
                taken.add(other)
                one, other = lost(one, step), places(other, step)
    return more


def _beside(lines: Mapping[int, tuple[str, int]]) -> Callable[[int, int], int | None]:
    """A look-up of the nearest of the lines after (step 1) or before (-1) one of them, if it is near."""
    numbers = {place: number for number, place in lines.items()}

    def neighbour(number: int, step: int) -> int | None:
        path, line = lines[number]
        near = (numbers.get((path, line + step * far)) for far in range(1, _NEAR_LINES + 1))
        return next((found for found in near if found is not None), None)

    return neighbour
