"""``commonplace logs`` and ``status``: what the daemon did, and what it is."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from commonplace import __version__
from commonplace.clients import launch
from commonplace.commands.logs import following, last_lines
from commonplace.home import find_daemon, log_file
from commonplace.server import connection as server_connection

Command = Any


def test_the_last_lines_reach_into_the_file_before(tmp_path: Path) -> None:
    log = tmp_path / "daemon.log"
    (tmp_path / "daemon.log.1").write_text("one\ntwo\n")
    log.write_text("three\nfour\n")
    assert last_lines(log, 3) == ["two", "three", "four"]
    assert last_lines(log, 0) == []
    assert last_lines(log, 99) == ["one", "two", "three", "four"]


def test_lines_are_followed_through_a_rotation_and_none_is_cut(tmp_path: Path) -> None:
    log = tmp_path / "daemon.log"
    log.write_text("old\n")
    seen: list[str] = []
    ready, done = threading.Event(), threading.Event()

    def follow() -> None:
        lines = following(log)
        ready.set()
        for line in lines:
            seen.append(line)
            if line == "last":
                done.set()
                return

    threading.Thread(target=follow, daemon=True).start()
    ready.wait(5)
    while not seen:
        with log.open("a") as file:
            file.write("first\n")
        done.wait(0.3)
    seen.clear()
    with log.open("a") as file:
        file.write("ha")
        file.flush()
        done.wait(0.5)
        file.write("lf\nbefore\n")
    log.rename(tmp_path / "daemon.log.1")
    log.write_text("after\nlast\n")
    assert done.wait(10)
    assert [line for line in seen if line != "first"] == ["half", "before", "after", "last"]


async def test_the_commands_say_what_runs_and_what_it_did(commonplace: Command, home: Path) -> None:
    assert (await commonplace("status")).code == 1
    assert "no daemon has run yet" in (await commonplace("logs")).err
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my favourite colour?")
    found = find_daemon(home)
    assert found is not None
    told = await commonplace("status")
    assert f"version {__version__}, pid {found.pid}, since" in told.out
    assert "started by a client" in told.out
    assert "Model:    reader" in told.out
    assert str(commonplace.user / "notes") in told.out
    status = json.loads((await commonplace("status", "--json")).out)
    assert (status["pid"], status["startedBy"], status["problems"]) == (found.pid, "client", [])
    logged = (await commonplace("logs", "-n", "5")).out
    assert "ended: end_turn after" in logged
    assert "colour" not in log_file(home).read_text()


async def test_the_log_is_followed_until_ctrl_c(commonplace: Command) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my name?")
    process = await commonplace.begin("logs", "-f", "-n", "1")
    await asyncio.wait_for(process.stdout.readline(), 20)
    await commonplace("ask", "What is my name?")
    line = (await asyncio.wait_for(process.stdout.readline(), 20)).decode()
    assert "session" in line
    process.kill()
    await process.wait()


async def test_a_daemon_of_another_protocol_is_told_and_can_be_ended(
    start: Any, commonplace: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_connection, "PROTOCOL_VERSION", 2)
    daemon = await start()
    ended = await commonplace("ask", "What is my name?")
    assert (ended.code, ended.out) == (1, "")
    said = "The daemon speaks version 2 of the protocol, and this command speaks 1. Type: commonplace restart\n"
    assert ended.err == said

    def end() -> None:
        connection = launch.connect_to_running(home)
        assert connection is not None
        with connection:
            connection.shut_down()

    await asyncio.to_thread(end)
    assert daemon.running.stopping.is_set()


async def test_another_version_is_told_and_serves_on(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my name?")
    program = (
        "import commonplace, sys; commonplace.__version__ = '99.0.0'; from commonplace.cli import main; "
        "sys.argv = ['commonplace', 'ask', 'What is my name?']; main()"
    )
    import os
    import sys

    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        env={**os.environ, **commonplace.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0
    assert out.strip()
    said = f"The daemon is still version {__version__}, and this is 99.0.0. Type: commonplace restart\n"
    assert err.decode() == said
