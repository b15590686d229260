"""An import from its first look to its last link: plan it, see that it fits, then write it through the daemon."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from commonplace.clients.wire import ClientError
from commonplace.importers.base import ExportRefused, ImportedNote, Importer
from commonplace.importers.pages import Addition, IndexNotes, NewNote, whole
from commonplace.importers.planning import Plan, Progress, all_parts, most_bytes, planned
from commonplace.importers.rendering import rendered
from commonplace.importers.shelving import Placed, Shelves

BATCH_BYTES = 400_000
"""Of one message to the daemon, which takes 1 MiB."""
BATCH_NOTES = 100

Json = Mapping[str, Any]


class Writer(Protocol):
    """The daemon, as an import sees it."""

    def import_look(self, vault: Path, source: str, export: str) -> Json:
        """What a vault holds already: see ``server/importing.py``."""
        ...

    def import_notes(
        self,
        vault: Path,
        turn: str,
        asked: str,
        notes: Sequence[Json],
        additions: Sequence[Json] = (),
        linked: Sequence[Json] = (),
    ) -> Json:
        """Write new notes, lines into notes, and notes of this turn once more with more of their links."""
        ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import."""

    turn: str
    """By which it is undone."""
    written: int
    planned: int
    """How many were to be written."""
    known: int
    """Notes that were there from an earlier import."""
    grown: int
    """Of these, the ones that have gone on at their source since; they stay as they are."""
    taken: int
    """Notes that were not written, since somebody wrote a note of that name meanwhile."""
    skipped: Mapping[str, int]
    index: str | None
    """The note that leads to all that this import wrote; None where it wrote nothing."""
    cut: str | None
    """Why it ended before its end; "" where the user stopped it, None where it is whole."""


def run_import(
    importer: Importer,
    writer: Writer,
    vault: Path,
    asked: str,
    *,
    since: date | None = None,
    progress: Progress = lambda _, __, ___: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Imported:
    """Import what is new. Whatever cuts it off, what is written can be reached, and the next run goes on.

    Raises:
        ExportRefused, ClientError: nothing was written.
        ImportStopped: ``stopped`` became true before anything was written.

    """
    fingerprint = hashlib.sha256(importer.fingerprint().encode("utf-8", "replace")).hexdigest()[:8]
    seen = writer.import_look(vault, importer.name, fingerprint)
    standing: dict[str, tuple[str, str]] = {id_: (path, updated) for id_, (path, updated) in seen["notes"].items()}
    shelves = Shelves(
        importer.name,
        importer.label,
        dated=importer.dated,
        names=seen["names"],
        folders={folder: (held[0], held[1]) for folder, held in seen["folders"].items()},
        memory=seen["memory"],
    )
    plan = planned(importer, standing, shelves, since, progress, stopped)
    writing = _Writing(importer, partial(writer.import_notes, vault, str(seen["turn"]), asked), seen, shelves, plan)
    cut: str | None = None
    try:
        for _ in writing.steps(since):
            progress("writing", writing.written, len(plan.places))
            if stopped():
                cut = ""
                break
    except KeyboardInterrupt:
        cut = ""
    except (ClientError, ExportRefused) as error:
        cut = str(error).removesuffix(" Nothing was written.")
    return Imported(
        turn=str(seen["turn"]),
        written=writing.written,
        planned=len(plan.places),
        known=plan.known,
        grown=plan.grown,
        taken=writing.taken,
        skipped=plan.skipped,
        index=writing.index.first if writing.written else None,
        cut=cut,
    )


class _Writing:
    """The second reading of an export; and a third, where notes lead to some that were written after them.

    A link is written once there is a note to which it leads, so that none leads nowhere wherever the import is cut
    off. An index note says that all are in place; unless it does, the next run of the same import sees to it.
    """

    def __init__(
        self, importer: Importer, write: Callable[..., Json], seen: Json, shelves: Shelves, plan: Plan
    ) -> None:
        self._importer = importer
        self._write = write
        self._plan = plan
        export = str(seen["turn"]).removeprefix(f"import-{importer.name}-")
        self.index = IndexNotes(importer.name, importer.label, export, seen["pages"], shelves.called, date.today())
        self._there: dict[str, str] = {id_: path for id_, (path, _) in seen["notes"].items()}
        """The paths of the notes that stand, by their id; of the batch in hand, too."""
        self._earlier = set(self._there)
        self._ahead: set[str] = set()
        """Notes that lack a link, since what it leads to was not there when they were written."""
        self.written = self.taken = 0

    def steps(self, since: date | None) -> Iterator[None]:
        """Write all, a message to the daemon at each step."""
        was_cut = self.index.first is not None and not self.index.is_whole(self._plan.known)
        for notes in _batches(self._new(since)):
            self._write_new(notes)
            yield
        if self._ahead or (was_cut and self._earlier):
            for notes in _batches(
                note for note in all_parts(self._importer, since) if self._lacks_links(note, was_cut)
            ):
                self._write([], [], [self._linked(note) for note in notes])
                yield
        if self.index.first is not None and (self.written or was_cut):
            mark = whole(self._plan.known + len(self._plan.places))
            self._write([], [asdict(Addition(self.index.first, [mark]))])

    def _new(self, since: date | None) -> Iterator[ImportedNote]:
        ahead = set(self._plan.places)
        for note in all_parts(self._importer, since):
            if note.id in ahead:
                ahead.discard(note.id)
                yield note

    def _write_new(self, notes: Sequence[ImportedNote]) -> None:
        self._there |= {note.id: self._plan.places[note.id].path for note in notes}
        new = [self._rendered(note) for note in notes]
        work = self.index.lead_to([note.path for note in new])
        told = [asdict(note) for note in (*new, *work.new)]
        taken = set(self._write(told, [asdict(addition) for addition in work.additions])["taken"])
        for note in notes:
            if self._there[note.id] in taken:
                del self._there[note.id]
        self.taken += len(taken & {note.path for note in new})
        self.written += len(new) - len(taken & {note.path for note in new})

    def _lacks_links(self, note: ImportedNote, was_cut: bool) -> bool:
        return note.id in self._ahead or (was_cut and note.id in self._earlier and "[[" in note.text)

    def _linked(self, note: ImportedNote) -> Json:
        """The note once more; the daemon writes it if nobody has changed it.

        What an earlier run wrote keeps its properties and its title, which that run had found for it.
        """
        return {**asdict(self._rendered(note)), "keeps_head": note.id in self._earlier}

    def _rendered(self, note: ImportedNote) -> NewNote:
        """The note with the links that can be there by now."""

        def path_of(target: str) -> str | None:
            if target not in self._there and target in self._plan.places:
                self._ahead.add(note.id)
            return self._there.get(target)

        placed = self._plan.places.get(note.id) or Placed(self._there[note.id], note.title)
        return NewNote(placed.path, rendered(note, self._importer.name, placed.title, path_of, placed.aliases))


def _batches(notes: Iterator[ImportedNote]) -> Iterator[list[ImportedNote]]:
    batch: list[ImportedNote] = []
    size = 0
    for note in notes:
        spelled = most_bytes(note) + len(json.dumps(note.text, ensure_ascii=False)) - len(note.text)
        if batch and (size + spelled > BATCH_BYTES or len(batch) == BATCH_NOTES):
            yield batch
            batch, size = [], 0
        batch.append(note)
        size += spelled
    if batch:
        yield batch
