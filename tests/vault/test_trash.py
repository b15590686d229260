"""Deleting goes where the user's Obsidian says, and only what was looked at."""

import json
import sys
from pathlib import Path

import pytest

from commonplace.vault import disk, trash
from commonplace.vault.errors import NoteConflict
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.trash import way_of

USER = NotePath("user.md")


def settings(root: Path, text: str, folder: str = ".obsidian") -> None:
    (root / folder).mkdir(exist_ok=True)
    (root / folder / "app.json").write_text(text)


@pytest.mark.parametrize(
    ("files", "way"),
    [
        ({}, "local"),
        ({".obsidian": '{"trashOption": "local"}'}, "local"),
        ({".obsidian": '{"trashOption": "none"}'}, "none"),
        ({".obsidian": '{"trashOption": "system"}'}, "system"),
        ({".obsidian": "{}"}, "system"),
        ({".config-of-mine": '{"trashOption": "none"}'}, "none"),
        ({".obsidian": '{"trashOption": "none"}', ".obsidian-phone": '{"trashOption": "local"}'}, "local"),
        ({".obsidian": '{"trashOption": "none"}', ".trash": '{"trashOption": "local"}'}, "none"),
        ({".obsidian": '{"trashOption": 7}'}, "local"),
        ({".obsidian": "not json"}, "local"),
        ({".obsidian": "[]"}, "local"),
    ],
)
def test_the_setting_is_found_wherever_obsidian_keeps_it(tmp_path: Path, files: dict[str, str], way: str) -> None:
    for folder, text in files.items():
        settings(tmp_path, text, folder)
    assert way_of(tmp_path) == way


@pytest.mark.skipif(sys.platform != "linux", reason="the trash of freedesktop.org, in a folder that can be chosen")
def test_the_systems_trash_gets_the_note_where_obsidian_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home_trash = tmp_path / "home" / "Trash"
    monkeypatch.setattr("send2trash.plat_other.HOMETRASH", str(home_trash))
    monkeypatch.setattr("send2trash.plat_other.HOMETRASH_B", str(home_trash).encode())
    root = tmp_path / "vault"
    root.mkdir()
    settings(root, "{}")
    (root / "user.md").write_text("mine")
    Vault(root).delete(USER)
    assert (home_trash / "files" / "user.md").read_text() == "mine"
    assert not (root / ".trash").exists()


@pytest.mark.parametrize("way", ["local", "none"])
def test_a_deletion_is_journaled_even_where_it_is_for_good(tmp_path: Path, way: str) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    settings(root, json.dumps({"trashOption": way}))
    (root / "user.md").write_text("mine")
    journal = Journal(tmp_path / "journal")
    Vault(root, journal=journal).delete(USER, Origin("s", "t"))
    (entry,) = journal.entries_after(0)
    assert (journal.content(entry.before or ""), entry.after) == (b"mine", None)
    assert (root / ".trash" / "user.md").exists() is (way == "local")
    journal.close()


@pytest.mark.parametrize("way", ["local", "none", "system"])
def test_a_note_that_changed_at_the_last_moment_stands_where_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    settings(tmp_path, json.dumps({"trashOption": way}))
    (tmp_path / "user.md").write_text("mine")
    vault = Vault(tmp_path)
    found = trash.way_of

    def changed_first(root: Path) -> trash.Way:
        (root / "user.md").write_text("mine, and newer")
        return found(root)

    monkeypatch.setattr(trash, "way_of", changed_first)
    with pytest.raises(NoteConflict):
        vault.delete(USER)
    assert (tmp_path / "user.md").read_text() == "mine, and newer"
    assert [path.name for path in tmp_path.rglob("*") if path.name.startswith((".~", "user"))] == ["user.md"]


def test_of_a_linked_note_the_link_goes(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_text("mine")
    (tmp_path / "user.md").symlink_to("real.md")
    Vault(tmp_path).delete(USER)
    assert [path.name for path in tmp_path.iterdir()] == ["real.md"]


def test_a_trash_that_is_full_of_one_name_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "user.md").write_text("mine")

    def taken(*_: object) -> None:
        raise FileExistsError

    monkeypatch.setattr(disk.exchange, "rename_new", taken)
    with pytest.raises(OSError, match="too many notes of that name"):
        disk.keep(tmp_path / "user.md", tmp_path / ".trash", "user.md")
    assert (tmp_path / "user.md").read_text() == "mine"
