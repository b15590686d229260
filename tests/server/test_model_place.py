"""Where the model runs is told before the first prompt, and mem-agent gets the prompt that it was trained with."""

from collections.abc import Awaitable, Callable
from typing import Any

from commonplace.config_edit import set_texts
from commonplace.models.scripted import ScriptedModel

StartDaemon = Callable[..., Awaitable[Any]]

REPLY = "<think>\nI know.\n</think>\n<python></python>\n<reply>\nYes.\n</reply>"


class MemAgent(ScriptedModel):
    name = "mem-agent-mlx-4bit"


async def place(daemon: Any) -> str | None:
    client = await daemon.connect()
    welcome = await client.call("initialize", {"protocolVersion": 1})
    return welcome["result"]["_meta"]["commonplace"]["model_host"]


async def test_a_model_elsewhere_is_told_with_its_host(start: StartDaemon) -> None:
    daemon = await start(ScriptedModel([]))
    assert await place(daemon) is None
    set_texts(daemon.home, {"model.backend": "openai", "model.base_url": "https://models.example.com/v1"})
    assert await place(daemon) == "models.example.com"
    set_texts(daemon.home, {"model.base_url": "http://127.0.0.1:11434/v1"})
    assert await place(daemon) is None


def notices(client: Any) -> list[str]:
    told = [update for update in client.updates if update["_meta"]["commonplace"].get("notice")]
    return [params["update"]["content"]["text"] for params in told]


async def test_a_model_that_moves_elsewhere_in_a_session_is_told_before_anything_is_sent_there(
    start: StartDaemon,
) -> None:
    daemon = await start(ScriptedModel([REPLY, REPLY]))
    client = await daemon.connect()
    await client.call("initialize", {"protocolVersion": 1})
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    assert notices(client) == []
    set_texts(daemon.home, {"model.backend": "openai", "model.base_url": "https://models.example.com/v1"})
    for asked_in in (session, await client.new_session(daemon.vault)):
        client.updates.clear()
        await client.prompt(asked_in, "Hm?")
        told = notices(client)
        assert len(told) == (asked_in == session)
        assert all("models.example.com, not on this machine" in text for text in told)


async def test_mem_agent_gets_its_own_prompt_once_it_was_fetched_and_ten_tools(start: StartDaemon) -> None:
    model = MemAgent([REPLY, REPLY, REPLY])
    daemon = await start(model)
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    await client.prompt(session, "Hm?")
    assert "search_notes" not in model.calls[0][0].content
    (daemon.home / "prompts").mkdir()
    (daemon.home / "prompts" / "mem-agent.txt").write_text("You were trained with this.")
    await client.prompt(session, "Hm?")
    assert model.calls[1][0].content == "You were trained with this."
    (daemon.home / "mine.md").write_text("You are mine.")
    set_texts(daemon.home, {"prompt_file": "mine.md"})
    await client.prompt(session, "Hm?")
    assert model.calls[2][0].content == "You are mine."
