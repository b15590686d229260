"""``commonplace ask`` and piped ``commonplace chat``, as processes against a daemon with a script."""

import asyncio
import json
import os
import shlex
import signal
from typing import Any

import pytest

from commonplace.config_edit import set_value
from commonplace.home import find_daemon
from commonplace.models.scripted import ScriptedModel
from commonplace.server.logs import start_logging

Command = Any
Start = Any

READ = '<think>\nI look.\n</think>\n<python>\nuser = read_file("user.md")\n</python>'
REPLY = "<think>\nFound.\n</think>\n<python></python>\n<reply>\nYour name is **Robin**.\n</reply>"


def replies(*texts: str) -> ScriptedModel:
    return ScriptedModel([f"<python></python>\n<reply>\n{text}\n</reply>" for text in texts])


async def test_the_answer_alone_goes_to_a_pipe(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel([READ, REPLY]))
    ended = await commonplace("ask", "What is my name?")
    assert (ended.code, ended.out, ended.err) == (0, "Your name is **Robin**.\n", "")


async def test_json_prints_every_update_as_a_line(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel([READ, REPLY]))
    ended = await commonplace("ask", "--json", "What is my name?")
    updates = [json.loads(line) for line in ended.out.splitlines()]
    kinds = [one["update"]["sessionUpdate"] for one in updates]
    assert ended.code == 0
    metas = [one["_meta"]["commonplace"] for one in updates]
    numbers = [number for meta in metas for number in range(meta.get("first", meta["seq"]), meta["seq"] + 1)]
    assert numbers == list(range(2, len(numbers) + 2))
    assert kinds[0] == "agent_thought_chunk"
    assert {"tool_call", "tool_call_update", "agent_message_chunk"} <= set(kinds)
    assert updates[-1]["_meta"]["commonplace"]["ended"]["reply"] == "Your name is **Robin**."


async def test_json_comes_while_the_turn_runs(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel(["<think>\n" + "slow " * 1000], chunk=5, delay=0.05))
    process = await commonplace.begin("ask", "--json", "What is my name?")
    first = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    assert first["update"]["sessionUpdate"] == "agent_thought_chunk"
    process.send_signal(signal.SIGINT)
    out, _ = await asyncio.wait_for(process.communicate(), 20)
    assert json.loads(out.splitlines()[-1])["_meta"]["commonplace"]["ended"]["reason"] == "cancelled"
    assert process.returncode == 130


async def test_a_model_that_gave_up_has_not_answered(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel([READ] * 60))
    for options in ((), ("--json",)):
        ended = await commonplace("ask", *options, "What is my name?")
        assert ended.code == 1
        assert "I stopped without an answer after 20 steps. I changed no note." in ended.out
    piped = await commonplace("chat", stdin="What is my name?\n")
    assert piped.code == 1
    assert piped.err == "No answer: the model used up the steps of a turn. Ask in smaller parts, or name the note.\n"


async def test_a_question_that_was_stopped_is_not_taken_for_answered(start: Start, commonplace: Command) -> None:
    model = ScriptedModel(["<python></python>\n<reply>\n" + "slow " * 1000], chunk=5, delay=0.05)
    await start(model)
    process = await commonplace.begin("ask", "What is my name?")
    while not model.calls:
        await asyncio.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert (process.returncode, err) == (130, b"")


async def test_filters_reach_the_model(start: Start, commonplace: Command) -> None:
    model = replies("No.")
    await start(model)
    await commonplace("ask", "How old am I?", "--filter", "do not tell my age", "--filter", "be brief")
    asked = model.calls[0][-1].content
    assert asked.startswith("How old am I?")
    assert "do not tell my age" in asked
    assert "be brief" in asked


async def test_piped_questions_are_one_conversation(start: Start, commonplace: Command) -> None:
    model = replies("One.", "Two.")
    await start(model)
    ended = await commonplace("chat", stdin="first\n\n   \nsecond")
    assert (ended.code, ended.out, ended.err) == (0, "One.\nTwo.\n", "")
    assert [message.content for message in model.calls[1] if message.role == "user"] == ["first", "second"]


