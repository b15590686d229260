"""``install.json`` keeps the command that an upgrade leaves in its place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonplace import __version__
from commonplace.install import install_file, installed_version, record_command, recorded_command, running_command

SUFFIX = ".exe" if sys.platform == "win32" else ""


def command_at(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    command = folder / f"commonplace{SUFFIX}"
    command.write_text("#!/bin/sh\n")
    return command


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_the_link_is_kept_and_not_what_it_leads_to(tmp_path: Path) -> None:
    behind = command_at(tmp_path / "tools" / "commonplace-0.1.0" / "bin")
    link = tmp_path / "bin" / "commonplace"
    link.parent.mkdir()
    link.symlink_to(behind)
    assert running_command([str(link), "ask"]) == link


def test_a_command_without_a_folder_is_looked_for_as_the_shell_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = command_at(tmp_path)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert running_command(["commonplace"]) == command


def test_a_module_that_is_run_names_the_command_beside_its_interpreter(tmp_path: Path) -> None:
    module = ["/somewhere/commonplace/__main__.py"]
    assert running_command(module, str(tmp_path / "python")) is None
    command = command_at(tmp_path)
    assert running_command(module, str(tmp_path / "python")) == command


def test_what_is_recorded_stays_until_it_is_gone_or_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = command_at(tmp_path / "first"), command_at(tmp_path / "second")
    home = tmp_path / "home"
    monkeypatch.setattr(sys, "argv", [str(first)])
    assert record_command(home) == first
    assert json.loads(install_file(home).read_text()) == {"command": str(first), "version": __version__}
    monkeypatch.setattr(sys, "argv", [str(second)])
    assert record_command(home) == first
    assert record_command(home, replace=True) == second
    second.unlink()
    monkeypatch.setattr(sys, "argv", [str(first)])
    assert record_command(home) == first


@pytest.mark.parametrize("text", ["", "[]", '{"command": 7}', '{"command": "/no/such/command"}'])
def test_a_damaged_file_records_nothing(tmp_path: Path, text: str) -> None:
    install_file(tmp_path).write_text(text)
    assert recorded_command(tmp_path) is None


def test_any_command_records_it_once_there_is_a_home(tmp_path: Path) -> None:
    environment = {**os.environ, "COMMONPLACE_HOME": str(tmp_path)}
    command = Path(sys.executable).with_name(f"commonplace{SUFFIX}")
    for expected in (None, command):
        subprocess.run([command, "vault", "list"], env=environment, check=True, capture_output=True)
        assert recorded_command(tmp_path) == expected
        (tmp_path / "config.toml").touch()


def test_the_version_on_disk_is_read_without_importing_it(tmp_path: Path) -> None:
    assert installed_version() == __version__
    assert installed_version(tmp_path) is None
    (tmp_path / "__init__.py").write_text('"""Ours."""\n\n__version__ = "9.8.7"\n')
    assert installed_version(tmp_path) == "9.8.7"
