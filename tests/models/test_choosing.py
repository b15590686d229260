"""What ``auto`` takes and why, which servers are found, what is another machine, what was published."""

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

import pytest
from typer.testing import CliRunner

from commonplace.cli import app
from commonplace.models.automatic import Machine, choose, hindrance
from commonplace.models.base import ModelError
from commonplace.models.published import PROMPT, PublishedPrompt, fetch_prompt, is_mem_agent
from commonplace.models.servers import KeyWanted, NoAnswer, Server, find_servers, is_this_machine, list_models

MLX = "driaforall/mem-agent-mlx-4bit"
MAC = Machine(apple_silicon=True, has_mlx=True, pulled=frozenset({MLX}))
OLLAMA = Server("ollama", "http://127.0.0.1:11434/v1", ("qwen3:4b", "hf.co/robin/mem-agent:Q4"))


class Answering(ThreadingHTTPServer):
    """Answers every request with the same status and body."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.body = status, body
        self.keys: list[str | None] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = cast("Answering", self.server)
        server.keys.append(self.headers.get("Authorization"))
        self.send_response(server.status)
        self.end_headers()
        self.wfile.write(server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def answering(request: pytest.FixtureRequest) -> Iterator[Answering]:
    server = Answering(*request.param)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def listing(*names: str) -> tuple[int, bytes]:
    return 200, json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode()


@pytest.mark.parametrize(
    ("machine", "backend", "name", "why"),
    [
        (MAC, "mlx", MLX, "Apple Silicon"),
        (replace(MAC, servers=(OLLAMA,)), "mlx", MLX, "Apple Silicon"),
        (Machine(has_nvidia=True, has_vllm=True, pulled=frozenset({"driaforall/mem-agent"})), "vllm", "", "NVIDIA"),
        (Machine(servers=(OLLAMA,)), "openai", "hf.co/robin/mem-agent:Q4", "127.0.0.1:11434"),
        (Machine(apple_silicon=True, has_mlx=True), "reader", "", f"commonplace model pull {MLX}"),
        (Machine(apple_silicon=True), "reader", "", "mlx-lm is not installed"),
        (Machine(has_nvidia=True), "reader", "", "vllm is not installed"),
        (Machine(servers=(Server("ollama", "http://127.0.0.1:1/v1", ("qwen3:4b",)),)), "reader", "", "no server"),
        (Machine(), "reader", "", "mlx wants Apple Silicon"),
    ],
)
def test_auto_takes_the_best_that_is_there_and_says_why(machine: Machine, backend: str, name: str, why: str) -> None:
    choice = choose(machine)
    assert choice.backend == backend
    assert name in choice.name
    assert why in choice.why


@pytest.mark.parametrize(
    ("backend", "machine", "said"),
    [
        ("mlx", MAC, None),
        ("mlx", Machine(apple_silicon=True), "not installed. Type: uv tool install --force '.[mlx]'"),
        ("mlx", Machine(), "no Apple Silicon, for which it is made. Type: uv tool install --force '.[mlx]'"),
        ("mlx", Machine(has_mlx=True), "on its processor, slowly. Others: commonplace model list"),
        ("vllm", Machine(has_nvidia=True, has_vllm=True), None),
        ("vllm", Machine(has_nvidia=True), "not installed. Type: uv tool install --force '.[vllm]'"),
        ("vllm", MAC, "no NVIDIA GPU is found here, for which it is made. Type: uv tool install --force '.[vllm]'"),
        ("vllm", Machine(has_vllm=True), "No NVIDIA GPU is found here"),
        ("openai", Machine(), None),
        ("reader", Machine(), None),
    ],
)
def test_what_hinders_weights_is_known_beforehand(backend: str, machine: Machine, said: str | None) -> None:
    told = hindrance(backend, machine)
    assert told is None if said is None else told is not None and said in told


@pytest.mark.parametrize("answering", [listing("tiny", "mem-agent")], indirect=True)
def test_a_server_on_its_port_is_found_with_its_models(answering: Answering) -> None:
    port = answering.server_address[1]
    assert find_servers({"ollama": port, "nobody": 1}) == (
        Server("ollama", f"http://127.0.0.1:{port}/v1", ("tiny", "mem-agent")),
    )


@pytest.mark.parametrize("answering", [(401, b"")], indirect=True)
def test_a_server_that_wants_a_key_is_found_and_gets_the_key_that_is_set(answering: Answering) -> None:
    (found,) = find_servers({"litellm": answering.server_address[1]})
    assert found.wants_key
    with pytest.raises(KeyWanted):
        list_models(found.base_url, "sk-of-nobody")
    assert answering.keys == [None, "Bearer sk-of-nobody"]


@pytest.mark.parametrize(
    "answering",
    [(200, b"<html>"), (200, b"[]"), (200, b'{"data": 7}'), (404, b""), (200, b"\xff\xfe")],
    indirect=True,
)
def test_what_answers_and_is_no_model_server_is_left_out(answering: Answering) -> None:
    assert find_servers({"lm-studio": answering.server_address[1]}) == ()
    with pytest.raises(NoAnswer):
        list_models(f"{answering.address}/v1")


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/v1",
        "http://localhost/v1",
        "http://[::1]:8000/v1",
        "http://127.9.9.9/",
        "http://a.localhost/",
    ],
)
def test_loopback_addresses_are_this_machine(url: str) -> None:
    assert is_this_machine(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://openrouter.ai/api/v1",
        "http://192.168.1.7:11434/v1",
        "http://localhost.example.com/v1",
        "http://127.0.0.1.example.com/",
        "http://0.0.0.0:8000/v1",
        "http://127.0.0.1@example.com/v1",
        "nonsense",
    ],
)
def test_everything_else_is_another_machine(url: str) -> None:
    assert not is_this_machine(url)


@pytest.mark.parametrize("answering", [(200, b"You are mem-agent.\n")], indirect=True)
def test_the_published_prompt_is_kept_only_with_its_own_hash(answering: Answering, tmp_path: Path) -> None:
    right = PublishedPrompt(answering.address, hashlib.sha256(b"You are mem-agent.\n").hexdigest())
    with pytest.raises(ModelError, match="hash differs"):
        fetch_prompt(tmp_path / "prompts", PublishedPrompt(answering.address, PROMPT.sha256))
    assert not (tmp_path / "prompts").exists()
    for _ in range(2):
        assert fetch_prompt(tmp_path / "prompts", right).read_bytes() == b"You are mem-agent.\n"
    assert len(answering.keys) == 2
    (tmp_path / "prompts" / "mem-agent.txt").write_text("Somebody changed this.")
    assert fetch_prompt(tmp_path / "prompts", right).read_bytes() == b"You are mem-agent.\n"


@pytest.mark.parametrize("answering", [(200, b"You are mem-agent.\n")], indirect=True)
def test_the_prompt_alone_is_fetched_by_a_command_that_needs_no_other_library(
    answering: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = PublishedPrompt(answering.address, hashlib.sha256(b"You are mem-agent.\n").hexdigest())
    monkeypatch.setattr("commonplace.models.published.PROMPT", known)
    monkeypatch.setenv("COMMONPLACE_HOME", str(tmp_path / "home"))
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    ended = CliRunner().invoke(app, ["model", "pull", "--prompt-only"])
    assert ended.exit_code == 0
    assert (tmp_path / "home" / "prompts" / "mem-agent.txt").read_bytes() == b"You are mem-agent.\n"
    assert "whose name has mem-agent in it is told it" in ended.output


def test_no_network_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be fetched \(nothing answers there\).*--prompt-only"):
        fetch_prompt(tmp_path, PublishedPrompt("http://127.0.0.1:1/prompt.txt", PROMPT.sha256))


@pytest.mark.parametrize(
    "name", ["driaforall/mem-agent", "mem-agent-mlx-4bit", "mem-agent@4bit", "hf.co/x/Mem-Agent:Q4"]
)
def test_published_weights_are_known_by_their_name(name: str) -> None:
    assert is_mem_agent(name)
    assert not is_mem_agent("qwen3:4b")
