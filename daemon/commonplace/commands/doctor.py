"""``doctor``: what is wrong with a memory, and with what serves it."""

import difflib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import VaultOption, choose_vault, need_terminal, say
from commonplace.home import find_daemon, home_folder

if TYPE_CHECKING:
    from commonplace.clients.connection import DaemonConnection

Json = Mapping[str, Any]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: commonplace doctor --fix")(doctor)


def doctor(
    vault: VaultOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Show each repair as a diff and ask; undo takes it back.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --fix: do every repair, ask nothing.")] = False,
) -> None:
    """Look for what is wrong with the memory and the daemon. Exit code 1 when there is something."""
    from commonplace.clients import launch

    home = home_folder()
    chosen = choose_vault(home, vault)
    if fix and not yes:
        need_terminal("commonplace doctor --fix --yes")
    with launch.connect(home, say) as connection:
        report = connection.doctor(chosen)
        if fix:
            report = _repair(connection, str(chosen), report, yes)
    found = find_daemon(home)
    if as_json:
        print(json.dumps({**report, "port": found.port if found else None}, ensure_ascii=False))
    else:
        for line in _lines(report, found.port if found else None):
            print(printable(line))
    if report["findings"] or report["machine"]["problems"]:
        raise typer.Exit(1)


def _repair(connection: "DaemonConnection", vault: str, report: Json, yes: bool) -> Json:
    """Offer the repairs one by one; each is looked for anew, since the one before may have changed its note."""
    seen: set[str] = set()
    while (repair := _next(report["findings"], seen)) is not None:
        seen.add(repair["title"])
        for line in _diff(repair):
            print(printable(line))
        if yes or typer.confirm(f"{printable(repair['title'])}?", default=False):
            turn = connection.repair(vault, repair["id"])
            print(f"Done. Type: commonplace undo {turn} (takes it back)")
            report = connection.doctor(vault)
    return report


def _next(findings: Sequence[Json], seen: set[str]) -> Json | None:
    offered = (found["repair"] for found in findings if found["repair"] is not None)
    return next((repair for repair in offered if repair["title"] not in seen), None)


def _diff(repair: Json) -> Iterator[str]:
    for change in repair["changes"]:
        before, after = (change["before"] or "").split("\n"), (change["after"] or "").split("\n")
        if change["after"] is None:
            yield f"--- {change['path']} (deleted; it holds nothing that is not kept)"
            continue
        names = (change["path"], change["path"])
        yield from difflib.unified_diff(before, after, *names, lineterm="", n=1)


def _lines(report: Json, port: int | None) -> Iterator[str]:
    machine, index = report["machine"], report["machine"]["index"]
    yield f"Vault: {report['vault']}"
    for found in report["findings"]:
        place = found["path"] + (f":{found['line']}" if found["line"] else "")
        fixable = "  [--fix can mend it]" if found["repair"] else ""
        yield f"  {found['kind']}: {place}: {found['message']}{fixable}"
    if not report["findings"]:
        yield "  Nothing is wrong with the memory."
    if any(found["repair"] for found in report["findings"]):
        yield "To see each repair and choose: commonplace doctor --fix"
    yield f"Daemon: version {machine['version']}, pid {machine['pid']}, port {port}"
    yield from (f"  {problem}" for problem in machine["problems"])
    yield f"Model: {machine['model']}"
    yield f"Index: {index['phase']}, {index['done']:,} of {index['total']:,} notes{_age(index)}"
    if index["phase"] != "ready":
        yield "  Until it is ready, a note that was renamed is not recognised."
    watching = "file events" if index["mode"] == "events" else "looking every few seconds"
    yield f"Changes are noticed by {watching}."
    if index["warning"]:
        yield f"  {index['warning']}"
    for folder in index["unreadable"]:
        yield f"  The folder {folder or '(the root)'} cannot be read; what is known of its notes is kept."


def _age(index: Json) -> str:
    import time

    looked = index["looked"]
    return "" if looked is None else f", all folders looked at {max(0, round(time.time() - looked))} s ago"
