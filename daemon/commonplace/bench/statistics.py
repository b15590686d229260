"""How sure a score is: intervals, paired differences, agreement. Pure."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval."""

    share: float
    low: float
    high: float


def interval(share: float, count: int) -> Interval:
    """The Wilson interval of a share of ``count`` tasks.

    With tasks that were repeated, ``count`` is the number of tasks: attempts at one task are not independent.
    """
    if count == 0:
        return Interval(0.0, 0.0, 1.0)
    centre = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2)) / (1 + _Z**2 / count)
    return Interval(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def paired_p_value(differences: Sequence[int]) -> float:
    """How often chance alone gives a summed difference as large as this: the exact sign-flip test, two-sided.

    ``differences`` holds, task by task, how many more attempts one model passed than the other. With one attempt
    each this is McNemar's exact test.
    """
    sums: Mapping[int, int] = Counter({0: 1})
    for difference in (abs(one) for one in differences if one):
        flipped = Counter[int]()
        for total, ways in sums.items():
            flipped[total + difference] += ways
            flipped[total - difference] += ways
        sums = flipped
    observed = abs(sum(differences))
    extreme = sum(ways for total, ways in sums.items() if abs(total) >= observed)
    return extreme / sum(sums.values())


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two judges agree: the share of equal verdicts, and Cohen's kappa (None where it is undefined)."""

    share: float
    kappa: float | None
    count: int


def agreement(pairs: Sequence[tuple[bool, bool]]) -> Agreement:
    """The agreement of two judges on the same tasks."""
    count = len(pairs)
    if count == 0:
        return Agreement(0.0, None, 0)
    observed = sum(one == other for one, other in pairs) / count
    first, second = (sum(pair[index] for pair in pairs) / count for index in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    return Agreement(observed, None if chance == 1 else (observed - chance) / (1 - chance), count)
