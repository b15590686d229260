"""Daemons that can be killed, and what a client ends up with in a form that can be compared."""

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from commonplace.config import register_vault
from commonplace.home import Discovery, find_daemon
from commonplace.server.page import FILES

Json = Mapping[str, Any]
DAEMON = Path(__file__).with_name("scripted_daemon.py")


def transcript(updates: Iterable[Json]) -> list[tuple[object, str]]:
    """What the updates say, deltas joined; fails where a number comes twice or out of order.

    The prompts are left out, since their sender is not told them.
    """
    said: list[tuple[object, str]] = []
    last = 0
    for params in updates:
        update, meta = params["update"], params["_meta"]["commonplace"]
        assert meta.get("first", meta["seq"]) > last, f"{meta['seq']} after {last}"
        last = meta["seq"]
        kind = update["sessionUpdate"]
        if kind == "user_message_chunk":
            continue
        stream = None
        if kind in ("agent_thought_chunk", "agent_message_chunk") and "notice" not in meta:
            stream, text = (kind, meta["turn"]), update["content"]["text"]
        elif "code_delta" in meta:
            stream, text = (update["toolCallId"],), meta["code_delta"]
        else:
            text = json.dumps([update, meta], sort_keys=True)
        if stream is not None and said and said[-1][0] == stream:
            said[-1] = (stream, said[-1][1] + text)
        else:
            said.append((stream, text))
    return said


@pytest.fixture(name="transcript")
def transcript_fixture() -> Callable[[Iterable[Json]], list[tuple[object, str]]]:
    return transcript


@pytest.fixture
def stand_in_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files in the place of the built page, so that these tests need no Node."""
    folder = tmp_path / "page"
    folder.mkdir()
    for name, _ in FILES.values():
        (folder / name).write_text(name)
    monkeypatch.setattr("commonplace.server.page.FOLDER", folder)


class ProcessDaemon:
    """A daemon that is a process."""

    def __init__(self, home: Path, script: Path) -> None:
        self.home = home
        self._script = script
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, *outputs: str, **settings: object) -> Discovery:
        self._script.write_text(json.dumps({"outputs": outputs, **settings}))
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(DAEMON), str(self.home), str(self._script), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        assert await asyncio.wait_for(self._process.stdout.readline(), 60) == b"ready\n"
        found = find_daemon(self.home)
        assert found is not None
        return found

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            await asyncio.wait_for(self._process.wait(), 30)


@pytest_asyncio.fixture
async def process_daemon(tmp_path: Path, vault: Path) -> AsyncIterator[ProcessDaemon]:
    home = tmp_path / "process-home"
    register_vault(home, vault)
    daemon = ProcessDaemon(home, tmp_path / "script.json")
    yield daemon
    await daemon.end(signal.SIGKILL)
