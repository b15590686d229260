"""From nothing to an answer: the daemon starts by itself and a vault is there to talk about."""

import asyncio
import errno
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import config_file, load_config
from commonplace.home import Discovery, discovery_file, find_daemon

Command = Any


async def test_a_piped_question_is_answered_on_a_machine_that_knows_nothing_yet(
    commonplace: Command, home: Path
) -> None:
    ended = await commonplace("chat", stdin="What is my name?\n")
    assert ended.code == 0
    assert ended.out.strip()
    assert ended.err.splitlines() == [
        f"Made a vault to start with at {home / 'Commonplace'}: open it in Obsidian, too.",
        "Starting the daemon ...",
    ]
    assert load_config(home).vaults["Commonplace"].path == home / "Commonplace"
    assert (home / "Commonplace" / "user.md").is_file()

    again = await commonplace("ask", "What is my name?")
    assert (again.code, again.out, again.err) == (0, ended.out, "")

    stopped = await commonplace("stop")
    assert (stopped.code, stopped.out) == (0, "The daemon has ended.\n")
    assert find_daemon(home) is None
    assert (await commonplace("stop")).out == "No daemon runs.\n"


async def test_clients_that_start_at_once_share_one_daemon(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    questions: list[Any] = [commonplace("ask", "What is my name?") for _ in range(3)]
    answers = await asyncio.gather(*questions)
    assert [(answer.code, bool(answer.out.strip())) for answer in answers] == [(0, True)] * 3


async def test_a_daemon_that_just_ended_is_no_obstacle(commonplace: Command) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my name?")
    commands: list[Any] = [commonplace("stop"), commonplace("ask", "What is my name?")]
    stopped, asked = [ended.code for ended in await asyncio.gather(*commands)]
    assert stopped == 0
    assert asked == 0 or (await commonplace("ask", "What is my name?")).code == 0


async def test_a_stale_daemon_json_is_no_obstacle(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        Discovery(port=nobody.getsockname()[1], token="old", pid=1, version="0").write(home)
        assert (await commonplace("ask", "What is my name?")).code == 0


async def test_a_daemon_that_was_killed_is_started_again(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my name?")
    found = find_daemon(home)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    ended = await commonplace("ask", "What is my name?")
    assert (ended.code, ended.err) == (0, "Starting the daemon ...\n")


async def test_a_daemon_that_cannot_start_says_why(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    with config_file(home).open("a", encoding="utf-8") as config:
        config.write('[model]\nbackend = "openai"\napi_key_env = "NO_SUCH_KEY"\n')
    ended = await commonplace("ask", "What is my name?")
    assert ended.code == 1
    assert ended.err.splitlines() == [
        "Starting the daemon ...",
        "The daemon did not start.",
        "The environment variable NO_SUCH_KEY is not set; set it, or change api_key_env.",
        f"Its log is in {home / 'logs'}.",
    ]


async def test_a_port_in_use_is_one_clear_message(commonplace: Command, home: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = await commonplace("serve", "--port", str(port))
    assert ended.code == 1
    assert (
        ended.err.casefold()
        == (
            f"port {port} cannot be used: {os.strerror(errno.EADDRINUSE)}. "
            "type: commonplace serve --port 0 (takes a free one)\n"
        ).casefold()
    )
    assert not discovery_file(home).exists()


async def test_a_vault_that_holds_python_files_cannot_run_them(commonplace: Command, tmp_path: Path) -> None:
    vault = tmp_path / "vault"
    vault.mkdir()
    (vault / "user.md").write_text("# User\n- user_name: Robin\n", encoding="utf-8")
    for module in ("json", "websockets", "commonplace", "aiohttp"):
        (vault / f"{module}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\n", encoding="utf-8")
    installed = Path(sys.executable).with_name("commonplace")
    process = await asyncio.create_subprocess_exec(
        installed,
        *("ask", "--vault", ".", "What is my name?"),
        cwd=vault,
        env=commonplace.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0
    assert out.strip()
    assert not (tmp_path / "ran").exists()


async def test_serve_says_where_it_listens_and_how_to_end_it(commonplace: Command, home: Path) -> None:
    process = await commonplace.begin("serve")
    line = (await asyncio.wait_for(process.stderr.readline(), 30)).decode()
    found = find_daemon(home)
    assert found is not None
    assert line == f"Commonplace listens at {found.url}, with the model reader. Ctrl-C ends it.\n"
    assert found.token not in line
    second = await commonplace("serve")
    assert second.code == 1
    assert second.err == f"A daemon runs already (pid {found.pid}, port {found.port}). Type: commonplace stop\n"
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), 30) == 0
    assert not discovery_file(home).exists()


@pytest.mark.parametrize("text", ["[model\n", "[modle]\n", 'default_vault = "x"\n', "vaults = 3\n", "[vaults.a]\n"])
async def test_a_broken_config_is_told_before_anything_is_made(commonplace: Command, home: Path, text: str) -> None:
    home.mkdir()
    config_file(home).write_text(text, encoding="utf-8")
    ended = await commonplace("ask", "What is my name?")
    assert ended.code == 1
    assert str(config_file(home)) in ended.err
    assert not (home / "Commonplace").exists()
