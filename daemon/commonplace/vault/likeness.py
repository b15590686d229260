"""How much of a line is in another: which changed line is which, where nothing else comes near."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from zlib import crc32

Bag = frozenset[tuple[str, int]]
"""The words of a line, a repeated one counted."""

_WORD = re.compile(r"\w+")
_KEY = re.compile(r"^[-*+]\s+([^:\[\]]{1,60}?)\s*::?\s")
_LEAST = 0.2
"""Lines that have less in common are not looked at."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a changed line is taken for the line that it was; shares are of words in common."""

    least: float
    margin: float
    """How much closer it must be than any other line."""
    words: int
    """How many words both must have."""
    shared: int = 3
    """How many words they must have in common, unless they have the same key."""
    letters: int = 12
    """How many letters these words must have together, unless no other word was replaced: small ones tell nothing."""
    bonus: float = 0.0
    same_key: float = 0.0
    """What ``- key: value`` has in common at least with another value of that key."""


IN_PLACE = Rule(least=0.65, margin=0.1, words=1, bonus=0.15, same_key=0.6)
ELSEWHERE = Rule(least=0.7, margin=0.2, words=6)


def says_something(line: str) -> bool:
    """Whether the line has a letter or digit; blank lines and rules are nobody's."""
    return _WORD.search(line) is not None


def plain(line: str) -> str:
    """The line without what no reader sees: its indentation and repeated spaces."""
    return " ".join(line.split())


def is_telling(line: str, words: int = 2, letters: int = 10) -> bool:
    """Whether the line is particular enough to be known again at another place."""
    found = _WORD.findall(line)
    return len(found) >= words and sum(map(len, found)) >= letters


def mark(line: str) -> int:
    """A short fingerprint of the line as a reader sees it (CRC-32)."""
    return crc32(plain(line).encode("utf-8", "surrogatepass"))


def marks(lines: Iterable[str]) -> frozenset[int]:
    """The fingerprints of the telling lines."""
    return frozenset(mark(line) for line in lines if is_telling(line))


def bag(line: str) -> Bag:
    """The words of a line."""
    seen: Counter[str] = Counter()
    words: list[tuple[str, int]] = []
    for word in _WORD.findall(line.casefold()):
        seen[word] += 1
        words.append((word, seen[word]))
    return frozenset(words)


def likeness(one: Bag, other: Bag) -> float:
    """The share of words in common (Sørensen-Dice), 0 to 1."""
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def match_changed(
    old: Mapping[int, str],
    new: Mapping[int, str],
    standing: Sequence[str],
    rule: Callable[[int, int], Rule],
) -> Iterator[tuple[int, int]]:
    """Pair the lost lines with new ones, the clearest first; a line that could be two others stays alone.

    Args:
        old: the lost lines, by any number. A new line that equals one of them was refused it before, and is again.
        new: the lines that nothing matched.
        standing: old lines that did not change. A new line that is as near to one of them was copied from it.
        rule: which rule holds for two lines; it may change as pairs are found.

    """
    pairs = _Pairs(old, new, standing, rule)
    while found := pairs.clearest():
        yield found
        pairs.take(*found)


class _Pairs:
    def __init__(
        self, old: Mapping[int, str], new: Mapping[int, str], standing: Sequence[str], rule: Callable[[int, int], Rule]
    ) -> None:
        self._old_bags = {index: bag(line) for index, line in old.items()}
        self._new_bags = {index: bag(line) for index, line in new.items()}
        self._keys = {index: _key(line) for index, line in old.items()}, {i: _key(line) for i, line in new.items()}
        self._equal = {(one, other) for one in old for other in new if plain(old[one]) == plain(new[other])}
        self._rule = rule
        bags = [bag(line) for line in standing]
        self._copied = {
            index: max((likeness(words, other) for other in bags), default=0.0)
            for index, words in self._new_bags.items()
        }
        self._alike: MutableMapping[tuple[int, int], float] = {}
        for one, words in self._old_bags.items():
            for other, others in self._new_bags.items():
                share = likeness(words, others)
                if share >= _LEAST or self._same_key(one, other):
                    self._alike[one, other] = share

    def clearest(self) -> tuple[int, int] | None:
        """The most alike of the pairs in which each is clearly the other's nearest."""
        scores = {pair: self._score(*pair) for pair in self._alike}
        rows: defaultdict[int, list[float]] = defaultdict(list)
        columns: defaultdict[int, list[float]] = defaultdict(list)
        for (one, other), score in scores.items():
            rows[one].append(score)
            columns[other].append(score)
        for (one, other), score in sorted(scores.items(), key=lambda item: -item[1]):
            if (one, other) in self._equal:
                continue
            rule = self._rule(one, other)
            shortest = min(len(self._old_bags[one]), len(self._new_bags[other]))
            rivals = (_second(rows[one]), _second(columns[other]), self._copied[other])
            if (
                score >= rule.least
                and shortest >= rule.words
                and score - max(rivals) >= rule.margin
                and (self._same_key(one, other) or self._shares_enough(one, other, rule))
            ):
                return one, other
        return None

    def take(self, one: int, other: int) -> None:
        """The pair is found; neither is looked for any more."""
        self._alike = {pair: share for pair, share in self._alike.items() if pair[0] != one and pair[1] != other}

    def _shares_enough(self, one: int, other: int, rule: Rule) -> bool:
        """Whether the words in common are particular ones, or all of one line, and half of each by their letters."""
        old, new = self._old_bags[one], self._new_bags[other]
        shared = old & new
        letters = _letters(shared)
        is_particular = letters >= rule.letters or shared in (old, new)
        return len(shared) >= rule.shared and is_particular and 2 * letters >= max(_letters(old), _letters(new))

    def _score(self, one: int, other: int) -> float:
        rule = self._rule(one, other)
        least = rule.same_key if self._same_key(one, other) else 0.0
        return max(self._alike[one, other], least) + rule.bonus

    def _same_key(self, one: int, other: int) -> bool:
        key = self._keys[0][one]
        return key is not None and key == self._keys[1][other]


def _second(scores: Sequence[float]) -> float:
    """What the best of the others has; the best itself counts once."""
    return sorted(scores)[-2] if len(scores) > 1 else 0.0


def _letters(words: Bag) -> int:
    return sum(len(word) for word, _ in words)


def _key(line: str) -> str | None:
    found = _KEY.match(line)
    return found[1].casefold() if found else None
