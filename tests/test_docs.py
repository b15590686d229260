"""The documents say what is: dependencies, commands, links and settings."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from commonplace.config import load_config

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ]", requirement)[0] for requirement in requirements}


def test_every_dependency_has_a_line_that_says_why() -> None:
    told = set(
        re.findall(r"^\| ([@\w/-]+) \|", (ROOT / "docs/dependencies.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    wanted = names(PROJECT["project"]["dependencies"]) | names(PROJECT["dependency-groups"]["dev"])
    wanted |= names([name for extra in PROJECT["project"]["optional-dependencies"].values() for name in extra])
    for folder in ("obsidian-plugin", "obsidian-plugin/tests/obsidian"):
        wanted |= set(json.loads((ROOT / folder / "package.json").read_text(encoding="utf-8"))["devDependencies"])
    assert told - {"package"} == wanted


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), target


def test_every_command_that_the_readme_names_exists() -> None:
    commands = set(re.findall(r"`commonplace ([^`]+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert len(commands) >= 8
    for command in commands:
        words = [word for word in shlex.split(command) if re.fullmatch(r"[a-z]+", word)][:2]
        words = words if words[0] in ("vault", "plugin", "model") else words[:1]
        helped = subprocess.run(
            [sys.executable, "-m", "commonplace", *words, "--help"], capture_output=True, check=False
        )
        assert helped.returncode == 0, command


def test_every_config_that_the_readme_shows_is_accepted(tmp_path: Path) -> None:
    snippets = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(snippets) == 2
    for snippet in snippets:
        (tmp_path / "config.toml").write_text(snippet)
        assert load_config(tmp_path).model.backend != "reader"
