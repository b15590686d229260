"""Where lines come from, and what forgetting takes, as lines of text. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]

_STORES = {
    "journal": "texts kept for undo",
    "trash": "notes in the vault's trash",
    "provenance": "sentences and lines kept for why",
    "sessions": "messages of conversations",
    "index": "entries of the index",
}


def why_lines(told: Json) -> Iterator[str]:
    """Each line with the sentence that it comes from."""
    if not told["lines"]:
        yield f"No line of {told['path']} comes from a turn; you wrote what stands there."
    for line in told["lines"]:
        yield f"{told['path']}:{line['line']}  {line['text'].strip()}"
        yield from (f"  {said}" for said in _said(line))


def forget_lines(told: Json) -> Iterator[str]:
    """What a plan changes."""
    for note in told["notes"]:
        yield f"{note['change']} {note['path']}"
        yield from (f"  {line}" for line in note["diff"])


def forgotten_lines(told: Json) -> Iterator[str]:
    """What became of it, and where copies may be that nobody here can reach."""
    purged = told["purged"]
    if purged is None:
        yield f"Forgotten. It can be taken back: commonplace undo {told['turn']}"
        yield "It is still kept for undo and in your conversations; --purge removes it there as well."
        return
    yield "Forgotten, and purged; it cannot be taken back, nor can earlier writes of the same notes."
    yield from (f"  {_STORES.get(name, name)}: {count}" for name, count in purged.items())
    yield "Copies that are out of reach here:"
    yield from (f"  - {place}" for place in told["out_of_reach"])


def _said(line: Json) -> Iterator[str]:
    when = "" if line["time"] is None else f"{datetime.fromtimestamp(line['time']):%Y-%m-%d %H:%M}"
    if line["writer"] == "human":
        yield "You wrote it; no turn did."
    elif line["writer"] == "unknown":
        yield f"You wrote it, or a turn before {when} of which no record is kept any more."
    else:
        yield f'You said: "{" ".join(line["asked"].split())}"' if line["asked"] else "What you said is not kept."
        yield f"{when}, session {line['session']}, turn {line['turn']}"
        if line["edited"]:
            yield f"You edited this since; the turn wrote: {line['written'].strip()}"
