"""``commonplace model``: what there is, which one answers, fetching weights, trying a model; each as a process."""

import os
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("mlx_lm", reason="mlx-lm is not there for Windows")
from hub import Hub
from tiny import CHECKPOINT, with_template

BYTES = {file.name: file.read_bytes() for file in CHECKPOINT.iterdir()} | {"more.safetensors": bytes(12_000_000)}


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub("robin/tiny-mlx", BYTES)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Shell:
    """Runs commands with a home folder and a hub of their own."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.environment = {
            **os.environ,
            "COMMONPLACE_HOME": str(self.home),
            "HF_HOME": str(folder / "hub"),
            "HF_ENDPOINT": "http://127.0.0.1:1",
            "MLX_DISABLE_COMPILE": "1",
        }

    def run(self, *words: str, status: int = 0) -> str:
        ended = subprocess.run(
            [sys.executable, "-m", "commonplace", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert ended.returncode == status, ended.stderr
        return ended.stdout + ended.stderr

    @property
    def settings(self) -> dict[str, str]:
        return tomllib.loads((self.home / "config.toml").read_text())["model"]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


def test_the_list_marks_what_answers_and_says_what_auto_would_take(shell: Shell) -> None:
    text = shell.run("model", "list")
    assert "* reader" in text
    assert "driaforall/mem-agent-mlx-8bit" in text
    assert "not pulled" in text
    assert "auto would take" in text
    assert ", since " in text


def test_a_model_is_chosen_by_one_word_and_the_rest_of_the_file_stays(shell: Shell) -> None:
    shell.home.mkdir()
    (shell.home / "config.toml").write_text('# Mine.\n[model]\nmax_tokens = 512\nbase_url = "http://127.0.0.1:1/v1"\n')
    text = shell.run("model", "use", "mem-agent-mlx-8bit")
    assert "commonplace model pull driaforall/mem-agent-mlx-8bit" in text
    assert shell.settings == {"backend": "mlx", "name": "driaforall/mem-agent-mlx-8bit", "max_tokens": 512}
    assert (shell.home / "config.toml").read_text().startswith("# Mine.\n")
    shell.run("model", "use", "auto")
    assert shell.settings == {"backend": "auto", "max_tokens": 512}
    shell.run("model", "use", str(CHECKPOINT))
    assert f"* {CHECKPOINT}" in shell.run("model", "list")


def test_weights_that_this_machine_cannot_run_are_chosen_with_a_word_on_what_is_missing(shell: Shell) -> None:
    shell.run("config", "set", "model.vllm_command", "/no/such/vllm")
    text = shell.run("model", "use", "mem-agent")
    assert "vllm, which is not installed" in text
    assert "uv tool install --force '.[vllm]'" in text
    assert shell.settings["backend"] == "vllm"


def test_a_server_elsewhere_is_said_to_be_elsewhere(shell: Shell) -> None:
    text = shell.run("model", "use", "https://models.example.com/v1", "--model", "small")
    assert "not this machine" in text
    assert shell.settings == {"backend": "openai", "name": "small", "base_url": "https://models.example.com/v1"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nope", "commonplace model list"),
        ("", "There is no model ''"),
        (".", "The folder . holds no weights"),
        ("litellm/tiny", "No litellm answers on port 4000"),
        ("http://127.0.0.1:1/v1", "--model NAME"),
    ],
)
def test_a_name_that_is_none_is_one_sentence_and_changes_nothing(shell: Shell, name: str, said: str) -> None:
    text = shell.run("model", "use", name, status=1)
    assert said in text
    assert len(text.splitlines()) == 1
    assert not (shell.home / "config.toml").exists()


def test_weights_are_fetched_taken_up_where_the_connection_broke_and_not_fetched_twice(shell: Shell, hub: Hub) -> None:
    shell.environment["HF_ENDPOINT"] = hub.address
    hub.break_after = 11_000_000
    text = shell.run("model", "pull", hub.repository)
    assert "commonplace model use robin/tiny-mlx" in text
    assert [asked for asked in hub.ranges if asked != "bytes=0-"]
    sent = len(hub.sent)
    assert set(hub.sent) == set(BYTES)
    shell.run("model", "pull", hub.repository)
    assert len(hub.sent) == sent
    shell.run("model", "use", hub.repository)
    assert f"* {hub.repository}" in shell.run("model", "list")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no SIGINT to another program")
def test_ctrl_c_ends_a_pull_at_once_and_leaves_whole_files_only(shell: Shell, hub: Hub) -> None:
    shell.environment["HF_ENDPOINT"] = hub.address
    hub.stall_after = 11_000_000
    command = [sys.executable, "-m", "commonplace", "model", "pull", hub.repository]
    pulling = subprocess.Popen(command, env=shell.environment, stderr=subprocess.PIPE, text=True)
    assert hub.stalled.wait(60)
    blobs = Path(shell.environment["HF_HOME"], "hub", "models--robin--tiny-mlx", "blobs")
    pulling.send_signal(signal.SIGINT)
    _, said = pulling.communicate(timeout=60)
    assert not hub.go_on.is_set()
    hub.go_on.set()
    assert pulling.returncode == 130
    assert said.rstrip().endswith("Stopped. Whole files are kept. Type again: commonplace model pull robin/tiny-mlx")
    assert [file for file in blobs.iterdir() if file.suffix == ".incomplete"] == []


@pytest.mark.parametrize("there_is_a_hub", [True, False])
def test_weights_that_cannot_be_fetched_are_one_sentence(shell: Shell, hub: Hub, there_is_a_hub: bool) -> None:
    if there_is_a_hub:
        shell.environment["HF_ENDPOINT"] = hub.address
    text = shell.run("model", "pull", "robin/nothing", status=1)
    assert (
        "no repository 'robin/nothing'" if there_is_a_hub else "not be fetched (nothing answers there)"
    ) in text.splitlines()[-1]


def test_a_trial_prints_what_three_questions_cost(shell: Shell, tmp_path: Path) -> None:
    question = "<|im_start|>user\nWhat is my job title?<|im_end|>\n<|im_start|>assistant\n"
    shell.run("model", "use", str(with_template(tmp_path / "deaf", question)))
    text = shell.run("model", "test")
    assert text.count("\n> ") == 3
    row = r"^│ +[123] │ +\d+ │ +\d\.\d\d s │ +[\d.]+ │ +[\d,]+ │ +[\d,]+ \(\d+ %\) │ +[\d,]+ │$"
    assert len(re.findall(row, text, re.MULTILINE)) == 3


def test_a_trial_of_a_model_that_is_not_there_says_what_to_type(shell: Shell) -> None:
    shell.run("model", "use", "mem-agent-mlx-4bit")
    text = shell.run("model", "test", status=1)
    assert "commonplace model pull driaforall/mem-agent-mlx-4bit" in text
