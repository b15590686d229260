"""Tokens: scoped, revoked, replaced; running clients survive a replacement."""

import asyncio
import stat
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from commonplace.home import NotPrivate, find_daemon
from commonplace.models.scripted import ScriptedModel
from commonplace.server.extensions import OUT_OF_SCOPE
from commonplace.tokens import Scope, TokenError, new_token, read_tokens, revoke_token, tokens_file

StartDaemon = Callable[..., Awaitable[Any]]

only_where_modes_mean_something = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")


DONE = "<think>\nDone.\n</think>\n<python></python>\n<reply>\nDone.\n</reply>"


async def connect(daemon: Any, token: str) -> Any:
    """A client that brings that token."""
    import tests.conftest as shared

    socket = await daemon.http.ws_connect(f"{daemon.address}/acp", headers={"Authorization": f"Bearer {token}"})
    client = shared.Client(socket)
    await client.call("initialize", {"protocolVersion": 1})
    return client


async def refused(daemon: Any, token: str) -> bool:
    try:
        async with daemon.http.ws_connect(f"{daemon.address}/acp", headers={"Authorization": f"Bearer {token}"}):
            return False
    except aiohttp.WSServerHandshakeError as error:
        assert error.status == 401
        return True


async def test_a_running_client_survives_a_new_token_and_the_old_one_opens_nothing(start: StartDaemon) -> None:
    daemon = await start()
    old = daemon.running.discovery
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    assert (await client.call("_commonplace/rotate_token", {}))["result"] == {}
    new = find_daemon(daemon.home)
    assert new is not None
    assert (new.port, new.pid) == (old.port, old.pid)
    assert new.token != old.token
    assert "result" in await client.prompt(session, "What is my name?")
    assert await refused(daemon, old.token)
    assert not await refused(daemon, new.token)


async def test_a_daemon_with_a_new_token_still_withdraws_its_file(start: StartDaemon, tmp_path: Path) -> None:
    from commonplace.config import load_config
    from commonplace.models.reader import ReaderModel
    from commonplace.server.daemon import start_daemon

    async with (
        start_daemon(load_config(tmp_path), tmp_path, ReaderModel()) as running,
        aiohttp.ClientSession() as http,
        http.ws_connect(
            running.discovery.url, headers={"Authorization": f"Bearer {running.discovery.token}"}
        ) as socket,
    ):
        await socket.send_json({"jsonrpc": "2.0", "id": 1, "method": "_commonplace/rotate_token", "params": {}})
        await socket.receive()
    assert find_daemon(tmp_path) is None


@pytest.mark.parametrize("scope", [Scope.CHAT, Scope.READ_ONLY, Scope.MEMORY_ONLY])
async def test_a_scoped_token_talks_and_administers_nothing(start: StartDaemon, scope: Scope) -> None:
    daemon = await start()
    client = await connect(daemon, new_token(daemon.home, "editor", scope))
    session = await client.new_session(daemon.vault)
    assert "result" in await client.prompt(session, "What is my name?")
    for method in ("shutdown", "rotate_token", "tokens_changed", "status", "check_vaults"):
        assert (await client.call(f"_commonplace/{method}", {}))["error"]["code"] == OUT_OF_SCOPE
    assert not daemon.running.stopping.is_set()
    assert (await client.call("_commonplace/vaults", {}))["result"]["vaults"]


async def test_a_scoped_client_reaches_the_sessions_that_it_began_and_no_others(start: StartDaemon) -> None:
    daemon = await start()
    owner, editor = await daemon.connect(), await connect(daemon, new_token(daemon.home, "editor", Scope.CHAT))
    owners, editors = await owner.new_session(daemon.vault), await editor.new_session(daemon.vault)
    answer = await editor.prompt(owners, "What is my name?")
    assert "There is no session" in answer["error"]["message"]
    assert "result" in await owner.prompt(editors, "What is my name?")


async def test_a_read_only_client_writes_nothing_and_cannot_change_that(start: StartDaemon) -> None:
    code = 'create_file("entities/anna_berg.md", "# Anna Berg\\n- city: Bergen\\n")'
    block = f"<think>\nI write.\n</think>\n<python>\n{code}\n</python>"
    daemon = await start(ScriptedModel([block, DONE]))
    client = await connect(daemon, new_token(daemon.home, "editor", Scope.READ_ONLY))
    session = await client.new_session(daemon.vault)
    for mode in ("auto", "review"):
        answer = await client.call("session/set_mode", {"sessionId": session, "modeId": mode})
        assert answer["error"]["code"] == OUT_OF_SCOPE
    await client.prompt(session, "Remember Anna Berg, of Bergen.")
    assert not (daemon.vault / "entities" / "anna_berg.md").exists()


