"""The command ``commonplace bench``: a live table while it runs, a report at its end."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from commonplace import __version__
from commonplace.bench.judging import Judge
from commonplace.bench.loading import digest
from commonplace.bench.page import to_html
from commonplace.bench.plots import PlotsMissing, plot
from commonplace.bench.record import Record
from commonplace.bench.report import Report, compare, judging, percent, spread, sum_up, to_markdown
from commonplace.bench.rollout import Bench, ModelFailed
from commonplace.bench.run import Run, RunRefused, Setup, begin_or_continue, carry_out, read_run
from commonplace.bench.task import CATEGORIES, Task, TasksUnreadable
from commonplace.models.base import Model

REPORT_FILE = "report.md"
PAGE_FILE = "transcripts.html"


def chosen(tasks: Sequence[Task], only: Sequence[str], limit: int | None) -> list[Task]:
    """The tasks whose category, domain, subject or name is among ``only``; all if it is empty.

    Raises:
        TasksUnreadable: none is.

    """
    names = {"categories": set(CATEGORIES), "domains": {task.domain for task in tasks}}
    found = [task for task in tasks if not only or {task.category, task.domain, task.name, *task.about} & set(only)]
    if not found:
        known = "; ".join(f"{kind}: {', '.join(sorted(values))}" for kind, values in names.items())
        raise TasksUnreadable(f"No task is called or about {', '.join(only)}. --only takes a name, or one of {known}.")
    return found[:limit]


def new_folder(home: Path, model: str) -> Path:
    """Where a run is kept unless the user names a folder."""
    name = re.sub(r"[^\w.-]+", "-", model)
    return home / "bench" / f"{datetime.now():%Y-%m-%d-%H%M%S}-{name}"


def run_tasks(
    tasks: Sequence[Task],
    model: Model,
    folder: Path,
    *,
    judge: Judge | None = None,
    repeat: int = 1,
    concurrency: int = 2,
    searches: bool = True,
    prompt: str | None = None,
    seed: int = 0,
    temperature: float = 0.0,
) -> Report:
    """Do the tasks, keep and show what comes of them, write the report into the folder.

    Raises:
        RunRefused: the folder holds another run.
        ModelFailed: the model died; the text says how to go on.

    """
    bench = Bench(model, searches=searches, prompt=prompt)
    setup = Setup(
        model=model.name,
        tasks=digest(*map(repr, tasks)),
        count=len(tasks),
        repeat=repeat,
        judge=judge.model.name if judge else None,
        seed=seed,
        temperature=temperature,
        searches=searches,
        prompt=digest(bench.prompt),
        version=__version__,
    )
    run = begin_or_continue(folder, setup)
    total = len(tasks) * repeat
    console = Console(highlight=False)
    if run.records:
        console.print(f"Going on in {folder}: {len(run.records)} of {total} are done.")
    try:
        asyncio.run(_carry_out(run, tasks, bench, judge, concurrency, console))
    except ModelFailed as error:
        raise ModelFailed(f"{str(error).rstrip('.')}. {_how_to_go_on(run, total)}") from None
    except KeyboardInterrupt:
        console.print(_how_to_go_on(run, total), markup=False, soft_wrap=True)
        raise
    report = sum_up(setup, run.records)
    _print(console, report)
    for path in write_report(report, run, console):
        console.print(f"[dim]{path}[/dim]")
    return report


def _how_to_go_on(run: Run, total: int) -> str:
    done = f"{len(run.records)} of {total} are kept in {run.folder}"
    return f"{done}; type the same command with --out {run.folder} to go on."


def write_report(report: Report, run: Run, console: Console) -> list[Path]:
    """The report as Markdown, the transcripts as a page, and the plots if matplotlib is there."""
    (run.folder / REPORT_FILE).write_text(to_markdown(report), encoding="utf-8")
    (run.folder / PAGE_FILE).write_text(to_html(report, run.records), encoding="utf-8")
    written = [run.folder / REPORT_FILE, run.folder / PAGE_FILE]
    try:
        written += plot([report], run.folder)
    except PlotsMissing as missing:
        console.print(str(missing), style="dim", markup=False)
    return written


def compare_runs(first: Path, second: Path, plots: Path | None) -> None:
    """Print how the second run differs from the first, task by task.

    Raises:
        RunRefused, PlotsMissing.

    """
    one, other = read_run(first), read_run(second)
    if one.setup.tasks != other.setup.tasks:
        raise RunRefused(f"{first} and {second} are runs of other tasks; compare two runs of the same.")
    found = compare(one.records, other.records)
    if not found:
        raise RunRefused(f"{first} and {second} have no task in common that both did equally often.")
    names = [run.setup.model for run in (one, other)]
    if names[0] == names[1]:
        names = [f"{run.setup.model} ({run.folder.name})" for run in (one, other)]
    table = Table(title=" and ".join(names))
    table.add_column("category")
    for column in ("tasks", *names, "difference", "p"):
        table.add_column(column, justify="right")
    for row in found:
        points = f"{100 * (row.second - row.first):+.1f}"
        table.add_row(row.name, str(row.tasks), percent(row.first), percent(row.second), points, f"{row.p_value:.3f}")
    console = Console(highlight=False)
    console.print(table)
    console.print("p: how often chance alone gives a difference as large (exact paired sign-flip test, two-sided).")
    if plots is not None:
        plots.mkdir(parents=True, exist_ok=True)
        for path in plot([sum_up(run.setup, run.records) for run in (one, other)], plots, names):
            console.print(f"[dim]{path}[/dim]")


async def _carry_out(
    run: Run, tasks: Sequence[Task], bench: Bench, judge: Judge | None, concurrency: int, console: Console
) -> None:
    shown = _Shown(run, len(tasks) * run.setup.repeat, console)
    try:
        with shown.live:
            await carry_out(run, tasks, bench, judge, concurrency=concurrency, told=shown.tell)
    finally:
        await bench.close()
        if judge is not None:
            await judge.model.close()


class _Shown:
    """A bar and a table that follow the run; a line every tenth where there is no terminal."""

    def __init__(self, run: Run, total: int, console: Console) -> None:
        self._run = run
        self._total = total
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, TimeRemainingColumn(), console=console)
        self._bar = self._progress.add_task(run.setup.model, total=total, completed=len(run.records))
        self.live = Live(self._view(), console=console, transient=True, auto_refresh=console.is_terminal)
        self._live_wanted = console.is_terminal

    def tell(self, kept: Record) -> None:
        done = len(self._run.records)
        self._progress.update(self._bar, completed=done)
        if self._live_wanted:
            self.live.update(self._view(kept))
        elif done % max(1, self._total // 10) == 0:
            self._console.print(f"{done} / {self._total}")

    def _view(self, last: Record | None = None) -> RenderableType:
        if not self._console.is_terminal:
            return ""
        passed = Counter(kept.category for kept in self._run.records if kept.passed)
        done = Counter(kept.category for kept in self._run.records)
        table = Table(box=None, padding=(0, 2, 0, 0))
        for column in ("", "passed", "of"):
            table.add_column(column, justify="left" if not column else "right")
        for category in CATEGORIES:
            table.add_row(category, str(passed[category]), str(done[category]))
        return Group(self._progress, table, f"[dim]{last.task if last else ''}[/dim]")


def _print(console: Console, report: Report) -> None:
    table = Table(title=f"{report.setup.model}, {report.setup.count} tasks", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("category", no_wrap=True)
    judged = report.setup.judge is not None
    columns = ("tasks", "passed", "95 % interval", *(("judged",) if judged else ()), "blocks", "s, p50", "s, p95")
    for column in columns:
        table.add_column(column, justify="right", no_wrap=True)
    for row in report.rows:
        cells = [str(row.tasks), percent(row.rules.share), spread(row.rules)]
        cells += [percent(row.judged.share) if row.judged else "-"] if judged else []
        cells += [f"{row.steps:.1f}", f"{row.seconds:.2f}", f"{row.slow_seconds:.2f}"]
        table.add_row(row.name, *cells, style="bold" if row is report.rows[-1] else "")
    console.print(table)
    if report.agreement is not None:
        console.print(judging(report.agreement, report.no_verdict))
