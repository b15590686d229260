"""``commonplace chat`` in a terminal: a real one, of the kind that turns Ctrl-C into a signal."""

import asyncio
import os
import re
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any

import pytest

from commonplace.clients.connection import DaemonConnection
from commonplace.clients.wire import ClientError
from commonplace.home import Discovery, find_daemon
from commonplace.models.scripted import ScriptedModel
from terminal import CTRL_C

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pseudo-terminals of this kind")

Start = Any


def reply(text: str) -> str:
    return f"<python></python>\n<reply>\n{text}\n</reply>"


async def test_a_turn_is_shown_step_by_step(start: Start, open_chat: Any) -> None:
    code = 'user = read_file("user.md")\nok = update_file("user.md", "Robin", "Robyn")'
    await start(
        ScriptedModel([f"<think>\nI change it.\n</think>\n<python>\n{code}\n</python>", reply("It is **Robyn**.")])
    )
    terminal, banner = await open_chat()
    assert "Commonplace remembers in" in banner
    assert "Ctrl-D or /quit leaves" in banner
    shown = await terminal.ask("My name is Robyn")
    assert [line.rstrip() for line in shown.strip().splitlines()] == [
        "I change it.",
        "  · Changed user.md",
        "    - - user_name: Robin Ashdown",
        "    + - user_name: Robyn Ashdown",
        "It is Robyn.",
    ]
    assert await terminal.leave() == 0


async def test_the_banner_says_what_the_reader_is_not(start: Start, open_chat: Any) -> None:
    await start()
    terminal, banner = await open_chat()
    assert "is no language model" in banner
    assert await terminal.leave(b"/quit\n") == 0


async def test_ctrl_c_cancels_the_turn_and_not_the_program(start: Start, open_chat: Any) -> None:
    model = ScriptedModel(["<think>\n" + "slowly " * 2000, reply("Quick.")], chunk=7, delay=0.02)
    await start(model)
    terminal, _ = await open_chat()
    terminal.type(b"Think long\n")
    await terminal.until("slowly slowly")
    terminal.type(CTRL_C)
    assert "Stopped." in await terminal.until("> ")
    assert model.stopped_early == 1
    assert "Quick." in await terminal.ask("Now?")
    assert await terminal.leave() == 0


async def test_keys_typed_during_a_reply_do_not_disturb_it_and_a_stopped_one_is_drawn_once(
    start: Start, open_chat: Any
) -> None:
    words = " ".join(f"word{number}" for number in range(400))
    await start(ScriptedModel([f"<python></python>\n<reply>\n{words}", reply("Typed ahead.")], chunk=7, delay=0.02))
    terminal, _ = await open_chat()
    terminal.type(b"Think long\n")
    await terminal.until("word3")
    terminal.type(b"next" + CTRL_C)
    shown = await terminal.until("> ")
    assert "^C" not in shown
    assert "word0" not in shown.partition("Stopped.")[2]
    assert await terminal.leave() == 0


async def test_ctrl_c_at_the_prompt_says_how_to_leave(start: Start, open_chat: Any) -> None:
    await start(ScriptedModel([reply("Still here.")]))
    terminal, _ = await open_chat()
    for _ in range(20):  # the prompt is shown a moment before the program waits for keys; a person presses again, too
        terminal.type(CTRL_C)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(terminal.until("Ctrl-D or /quit leaves."), 1)
            break
    else:
        pytest.fail("it did not say how to leave")
    terminal.type(b"Hm?\n")
    await terminal.until("Still here.")
    await terminal.until("> ")
    assert await terminal.leave() == 0


async def test_an_error_does_not_end_the_conversation(start: Start, open_chat: Any) -> None:
    await start(ScriptedModel([]))
    terminal, _ = await open_chat()
    assert "The script is over." in await terminal.ask("Hm?")
    assert "The script is over." in await terminal.ask("Again?")
    assert await terminal.leave() == 0