async def test_a_scoped_client_neither_lists_nor_loads_what_others_began(start: StartDaemon) -> None:
    daemon = await start()
    owner, editor = await daemon.connect(), await connect(daemon, new_token(daemon.home, "editor", Scope.CHAT))
    for client in (owner, editor):
        await client.prompt(await client.new_session(daemon.vault), "What is my name?")
    assert len((await owner.call("session/list", {}))["result"]["sessions"]) == 2
    (own,) = (await editor.call("session/list", {}))["result"]["sessions"]
    others = [one["sessionId"] for one in (await owner.call("session/list", {}))["result"]["sessions"]]
    others.remove(own["sessionId"])
    load: dict[str, object] = {"sessionId": others[0], "cwd": str(daemon.vault), "mcpServers": []}
    for method, parameters in (
        ("session/load", load),
        ("session/resume", load),
        ("session/delete", {"sessionId": others[0]}),
        ("_commonplace/replay", {"sessionId": others[0], "after": 0}),
        ("_commonplace/feed", {"vault": str(daemon.vault)}),
    ):
        assert "error" in await editor.call(method, parameters), method


async def test_a_memory_only_client_sees_the_memory_alone(start: StartDaemon) -> None:
    reads = (
        'a = read_file("Diary.md")\nb = list_files()\nc = go_to_link("[[Diary]]")\nd = check_if_file_exists("Diary.md")'
    )
    block = f"<think>\nI look.\n</think>\n<python>\n{reads}\n</python>"
    daemon = await start(ScriptedModel([block, DONE] * 2))
    (daemon.vault / "Diary.md").write_text("Wrote a secret.", encoding="utf-8")
    for token, sees in (
        (daemon.running.discovery.token, True),
        (new_token(daemon.home, "x", Scope.MEMORY_ONLY), False),
    ):
        client = await connect(daemon, token)
        await client.prompt(await client.new_session(daemon.vault), "What do I have?")
        said = str(client.updates)
        assert ("Wrote a secret." in said) is sees
        assert ("out of reach" in said) is not sees


async def test_a_revoked_token_is_cut_off_and_refused(start: StartDaemon) -> None:
    daemon = await start()
    token = new_token(daemon.home, "editor", Scope.CHAT)
    editor, owner = await connect(daemon, token), await daemon.connect()
    revoke_token(daemon.home, "editor")
    assert (await owner.call("_commonplace/tokens_changed", {}))["result"] == {}
    message = await editor.socket.receive(timeout=10)
    assert (message.type, message.data, message.extra) == (aiohttp.WSMsgType.CLOSE, 1008, "the token was revoked")
    assert await refused(daemon, token)
    assert await owner.new_session(daemon.vault)


async def test_a_client_that_is_cut_off_while_it_talks_learns_why(start: StartDaemon) -> None:
    slow = "<think>\n" + "slow " * 2_000
    daemon = await start(ScriptedModel([slow], chunk=5, delay=0.001))
    editor, owner = await connect(daemon, new_token(daemon.home, "editor", Scope.CHAT)), await daemon.connect()
    await editor.start_prompt(await editor.new_session(daemon.vault), "Hm?")

    async def talk() -> None:
        while not editor.socket.closed:
            with suppress(ConnectionError):
                await editor.send("session/list", {})
            await asyncio.sleep(0)

    talking = asyncio.create_task(talk())
    await editor.take()
    revoke_token(daemon.home, "editor")
    await owner.call("_commonplace/tokens_changed", {})
    async with asyncio.timeout(20):
        async for _ in editor.socket:
            pass
    await talking
    assert editor.socket.close_code == 1008


def test_the_file_holds_no_token_and_is_its_owners_alone(tmp_path: Path) -> None:
    token = new_token(tmp_path, "editor", Scope.MEMORY_ONLY)
    assert token not in tokens_file(tmp_path).read_text("utf-8")
    assert stat.S_IMODE(tokens_file(tmp_path).stat().st_mode) == 0o600 or sys.platform == "win32"
    assert [(known.name, known.scope) for known in read_tokens(tmp_path)] == [("editor", Scope.MEMORY_ONLY)]


def test_a_name_is_given_once_and_revoked_once(tmp_path: Path) -> None:
    new_token(tmp_path, "editor", Scope.CHAT)
    with pytest.raises(TokenError, match="commonplace token revoke editor"):
        new_token(tmp_path, "editor", Scope.FULL)
    revoke_token(tmp_path, "editor")
    with pytest.raises(TokenError, match="commonplace token list"):
        revoke_token(tmp_path, "editor")


@only_where_modes_mean_something
async def test_a_tokens_file_that_others_can_write_opens_nothing(start: StartDaemon) -> None:
    daemon = await start()
    token = new_token(daemon.home, "editor", Scope.CHAT)
    tokens_file(daemon.home).chmod(0o666)
    with pytest.raises(NotPrivate, match="chmod 600 "):
        read_tokens(daemon.home)
    assert await refused(daemon, token)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"tokens": 7}', '{"tokens": [{"name": "x"}]}'])
async def test_a_damaged_tokens_file_opens_nothing_and_says_so(start: StartDaemon, text: str) -> None:
    daemon = await start()
    token = new_token(daemon.home, "editor", Scope.CHAT)
    tokens_file(daemon.home).write_text(text, encoding="utf-8")
    with pytest.raises(TokenError, match="damaged"):
        read_tokens(daemon.home)
    assert await refused(daemon, token)
    await daemon.connect()
