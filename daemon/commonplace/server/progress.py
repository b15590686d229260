"""How far a long request is, told to the client that waits for its answer (``_commonplace/progress``)."""

import time
from collections.abc import Callable, Mapping
from typing import Any

_SECONDS = 0.2
"""Between two messages."""


def progress_message(done: int, total: int) -> Mapping[str, Any]:
    """The notification."""
    return {"jsonrpc": "2.0", "method": "_commonplace/progress", "params": {"done": done, "total": total}}


class Steady:
    """Tells no more often than a person reads."""

    def __init__(self, tell: Callable[[int, int], None]) -> None:
        self._tell = tell
        self._told = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """So many are done."""
        if time.monotonic() - self._told >= _SECONDS:
            self._told = time.monotonic()
            self._tell(done, total)
