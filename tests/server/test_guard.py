"""Nobody speaks to the daemon without its address, an allowed origin and its token, on any route."""

import itertools
import stat
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from commonplace.server.daemon import Running
from commonplace.server.guard import LOOPBACK, BackOff
from commonplace.server.page import ENTER, FILES

StartDaemon = Callable[..., Awaitable[Any]]

ROUTES = ["/acp", "/health"]
WITHOUT_TOKEN = [*FILES, ENTER]
HOSTS = [
    None,
    "evil.example:{port}",
    "127.0.0.1",
    "127.0.0.1:1",
    "localhost.evil.example:{port}",
    "0.0.0.0:{port}",
    "[::1]:{port}",
]
ORIGINS = [None, "null", "https://evil.example", "app://obsidian.md.evil.example", "http://127.0.0.1:1", "file://"]
TOKENS = [None, "", "wrong", "{token}x", "{short}", "pässwörd", "Bearer {token}"]


async def test_every_route_that_the_daemon_has_is_in_this_matrix(start: StartDaemon) -> None:
    daemon = await start()
    running: Running = daemon.running
    assert sorted(running.routes) == sorted([*ROUTES, *WITHOUT_TOKEN])


@pytest.mark.parametrize("route", [*ROUTES, "/nowhere", "/acp/../health", "/..%2Fhealth", "//", "/page.js/"])
async def test_only_the_right_host_origin_and_token_together_pass(start: StartDaemon, route: str) -> None:
    daemon = await start()
    discovery = daemon.running.discovery
    for host, origin, token in itertools.product(HOSTS, ORIGINS, [*TOKENS, "{token}"]):
        if host is None and origin is None and token == "{token}":
            continue
        headers: dict[str, str] = {}
        if host is not None:
            headers["Host"] = host.format(port=discovery.port)
        if origin is not None:
            headers["Origin"] = origin
        if token is not None:
            given = token.format(token=discovery.token, short=discovery.token[:-1])
            headers["Authorization"] = f"Bearer {given}"
        async with daemon.http.get(daemon.address + route, headers=headers) as response:
            assert response.status in (401, 403), (route, headers.keys(), response.status)
            assert discovery.token not in await response.text()


@pytest.mark.usefixtures("stand_in_page")
@pytest.mark.parametrize("route", FILES)
async def test_the_files_of_the_page_are_for_the_right_host_and_origin_and_hold_no_token(
    start: StartDaemon, route: str
) -> None:
    daemon = await start()
    discovery = daemon.running.discovery
    for host, origin in itertools.product(HOSTS, [*ORIGINS, daemon.address]):
        headers = {} if host is None else {"Host": host.format(port=discovery.port)}
        headers |= {} if origin is None else {"Origin": origin}
        allowed = host is None and origin in (None, daemon.address)
        async with daemon.http.get(daemon.address + route, headers=headers) as response:
            assert (response.status == 200) is allowed, (headers, response.status)
            assert response.status == 403 or allowed
            assert discovery.token not in await response.text()
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
        async with daemon.http.request(method, daemon.address + route) as response:
            assert response.status == 401, method


@pytest.mark.usefixtures("stand_in_page")
async def test_a_code_is_taken_from_the_daemons_own_page_alone(start: StartDaemon) -> None:
    """The code stays good where Host or Origin are wrong, so it is these that refuse, and not the code."""
    daemon = await start()
    client = await daemon.connect()
    port = daemon.running.discovery.port
    opened = (await client.call("_commonplace/open_page", {}))["result"]
    elsewhere = [*ORIGINS, "app://obsidian.md", f"http://localhost:{port}", f"https://127.0.0.1:{port}"]
    tries = [(host, origin) for host in HOSTS for origin in [*elsewhere, daemon.address]]
    for host, origin in tries:
        if (host, origin) == (None, daemon.address):
            continue
        headers = {} if host is None else {"Host": host.format(port=port)}
        headers |= {} if origin is None else {"Origin": origin}
        async with daemon.http.post(daemon.address + ENTER, headers=headers, json={"code": opened["code"]}) as response:
            assert response.status == 403, headers
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "HEAD"):
        headers = {"Origin": daemon.address}
        async with daemon.http.request(method, daemon.address + ENTER, headers=headers) as response:
            assert response.status == 401, method
    headers = {"Origin": daemon.address}
    async with daemon.http.post(daemon.address + ENTER, headers=headers, json={"code": opened["code"]}) as response:
        assert response.status == 200


