"""How a daemon ends: with the write in hand done, when an upgrade has come, and never twice at once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import load_config, register_vault
from commonplace.home import find_daemon
from commonplace.models.scripted import ScriptedModel
from commonplace.server import daemon as daemon_module
from commonplace.server.crash_guard import MOST_CRASHES, CrashGuard, CrashLoop
from commonplace.server.daemon import Start, run_daemon
from commonplace.vault.notes import Vault

StartDaemon = Callable[..., Awaitable[Any]]


async def test_an_upgrade_is_taken_up_when_nobody_uses_the_daemon(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(daemon_module, "installed_version", lambda: "99.0.0")
    daemon = await start()
    client = await daemon.connect()
    await asyncio.sleep(0.3)
    assert not daemon.running.stopping.is_set()
    await client.socket.close()
    await asyncio.wait_for(daemon.running.stopping.wait(), 10)
    assert daemon.running.ending() == "upgraded"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no signals")
async def test_a_signal_in_the_middle_of_a_write_finishes_it(
    tmp_path: Path, vault: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import aiohttp

    begun = asyncio.Event()
    loop = asyncio.get_running_loop()
    original = Vault.create

    def slow_create(self: Vault, *arguments: Any, **named: Any) -> Any:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(0.5)
        return original(self, *arguments, **named)

    monkeypatch.setattr(Vault, "create", slow_create)
    home = tmp_path / "home"
    register_vault(home, vault)
    code = 'create_file("entities/anna_berg.md", "# Anna Berg\\n- city: Bergen\\n")'
    model = ScriptedModel([f"<think>\nI write.\n</think>\n<python>\n{code}\n</python>"])
    running = asyncio.create_task(run_daemon(load_config(home), home, model, Start()))
    while (found := find_daemon(home)) is None:
        await asyncio.sleep(0.01)
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(found.url, headers={"Authorization": f"Bearer {found.token}"}) as socket,
    ):

        async def call(number: int, method: str, params: object) -> None:
            await socket.send_json({"jsonrpc": "2.0", "id": number, "method": method, "params": params})

        await call(1, "initialize", {"protocolVersion": 1})
        await socket.receive_json()
        await call(2, "session/new", {"cwd": str(vault), "mcpServers": []})
        session = (await socket.receive_json())["result"]["sessionId"]
        prompt = [{"type": "text", "text": "Remember Anna Berg, of Bergen."}]
        await call(3, "session/prompt", {"sessionId": session, "prompt": prompt})
        await asyncio.wait_for(begun.wait(), 20)
        os.kill(os.getpid(), signal.SIGTERM)
        assert await asyncio.wait_for(running, 30) == "asked"
    assert "- city: Bergen" in (vault / "entities" / "anna_berg.md").read_text()
    assert find_daemon(home) is None


def test_a_run_that_lives_on_or_ends_cleanly_clears_the_crashes(tmp_path: Path) -> None:
    for _ in range(MOST_CRASHES - 1):
        CrashGuard(tmp_path).begin()
    long = CrashGuard(tmp_path, first_seconds=0.1)
    long.begin()
    deadline = time.monotonic() + 10
    while CrashGuard(tmp_path).crashes() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert CrashGuard(tmp_path).crashes() == []
    for _ in range(MOST_CRASHES * 2):
        clean = CrashGuard(tmp_path)
        clean.begin()
        clean.end()


def test_after_four_crashes_there_is_no_further_run_and_the_log_of_each_is_kept(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "daemon.log"
    log.parent.mkdir()
    for number in range(MOST_CRASHES):
        CrashGuard(tmp_path).begin()
        with log.open("a") as file:
            file.write("".join(f"run {number} line {line}\n" for line in range(20)))
    with pytest.raises(CrashLoop, match=r"crashed 4 times(.|\n)*run 3 line 0(.|\n)*run 3 line 19") as caught:
        CrashGuard(tmp_path).begin()
    assert "line 10" not in str(caught.value)
    assert [run.first[0] for run in CrashGuard(tmp_path).crashes()] == [f"run {n} line 0" for n in range(MOST_CRASHES)]


@pytest.mark.parametrize("text", ["", "7", "{}", '[{"x": 1}]'])
def test_a_damaged_count_is_no_obstacle(tmp_path: Path, text: str) -> None:
    (tmp_path / "runs.json").write_text(text)
    CrashGuard(tmp_path).begin()
