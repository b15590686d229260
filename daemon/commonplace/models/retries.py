"""How long to wait before a request that nothing came of is made again. Pure, but for the dice."""

import random
from dataclasses import dataclass, field

PASSING = frozenset({429, 502, 503, 504})
"""Statuses of a server that may well answer in a moment."""
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
_LONGEST_WISH = 30.0


@dataclass(slots=True)
class Retries:
    """The pauses of one request: twice as long each time, and by chance, so that clients do not come at once."""

    most: int = 3
    dice: random.Random = field(default_factory=random.Random)
    _made: int = 0

    def pause(self, wished: float | None = None) -> float | None:
        """Seconds until the next try; None where it is time to give up.

        Args:
            wished: what the server asked for (``Retry-After``).

        """
        if self._made >= self.most or (wished or 0.0) > _LONGEST_WISH:
            return None
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**self._made)
        self._made += 1
        return max(wished or 0.0, self.dice.uniform(longest / 2, longest))