@pytest.mark.parametrize("route", ROUTES)
async def test_no_upgrade_and_no_other_method_gets_past_the_three(start: StartDaemon, route: str) -> None:
    """The answer to an upgrade is 401 or 403 before it, never a socket that is closed afterwards; no CORS either."""
    daemon = await start()
    discovery = daemon.running.discovery
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    wrong = [
        {"Host": f"evil.example:{discovery.port}", **daemon.bearer},
        {"Origin": "https://evil.example", **daemon.bearer},
        {"Origin": "app://obsidian.md"},
        {"Sec-WebSocket-Protocol": "acp.v1, bearer.wrong"},
    ]
    for method, headers in itertools.product(("GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD"), wrong):
        for more in ({}, upgrade):
            async with daemon.http.request(method, daemon.address + route, headers={**headers, **more}) as response:
                assert response.status in (401, 403), (method, headers, response.status)
                assert not [name for name in response.headers if name.lower().startswith("access-control")]


async def test_guessing_is_slowed_down_from_the_loopback_address_too(
    start: StartDaemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    fail = BackOff.fail

    def noted(back_off: BackOff) -> float:
        waited.append(fail(back_off))
        return 0.0

    monkeypatch.setattr(BackOff, "fail", noted)
    daemon = await start()
    for address in ("127.0.0.1", "::ffff:127.0.0.1", "10.0.0.7") * 4:
        headers = {"Authorization": "Bearer wrong", "X-Forwarded-For": address}
        async with daemon.http.get(daemon.address + "/health", headers=headers) as response:
            assert response.status == 401
    assert waited == sorted(waited)
    assert waited[-1] > 0.1


async def test_the_right_ones_pass(start: StartDaemon) -> None:
    daemon = await start()
    for origin in (None, "app://obsidian.md", daemon.address):
        headers = daemon.bearer | ({"Origin": origin} if origin else {})
        async with daemon.http.get(daemon.address + "/health", headers=headers) as response:
            assert response.status == 200
            assert (await response.json())["pid"] > 0


async def test_a_browser_brings_the_token_as_a_subprotocol_and_it_is_not_echoed(start: StartDaemon) -> None:
    daemon = await start()
    protocols = ["acp.v1", f"bearer.{daemon.running.discovery.token}"]
    async with daemon.http.ws_connect(
        f"{daemon.address}/acp", protocols=protocols, origin="app://obsidian.md"
    ) as socket:
        assert socket.protocol == "acp.v1"
    with pytest.raises(aiohttp.WSServerHandshakeError, match="401"):
        await daemon.http.ws_connect(f"{daemon.address}/acp", protocols=["acp.v1", "bearer.wrong"])


async def test_a_token_in_the_query_is_no_token(start: StartDaemon) -> None:
    daemon = await start()
    token = daemon.running.discovery.token
    async with daemon.http.get(f"{daemon.address}/health?token={token}&access_token={token}") as response:
        assert response.status == 401


async def test_two_host_headers_are_refused(start: StartDaemon) -> None:
    daemon = await start()
    port = daemon.running.discovery.port
    import asyncio

    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    writer.write(
        f"GET /health HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\nHost: evil.example\r\n"
        f"Authorization: {daemon.bearer['Authorization']}\r\nConnection: close\r\n\r\n".encode()
    )
    answer = await reader.read()
    writer.close()
    assert b" 200 " not in answer.split(b"\r\n")[0]


async def test_the_daemon_listens_on_the_loopback_address_alone(start: StartDaemon) -> None:
    daemon = await start()
    assert daemon.running.address[0] == LOOPBACK


async def test_what_the_daemon_writes_is_its_owners_alone(start: StartDaemon) -> None:
    import os

    before = os.umask(0)
    try:
        daemon = await start()
    finally:
        os.umask(before)
    assert stat.S_IMODE(daemon.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((daemon.home / "daemon.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((daemon.home / "config.toml").stat().st_mode) == 0o600


async def test_there_is_a_last_connection(start: StartDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonplace.server.daemon.MOST_CONNECTIONS", 5)
    daemon = await start()
    sockets = [await daemon.connect() for _ in range(5)]
    with pytest.raises(aiohttp.WSServerHandshakeError, match="503"):
        await daemon.connect()
    await sockets[0].socket.close()
    await daemon.connect()


def test_wrong_tokens_are_answered_ever_more_slowly_and_no_address_is_exempt() -> None:
    back_off = BackOff(longest=1.0)
    waits = [back_off.fail() for _ in range(30)]
    assert waits[:5] == [0.0] * 5
    assert waits == sorted(waits)
    assert waits[-1] == 1.0