async def test_a_note_cannot_steer_the_terminal(start: Start, open_chat: Any, vault: Any) -> None:
    (vault / "user.md").write_text("# User\n- name: \x1b]0;owned\x07\x1b[2Jx\n")
    code = 'user = read_file("user.md")\nok = update_file("user.md", "- name: ", "- name: y ")'
    await start(
        ScriptedModel([f"<think>\n\x1b[2J\n</think>\n<python>\n{code}\n</python>", reply("\x1b]0;owned\x07 x")])
    )
    terminal, _ = await open_chat()
    await terminal.ask("Hm?")
    assert "\x1b]" not in terminal.raw
    assert "\x1b[2J" not in terminal.raw
    assert "\x07" not in terminal.raw


async def test_the_banner_shows_a_vault_with_any_name(start: Start, open_chat: Any, tmp_path: Any) -> None:
    await start()
    odd = tmp_path / "[" / "bold]"
    odd.mkdir(parents=True)
    terminal, banner = await open_chat("--vault", str(odd), COLUMNS="400")
    assert f"remembers in {odd}" in banner
    assert await terminal.leave() == 0


async def test_no_color_is_respected(start: Start, open_chat: Any) -> None:
    await start(ScriptedModel([reply("**Bold** `code`")]))
    terminal, _ = await open_chat(NO_COLOR="1")
    await terminal.ask("Hm?")
    assert re.findall(r"\x1b\[[0-9;]*3[0-7]m", terminal.raw) == []


async def test_in_review_each_change_is_shown_and_asked_for(start: Start, open_chat: Any, vault: Any) -> None:
    def move(before: str, after: str) -> str:
        return f'<python>\nok = update_file("user.md", "{before}", "{after}")\n</python>'

    note = vault / "user.md"
    outputs = [move("Robin", "Robyn"), reply("One."), move("Robin", "Rob"), reply("Two.")]
    await start(ScriptedModel([*outputs, move("Rob ", "R "), move("R ", "Ro "), reply("Three.")]))
    terminal, banner = await open_chat("--mode", "review")
    assert "asked before each change" in banner
    for answer, name, said in (("n", "Robin", "One."), ("y", "Rob", "Two."), ("a", "Ro", "Three.")):
        terminal.type(b"Change it\n")
        shown = await terminal.until("turn: ")
        assert "? Change user.md" in shown
        assert "    + - user_name:" in shown
        terminal.type(f"{answer}\n".encode())
        assert said in await terminal.until("> ")
        assert f"- user_name: {name} Ashdown" in note.read_text()
    assert await terminal.leave() == 0


async def test_ctrl_c_at_a_question_cancels_the_turn(start: Start, open_chat: Any, vault: Any) -> None:
    move = '<python>\nok = update_file("user.md", "Robin", "Robyn")\n</python>'
    await start(ScriptedModel([move, reply("Still here.")]))
    terminal, _ = await open_chat("--mode", "review")
    terminal.type(b"Change it\n")
    await terminal.until("turn: ")
    terminal.type(CTRL_C)
    assert "Stopped." in await terminal.until("> ")
    assert "Still here." in await terminal.ask("Hm?")
    assert "Robin" in (vault / "user.md").read_text()
    assert await terminal.leave() == 0


@pytest.mark.timeout(240)
async def test_a_chat_goes_on_when_its_daemon_was_ended(open_chat: Any, commonplace: Any, vault: Any) -> None:
    terminal, _ = await open_chat("--vault", str(vault))
    assert "Robin Ashdown" in await terminal.ask("What is my name?")
    assert (await commonplace("stop")).code == 0
    shown = await terminal.ask("What is my name?")
    assert "The daemon has gone" in shown
    assert "Robin Ashdown" in shown
    assert await terminal.leave() == 0


