"""An import from its first look to its last link: plan it, see that it fits, then write it through the daemon."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol

from commonplace.importers.base import ExportRefused, ImportedNote, Importer
from commonplace.importers.pages import Addition, NewNote, index_work, is_index
from commonplace.importers.rendering import parts, rendered
from commonplace.importers.shelving import Placed, Shelves
from commonplace.vault.conventions import ENTITIES

BATCH_BYTES = 400_000
"""Of one message to the daemon, which takes 1 MiB."""
BATCH_NOTES = 100
_LINK_BYTES = 120
"""By how much a link may grow when it gets its path."""
_HEAD_BYTES = 1_000
"""Of properties, title and index line."""

Json = Mapping[str, Any]
Stage = Literal["reading", "writing"]
Progress = Callable[[Stage, int, int | None], None]
"""Told how many notes were read or written, and of how many, if that is known."""


class Writer(Protocol):
    """The daemon, as an import sees it."""

    def import_look(self, vault: Path, source: str, export: str) -> Json:
        """What a vault holds already: see ``server/importing.py``."""
        ...

    def import_notes(
        self, vault: Path, turn: str, asked: str, notes: Sequence[Json], additions: Sequence[Json] = ()
    ) -> Json:
        """Write new notes, and lines into notes."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    turn: str
    """By which it is undone."""
    written: int
    known: int
    """Notes that were there from an earlier import."""
    taken: int
    """Notes that were not written, since somebody wrote a note of that name meanwhile."""
    skipped: Mapping[str, int]
    index: str
    """The note that leads to all of them."""
    is_whole: bool
    """False where it was stopped before the end."""


def run_import(
    importer: Importer,
    writer: Writer,
    vault: Path,
    asked: str,
    *,
    since: date | None = None,
    progress: Progress = lambda _, __, ___: None,
) -> Imported:
    """Import what is new. Ctrl-C ends it tidily: what was written by then is linked, and the next run goes on.

    Raises:
        ExportRefused: nothing was written.

    """
    fingerprint = hashlib.sha256(importer.fingerprint().encode("utf-8", "replace")).hexdigest()[:8]
    seen = writer.import_look(vault, importer.name, fingerprint)
    standing: dict[str, str] = {id_: path for id_, (path, _) in seen["notes"].items()}
    shelves = Shelves(
        importer.name,
        importer.label,
        dated=importer.dated,
        names=seen["names"],
        folders={folder: (held[0], held[1]) for folder, held in seen["folders"].items()},
        memory=seen["memory"],
    )
    plan, known = _planned(importer, standing, shelves, since, progress)
    skipped = dict(Counter(importer.skipped))
    if not plan and not known:
        raise ExportRefused(f"There is nothing to import in it{_told(skipped)}. Nothing was written.")
    turn = str(seen["turn"])
    paths = standing | {id_: placed.path for id_, placed in plan.items()}
    written: set[str] = set()
    taken = 0
    is_whole = True
    try:
        for batch in _batches(_new_notes(importer, plan, paths, since)):
            answer = writer.import_notes(vault, turn, asked, [asdict(note) for note in batch])
            taken += len(answer["taken"])
            written |= {note.path for note in batch} - set(answer["taken"])
            progress("writing", len(written), len(plan))
    except KeyboardInterrupt:
        is_whole = False
    index = _link_all(importer, writer, vault, turn, asked, seen, written, shelves)
    return Imported(turn, len(written), known, taken, skipped, index, is_whole)


def _planned(
    importer: Importer, standing: Mapping[str, str], shelves: Shelves, since: date | None, progress: Progress
) -> tuple[dict[str, Placed], int]:
    """A place for every note that is new, by its id; how many are there already."""
    plan: dict[str, Placed] = {}
    known: set[str] = set()
    for count, note in enumerate(_all_parts(importer, since), 1):
        if note.id in standing:
            known.add(note.id)
        elif note.id not in plan:
            plan[note.id] = shelves.place(note, _most_bytes(note))
        if count % 100 == 0:
            progress("reading", count, None)
    progress("reading", len(plan) + len(known), None)
    return plan, len(known)


def _most_bytes(note: ImportedNote) -> int:
    """What the note comes to at most, once it is rendered, its line in an index note included."""
    text = note.text
    growth = _LINK_BYTES * text.count("[[") + 2 * text.count("[") + 5 * text.count("```") + text.count("`")
    return len(text.encode()) + len(note.properties.encode()) + growth + _HEAD_BYTES


def _all_parts(importer: Importer, since: date | None) -> Iterator[ImportedNote]:
    for note in importer.notes():
        if since is None or note.created is None or note.created >= since:
            yield from parts(note)


def _new_notes(
    importer: Importer, plan: Mapping[str, Placed], paths: Mapping[str, str], since: date | None
) -> Iterator[NewNote]:
    ahead = dict(plan)
    for note in _all_parts(importer, since):
        if (placed := ahead.pop(note.id, None)) is not None:
            yield NewNote(placed.path, rendered(note, importer.name, placed.title, paths.get))


def _batches(notes: Iterator[NewNote]) -> Iterator[list[NewNote]]:
    batch: list[NewNote] = []
    size = 0
    for note in notes:
        spelled = len(json.dumps(note.text, ensure_ascii=False).encode())
        if batch and (size + spelled > BATCH_BYTES or len(batch) == BATCH_NOTES):
            yield batch
            batch, size = [], 0
        batch.append(note)
        size += spelled
    if batch:
        yield batch


def _link_all(
    importer: Importer,
    writer: Writer,
    vault: Path,
    turn: str,
    asked: str,
    seen: Json,
    written: set[str],
    shelves: Shelves,
) -> str:
    """Let the index notes lead to whatever was imported; the first of them."""
    root = f"{ENTITIES}/{importer.name}/"
    standing = {id_: (path, seen["pages"][id_]) for id_, (path, _) in seen["notes"].items() if is_index(id_)}
    imported = {path for id_, (path, _) in seen["notes"].items() if not is_index(id_) and path.startswith(root)}
    work = index_work(importer.name, importer.label, imported | written, standing, shelves.called)
    for note in work.new:
        writer.import_notes(vault, turn, asked, [asdict(note)])
    additions: Sequence[Addition] = work.additions
    for addition in additions:
        writer.import_notes(vault, turn, asked, [], [asdict(addition)])
    return work.new[0].path if work.new and "index" not in standing else standing["index"][0]


def _told(skipped: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{count:,} {why}' for why, count in skipped.items())})" if skipped else ""
