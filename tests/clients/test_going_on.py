"""``commonplace chat --continue``: the last turn is shown again, and one that is under way is followed to its end."""

import asyncio
import json
import sys
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from commonplace.clients.connection import DaemonConnection
from commonplace.home import Discovery
from commonplace.models.scripted import ScriptedModel
from terminal import CTRL_C

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")

Start = Any
WRITE = '<python>\nok = update_file("user.md", "Robin", "Robyn")\n</python>'


def reply(text: str) -> str:
    return f"<python></python>\n<reply>\n{text}\n</reply>"


async def test_the_last_turn_is_shown_and_no_earlier_one(start: Start, open_chat: Any, vault: Any) -> None:
    daemon = await start(ScriptedModel([reply("One."), reply("Two."), reply("Three.")]))
    client = await daemon.connect()
    session = await client.new_session(vault)
    for question in ("The first?", "The second?"):
        await client.prompt(session, question)
    terminal, banner = await open_chat("--continue")
    assert "Going on with 'The first?'." in banner
    shown = await terminal.until("> ")
    assert [line.strip() for line in shown.splitlines() if line.strip()] == ["The second?", "Two."]
    assert "Three." in await terminal.ask("The third?")
    assert await terminal.leave() == 0


async def test_a_question_that_is_open_is_asked_and_the_turn_is_followed_to_its_end(
    start: Start, open_chat: Any, vault: Any
) -> None:
    daemon = await start(ScriptedModel([WRITE, reply("It is done.")]))
    client = await daemon.connect()
    session = await client.new_session(vault)
    await client.call("session/set_mode", {"sessionId": session, "modeId": "review"})
    prompt = await client.start_prompt(session, "Change it")
    await client.question()
    terminal, _ = await open_chat("--continue")
    assert "Change user.md" in await terminal.until("turn: ")
    terminal.type(b"y\n")
    assert "It is done." in await terminal.until("> ")
    assert "Robyn" in (vault / "user.md").read_text()
    assert (await client.answer(prompt))["result"]["stopReason"] == "end_turn"
    assert await terminal.leave() == 0


async def test_a_turn_that_is_followed_is_stopped_by_ctrl_c(start: Start, open_chat: Any, vault: Any) -> None:
    daemon = await start(ScriptedModel(["<think>\n" + "word " * 10_000], chunk=5, delay=0.02))
    client = await daemon.connect()
    session = await client.new_session(vault)
    prompt = await client.start_prompt(session, "Wait")
    await client.until_number(3)
    terminal, _ = await open_chat("--continue")
    await terminal.until("word word")
    terminal.type(CTRL_C)
    assert "Stopped." in await terminal.until("> ")
    assert (await client.answer(prompt))["result"]["stopReason"] == "cancelled"
    assert await terminal.leave() == 0


async def test_a_chat_that_reads_nothing_answers_the_daemons_pings_however_much_was_said() -> None:
    answered = asyncio.Event()

    async def serve_one(socket: ServerConnection) -> None:
        asked = json.loads(await socket.recv())
        await socket.send(json.dumps({"jsonrpc": "2.0", "id": asked["id"], "result": {}}))
        for _ in range(1_000):
            await socket.send("{}")
        await (await socket.ping())
        answered.set()
        await socket.wait_closed()

    async with serve(serve_one, "127.0.0.1", 0, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        with await asyncio.to_thread(DaemonConnection, Discovery(port, "token", 1, "0")):
            await asyncio.wait_for(answered.wait(), 20)
