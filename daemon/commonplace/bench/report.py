"""What a run shows: scores by category with their intervals, what they cost, and where two judges differ. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from commonplace.bench.record import Record
from commonplace.bench.run import Setup
from commonplace.bench.statistics import Agreement, Interval, agreement, interval, paired_p_value
from commonplace.bench.task import CATEGORIES

OVERALL = "overall"


@dataclass(frozen=True, slots=True)
class Row:
    """One group of tasks."""

    name: str
    tasks: int
    rules: Interval
    """The share of tasks in which every rule held."""
    judged: Interval | None
    """The share that the judging model found right; None where none judged."""
    steps: float
    """Python blocks a task, the mean."""
    characters: float
    """That the model wrote a task, the mean."""
    prompt_tokens: float | None
    """Of all calls, a task, the mean; None where the model does not tell."""
    generated_tokens: float | None
    seconds: float
    """Of a task, the median."""
    slow_seconds: float
    """The 95th percentile."""


@dataclass(frozen=True, slots=True)
class Report:
    """A run, summed up."""

    setup: Setup
    rows: tuple[Row, ...]
    """The categories, and all of them together at the end."""
    domains: tuple[Row, ...]
    hops: tuple[Row, ...]
    agreement: Agreement | None
    no_verdict: int
    """Replies of the judge that were no verdict."""
    failed: tuple[Record, ...]


def sum_up(setup: Setup, records: Sequence[Record]) -> Report:
    """The report of what is done of a run."""
    by_category = [_row(name, [kept for kept in records if kept.category == name]) for name in CATEGORIES]
    pairs = [(kept.passed, kept.verdict) for kept in records if kept.verdict is not None]
    judged = setup.judge is not None
    return Report(
        setup=setup,
        rows=(*(row for row in by_category if row.tasks), _row(OVERALL, records)),
        domains=_grouped(records, lambda kept: kept.domain),
        hops=_grouped(records, lambda kept: f"{kept.hops} hop{'' if kept.hops == 1 else 's'}"),
        agreement=agreement(pairs) if judged else None,
        no_verdict=sum(kept.verdict is None for kept in records) if judged else 0,
        failed=tuple(kept for kept in records if not kept.passed),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """How one run differs from another in a group of tasks, in the share of passed attempts."""

    name: str
    tasks: int
    first: float
    second: float
    p_value: float


def compare(first: Sequence[Record], second: Sequence[Record]) -> tuple[Difference, ...]:
    """The paired differences of two runs over the tasks that both did, equally often."""
    ones, others = _passes(first), _passes(second)
    category = {kept.task: kept.category for kept in first}
    common = [task for task in ones if task in others and ones[task][1] == others[task][1]]
    groups = [(name, [task for task in common if category[task] == name]) for name in CATEGORIES]
    return tuple(
        Difference(
            name,
            len(tasks),
            _share(ones[task] for task in tasks),
            _share(others[task] for task in tasks),
            paired_p_value([others[task][0] - ones[task][0] for task in tasks]),
        )
        for name, tasks in [*groups, (OVERALL, common)]
        if tasks
    )


def to_markdown(report: Report) -> str:
    """The report as a page of Markdown."""
    return "\n".join(_markdown(report)) + "\n"


def _markdown(report: Report) -> Iterator[str]:
    yield f"# {report.setup.model}"
    yield ""
    yield from about(report)
    for title, rows in (("category", report.rows), ("domain", report.domains), ("hops", report.hops)):
        yield ""
        yield from _table(title, rows)
    yield ""
    yield "## Not passed"
    yield ""
    for kept in report.failed:
        reasons = "; ".join(f"{check.name}: {check.why}" for check in kept.checks if not check.passed)
        yield f"- `{kept.task}` ({kept.ask}) {reasons}"


def about(report: Report) -> Iterator[str]:
    """What was run, and how, in sentences."""
    setup = report.setup
    again = f", each {setup.repeat} times" if setup.repeat > 1 else ""
    yield f"{setup.count} tasks ({setup.tasks}){again}; Commonplace {setup.version}."
    tools = "with" if setup.searches else "without"
    yield f"Temperature {setup.temperature:g}, drawn from {_seeds(setup)}; {tools} search_notes; prompt {setup.prompt}."
    if report.agreement is not None:
        yield f"Judged by {setup.judge} as well. {judging(report.agreement, report.no_verdict)}"


def _seeds(setup: Setup) -> str:
    last = setup.seed + setup.repeat - 1
    return f"the seed {setup.seed}" if setup.repeat == 1 else f"the seeds {setup.seed} to {last}"


def _table(title: str, rows: Sequence[Row]) -> Iterator[str]:
    head, *body = cells_of(title, rows)
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(cells)} |" for cells in body)


def cells_of(title: str, rows: Sequence[Row]) -> Iterator[list[str]]:
    """A table of the rows, its head first: scores with their intervals, steps, tokens, latency."""
    judged = any(row.judged for row in rows)
    head = [title, "tasks", "passed", "95 % interval", *(["judged right"] if judged else [])]
    yield [*head, "blocks", "characters", "tokens in / out", "seconds, p50 / p95"]
    for row in rows:
        cells = [row.name, str(row.tasks), percent(row.rules.share), spread(row.rules)]
        cells += [f"{percent(row.judged.share)}, {spread(row.judged)}" if row.judged else "-"] if judged else []
        tokens = " / ".join(
            "-" if count is None else f"{count:,.0f}" for count in (row.prompt_tokens, row.generated_tokens)
        )
        cells += [f"{row.steps:.1f}", f"{row.characters:,.0f}", tokens, f"{row.seconds:.2f} / {row.slow_seconds:.2f}"]
        yield cells


def judging(found: Agreement, no_verdict: int) -> str:
    """How far rules and judge agree, in words."""
    missing = f"{no_verdict} judgements were no verdict and count as not passed." if no_verdict else ""
    if found.count == 0:
        return f"The judge gave no verdict at all. {missing}".strip()
    kappa = f" (Cohen's kappa {found.kappa:.2f})" if found.kappa is not None else ""
    return f"Rules and judge agree on {percent(found.share)}{kappa} of {found.count} verdicts. {missing}".strip()


def percent(share: float) -> str:
    """Such as "83.3 %"."""
    return f"{100 * share:.1f} %"


def spread(found: Interval) -> str:
    """Such as "71 to 91 %"."""
    return f"{100 * found.low:.0f} to {100 * found.high:.0f} %"


def _grouped(records: Sequence[Record], name: Callable[[Record], str]) -> tuple[Row, ...]:
    groups: dict[str, list[Record]] = defaultdict(list)
    for kept in records:
        groups[name(kept)].append(kept)
    return tuple(_row(group, groups[group]) for group in sorted(groups))


def _row(name: str, records: Sequence[Record]) -> Row:
    tasks = len({kept.task for kept in records})
    seconds = [kept.seconds for kept in records] or [0.0]
    judged = any(kept.verdict is not None for kept in records)
    read = [kept.prompt_tokens for kept in records if kept.prompt_tokens is not None]
    written = [kept.generated_tokens for kept in records if kept.generated_tokens is not None]
    return Row(
        name=name,
        tasks=tasks,
        rules=interval(_mean(kept.passed for kept in records), tasks),
        judged=interval(_mean(kept.verdict is True for kept in records), tasks) if judged else None,
        steps=_mean(len(kept.steps) for kept in records),
        characters=_mean(kept.characters for kept in records),
        prompt_tokens=_mean(read) if read else None,
        generated_tokens=_mean(written) if written else None,
        seconds=median(seconds),
        slow_seconds=quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0],
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def _passes(records: Sequence[Record]) -> dict[str, tuple[int, int]]:
    """Passed attempts and attempts, by task."""
    counts: dict[str, tuple[int, int]] = {}
    for kept in records:
        passed, attempts = counts.get(kept.task, (0, 0))
        counts[kept.task] = (passed + kept.passed, attempts + 1)
    return counts


def _share(counts: Iterable[tuple[int, int]]) -> float:
    return _mean(passed / attempts for passed, attempts in counts)
