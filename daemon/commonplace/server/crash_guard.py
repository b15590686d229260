"""A daemon that the system starts again and again: it gives up after a few crashes, and keeps what they said.

``runs.json`` holds the runs that died in their first minute, one after the other, and the one that is in its
first minute now. A run that ends cleanly or lives longer clears it.
"""

import json
import os
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from commonplace.home import log_file, make_private_folder, write_private_file

MOST_CRASHES = 4
"""So many runs in a row that died in their first minute, and there is no further one."""
FIRST_SECONDS = 60.0
_KEPT_LINES = 3


class CrashLoop(Exception):
    """The daemon crashed again and again; the text holds the last run's first and last log lines."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run in its first minute, or one that died there."""

    began: float
    """Seconds since 1970."""
    offset: int
    """Where its lines begin in the log."""
    first: Sequence[str] = field(default_factory=tuple[str, ...])
    last: Sequence[str] = field(default_factory=tuple[str, ...])


class CrashGuard:
    """Counts the runs of the daemon in a home folder."""

    def __init__(self, home: Path, first_seconds: float = FIRST_SECONDS) -> None:
        self._file = home / "runs.json"
        self._log = log_file(home)
        self._timer = threading.Timer(first_seconds, self.clear)
        self._timer.daemon = True

    def begin(self) -> None:
        """Count a run that begins.

        Raises:
            CrashLoop: those before it crashed one after the other.

        """
        crashes = self.crashes()
        if len(crashes) >= MOST_CRASHES:
            self._write(crashes)
            raise CrashLoop(told(crashes))
        size = self._log.stat().st_size if self._log.exists() else 0
        self._write([*crashes, Run(time.time(), size)])
        self._timer.start()

    def end(self) -> None:
        """The run ends cleanly."""
        self._timer.cancel()
        self.clear()

    def clear(self) -> None:
        """Forget the crashes: all is well, or the user wants another try."""
        self._file.unlink(missing_ok=True)

    def crashes(self) -> list[Run]:
        """The runs in a row that died in their first minute; one that is in it now counts as well."""
        return [run if run.first else self._with_lines(run) for run in self._read()]

    def _with_lines(self, run: Run) -> Run:
        """The run with the first and the last that it logged."""
        if not self._log.exists():
            return run
        with self._log.open("rb") as log:
            size = os.fstat(log.fileno()).st_size
            log.seek(run.offset if run.offset <= size else 0)
            lines = log.read().decode(errors="replace").splitlines()
        return replace(run, first=lines[:_KEPT_LINES], last=lines[_KEPT_LINES:][-_KEPT_LINES:])

    def _read(self) -> list[Run]:
        try:
            found: list[Mapping[str, Any]] = json.loads(self._file.read_text(encoding="utf-8"))
            return [Run(**one) for one in found]
        except (OSError, ValueError, TypeError):
            return []

    def _write(self, runs: Sequence[Run]) -> None:
        make_private_folder(self._file.parent)
        write_private_file(self._file, json.dumps([asdict(run) for run in runs], indent=2) + "\n")


def told(crashes: Sequence[Run]) -> str:
    """What to tell the user of a loop."""
    last = crashes[-1]
    lines = [f"The daemon crashed {len(crashes)} times in a row and is not started again. The last run logged:"]
    lines += [f"  {line}" for line in (*last.first, *last.last)]
    return "\n".join([*lines, "When the cause is gone, type: commonplace service start"])