async def test_a_piped_question_is_answered_before_the_next_one_is_written(start: Start, commonplace: Command) -> None:
    await start(replies("One.", "Two."))
    process = await commonplace.begin("chat")
    for question, answer in ((b"first\n", b"One.\n"), (b"second\n", b"Two.\n")):
        process.stdin.write(question)
        assert await asyncio.wait_for(process.stdout.readline(), 20) == answer
    out, err = await process.communicate(b"")
    assert (process.returncode, out, err) == (0, b"", b"")


async def test_a_failed_question_is_told_and_the_next_is_answered(start: Start, commonplace: Command) -> None:
    model = ScriptedModel(["no tags at all"] * 3 + ["<python></python>\n<reply>\nTwo.\n</reply>"])
    await start(model)
    ended = await commonplace("chat", stdin="first\nsecond\n")
    assert (ended.code, ended.out) == (1, "Two.\n")
    assert len(ended.err.splitlines()) == 1
    assert "could not be read" in ended.err


async def test_a_model_that_fails_is_one_sentence_with_advice(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel([]))
    ended = await commonplace("ask", "What is my name?")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "The script is over. Give the scripted model one more output.\n"


async def test_what_came_before_a_failure_is_shown(start: Start, commonplace: Command) -> None:
    await start(ScriptedModel([READ]))
    ended = await commonplace("ask", "--json", "What is my name?")
    assert ended.code == 1
    assert '"Read user.md"' in ended.out
    assert "The script is over." in ended.err


@pytest.mark.parametrize("arguments", [("ask", b"caf\xe9?"), ("chat",)])
async def test_a_question_that_is_no_utf_8_is_asked_all_the_same(
    start: Start, commonplace: Command, arguments: tuple[str | bytes, ...]
) -> None:
    await start(replies("Hm."))
    ended = await commonplace(*arguments, stdin=b"caf\xe9?\n")
    assert (ended.code, ended.out) == (0, "Hm.\n")


