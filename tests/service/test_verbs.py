"""``commonplace service``: the verbs as whole processes, with a desktop's autostart folder as the system."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from commonplace.clients import launch
from commonplace.home import find_daemon
from commonplace.install import recorded_command
from commonplace.server.crash_guard import MOST_CRASHES, CrashGuard

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the autostart folder is a thing of Linux desktops")


class CommandLine:
    """Runs ``commonplace`` where no systemd answers."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.user = folder / "user"
        self.user.mkdir()
        self.entry = self.user / ".config" / "autostart" / "commonplace.desktop"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMMONPLACE_", "XDG_"))}
        runtime = {"XDG_RUNTIME_DIR": str(folder), "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/none"}
        self.environment = {**kept, **runtime, "COMMONPLACE_HOME": str(self.home), "HOME": str(self.user)}

    async def __call__(self, *arguments: str, code: int = 0) -> str:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "commonplace", *arguments),
            cwd=self.user,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said = (await asyncio.wait_for(process.communicate(), 60))[0].decode()
        assert process.returncode == code, said
        assert "Traceback" not in said
        return said


@pytest_asyncio.fixture
async def commonplace(tmp_path: Path) -> AsyncIterator[CommandLine]:
    command = CommandLine(tmp_path)
    await command("vault", "init", "notes", "--yes")
    yield command
    if find_daemon(command.home) is not None:
        await asyncio.to_thread(launch.stop, command.home)


Command = Any
Write = Callable[[Path], None]


async def test_install_starts_it_and_says_what_it_may_read(commonplace: Command) -> None:
    assert "not registered" in await commonplace("service", "status", code=1)
    said = await commonplace("service", "install")
    assert f"Registered with desktop autostart: {commonplace.entry}" in said
    assert "notes: 6 notes, readable" in said
    found = find_daemon(commonplace.home)
    assert found is not None
    status = await commonplace("service", "status")
    assert f"pid {found.pid}" in status
    assert "started at login" in status
    assert str(recorded_command(commonplace.home)) in status


async def test_every_verb_may_be_repeated_and_uninstall_leaves_nothing(commonplace: Command) -> None:
    await commonplace("service", "install")
    await commonplace("service", "install")
    assert [path.name for path in commonplace.entry.parent.iterdir()] == ["commonplace.desktop"]
    first = find_daemon(commonplace.home)
    await commonplace("service", "start")
    assert find_daemon(commonplace.home) == first
    await commonplace("service", "restart")
    second = find_daemon(commonplace.home)
    assert first is not None
    assert second is not None
    assert first.pid != second.pid
    for _ in range(2):
        await commonplace("service", "stop")
        assert find_daemon(commonplace.home) is None
    await commonplace("service", "start")
    assert "Nothing of it is left" in await commonplace("service", "uninstall")
    assert "Nothing was registered" in await commonplace("service", "uninstall")
    assert find_daemon(commonplace.home) is None
    assert not commonplace.entry.exists()
    assert not (commonplace.home / "runs.json").exists()


async def test_what_is_not_registered_cannot_be_started(commonplace: Command) -> None:
    for verb in ("start", "restart"):
        assert "commonplace service install" in await commonplace("service", verb, code=1)


async def test_a_vault_that_the_system_keeps_from_it_is_named(commonplace: Command) -> None:
    (commonplace.user / "notes").rename(commonplace.user / "elsewhere")
    said = await commonplace("service", "install", code=1)
    assert str(commonplace.user / "notes") in said


async def test_a_registered_command_that_is_gone_is_told(commonplace: Command) -> None:
    await commonplace("service", "install")
    text = commonplace.entry.read_text()
    commonplace.entry.write_text(text.replace(str(recorded_command(commonplace.home)), "/no/longer/commonplace"))
    assert "/no/longer/commonplace is not there any more" in await commonplace("service", "status", code=1)


async def test_restart_goes_through_the_service_if_there_is_one(commonplace: Command) -> None:
    await commonplace("restart")
    assert "started by a client" in await commonplace("status")
    assert "The daemon that ran has ended" in await commonplace("service", "install")
    await commonplace("restart")
    assert "started at login" in await commonplace("status")


async def test_it_gives_up_after_a_few_crashes_and_keeps_what_the_last_one_said(commonplace: Command) -> None:
    await commonplace("config", "set", "model.backend", "openai")
    await commonplace("config", "set", "model.api_key_env", "NO_SUCH_KEY")
    for _ in range(MOST_CRASHES - 1):
        CrashGuard(commonplace.home).begin()
    await commonplace("serve", "--service", code=1)
    said = await commonplace("serve", "--service", code=0)
    assert f"crashed {MOST_CRASHES} times in a row" in said
    assert "NO_SUCH_KEY is not set" in said
    assert "NO_SUCH_KEY is not set" in await commonplace("service", "status", code=1)
    await commonplace("config", "unset", "model.backend")
    await commonplace("service", "install")


async def test_a_service_waits_for_the_end_of_another_daemon(commonplace: Command) -> None:
    await commonplace("ask", "What is my name?")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "commonplace", "serve", "--service"), env=commonplace.environment
    )
    await asyncio.sleep(1.5)
    assert process.returncode is None
    await commonplace("stop")
    while (found := find_daemon(commonplace.home)) is None or found.pid != process.pid:
        await asyncio.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 30) == 0
