"""What the command line promises before any daemon: help, versions, exit codes, a quick start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from commonplace import __version__


def run(*arguments: str, home: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "COMMONPLACE_HOME": str(home)}
    command = [sys.executable, "-m", "commonplace", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )


def test_the_version_is_printed(tmp_path: Path) -> None:
    assert run("--version", home=tmp_path).stdout == f"commonplace {__version__}\n"


@pytest.mark.parametrize("arguments", [["--help"], []])
def test_help_names_every_command_and_gives_examples(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(*arguments, home=tmp_path)
    text = ended.stdout + ended.stderr
    for said in ("chat", "ask", "serve", "stop", "doctor", "bench", "vault", 'commonplace ask "What is my name?"'):
        assert said in text


@pytest.mark.parametrize(
    "command",
    [
        "chat",
        "ask",
        "serve",
        "stop",
        "bench",
        "vault init",
        "vault add",
        "vault list",
        "plugin install",
        "model list",
        "model use",
        "model pull",
        "model test",
        "doctor",
        "why",
        "forget",
    ],
)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    ended = run(*command.split(), "--help", home=tmp_path)
    assert ended.returncode == 0
    assert f"commonplace {command}" in ended.stdout


@pytest.mark.parametrize(
    "arguments", [["bogus"], ["ask"], ["ask", "a", "b"], ["serve", "--port", "70000"], ["bench", "--repeat", "0"]]
)
def test_a_command_that_is_none_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    ended = run(*arguments, home=tmp_path)
    assert ended.returncode == 2
    assert "Usage:" in ended.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("home", ["file/below", "file"])
def test_a_home_that_cannot_be_one_is_one_sentence(tmp_path: Path, home: str) -> None:
    (tmp_path / "file").write_text("x")
    for arguments in (["ask", "Hm?"], ["vault", "list"], ["serve"]):
        ended = run(*arguments, home=tmp_path / home)
        assert ended.returncode == 1
        assert len(ended.stderr.splitlines()) == 1
        assert str(tmp_path / "file") in ended.stderr


def test_tasks_that_are_not_there_are_one_sentence(tmp_path: Path) -> None:
    ended = run("bench", "--tasks", str(tmp_path / "none.jsonl"), home=tmp_path)
    assert ended.returncode == 1
    assert len(ended.stderr.splitlines()) == 1
    assert "none.jsonl" in ended.stderr


def test_asking_imports_nothing_that_only_the_daemon_needs() -> None:
    modules = "commonplace.cli, commonplace.setup, commonplace.clients.launch, commonplace.clients.conversation"
    heavy = "{'aiohttp', 'acp', 'tomlkit', 'pydantic_settings', 'pydantic_monty', 'rich', 'commonplace.config'}"
    program = f"import sys, {modules}; print(sorted({heavy} & set(sys.modules)))"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