async def test_an_answer_goes_to_a_terminal_of_another_encoding(start: Start, commonplace: Command) -> None:
    await start(replies("Zoë 雪"))
    ended = await commonplace("ask", "Who?", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (ended.code, ended.out) == (0, "Zo? ?\n")


async def test_a_question_that_is_too_large_is_refused(start: Start, commonplace: Command) -> None:
    await start(replies("Hm."))
    ended = await commonplace("chat", stdin="x" * 1_100_000 + "\n")
    assert (ended.code, ended.out) == (1, "")
    assert "1 MiB" in ended.err


async def test_a_reader_that_hangs_up_is_no_error(start: Start, commonplace: Command) -> None:
    await start(replies("long " * 50_000, "next"))
    process = await commonplace.begin("chat")
    process.stdout._transport.close()
    _, err = await process.communicate(b"first\nsecond\n")
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err


async def test_the_vault_is_named_by_its_folder_or_its_name(start: Start, commonplace: Command, tmp_path: Any) -> None:
    await start(replies("a", "b", "c"))
    for name in ("vault", str(tmp_path / "vault"), "../vault"):
        assert (await commonplace("ask", "Hm?", "--vault", name)).code == 0


async def test_a_vault_that_is_not_there_is_told_with_the_command_to_make_it(
    start: Start, commonplace: Command, tmp_path: Any
) -> None:
    await start(replies())
    missing = tmp_path / "my notes"
    ended = await commonplace("ask", "Hm?", "--vault", str(missing))
    assert ended.code == 1
    typed = shlex.quote(str(missing))
    assert ended.err == f"The vault {missing} does not exist. Type: commonplace vault init {typed}\n"
    assert not missing.exists()
    (tmp_path / "file").write_text("x")
    ended = await commonplace("ask", "Hm?", "--vault", str(tmp_path / "file"))
    assert ended.code == 1
    assert "is a file, not a folder" in ended.err


async def test_a_vault_that_has_gone_is_told(start: Start, commonplace: Command, vault: Any) -> None:
    await start(replies())
    vault.rename(vault.with_name("elsewhere"))
    ended = await commonplace("ask", "Hm?")
    assert ended.code == 1
    assert str(vault) in ended.err
    assert len(ended.err.splitlines()) == 1


async def test_a_vault_that_was_not_registered_is_and_a_running_daemon_knows_it(
    start: Start, commonplace: Command, tmp_path: Any
) -> None:
    await start(ScriptedModel([READ, REPLY]))
    other = tmp_path / "other"
    (other / "Mind" / "entities").mkdir(parents=True)
    (other / "Mind" / "user.md").write_text("# User\n")
    ended = await commonplace("ask", "Hm?", "--vault", str(other))
    assert (ended.code, ended.err) == (0, "Registered the vault 'other', with the memory in Mind.\n")


async def test_a_vault_without_user_md_is_a_first_run(start: Start, commonplace: Command, tmp_path: Any) -> None:
    await start(replies("Hello."))
    empty = tmp_path / "empty"
    empty.mkdir()
    ended = await commonplace("ask", "Hm?", "--vault", str(empty))
    assert (ended.code, ended.out) == (0, "Hello.\n")
    assert "no user.md yet" in ended.err
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize("end", ["stopped", "killed"])
@pytest.mark.parametrize("arguments", [("ask", "Change my name"), ("chat",)], ids=["ask", "piped chat"])
async def test_a_turn_that_the_daemons_end_has_cut_is_told_with_what_it_changed(
    commonplace: Command, vault: Any, slow_server: Any, arguments: tuple[str, ...], end: str
) -> None:
    process = await commonplace.begin(*arguments, "--vault", str(vault), **slow_server)
    process.stdin.write(b"Change my name\n")
    process.stdin.close()
    while "Robyn" not in (vault / "user.md").read_text():
        await asyncio.sleep(0.02)
    if end == "stopped":
        assert (await commonplace("stop", "--yes")).code == 0
    else:
        found = find_daemon(commonplace.home)
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 1
    assert "The daemon ended in the middle of this turn. By then it had changed user.md." in err.decode()
    assert "Type: commonplace history" in err.decode()
    assert ("Connecting again" in err.decode()) == (end == "killed")


@pytest.mark.parametrize("arguments", [("ask", "Hm?"), ("ask", "Hm?", "--json"), ("chat",)])
async def test_review_without_a_terminal_says_what_to_type(
    start: Start, commonplace: Command, arguments: tuple[str, ...]
) -> None:
    daemon = await start(replies("Hm."))
    log = start_logging(daemon.home)
    set_value(daemon.home, "agent.mode", "review")
    for mode in (["--mode", "review"], []):
        ended = await commonplace(*arguments, *mode, stdin="Hm?\n")
        assert (ended.code, ended.out) == (1, "")
        assert "no terminal to ask in" in ended.err
        assert "--mode read-only" in ended.err
    assert " began" not in log.read_text()


async def test_read_only_changes_nothing(start: Start, commonplace: Command, vault: Any) -> None:
    write = '<python>\nok = update_file("user.md", "Robin", "Robyn")\n</python>'
    await start(ScriptedModel([write, "<python></python>\n<reply>\nI may not.\n</reply>"]))
    ended = await commonplace("ask", "I am Robyn", "--mode", "read-only")
    assert (ended.code, ended.out) == (0, "I may not.\n")
    assert "Robin" in (vault / "user.md").read_text()


async def test_a_mode_that_is_none_is_refused_with_those_that_are(start: Start, commonplace: Command) -> None:
    ended = await commonplace("ask", "Hm?", "--mode", "bold")
    assert ended.code == 2
    for mode in ("auto", "review", "read-only"):
        assert mode in ended.err
