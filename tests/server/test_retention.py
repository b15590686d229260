"""Sessions are kept as long and as much as the config says; a text that is purged is nowhere any more."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from commonplace.models.scripted import ScriptedModel
from commonplace.server.archive import Archive, open_archive
from commonplace.server.log import EventLog
from commonplace.server.numbered import Numbered, Update
from commonplace.server.records import SessionRecord
from commonplace.settings import SessionsConfig
from commonplace.vault.journal import Journal

StartDaemon = Callable[..., Awaitable[Any]]
DAY = 86_400.0


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return open_archive(tmp_path, Journal(tmp_path / "journal"))


def keep(archive: Archive, name: str, *, days: float = 0.0, title: str = "Hm?", size: int = 10) -> None:
    archive.records.add(SessionRecord(name, "/vault", title, "auto", time.time() - days * DAY))
    archive.log.append(Numbered(name, 1, Update({"sessionUpdate": "x"}, {}, None, "x" * size)))
    archive.log.flush()


def kept(archive: Archive) -> set[str]:
    return {record.id for record in archive.records.sessions(None, None)}


async def test_sessions_go_after_so_many_days_but_not_one_that_runs(archive: Archive) -> None:
    for name, days in (("new", 1.0), ("old", 11.0), ("running", 12.0)):
        keep(archive, name, days=days)
    assert archive.retention.prune(SessionsConfig(days=10), ["running"]) == 1
    assert kept(archive) == {"new", "running"}
    assert archive.log.read("old", 0) == []


async def test_the_oldest_go_until_the_rest_fits(archive: Archive) -> None:
    for days in range(8):
        keep(archive, f"{days}", days=float(days), size=500_000)
    archive.retention.prune(SessionsConfig(megabytes=2), [])
    assert kept(archive) == {"0", "1", "2"}


async def test_a_session_that_was_never_asked_anything_goes_after_a_day(archive: Archive) -> None:
    keep(archive, "asked", days=2.0)
    keep(archive, "begun", days=2.0, title="")
    keep(archive, "just begun", title="")
    archive.retention.prune(SessionsConfig(), [])
    assert archive.records.session("begun") is None
    assert archive.records.session("just begun") is not None


@pytest.mark.parametrize("text", ["Atlantis 7", 'say "hi"\nö', "word"])
async def test_a_purged_text_is_nowhere_on_the_disk(start: StartDaemon, text: str) -> None:
    note = json.dumps(f"# User\n- about: {text}\n")
    outputs = [
        f"<think>\nAbout {text}.\n</think>\n<python>\nok = update_file('user.md', '# User\\n', {note})\n</python>",
        f"<python></python>\n<reply>\nI wrote {text} down.\n</reply>",
    ]
    daemon = await start(ScriptedModel(outputs, chunk=3))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    assert (await client.prompt(session, f"Remember {text}!"))["result"]["stopReason"] == "end_turn"
    await client.socket.close()
    archive = open_archive(daemon.home, Journal(daemon.home / "other"))
    changed = await asyncio.to_thread(archive.retention.purge, [text, ""])
    assert changed >= 4
    assert await asyncio.to_thread(archive.retention.purge, [text]) == 0
    stored = b"".join(file.read_bytes() for file in daemon.home.glob("sessions.db*"))
    assert text.encode() not in stored
    assert json.dumps(text, ensure_ascii=False)[1:-1].encode() not in stored
    archive.log.close()
    other = await daemon.connect()
    loaded = await other.call("session/load", {"sessionId": session, "cwd": str(daemon.vault), "mcpServers": []})
    assert "result" in loaded, loaded
    assert other.reply == "I wrote [forgotten] down."
    assert text not in json.dumps(other.updates, ensure_ascii=False)


async def test_a_damaged_file_is_set_aside_and_the_daemon_starts(start: StartDaemon, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "sessions.db").write_bytes(b"SQLite format 3\0" + b"nonsense" * 1000)
    daemon = await start(ScriptedModel(["<python></python><reply>Hello.</reply>"]))
    client = await daemon.connect()
    await client.prompt(await client.new_session(daemon.vault), "Hm?")
    assert client.reply == "Hello."
    assert list(daemon.home.glob("sessions.db.damaged-*"))


async def test_what_cannot_be_stored_ends_the_turn_with_the_reason(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon = await start(ScriptedModel(["<think>\n" + "slowly " * 50 + "</think>"], chunk=7, delay=0.01))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    request = await client.start_prompt(session, "Hm?")
    await client.until_number(5)

    def full(_log: EventLog, _batch: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(EventLog, "_write", full)
    answer = await client.answer(request)
    assert "could not be stored (database or disk is full)" in answer["error"]["message"]
    assert client.updates[-1]["_meta"]["commonplace"]["ended"]["reason"] == "failed"


async def test_the_files_of_sessions_are_their_owners_alone(start: StartDaemon) -> None:
    daemon = await start()
    for file in daemon.home.glob("sessions.db*"):
        assert file.stat().st_mode & 0o077 == 0, file
