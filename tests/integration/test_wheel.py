"""The wheel in an empty environment, outside the checkout: it answers, and is upgraded while its daemon runs."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonplace import __version__
from commonplace.plugin_files import FILES

ROOT = Path(__file__).parents[2]
BIN = "Scripts" if sys.platform == "win32" else "bin"
UV = Path(sys.executable).with_name("uv")
NEWER = "99.0.0"
PLUGIN = ROOT / "daemon" / "commonplace" / "plugin"
"""What ``make plugin`` leaves for the wheel."""


class Installed:
    """``commonplace`` as a user has it: no checkout, no Node, nothing on the path at all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.command = folder / "shim" / "commonplace"
        """A link to it, as uv and pipx make one; an upgrade leaves it in its place."""
        self.home = folder / "home"
        self.environment = {"PATH": str(folder / "empty"), "HOME": str(folder), "COMMONPLACE_HOME": str(self.home)}

    def __call__(self, *arguments: str) -> tuple[str, str]:
        ended = subprocess.run(
            [self.command, *arguments],
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout, ended.stderr

    def upgrade(self) -> None:
        """Put another version in the place of the one that may be running, as an installer does."""
        (package,) = (self.folder / "tool").rglob("commonplace/__init__.py")
        package.write_text(package.read_text("utf-8").replace(f'"{__version__}"', f'"{NEWER}"'), "utf-8")


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links to programs are Unix's way")


@pytest.fixture(scope="module")
def commonplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    installed = Installed(tmp_path_factory.mktemp("wheel"))
    tool = installed.folder / "tool"
    for arguments in (
        ["build", "--wheel", "--out-dir", str(installed.folder / "dist"), str(ROOT)],
        ["venv", "--python", sys.executable, str(tool)],
        [
            "pip",
            "install",
            "--python",
            str(tool),
            str(installed.folder / "dist" / f"commonplace-{__version__}-py3-none-any.whl"),
        ],
    ):
        made = subprocess.run([UV, *arguments], cwd=installed.folder, capture_output=True, text=True, check=False)
        if "Failed to fetch" in made.stderr or "Network connectivity is disabled" in made.stderr:
            pytest.skip("a package that the wheel needs is neither here nor within reach")
        assert made.returncode == 0, made.stderr
    installed.command.parent.mkdir()
    installed.command.symlink_to(tool / BIN / "commonplace")
    yield installed
    installed("stop")


def test_it_answers_from_the_vault_that_it_brought(commonplace: Installed) -> None:
    assert commonplace("--version")[0] == f"commonplace {__version__}\n"
    answer, said = commonplace("ask", "What is my name?")
    assert "Robin Ashdown" in answer
    assert "Starting the daemon" in said
    assert (commonplace.home / "Commonplace" / "user.md").is_file()
    assert str(commonplace.command) in (commonplace.home / "install.json").read_text()


def test_its_doctor_finds_nothing_wrong(commonplace: Installed) -> None:
    found, _ = commonplace("doctor")
    assert "Nothing is wrong with the memory." in found
    assert f"Daemon: version {__version__}" in found


@pytest.mark.skipif(not PLUGIN.is_dir(), reason="the plugin is not built here; make test builds it first")
def test_it_brings_the_plugin_as_it_was_built(commonplace: Installed) -> None:
    vault = commonplace.folder / "notes"
    commonplace("vault", "init", str(vault), "--yes")
    (vault / ".obsidian").mkdir(exist_ok=True)
    commonplace("plugin", "install", "--vault", str(vault))
    for name in FILES:
        installed = vault / ".obsidian" / "plugins" / "commonplace" / name
        assert installed.read_bytes() == (PLUGIN / name).read_bytes()


def test_an_upgrade_while_it_runs_is_told_and_taken_up_by_a_restart(commonplace: Installed) -> None:
    commonplace("ask", "What is my name?")
    follower = subprocess.Popen(
        [commonplace.command, "chat"],
        env=commonplace.environment,
        cwd=commonplace.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert follower.stdin is not None
    assert follower.stdout is not None
    follower.stdin.write(b"What is my name?\n")
    follower.stdin.flush()
    assert b"Robin" in follower.stdout.readline()
    commonplace.upgrade()
    answer, said = commonplace("ask", "What is my name?")
    assert "Robin Ashdown" in answer
    assert said == f"The daemon is still version {__version__}, and this is {NEWER}. Type: commonplace restart\n"
    follower.stdin.close()
    assert follower.wait(60) == 0
    commonplace("restart")
    assert f"version {NEWER}, pid" in commonplace("status")[0]
    assert commonplace("ask", "What is my name?")[1] == ""
