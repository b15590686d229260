"""One daemon a home folder; it announces itself, ends when idle, and leaves nothing behind."""

import asyncio
import json
import logging
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import load_config
from commonplace.config_edit import set_value
from commonplace.home import Discovery, discovery_file, find_daemon
from commonplace.models.reader import ReaderModel
from commonplace.models.scripted import ScriptedModel
from commonplace.server import daemon as daemon_module
from commonplace.server.daemon import DaemonError, start_daemon
from commonplace.server.logs import start_logging

StartDaemon = Callable[..., Awaitable[Any]]

BERGEN = '<python>\nok = update_file("entities/dria.md", "Oslo", "Bergen")\n</python>'


async def test_daemon_json_tells_clients_where_to_connect(start: StartDaemon) -> None:
    daemon = await start()
    found = find_daemon(daemon.home)
    assert found == daemon.running.discovery
    assert found is not None
    assert found.pid == os.getpid()
    assert set(json.loads(discovery_file(daemon.home).read_text())) == {"port", "token", "pid", "version", "protocol"}


async def test_a_second_daemon_is_refused_and_the_first_goes_on(start: StartDaemon) -> None:
    daemon = await start()
    with pytest.raises(DaemonError, match=rf"runs already \(pid {os.getpid()}.*commonplace stop"):
        async with start_daemon(load_config(daemon.home), daemon.home, ReaderModel()):
            pytest.fail("a second daemon started")
    assert find_daemon(daemon.home) == daemon.running.discovery
    await daemon.connect()


async def test_a_stale_daemon_json_is_no_obstacle(tmp_path: Path) -> None:
    Discovery(port=1, token="old", pid=1, version="0").write(tmp_path)
    async with start_daemon(load_config(tmp_path), tmp_path, ReaderModel()) as running:
        assert find_daemon(tmp_path) == running.discovery
    assert not discovery_file(tmp_path).exists()


async def test_a_daemon_json_that_another_daemon_wrote_meanwhile_is_left(tmp_path: Path) -> None:
    other = Discovery(port=1, token="other", pid=1, version="0")
    async with start_daemon(load_config(tmp_path), tmp_path, ReaderModel()):
        other.write(tmp_path)
    assert find_daemon(tmp_path) == other


async def test_a_port_in_use_is_one_clear_message_with_the_next_command(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DaemonError, match=rf"Port {port} cannot be used.*commonplace serve --port 0"):
            async with start_daemon(load_config(tmp_path), tmp_path, ReaderModel(), port=port):
                pytest.fail("it started")
    assert not discovery_file(tmp_path).exists()
    async with start_daemon(load_config(tmp_path), tmp_path, ReaderModel()):
        pass


async def test_an_idle_daemon_ends_and_one_with_a_client_does_not(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "_LOOK_SECONDS", 0.05)
    daemon = await start(started_by="client")
    client = await daemon.connect()
    set_value(daemon.home, "daemon.idle_minutes", str(0.4 / 60))
    await asyncio.sleep(1.0)
    assert not daemon.running.stopping.is_set()
    await client.socket.close()
    await asyncio.wait_for(daemon.running.stopping.wait(), 10)
    assert daemon.running.ending() == "idle"


async def test_a_daemon_that_no_client_started_does_not_end_by_itself(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "_LOOK_SECONDS", 0.05)
    daemon = await start()
    set_value(daemon.home, "daemon.idle_minutes", str(0.1 / 60))
    await asyncio.sleep(0.5)
    assert not daemon.running.stopping.is_set()


async def test_a_turn_that_waits_for_leave_keeps_the_daemon_for_a_stated_time_and_is_closed_honestly(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daemon_module, "_LOOK_SECONDS", 0.05)
    daemon = await start(ScriptedModel([BERGEN]), started_by="client")
    set_value(daemon.home, "daemon.idle_minutes", str(0.2 / 60))
    set_value(daemon.home, "daemon.waiting_hours", str(1.5 / 3600))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.call("session/set_mode", {"sessionId": session, "modeId": "review"})
    await client.start_prompt(session, "Dria moved.")
    await client.question()
    await asyncio.sleep(1.0)
    await client.socket.close()
    await asyncio.sleep(0.8)
    assert not daemon.running.stopping.is_set()
    back = await daemon.connect()
    await back.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert await back.question()
    await back.socket.close()
    await asyncio.wait_for(daemon.running.stopping.wait(), 10)
    assert daemon.running.ending() == "idle"


async def test_a_client_can_end_the_daemon(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    assert (await client.call("_commonplace/shutdown", {}))["result"] == {}
    await asyncio.wait_for(daemon.running.stopping.wait(), 5)


async def test_the_log_holds_ids_and_times_and_nothing_that_anybody_wrote(start: StartDaemon) -> None:
    daemon = await start()
    log = start_logging(daemon.home)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "My favourite number is 481516, please remember that. What is my name?")
    logged = log.read_text()
    assert session in logged
    assert "ended: end_turn after" in logged
    for private in ("481516", "Robin", "Dria", "Oslo", daemon.running.discovery.token):
        assert private not in logged


def test_a_library_is_not_quoted(tmp_path: Path) -> None:
    log = start_logging(tmp_path)
    try:
        raise ValueError("a secret of a note")
    except ValueError:
        logging.getLogger("aiohttp.server").exception("with a secret of a note")
    logging.warning("a secret of a note")
    logging.getLogger("commonplace.x").info("ours, %d", 7)
    first, second, third = log.read_text().splitlines()
    assert "ERROR aiohttp.server reports ValueError at " in first
    assert "WARNING root reports something at " in second
    assert third.endswith("INFO commonplace.x ours, 7")
    assert "secret" not in log.read_text()
