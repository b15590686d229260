"""Shared by the benchmarks: percentiles, and one table."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Timing:
    """The seconds that something took, each time."""

    name: str
    seconds: Sequence[float]

    def percentile(self, share: float) -> float:
        """Seconds that the given share of the runs stayed within."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def median(self) -> float:
        """The middle run, in seconds."""
        return self.percentile(0.5)


def print_table(title: str, timings: Sequence[Timing], bars: Sequence[str]) -> None:
    """One row a timing, with its ratio to the first."""
    table = Table(title=title)
    table.add_column("")
    for column in ("p50 ms", "p95 ms", "ratio to the first", "runs"):
        table.add_column(column, justify="right")
    table.add_column("bar")
    for timing, bar in zip(timings, bars, strict=True):
        table.add_row(
            timing.name,
            f"{timing.median * 1000:.2f}",
            f"{timing.percentile(0.95) * 1000:.2f}",
            f"{timing.median / timings[0].median:.2f}",
            str(len(timing.seconds)),
            bar,
        )
    Console(width=120).print(table)
