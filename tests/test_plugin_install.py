"""``commonplace plugin install``: what it puts into a vault, and what it leaves alone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from commonplace.plugin_files import FILES, PluginError, built_plugin, install_plugin


@pytest.fixture
def built(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(f"new {name}")
    return folder


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    root = tmp_path / "notes"
    (root / ".obsidian").mkdir(parents=True)
    (root / "Note.md").write_text("Mine.\n")
    return root


def test_three_files_are_put_there_and_nothing_is_switched_on(vault: Path, built: Path) -> None:
    done = install_plugin(vault, built)
    assert not done.listed
    found = {str(path.relative_to(vault)) for path in vault.rglob("*") if path.is_file()}
    assert found == {"Note.md", *(f".obsidian/plugins/commonplace/{name}" for name in FILES)}


def test_an_older_one_is_replaced_and_its_settings_stay(vault: Path, built: Path) -> None:
    folder = vault / ".obsidian/plugins/commonplace"
    folder.mkdir(parents=True)
    (folder / "main.js").write_text("old")
    (folder / "data.json").write_text('{"port": 1}')
    install_plugin(vault, built)
    assert (folder / "main.js").read_text() == "new main.js"
    assert (folder / "data.json").read_text() == '{"port": 1}'


def test_on_request_it_is_added_to_the_plugins_that_are_on_once(vault: Path, built: Path) -> None:
    listed = vault / ".obsidian/community-plugins.json"
    listed.write_text('["dataview"]')
    for _ in range(2):
        assert install_plugin(vault, built, listed=True).listed
    assert json.loads(listed.read_text()) == ["dataview", "commonplace"]


def test_a_damaged_list_changes_nothing(vault: Path, built: Path) -> None:
    (vault / ".obsidian/community-plugins.json").write_text("{oops")
    with pytest.raises(PluginError, match="damaged"):
        install_plugin(vault, built, listed=True)
    assert not (vault / ".obsidian/plugins").exists()


def settings_in(vault: Path, name: str, *files: str) -> Path:
    folder = vault / name
    folder.mkdir(exist_ok=True)
    for file in ("app.json", *files):
        (folder / file).write_text("{}")
    return folder


def test_settings_in_a_folder_of_another_name_are_found(vault: Path, built: Path) -> None:
    (vault / ".obsidian").rmdir()
    settings = settings_in(vault, ".config")
    assert install_plugin(vault, built).folder == settings / "plugins/commonplace"


def test_of_several_settings_those_count_that_this_kind_of_device_has_opened(vault: Path, built: Path) -> None:
    settings_in(vault, ".obsidian", "workspace-mobile.json")
    settings = settings_in(vault, ".obsidian-desk", "workspace.json")
    assert install_plugin(vault, built).folder == settings / "plugins/commonplace"


def test_where_several_settings_are_in_use_the_command_asks_which_and_changes_nothing(vault: Path, built: Path) -> None:
    settings_in(vault, ".obsidian", "workspace.json")
    settings = settings_in(vault, ".work", "workspace.json")
    with pytest.raises(
        PluginError, match=r"in \.obsidian and \.work\..*install --vault .*/notes --config-folder \.work$"
    ):
        install_plugin(vault, built)
    assert not list(vault.rglob("plugins"))
    assert install_plugin(vault, built, ".work").folder == settings / "plugins/commonplace"


@pytest.mark.parametrize("named", ["..", "../.elsewhere", ".none", "Plain", ""])
def test_a_folder_that_holds_no_settings_of_this_vault_is_refused(vault: Path, built: Path, named: str) -> None:
    for folder in (vault.parent / ".elsewhere", vault / "Plain"):
        folder.mkdir()
    with pytest.raises(PluginError, match="open it in Obsidian once"):
        install_plugin(vault, built, named)
    assert not list(vault.parent.rglob("plugins"))


def test_a_folder_that_obsidian_has_never_opened_is_refused(tmp_path: Path, built: Path) -> None:
    with pytest.raises(PluginError, match="open it in Obsidian once"):
        install_plugin(tmp_path, built)


def test_one_that_is_not_built_says_how_to_build_it(tmp_path: Path) -> None:
    package = tmp_path / "daemon" / "commonplace"
    with pytest.raises(PluginError, match="make plugin"):
        built_plugin(package)


def test_the_command_refuses_in_one_sentence(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "commonplace", "plugin", "install", "--vault", str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
