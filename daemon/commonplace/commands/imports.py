"""``import``: notes from other programs, as one turn that can be undone."""

import shlex
import signal
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import VaultOption, choose_vault, say
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.importers.importing import Imported, Progress

SinceOption = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only what began on that day or later.")
]
ExportArgument = Annotated[Path, typer.Argument(help="The zip as it came, or the folder that it was unpacked to.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``import``."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Bring notes from other programs.")
    group.command("chatgpt", epilog="Example: commonplace import chatgpt export.zip")(chatgpt)
    group.command("claude", epilog="Example: commonplace import claude data.zip")(claude)
    group.command("notion", epilog="Example: commonplace import notion Export.zip")(notion)
    group.command("markdown", epilog="Example: commonplace import markdown ~/OldNotes")(markdown)
    app.add_typer(group, name="import")


def chatgpt(export: ExportArgument, vault: VaultOption = None, since: SinceOption = None) -> None:
    """Import conversations from ChatGPT's export; what was imported before is left as it is."""
    _import("chatgpt", export, vault, since)


def claude(export: ExportArgument, vault: VaultOption = None, since: SinceOption = None) -> None:
    """Import conversations from Claude's export; what was imported before is left as it is."""
    _import("claude", export, vault, since)


def notion(export: ExportArgument, vault: VaultOption = None) -> None:
    """Import pages and databases from Notion's export (Markdown & CSV)."""
    _import("notion", export, vault, None)


def markdown(
    folder: Annotated[Path, typer.Argument(help="A folder with notes, such as another vault.")],
    vault: VaultOption = None,
) -> None:
    """Import a folder of markdown notes with their links."""
    _import("markdown", folder, vault, None)


def _import(source: str, place: Path, vault: str | None, since: datetime | None) -> None:
    from commonplace.clients import launch
    from commonplace.importers.base import ExportRefused
    from commonplace.importers.importing import run_import
    from commonplace.importers.sources import SOURCES

    home = home_folder()
    chosen = choose_vault(home, vault)
    place = place.expanduser().absolute()
    inside, outside = place.resolve(), chosen.resolve()
    if (inside.is_relative_to(outside) and inside.is_dir()) or outside.is_relative_to(inside):
        raise ExportRefused(f"{place} and the vault {chosen} hold the same notes. Name a folder outside the vault.")
    asked = f"commonplace import {source} {place.name}"
    with _stop_signals() as stopped, _shown() as progress:
        importer = SOURCES[source](place)
        with launch.connect(home, say) as connection:
            day = since.date() if since else None
            done = run_import(importer, connection, chosen, asked, since=day, progress=progress, stopped=stopped.is_set)
    for line in _lines(done, _again(source, place, since)):
        print(printable(line))
    if done.cut is not None:
        raise typer.Exit(1 if done.cut else 130)


def _again(source: str, place: Path, since: datetime | None) -> str:
    named = shlex.join([str(place)])
    return f"commonplace import {source} {named}" + (f" --since {since:%Y-%m-%d}" if since else "")


def _lines(done: "Imported", again: str) -> Iterator[str]:
    if done.cut is None:
        here = f", {done.known:,} {_were(done.known)} here already" if done.known else ""
        yield f"{_notes(done.written)} imported{here}."
    else:
        yield f"{done.cut or 'Stopped.'} {done.written:,} of {_notes(done.planned)} are imported and linked."
        yield f"To go on: {again}"
    for why, count in done.skipped.items():
        yield f"{count:,} left out: {why}."
    if done.taken:
        yield f"{done.taken:,} left out: notes of those names came meanwhile. Type the same again."
    if done.grown:
        yield (
            f"{done.grown:,} of those here {'has' if done.grown == 1 else 'have'} gone on at the source since, and "
            "stay as they are; to have one anew, delete its note and import again."
        )
    if done.written:
        yield f"They can be reached from {done.index}."
        yield f"To take it back: commonplace undo {done.turn}"


def _notes(count: int) -> str:
    return "1 note" if count == 1 else f"{count:,} notes"


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


@contextmanager
def _stop_signals() -> Generator[threading.Event]:
    """Set by Ctrl-C, and by what ends a program in an orderly way; a second Ctrl-C ends it at once."""
    stopped = threading.Event()

    def stop(*_: object) -> None:
        if stopped.is_set():
            raise KeyboardInterrupt
        stopped.set()
        say("Stopping; what is under way is finished first.")

    kinds = [found for name in ("SIGINT", "SIGTERM", "SIGHUP") if (found := getattr(signal, name, None)) is not None]
    before = {kind: signal.signal(kind, stop) for kind in kinds}
    try:
        yield stopped
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


@contextmanager
def _shown() -> Generator["Progress"]:
    """A bar on a terminal, nothing elsewhere."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks = {"reading": bar.add_task("Reading", total=None), "writing": bar.add_task("Writing", total=None)}
        yield lambda stage, done, total: bar.update(tasks[stage], completed=done, total=total)
