"""Damaged files of ours that were moved aside: what is missing without each, said for as long as it lies there."""

from pathlib import Path

from commonplace.vault.database import set_aside_in

_MISSING = {
    "journal": "A new journal began: what turns wrote before cannot be undone.",
    "origins": "Where lines come from was worked out anew, as far back as the journal goes.",
    "sessions": "A new one began: earlier conversations are not listed. Your notes and the journal are untouched.",
}


def damage(home: Path) -> list[str]:
    """For each file that was moved aside, what happened and what to do."""
    return [_told(place) for folder in (home / "journal", home) for place in set_aside_in(folder)]


def _told(place: Path) -> str:
    name = place.name.partition(".")[0]
    return (
        f"{name}.db was damaged and is set aside: {place}\n  {_MISSING.get(name, 'A new one began.')} "
        "This is said until you delete that file or move it elsewhere."
    )
