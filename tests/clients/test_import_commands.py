"""``commonplace import`` as a user runs it, stops it and kills it."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.home import find_daemon
from exports import chatgpt_export, talks

Run = Callable[..., Awaitable[Any]]

NOTE = "# User\n- user_name: Robin Ashdown\n"
COUNT = 600


def make_vault(folder: Path) -> Path:
    vault = folder / "vault"
    (vault / "entities").mkdir(parents=True)
    (vault / "user.md").write_text(NOTE)
    return vault


def notes_in(vault: Path) -> int:
    """The conversations that are imported."""
    return sum(1 for _ in vault.glob("entities/chatgpt/*/*.md"))


async def test_one_note_reads_as_one_and_what_is_refused_wrote_nothing(commonplace: Run, tmp_path: Path) -> None:
    vault = make_vault(tmp_path)
    export = chatgpt_export(tmp_path / "export.zip", talks(1))
    done = await commonplace("import", "chatgpt", str(export), "--vault", str(vault))
    first, reached, back = done.out.splitlines()
    assert (done.code, first) == (0, "1 note imported.")
    assert reached.startswith("They can be reached from entities/chatgpt/imported_from_chatgpt_on_")
    assert back.startswith("To take it back: commonplace undo import-chatgpt-")
    again = await commonplace("import", "chatgpt", str(export), "--vault", str(vault))
    assert (again.code, again.out) == (0, "0 notes imported, 1 was here already.\n")
    before = {place: place.read_text() for place in vault.rglob("*.md")}
    (tmp_path / "torn.zip").write_bytes(export.read_bytes()[:200])
    refused = await commonplace("import", "chatgpt", str(tmp_path / "torn.zip"), "--vault", str(vault))
    assert (refused.code, refused.out) == (1, "")
    assert refused.err.endswith("Download the export again. Nothing was written.\n")
    assert {place: place.read_text() for place in vault.rglob("*.md")} == before


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
async def test_stopped_and_killed_while_it_writes_it_goes_on_each_time_and_ends_as_one_turn(
    commonplace: Any, tmp_path: Path
) -> None:
    vault = make_vault(tmp_path)
    export = chatgpt_export(tmp_path / "export.zip", talks(COUNT))
    line = ("import", "chatgpt", str(export), "--vault", str(vault))

    async def cut_off(what: Callable[[asyncio.subprocess.Process], None]) -> tuple[int | None, str]:
        """Begin it, and do this once it writes."""
        before = notes_in(vault)
        process = await commonplace.begin(*line)
        while notes_in(vault) == before:
            assert process.returncode is None
            await asyncio.sleep(0.002)
        what(process)
        out, _ = await process.communicate()
        assert before < notes_in(vault) < COUNT
        return process.returncode, out.decode()

    def kill_daemon(_: asyncio.subprocess.Process) -> None:
        daemon = find_daemon(commonplace.home)
        assert daemon is not None
        os.kill(daemon.pid, signal.SIGKILL)

    async def nothing_is_wrong() -> bool:
        return "Nothing is wrong with the memory." in (await commonplace("doctor", "--vault", str(vault))).out

    stopped, said = await cut_off(lambda process: process.send_signal(signal.SIGINT))
    assert stopped == 130
    assert f"{notes_in(vault)} of {COUNT} notes are imported and linked." in said
    assert f"To go on: commonplace import chatgpt {export}" in said
    assert await nothing_is_wrong()

    killed, said = await cut_off(lambda process: process.kill())
    assert (killed, said) == (-signal.SIGKILL, "")
    # The batch that was sent is written to its end meanwhile.
    assert await nothing_is_wrong()

    left_alone, said = await cut_off(kill_daemon)
    assert left_alone == 1
    assert "The daemon has gone" in said
    # The batch in hand is finished at the daemon's next start.
    assert await nothing_is_wrong()

    rest = COUNT - notes_in(vault)
    done = await commonplace(*line)
    assert done.out.startswith(f"{rest} notes imported, {COUNT - rest} were here already.\n")
    assert await nothing_is_wrong()
    undone = await commonplace("undo", "--yes", "--vault", str(vault))
    assert undone.code == 0
    assert {place.name for place in vault.rglob("*.md") if ".trash" not in place.parts} == {"user.md"}
    assert (vault / "user.md").read_text() == NOTE
