"""The first reading of an export: what of it is new, where each note goes, and whether all of it fits."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from commonplace.importers.base import ExportRefused, ImportedNote, Importer, ImportStopped, id_of, is_id
from commonplace.importers.rendering import PART, parts, stamp
from commonplace.importers.shelving import Placed, Shelves

Stage = Literal["reading", "writing"]
Progress = Callable[[Stage, int, int | None], None]
"""Told how many notes were read or written, and of how many, if that is known."""
_LINK_BYTES = 120
"""By how much a link may grow when it gets its path."""
_HEAD_BYTES = 1_000
"""Of properties, title and index line."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Where every note of an export goes."""

    places: Mapping[str, Placed]
    """Of every note that is new, by its id."""
    known: int
    grown: int
    skipped: Mapping[str, int]


def planned(
    importer: Importer,
    standing: Mapping[str, tuple[str, str]],
    shelves: Shelves,
    since: date | None,
    progress: Progress,
    stopped: Callable[[], bool],
) -> Plan:
    """Read the export once, and give a place to every note that is new.

    Raises:
        ExportRefused, ImportStopped.

    """
    places: dict[str, Placed] = {}
    known: set[str] = set()
    grown: set[str] = set()
    aliases: dict[str, tuple[str, ...]] = {}
    twice = 0
    for count, note in enumerate(all_parts(importer, since), 1):
        whole = note.id.partition(PART)[0]
        if whole in standing and note.updated is not None and stamp(note.updated) > (standing[whole][1] or "9"):
            grown.add(whole)
        if note.id in standing or whole in grown:
            known.add(note.id)
        elif note.id in places:
            twice += 1
        else:
            places[note.id] = shelves.place(note, most_bytes(note))
            if note.aliases:
                aliases[note.id] = note.aliases
        if stopped():
            raise ImportStopped("Stopped while the export was read; nothing was written.")
        if count % 100 == 0:
            progress("reading", count, None)
    progress("reading", len(places) + len(known), None)
    # Aliases come last: a title that one of them takes would be another note's.
    places |= {id_: shelves.also_called(places[id_], names) for id_, names in aliases.items()}
    skipped = {**importer.skipped, **({"under the id of another one of the export": twice} if twice else {})}
    if not places and not known:
        raise ExportRefused(f"There is nothing to import in it{_told(skipped)}. Nothing was written.")
    return Plan(places, len(known), len(grown), skipped)


def most_bytes(note: ImportedNote) -> int:
    """What the note comes to at most, once it is rendered, its line in an index note included."""
    text = note.text
    growth = _LINK_BYTES * text.count("[[") + 2 * text.count("[") + 5 * text.count("```") + text.count("`")
    return len(text.encode()) + len(note.properties.encode()) + 9 * sum(map(len, note.aliases)) + growth + _HEAD_BYTES


def all_parts(importer: Importer, since: date | None) -> Iterator[ImportedNote]:
    """What the export holds, as notes: long ones in parts."""
    for note in importer.notes():
        if since is None or note.created is None or note.created >= since:
            yield from parts(note if is_id(note.id) else replace(note, id=id_of(note.id)))


def _told(skipped: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{count:,} {why}' for why, count in skipped.items())})" if skipped else ""