@pytest.mark.timeout(240)
async def test_a_chat_goes_on_when_its_daemon_was_killed(open_chat: Any, commonplace: Any, vault: Any) -> None:
    terminal, _ = await open_chat("--vault", str(vault))
    for _ in range(3):
        found = find_daemon(commonplace.home)
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
        assert "Robin Ashdown" in await terminal.ask("What is my name?")
    assert await terminal.leave() == 0


async def test_a_daemon_that_dies_in_the_handshake_is_one_that_does_not_answer() -> None:
    async def reset(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async with await asyncio.start_server(reset, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for _ in range(100):  # it depends on the moment whether the send or the receive sees the end
            with pytest.raises(ClientError):
                await asyncio.to_thread(DaemonConnection, Discovery(port, "token", 1, "0"))


async def test_a_turn_that_a_killed_daemon_cut_is_told_with_the_notes_it_changed(
    open_chat: Any, commonplace: Any, vault: Any, slow_server: Any
) -> None:
    terminal, _ = await open_chat("--vault", str(vault), **slow_server)
    terminal.type(b"Change my name\n")
    await terminal.until("Robyn Ashdown")
    found = find_daemon(commonplace.home)
    assert found is not None
    os.kill(found.pid, signal.SIGKILL)
    shown = await terminal.until("> ")
    assert "The daemon has gone" in shown
    assert "! The daemon ended in the middle of this turn. By then it had changed user.md." in " ".join(shown.split())
    assert await terminal.leave() == 0


async def test_a_question_that_is_open_when_the_daemon_ends_is_given_up_at_once(
    open_chat: Any, commonplace: Any, vault: Any, slow_server: Any
) -> None:
    terminal, _ = await open_chat("--vault", str(vault), "--mode", "review", **slow_server)
    terminal.type(b"Change my name\n")
    await terminal.until("turn: ")
    refused = await commonplace("stop")
    assert refused.code == 1
    assert "1 client and a change that waits for your yes in 'Change my name'" in refused.err
    assert "--yes" in refused.err
    assert (await commonplace("stop", "--yes")).code == 0
    shown = " ".join((await terminal.until("> ")).split())
    assert "The question is open no more." in shown
    assert "! The daemon ended in the middle of this turn. It had changed no note. Ask again; nothing was" in shown
    assert "Connecting again" not in shown
    assert "Robin" in (vault / "user.md").read_text()


async def test_a_question_that_another_client_answers_is_asked_no_more(
    start: Start, open_chat: Any, vault: Any
) -> None:
    move = '<python>\nok = update_file("user.md", "Robin", "Robyn")\n</python>'
    daemon = await start(ScriptedModel([move, reply("It is done.")]))
    terminal, _ = await open_chat("--mode", "review")
    terminal.type(b"Change it\n")
    await terminal.until("turn: ")
    other = await daemon.connect()
    session = (await other.call("session/list", {}))["result"]["sessions"][0]["sessionId"]
    await other.call("session/load", {"sessionId": session, "cwd": str(vault), "mcpServers": []})
    await other.decide(await other.question(), "allow_once")
    shown = await terminal.until("> ")
    assert "It was answered in another window." in shown
    assert "It is done." in shown
    assert "Robyn" in (vault / "user.md").read_text()
    assert await terminal.leave() == 0


async def test_an_answer_that_is_none_is_told_what_to_type(start: Start, open_chat: Any, vault: Any) -> None:
    await start(
        ScriptedModel(['<python>\nok = update_file("user.md", "Robin", "Robyn")\n</python>', reply("Left alone.")])
    )
    terminal, _ = await open_chat("--mode", "review")
    terminal.type(b"Change it\n")
    await terminal.until("turn: ")
    terminal.type(b"maybe\n")
    assert "Type y, n or a" in await terminal.until("turn: ")
    terminal.type(b"n\n")
    assert "Left alone." in await terminal.until("> ")
    assert "Robin" in (vault / "user.md").read_text()
    assert await terminal.leave() == 0
