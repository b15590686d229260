"""The scores of runs as bars with their intervals: SVG and PNG. Needs the extra ``bench`` (matplotlib)."""

# pyright: reportUnknownMemberType=false
# matplotlib's own annotations leave its keyword arguments untyped.

from collections.abc import Sequence
from pathlib import Path

from commonplace.bench.report import Report


class PlotsMissing(Exception):
    """matplotlib is not installed; the text says how to install it."""


def plot(reports: Sequence[Report], folder: Path, labels: Sequence[str] = ()) -> list[Path]:
    """Draw a bar for each run in each category; the files that were written. Runs are labelled by their models, or so.

    Raises:
        PlotsMissing.

    """
    try:
        import matplotlib

        matplotlib.use("Agg")
        from matplotlib import pyplot
    except ImportError:
        raise PlotsMissing(
            "The plots need matplotlib; type in the checkout: uv tool install --force '.[bench]'"
        ) from None
    figure, axes = pyplot.subplots(figsize=(8, 4.2), layout="constrained")
    names = [row.name for row in reports[0].rows]
    width = 0.8 / len(reports)
    for index, report in enumerate(reports):
        places = [place + (index - (len(reports) - 1) / 2) * width for place in range(len(names))]
        shares = {row.name: row.rules for row in report.rows}
        found = [shares[name] for name in names]
        below = [100 * (one.share - one.low) for one in found]
        above = [100 * (one.high - one.share) for one in found]
        axes.bar(
            places,
            [100 * one.share for one in found],
            width * 0.92,
            yerr=(below, above),
            capsize=3,
            label=labels[index] if labels else report.setup.model,
            error_kw={"linewidth": 1, "ecolor": "#555555"},
        )
    axes.set_xticks(range(len(names)), [f"{row.name}\n{row.tasks} tasks" for row in reports[0].rows])
    axes.set_ylim(0, 100)
    axes.set_ylabel("tasks passed, %")
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper right", bbox_to_anchor=(1, 1.12), ncols=max(1, len(reports)))
    written = [folder / "scores.svg", folder / "scores.png"]
    for path in written:
        figure.savefig(path, dpi=150, metadata={"Date": None} if path.suffix == ".svg" else None)
    pyplot.close(figure)
    return written
