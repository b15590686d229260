"""Deleting as the user's Obsidian does: its setting "Deleted files" decides."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Literal, cast

from send2trash import send2trash
from send2trash.exceptions import TrashPermissionError

from commonplace.vault import exchange
from commonplace.vault.disk import TRASH, Displaced, keep_unlisted, remove_unlisted, sync_folder, version_of

Way = Literal["system", "local", "none"]
"""Obsidian's ``trashOption``: the system's trash, the vault's ``.trash``, or for good."""


def throw_away(place: Path, root: Path, *, expected: str) -> None:
    """Delete a note the way that the vault is set to, and make that last; see ``throw_away_unlisted``."""
    throw_away_unlisted(place, root, way_of(root), expected=expected)
    sync_folder(root / TRASH)
    sync_folder(place.parent)


def throw_away_unlisted(place: Path, root: Path, way: Way, *, expected: str) -> None:
    """Delete a note of the vault at ``root``, if it has the expected version.

    It stays gone once its folder and the vault's trash are synced. Where the system has no trash, the note goes to
    the vault's. Of a note that is a symbolic link the link goes, and the file that it names stays.

    Raises:
        Displaced: the note changed meanwhile; it stands where it stood.
        OSError.

    """
    trash = root / TRASH
    if place.is_symlink():
        place.unlink()
        return
    match way:
        case "none":
            remove_unlisted(place, expected=expected, trash=trash)
        case "system":
            if version_of(place.read_bytes()) != expected:
                raise Displaced
            try:
                send2trash(str(place))
            except (OSError, TrashPermissionError):
                _move_to(trash, place, expected)
        case "local":
            _move_to(trash, place, expected)


def way_of(root: Path) -> Way:
    """How the vault's Obsidian deletes.

    Its settings are ``app.json`` in a dot-folder of the vault: ``.obsidian`` unless the user chose another, and
    some have one a device. What Obsidian leaves out of the file is its default, "system". Where there are no
    settings, or several that disagree, a note goes to ``.trash``, from which it is easily taken back.
    """
    files = [file for file in root.glob(".*/app.json") if file.parent.name != TRASH]
    ways: set[Way] = {way for file in files if (way := _setting(file)) is not None}
    return ways.pop() if len(ways) == 1 else "local"


def _setting(file: Path) -> Way | None:
    try:
        settings: object = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(settings, dict):
        return None
    match cast("dict[str, object]", settings).get("trashOption", "system"):
        case "system":
            return "system"
        case "none":
            return "none"
        case _:
            return "local"


def _move_to(trash: Path, place: Path, expected: str) -> None:
    moved = keep_unlisted(place, trash, place.name)
    if version_of(moved.read_bytes()) == expected:
        return
    with suppress(FileExistsError):
        exchange.rename_new(moved, place)
    raise Displaced
