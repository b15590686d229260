"""A change of the config holds from the next turn or session on, without a restart; a broken one changes nothing."""

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import config_file, load_config, register_vault
from commonplace.config_edit import set_value
from commonplace.models.base import Model
from commonplace.models.scripted import ScriptedModel
from commonplace.server import live_config
from commonplace.server.live_config import LiveConfig
from commonplace.settings import Config, ModelConfig

StartDaemon = Callable[..., Awaitable[Any]]


class Answering(ScriptedModel):
    """Says one thing, and tells whether it was closed."""

    def __init__(self, text: str) -> None:
        super().__init__([said(text)])
        self.closed = False

    async def close(self) -> None:
        self.closed = True


def said(text: str) -> str:
    return f"<think>\nI know.\n</think>\n<python></python>\n<reply>\n{text}\n</reply>"


async def test_another_model_answers_from_the_next_turn_on_and_the_old_one_is_closed(start: StartDaemon) -> None:
    first = Answering("Said by the first.")
    asked: list[str] = []

    def make(config: ModelConfig) -> Model:
        asked.append(config.name)
        return Answering("Said by the second.")

    daemon = await start(first, make_model=make)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Who are you?")
    assert client.reply == "Said by the first."
    set_value(daemon.home, "model.name", "second")
    await client.prompt(session, "Who are you now?")
    assert client.reply == "Said by the second."
    assert (asked, first.closed) == (["second"], True)


def test_a_file_that_is_just_being_saved_in_place_is_not_taken_for_an_empty_one(tmp_path: Path) -> None:
    config_file(tmp_path).write_text("[daemon]\nport = 7777\n")
    live = LiveConfig(tmp_path, load_config(tmp_path))
    config_file(tmp_path).write_text("")
    saved = threading.Timer(0.005, config_file(tmp_path).write_text, ["[daemon]\nport = 7778\n"])
    saved.start()
    assert live.current().daemon.port == 7778
    saved.join()
    config_file(tmp_path).write_text("")
    assert live.current().daemon.port == 0


async def test_a_broken_file_leaves_the_last_good_one_in_force_and_is_told(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    good = config_file(daemon.home).read_text("utf-8")
    config_file(daemon.home).write_text("[model\n", encoding="utf-8")
    assert await client.new_session(daemon.vault)
    (problem,) = (await client.call("_commonplace/status", {}))["result"]["problems"]
    assert str(config_file(daemon.home)) in problem
    assert "the settings of before hold" in problem
    config_file(daemon.home).write_text(good, encoding="utf-8")
    assert (await client.call("_commonplace/status", {}))["result"]["problems"] == []


async def test_a_model_that_cannot_be_made_leaves_the_last_good_one(start: StartDaemon, tmp_path: Path) -> None:
    from commonplace.server.model import model_of

    daemon = await start(Answering("Still here."), make_model=partial(model_of, tmp_path / "home"))
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    set_value(daemon.home, "model.api_key_env", "NO_SUCH_KEY")
    set_value(daemon.home, "model.backend", "openai")
    await client.prompt(session, "Who are you?")
    assert client.reply == "Still here."
    (problem,) = (await client.call("_commonplace/status", {}))["result"]["problems"]
    assert "NO_SUCH_KEY is not set" in problem


async def test_a_changed_prompt_file_is_read_for_the_next_turn(start: StartDaemon, tmp_path: Path) -> None:
    model = ScriptedModel([said("One."), said("Two.")])
    daemon = await start(model)
    prompt = daemon.home / "prompt.md"
    prompt.write_text("You are brief.", encoding="utf-8")
    set_value(daemon.home, "prompt_file", "prompt.md")
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    prompt.write_text("You are long-winded.", encoding="utf-8")
    await client.prompt(session, "Hm?")
    assert [messages[0].content for messages in model.calls] == ["You are brief.", "You are long-winded."]


async def test_nobody_is_given_the_old_config_while_another_thread_reads_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = LiveConfig(tmp_path, load_config(tmp_path))

    def slowly(*arguments: Any) -> Config:
        time.sleep(0.1)
        return load_config(*arguments)

    monkeypatch.setattr(live_config, "load_config", slowly)
    config_file(tmp_path).write_text("[daemon]\nport = 4711\n")
    found = await asyncio.gather(*(asyncio.to_thread(live.current) for _ in range(4)))
    assert [config.daemon.port for config in found] == [4711] * 4


async def test_a_vault_that_is_registered_while_the_daemon_runs_is_known_at_once(
    start: StartDaemon, tmp_path: Path
) -> None:
    daemon = await start()
    client = await daemon.connect()
    other = tmp_path / "other"
    other.mkdir()
    register_vault(daemon.home, other)
    assert await client.new_session(other)


async def test_flags_hold_when_the_file_changes(start: StartDaemon) -> None:
    daemon = await start(flags={"daemon.idle_minutes": "3"})
    client = await daemon.connect()
    set_value(daemon.home, "daemon.idle_minutes", "7")
    assert (await client.call("_commonplace/status", {}))["result"]["flags"] == {"daemon.idle_minutes": "3"}


async def test_how_long_a_model_may_write_is_a_setting(start: StartDaemon) -> None:
    slow = ScriptedModel(["<think>\n" + "Let me see. " * 100], chunk=1, delay=0.02)
    daemon = await start(slow)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    set_value(daemon.home, "model.answer_minutes", "0.005")
    answer = await client.prompt(session, "Who are you?")
    assert answer["error"]["message"] == "The model came to no end within 0.005 minutes."
