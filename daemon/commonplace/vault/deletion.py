"""Many notes deleted with one record in the journal and one sync of each folder, where each would need its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.disk import TRASH, Displaced, sync_folder, version_of
from commonplace.vault.errors import VaultError, changed_meanwhile, system_errors
from commonplace.vault.journal import Entry, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath, locate
from commonplace.vault.trash import Way, throw_away_unlisted, way_of


@dataclass(frozen=True, slots=True)
class _Deletion:
    path: NotePath
    place: Path
    data: bytes


def delete_together(
    vault: Vault, notes: Sequence[tuple[NotePath, str]], origin: Origin
) -> Mapping[NotePath, VaultError]:
    """Delete notes that have these versions (see ``Vault.delete``); why, for each that could not be.

    Each stands for itself: one that was changed stays, and the others go.
    """
    refused: dict[NotePath, VaultError] = {}
    deletions: list[_Deletion] = []
    for path, version in notes:
        try:
            data = vault.bytes_of(path)
            if data is None or version_of(data) != version:
                raise changed_meanwhile(path)
            deletions.append(_Deletion(path, locate(vault.root, path), data))
        except VaultError as error:
            refused[path] = error
    if not deletions:
        return refused
    with vault.writing:
        try:
            with system_errors(deletions[0].path):
                entries = _intended(vault, deletions, origin)
        except VaultError as error:
            return refused | {deletion.path: error for deletion in deletions}
        way = way_of(vault.root)
        try:
            for deletion in deletions:
                try:
                    _throw_away(vault.root, way, deletion)
                except VaultError as error:
                    refused[deletion.path] = error
        finally:
            for folder in dict.fromkeys([vault.root / TRASH, *(deletion.place.parent for deletion in deletions)]):
                sync_folder(folder)
            _record(vault, deletions, entries)
    return refused


def _throw_away(root: Path, way: Way, deletion: _Deletion) -> None:
    with system_errors(deletion.path):
        try:
            throw_away_unlisted(deletion.place, root, way, expected=version_of(deletion.data))
        except Displaced:
            raise changed_meanwhile(deletion.path) from None


def _intended(vault: Vault, deletions: Sequence[_Deletion], origin: Origin) -> Sequence[Entry]:
    if vault.journal is None:
        return []
    return vault.journal.intend_all(vault.root, [(each.path, each.data, None) for each in deletions], origin)


def _record(vault: Vault, deletions: Sequence[_Deletion], entries: Sequence[Entry]) -> None:
    """Tell the journal which of the notes went."""
    if vault.journal is None:
        return
    done: list[Entry] = []
    stand: list[Entry] = []
    for deletion, entry in zip(deletions, entries, strict=True):
        (done if vault.may_have_become(deletion.path, None) else stand).append(entry)
    vault.journal.settle(*done)
    vault.journal.abandon(*stand)
