"""The history and an undo as lines of text. Pure."""

import difflib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

Json = Mapping[str, Any]

_MANY = 50
"""Notes of a turn, as an import has, that are counted rather than listed."""
_FIRST = 10

_RECOVERED = {
    "put back": "{path}: an edit of yours that a crash had displaced stands there again",
    "kept": "{path}: text that a crash left without its note is kept there",
    "mended": "{path}: was half written when the daemon was killed, and is as it was before",
}
_RESTORED = {
    "created": "{path}: removed again.",
    "deleted": "{path}: there again.",
    "changed": "{path}: as it was before.",
}
"""By what the turn had done to the note."""
_OUTCOMES = {
    "merged": "{path}: taken back; what was written since is kept.",
    "unchanged": "{path}: was so already.",
    "conflict": "{path}: the same lines were changed since, so it is left as it is.",
    "failed": "{path}: left as it is. {reason}",
    "gone": "{path}: left as it is; the journal keeps the text from before no longer.",
}
LEFT_ALONE = frozenset({"conflict", "failed", "gone"})
"""The outcomes of a note that an undo did not change though it should have."""


def history_lines(history: Json) -> Iterator[str]:
    """The turns, the newest first, and what the journal keeps."""
    yield from history["damage"]
    for found in history["recovered"]:
        yield _RECOVERED[found["what"]].format(path=found["path"]) + "."
    if not history["turns"]:
        yield "No turn has written to this vault."
    for turn in history["turns"]:
        yield from turn_lines(turn)
    keeps = history["keeps"]
    yield ""
    yield f"The journal keeps {keeps['days']} days and {keeps['megabytes']} MB, and holds {_held(keeps)}."
    yield "Set that in config.toml: [journal] days, megabytes. To take a turn back: commonplace undo TURN"


def turn_line(turn: Json) -> str:
    """One turn: when, its name, and what was asked."""
    asked = _one_line(turn["asked"])
    if turn["undoes"]:
        said = f"took back {turn['undoes']}" + (f" ({asked})" if asked else "")
    else:
        said = f'"{asked}"' if asked else "(what you said is not kept)"
    undone = "  (undone)" if turn["undone"] else ""
    return f"{datetime.fromtimestamp(turn['time']):%Y-%m-%d %H:%M}  {turn['turn']}  {said}{undone}"


def turn_lines(turn: Json) -> Iterator[str]:
    """One turn and its notes."""
    yield turn_line(turn)
    many = len(turn["notes"]) > _MANY and not any("diff" in note for note in turn["notes"])
    for note in turn["notes"][: _FIRST if many else None]:
        yield f"  {note['change']} {note['path']}"
        if "diff" in note:
            diff = ["(the text is no longer kept)"] if note["diff"] is None else note["diff"]
            yield from (f"    {line}" for line in diff)
    if many:
        yield f"  and {len(turn['notes']) - _FIRST:,} more notes (all of them: --json)"


def undone_lines(turn: Json, was: Json) -> Iterator[str]:
    """What became of each note of a turn that was undone; both texts of one that was left, as their difference.

    ``was`` is the turn as the history told it before.
    """
    # A path that is none of the turn's is that of a note that it created and somebody moved.
    changes = {note["path"]: note["change"] for note in was["notes"]}
    many = len(turn["notes"]) > _MANY
    well = [note for note in turn["notes"] if note["outcome"] not in LEFT_ALONE]
    if many:
        yield f"{len(well):,} notes: taken back."
    for note in [note for note in turn["notes"] if note["outcome"] in LEFT_ALONE] if many else turn["notes"]:
        outcomes = {**_OUTCOMES, "restored": _RESTORED[changes.get(note["path"], "created")]}
        yield outcomes[note["outcome"]].format(path=note["path"], reason=note["reason"])
        if note["outcome"] == "conflict":
            yield from (f"    {line}" for line in _both_texts(note["now"], note["wanted"]))
    if any(note["outcome"] in ("restored", "merged") for note in turn["notes"]):
        yield f"To have it again: commonplace undo {turn['undone_by']}"


def _held(keeps: Json) -> str:
    turns = keeps["turns"]
    return f"{turns:,} turn{'' if turns == 1 else 's'}, {_size(keeps['size'])}" if turns else "nothing yet"


def _both_texts(now: str | None, wanted: str | None) -> Iterator[str]:
    if wanted is None:
        yield "The turn had created it."
        return
    yield "- is what it says now, + what it said before the turn:"
    lines = difflib.unified_diff((now or "").splitlines(), wanted.splitlines(), lineterm="", n=0)
    yield from (line for line in list(lines)[2:] if not line.startswith("@@"))
    yield "Where you want the old lines, put them in by hand."


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 72 else flat[:71] + "…"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{count / 1_000:.1f} KB"
