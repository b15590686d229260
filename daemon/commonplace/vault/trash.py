"""Deleting as the user's Obsidian does: its setting "Deleted files" decides."""

import json
from pathlib import Path

from send2trash import send2trash
from send2trash.exceptions import TrashPermissionError

from commonplace.vault.disk import TRASH, move_into


def throw_away(place: Path, root: Path) -> None:
    """Delete a note of the vault at ``root`` as ``trashOption`` in its settings says.

    Obsidian's values are "system" (its default), "local" and "none". Where a vault says nothing, and where the
    system has no trash, the note goes to ``.trash`` of the vault, from which it is easily taken back.

    Raises:
        OSError.

    """
    match _setting(root):
        case "none":
            place.unlink()
        case "system":
            try:
                send2trash(str(place))
            except (OSError, TrashPermissionError):
                move_into(place, root / TRASH)
        case _:
            move_into(place, root / TRASH)


def _setting(root: Path) -> object:
    try:
        settings: object = json.loads((root / ".obsidian" / "app.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return settings.get("trashOption") if isinstance(settings, dict) else None  # pyright: ignore
