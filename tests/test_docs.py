"""The documents say what is: dependencies, commands, links and settings."""

import json
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from commonplace.cli import app
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


def commands_in(text: str) -> set[str]:
    """What is to be typed: in backticks, and line by line in blocks of code."""
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE))
    prose = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    typed = re.findall(r"^\$? ?commonplace (.+)$", blocks, re.MULTILINE)
    return {*typed, *re.findall(r"`commonplace ([^`]+)`", prose)}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_that_a_document_names_exists_with_its_options(document: Path) -> None:
    for typed in commands_in(document.read_text(encoding="utf-8")):
        command, words = typer.main.get_command(app), shlex.split(typed, comments=True)
        while isinstance(command, TyperGroup) and words and not words[0].startswith("-"):
            assert words[0] in command.commands, typed
            command, words = command.commands[words[0]], words[1:]
        known = {"--help", *(option for parameter in command.params for option in parameter.opts)}
        assert {word.partition("=")[0] for word in words if word.startswith("-")} <= known, typed


def test_the_readme_names_the_commands() -> None:
    assert len(commands_in((ROOT / "README.md").read_text(encoding="utf-8"))) >= 20


def test_every_config_that_the_readme_shows_is_accepted(tmp_path: Path) -> None:
    snippets = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(snippets) == 2
    for snippet in snippets:
        (tmp_path / "config.toml").write_text(snippet)
        assert load_config(tmp_path).model.backend != "reader"
