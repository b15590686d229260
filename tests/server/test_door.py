"""A connection without a token does not stay, and many of them keep nobody out."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from commonplace.server import daemon as daemon_module
from commonplace.server.door import Door
from commonplace.server.guard import LOOPBACK

StartDaemon = Callable[..., Awaitable[Any]]


@pytest.fixture
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daemon_module, "Door", partial(Door, most_waiting=8, seconds=0.3))


async def hung_up(reader: asyncio.StreamReader) -> bytes:
    """What the daemon said until it hung up."""
    try:
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize("said", [b"", b"GET /acp HTTP/1.1\r\nHost: 127.0.0.1", b"\x16\x03\x01\x02\x00\x01"])
async def test_a_slow_handshake_is_cut_off(start: StartDaemon, said: bytes) -> None:
    daemon = await start()
    reader, writer = await asyncio.open_connection(LOOPBACK, daemon.running.discovery.port)
    writer.write(said)
    answer = await hung_up(reader)
    assert b" 101 " not in answer
    assert b" 200 " not in answer
    writer.close()


@pytest.mark.usefixtures("short_waits")
async def test_a_body_that_never_ends_is_cut_off(start: StartDaemon) -> None:
    daemon = await start()
    reader, writer = await asyncio.open_connection(LOOPBACK, daemon.running.discovery.port)
    host = f"{LOOPBACK}:{daemon.running.discovery.port}"
    writer.write(f"POST /acp HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n\r\n".encode())
    writer.write(b"x" * 10)
    assert b" 401 " in (await hung_up(reader)).split(b"\r\n")[0]
    writer.close()


@pytest.mark.usefixtures("short_waits")
async def test_those_who_hold_a_token_stay_and_may_be_silent(start: StartDaemon) -> None:
    daemon = await start()
    client = await daemon.connect()
    await asyncio.sleep(0.8)
    assert await client.new_session(daemon.vault)


async def test_however_many_wait_the_users_own_client_comes_in(start: StartDaemon) -> None:
    daemon = await start()
    port = daemon.running.discovery.port
    waiting = [await asyncio.open_connection(LOOPBACK, port) for _ in range(200)]
    client = await daemon.connect()
    assert await client.new_session(daemon.vault)
    gone = [await hung_up(reader) for reader, _ in waiting[:100]]
    assert gone == [b""] * 100
    for _, writer in waiting:
        writer.close()


async def test_headers_without_end_are_refused(start: StartDaemon) -> None:
    daemon = await start()
    reader, writer = await asyncio.open_connection(LOOPBACK, daemon.running.discovery.port)
    try:
        for _ in range(100):
            writer.write(b"GET /acp HTTP/1.1\r\n" if _ == 0 else b"X: " + b"y" * 2000 + b"\r\n")
            await writer.drain()
    except ConnectionError:
        pass
    answer = await hung_up(reader)
    assert answer == b"" or answer.startswith(b"HTTP/1.0 400") or answer.startswith(b"HTTP/1.1 400")
    writer.close()


async def test_a_refused_client_has_no_second_request(start: StartDaemon) -> None:
    daemon = await start()
    port = daemon.running.discovery.port
    reader, writer = await asyncio.open_connection(LOOPBACK, port)
    request = f"GET /health HTTP/1.1\r\nHost: {LOOPBACK}:{port}\r\n".encode()
    right = f"Authorization: {daemon.bearer['Authorization']}\r\n".encode()
    writer.write(request + b"\r\n" + request + right + b"\r\n")
    answer = await hung_up(reader)
    assert b" 401 " in answer.split(b"\r\n")[0]
    assert answer.count(b"HTTP/1.1") == 1
    writer.close()
