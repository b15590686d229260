"""What is no message gets one clear answer, and the connection lives on."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from commonplace.server.daemon import LARGEST_MESSAGE
from commonplace.server.sessions import Sessions

StartDaemon = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize("frame", ["no json", "", "{", "[" * 100_000, '{"a": NaN', '{"id": NaN, "method": "x"}'])
async def test_a_frame_that_is_no_json_is_a_parse_error(start: StartDaemon, frame: str) -> None:
    client = await (await start()).connect()
    await client.socket.send_str(frame)
    answer = await client.receive()
    assert answer["error"]["code"] == -32700
    assert answer["id"] is None
    assert (await client.call("initialize", {"protocolVersion": 1}))["result"]


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        ("[1, 2]", None),
        ('"text"', None),
        ("7", None),
        ("{}", None),
        ('{"id": 6}', 6),
        ('{"id": "six", "params": {}}', "six"),
        ('{"id": 6, "method": null}', 6),
        ('{"id": 6, "method": ["initialize"]}', 6),
        ('{"id": [6], "method": "initialize"}', None),
        ('{"id": true, "method": "initialize"}', None),
        ('{"id": 0, "error": "no"}', 0),
        ('{"result": {}}', None),
    ],
)
async def test_json_that_is_no_message_is_an_invalid_request(start: StartDaemon, frame: str, told: object) -> None:
    client = await (await start()).connect()
    await client.socket.send_str(frame)
    answer = await client.receive()
    assert answer["error"]["code"] == -32600
    assert answer["id"] == told
    assert (await client.call("initialize", {"protocolVersion": 1}))["result"]


async def test_a_binary_frame_is_refused(start: StartDaemon) -> None:
    client = await (await start()).connect()
    await client.socket.send_bytes(b"{}")
    assert (await client.receive())["error"]["message"] == "Messages are JSON in text frames."


@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("no/such", {}, -32601),
        ("_commonplace/no", {}, -32601),
        ("session/new", {}, -32602),
        ("session/new", {"cwd": 7}, -32602),
        ("session/new", [1], -32602),
        ("session/prompt", {"sessionId": "unknown", "prompt": [{"type": "text", "text": "x"}]}, -32602),
        ("session/prompt", {"sessionId": "unknown"}, -32602),
    ],
)
async def test_a_request_that_cannot_be_done_says_why(
    start: StartDaemon, method: str, params: object, code: int
) -> None:
    client = await (await start()).connect()
    assert (await client.call(method, params))["error"]["code"] == code


@pytest.mark.parametrize(
    ("method", "params", "said"),
    [
        ("session/new", {}, "cwd is missing."),
        ("session/new", {"cwd": ["SECRET"]}, "cwd must be a valid string."),
        ("session/new", ["SECRET"], "The parameters must be one JSON object."),
        ("session/prompt", {"sessionId": "x", "prompt": "SECRET"}, "prompt must be a valid list."),
        ("session/prompt", {"sessionId": "x", "prompt": ["SECRET"]}, "prompt.0 must be an object."),
        ("session/prompt", {"sessionId": "x", "prompt": [{"type": "SECRET"}]}, "prompt.0 has no type that is known"),
        ("_commonplace/history", {"vault": {"SECRET": 1}}, "vault must be a valid string."),
        ("_commonplace/history", {"vault": "v", "last": 0}, "last must be greater than or equal to 1."),
        ("_commonplace/history", ["SECRET"], "The parameters must be one JSON object."),
    ],
)
async def test_parameters_that_do_not_fit_are_named_in_a_sentence_and_not_quoted(
    start: StartDaemon, method: str, params: object, said: str
) -> None:
    client = await (await start()).connect()
    error = (await client.call(method, params))["error"]
    assert error["code"] == -32602
    assert error["message"].startswith(said)
    assert error["data"] is None
    assert "SECRET" not in str(error)


@pytest.mark.parametrize("meta", [7, {"session_id": ["x"]}, {"self": 1, "prompt": 7}, {"commonplace": 7}])
async def test_what_else_stands_in_meta_reaches_no_method(start: StartDaemon, meta: object) -> None:
    daemon = await start()
    client = await daemon.connect()
    asked = {"sessionId": await client.new_session(daemon.vault), "prompt": [{"type": "text", "text": "Hm?"}]}
    answer = await client.call("session/prompt", {**asked, "_meta": meta})
    refused = meta == {"commonplace": 7}
    assert ("_meta.commonplace must be an object" in str(answer)) is refused
    assert ("result" in answer) is not refused


async def test_a_mistake_of_ours_is_answered_in_a_sentence_that_quotes_nothing(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise KeyError("a line of a note")

    monkeypatch.setattr(Sessions, "page", fails)
    client = await (await start()).connect()
    error = (await client.call("session/list", {}))["error"]
    assert (error["code"], error["data"]) == (-32603, None)
    assert "its log says where" in error["message"]
    assert "KeyError at " in caplog.text
    assert "a line of a note" not in caplog.text


async def test_a_prompt_without_text_or_with_wrong_filters_is_refused(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    session = await client.new_session(daemon.vault)
    assert "no text" in (await client.prompt(session, "  "))["error"]["message"]
    assert "list of texts" in (await client.prompt(session, "x", filters="no age"))["error"]["message"]


async def test_an_unknown_vault_is_named_with_the_command_to_register_it(start: StartDaemon) -> None:
    client = await (await start()).connect()
    answer = await client.call("session/new", {"cwd": "/nowhere/at/all", "mcpServers": []})
    assert "commonplace vault add /nowhere/at/all" in answer["error"]["message"]


async def test_a_vault_that_went_away_is_said_to_be_away_and_comes_back(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    daemon.vault.rename(daemon.vault.with_name("moved"))
    asked: dict[str, object] = {"cwd": str(daemon.vault), "mcpServers": []}
    assert "There is no vault at" in (await client.call("session/new", asked))["error"]["message"]
    daemon.vault.with_name("moved").rename(daemon.vault)
    assert (await client.call("session/new", asked))["result"]["sessionId"]


async def test_a_frame_over_the_limit_closes_the_connection_with_its_code_and_a_reason(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    await client.socket.send_str(json.dumps({"x": "y" * LARGEST_MESSAGE}))
    message = await client.socket.receive(timeout=10)
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert client.socket.close_code == 1009
    assert message.extra == "a message may have 1,048,576 bytes"
    await daemon.connect()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
METHODS = (
    st.sampled_from(["initialize", "session/new", "session/prompt", "session/cancel", "_commonplace/x", ""]) | st.text()
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={"jsonrpc": st.just("2.0") | JSON, "id": JSON, "method": METHODS | JSON, "params": JSON, "result": JSON},
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(frames=st.lists(st.text(max_size=40) | MESSAGES.map(json.dumps), min_size=1, max_size=8))
async def test_no_frames_bring_the_daemon_down(start: StartDaemon, frames: list[str]) -> None:
    daemon = await start() if not (shared := getattr(start, "daemon", None)) else shared
    start.daemon = daemon  # pyright: ignore[reportFunctionMemberAccess]  # one daemon serves all examples
    async with daemon.http.ws_connect(f"{daemon.address}/acp", headers=daemon.bearer) as socket:
        for frame in frames:
            await socket.send_str(frame)
    async with daemon.http.get(f"{daemon.address}/health", headers=daemon.bearer) as response:
        assert response.status == 200
