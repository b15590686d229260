"""Hostile frames and requests against a daemon in a process of its own: it lives, and answers nobody without a token.

A few hundred frames always; the long run is

    .venv/bin/pytest tests/server/test_hostile_frames.py -n 0 --timeout 0 --hostile-frames 100000
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from websockets.sync.client import connect

from commonplace.home import Discovery, find_daemon, log_file

FRAMES_AT_ONCE = 25


@dataclass(frozen=True)
class Target:
    """The daemon under attack."""

    process: "subprocess.Popen[bytes]"
    discovery: Discovery
    vault: Path
    said: Path

    def check(self) -> None:
        """It lives, answers who holds the token, and has nothing to complain of."""
        assert self.process.poll() is None, self.said.read_text()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.discovery.port}/health",
            headers={"Authorization": f"Bearer {self.discovery.token}"},
        )
        with urllib.request.urlopen(request, timeout=20) as response:
            assert json.load(response)["pid"] == self.process.pid


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    folder = tmp_path_factory.mktemp("hostile")
    home, vault, said = folder / "home", folder / "vault", folder / "said"
    environment = {**os.environ, "COMMONPLACE_HOME": str(home)}
    command = [sys.executable, "-m", "commonplace"]
    subprocess.run([*command, "vault", "init", vault, "--yes"], env=environment, check=True, capture_output=True)
    with said.open("wb") as output:
        process = subprocess.Popen([*command, "serve"], env=environment, stdout=output, stderr=output)
    while (found := find_daemon(home)) is None:
        assert process.poll() is None
        time.sleep(0.05)
    yield Target(process, found, vault, said)
    process.terminate()
    assert process.wait(30) == 0
    assert len(said.read_text().splitlines()) == 1
    log = log_file(home).read_text()
    assert " CRITICAL " not in log
    assert found.token not in log


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
METHODS = st.sampled_from(
    [
        "initialize",
        "authenticate",
        "session/new",
        "session/prompt",
        "session/cancel",
        "session/load",
        "session/list",
        "session/set_mode",
        "_commonplace/vaults",
        "_commonplace/status",
        "_commonplace/",
        "_",
        "",
    ]
)
PARAMETERS = JSON | st.fixed_dictionaries(
    {},
    optional={
        "sessionId": JSON,
        "cwd": JSON,
        "prompt": JSON | st.lists(st.fixed_dictionaries({"type": st.just("text"), "text": JSON}), max_size=3),
        "mcpServers": JSON,
        "_meta": JSON,
    },
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "jsonrpc": st.just("2.0") | JSON,
        "id": JSON,
        "method": METHODS | st.text(max_size=30) | JSON,
        "params": PARAMETERS,
        "result": JSON,
        "error": JSON,
    },
).map(json.dumps)
DEEP = st.integers(1, 20_000).map(lambda depth: "[" * depth) | st.integers(1, 5_000).map(lambda n: '{"a":' * n)
LONG = st.integers(1, 200_000).map(lambda size: json.dumps({"id": 1, "method": "x" * size}))
FRAMES = st.one_of(MESSAGES, MESSAGES, MESSAGES, st.text(max_size=60), st.binary(max_size=60), DEEP, LONG)
HEADERS = st.sampled_from(
    [
        "Host: 127.0.0.1:{port}",
        "Host: evil.example",
        "Origin: null",
        "Origin: app://obsidian.md",
        "Authorization: Bearer",
        "Authorization: Bearer {short}",
        "Authorization: Basic {token}",
        "Sec-WebSocket-Protocol: acp.v1, bearer.{short}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Transfer-Encoding: chunked",
        "Content-Length: 5",
        "Content-Length: -1",
        "X-Forwarded-For: ::ffff:127.0.0.1",
    ]
) | st.text(max_size=40)
PATHS = st.sampled_from(["/acp", "/health", "//acp", "/acp/..%2Fhealth", "/acp?token={token}", "*"]) | st.text(
    max_size=20
)
VERBS = st.sampled_from(["GET", "POST", "OPTIONS", "HEAD", "CONNECT", "get"]) | st.text(max_size=6)


@st.composite
def requests(draw: st.DrawFn) -> str:
    lines = [f"{draw(VERBS)} {draw(PATHS)} HTTP/1.1", *draw(st.lists(HEADERS, max_size=8)), "", ""]
    return "\r\n".join(lines) + draw(st.text(max_size=30))


def examples(request: pytest.FixtureRequest) -> int:
    return max(1, int(str(request.config.getoption("--hostile-frames"))) // FRAMES_AT_ONCE)


def attack(count: int) -> settings:
    return settings(
        max_examples=count,
        deadline=None,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )


def test_no_frame_of_a_client_brings_the_daemon_down(target: Target, request: pytest.FixtureRequest) -> None:
    sent = 0

    @attack(examples(request))
    @given(frames=st.lists(FRAMES, min_size=FRAMES_AT_ONCE, max_size=FRAMES_AT_ONCE))
    def run(frames: list[str | bytes]) -> None:
        nonlocal sent
        headers = {"Authorization": f"Bearer {target.discovery.token}"}
        with connect(
            target.discovery.url, additional_headers=headers, max_size=None, compression=None, proxy=None
        ) as client:
            for frame in frames:
                client.send(frame.encode("utf-8", "replace").decode() if isinstance(frame, str) else frame)
            client.send('{"jsonrpc": "2.0", "id": "last", "method": "initialize", "params": {"protocolVersion": 1}}')
            while json.loads(client.recv(timeout=60)).get("id") != "last":
                pass
        sent += len(frames)

    run()
    target.check()
    assert sent >= FRAMES_AT_ONCE


def test_bytes_that_are_no_frames_end_that_connection_alone(target: Target, request: pytest.FixtureRequest) -> None:
    discovery = target.discovery
    opening = (
        f"GET /acp HTTP/1.1\r\nHost: 127.0.0.1:{discovery.port}\r\nAuthorization: Bearer {discovery.token}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()

    @attack(examples(request))
    @given(noise=st.binary(min_size=1, max_size=400))
    def run(noise: bytes) -> None:
        with socket.create_connection(("127.0.0.1", discovery.port), timeout=20) as raw:
            raw.sendall(opening)
            assert raw.recv(4096).startswith(b"HTTP/1.1 101")
            with suppress(ConnectionError):
                raw.sendall(noise)

    run()
    target.check()


def test_nobody_is_answered_without_the_token(target: Target, request: pytest.FixtureRequest) -> None:
    discovery = target.discovery
    values = {"port": discovery.port, "short": discovery.token[:-1], "token": discovery.token}

    @attack(min(examples(request), 2_000))
    @given(said=requests() | st.binary(max_size=200))
    def run(said: str | bytes) -> None:
        if isinstance(said, str):
            for name, value in values.items():
                said = said.replace(f"{{{name}}}", str(value))
            said = said.encode("utf-8", "surrogatepass")
        answer = b""
        with (
            socket.create_connection(("127.0.0.1", discovery.port), timeout=20) as raw,
            suppress(ConnectionError),
        ):
            raw.sendall(said)
            raw.shutdown(socket.SHUT_WR)
            answer = raw.recv(65536)
        assert not answer or answer.split(b" ")[1] in (b"400", b"401", b"403"), answer
        token = discovery.token.encode()
        assert token in said or token not in answer, "a request that cannot be read is answered with its first line"

    run()
    target.check()
