"""The transcripts of a run as one page that a browser shows without a server. Pure."""

from collections.abc import Iterator, Sequence
from html import escape

from commonplace.bench.record import Record
from commonplace.bench.report import Report, Row, about, cells_of

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --good: #1a7f37; --bad: #cf222e; }
@media (prefers-color-scheme: dark) { :root { --good: #4ac26b; --bad: #ff7b72; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 56rem; margin: 2rem auto; padding: 0 1rem; }
.wide { overflow-x: auto; margin: 1rem 0; } table { border-collapse: collapse; }
td, th { padding: .2rem .8rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
td:first-child, th:first-child { padding-left: 0; text-align: left; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .4rem .8rem; }
summary { cursor: pointer; } pre { white-space: pre-wrap; overflow-wrap: anywhere; background: #8881; padding: .6rem; }
.passed { color: var(--good); } .failed { color: var(--bad); } .quiet { opacity: .75; }
"""


_VERDICTS = {True: "The judge finds it right.", False: "The judge finds it wrong.", None: "The judge gave no verdict."}


def to_html(report: Report, records: Sequence[Record]) -> str:
    """The whole page; what failed stands first and open."""
    ordered = sorted(records, key=lambda kept: (kept.passed, kept.domain, kept.task, kept.attempt))
    return "\n".join(_page(report, ordered)) + "\n"


def _page(report: Report, records: Sequence[Record]) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(report.setup.model)}</title><style>{_STYLE}</style></head><body>"
    yield f"<h1>{escape(report.setup.model)}</h1>"
    yield f"<p>{escape(' '.join(about(report)))}</p>"
    for title, rows in (("category", report.rows), ("domain", report.domains), ("hops", report.hops)):
        yield from _table(title, rows)
    yield "<h2>Transcripts</h2>"
    for kept in records:
        yield from _transcript(kept)
    yield "</body></html>"


def _table(title: str, rows: Sequence[Row]) -> Iterator[str]:
    head, *body = cells_of(title, rows)
    yield f'<div class="wide"><table><tr>{"".join(f"<th>{escape(cell)}</th>" for cell in head)}</tr>'
    for cells in body:
        yield f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
    yield "</table></div>"


def _transcript(kept: Record) -> Iterator[str]:
    state = "passed" if kept.passed else "failed"
    again = f", attempt {kept.attempt}" if kept.attempt > 1 else ""
    yield f"<details{'' if kept.passed else ' open'}><summary>"
    yield f'<strong class="{state}">{state}</strong> {escape(kept.ask)}'
    yield f' <span class="quiet">{escape(kept.task)}{again}: {kept.category}, {kept.seconds:.2f} s</span></summary>'
    for text in kept.filters:
        yield f"<p>Filter: {escape(text)}</p>"
    for check in kept.checks:
        mark, reason = ("passed", "") if check.passed else ("failed", f": {check.why}")
        yield f'<div class="{mark}">{"✓" if check.passed else "✗"} {escape(check.name + reason)}</div>'
    if kept.judgement is not None:
        yield f"<div>{_VERDICTS[kept.verdict]}</div>"
    for number, output in enumerate(kept.outputs):
        yield f"<h4>The model, {number + 1}</h4><pre>{escape(output)}</pre>"
        if number < len(kept.steps):
            yield f"<h4>{escape(kept.steps[number].title)}</h4><pre>{escape(kept.steps[number].result)}</pre>"
    for path, change in kept.changes.items():
        yield f"<h4>Changed {escape(path)}</h4><pre>{escape(change)}</pre>"
    yield f"<h4>Reply</h4><pre>{escape(kept.reply)}</pre>"
    if kept.told is not None:
        yield f"<h4>Asked afterwards, it replied</h4><pre>{escape(kept.told)}</pre>"
    if kept.judgement is not None:
        yield f"<h4>The judge</h4><pre>{escape(kept.judgement)}</pre>"
    yield "</details>"
