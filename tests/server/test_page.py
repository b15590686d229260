"""The chat as a page: a code lets one page in, once and within a minute; what the page may do; what it is served."""

import asyncio
import logging
import re
import stat
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from commonplace.server.extensions import OUT_OF_SCOPE, method_names
from commonplace.server.guard import BackOff
from commonplace.server.keys import MOST_PAGES, Keys
from commonplace.server.page import CODE_SECONDS, ENTER, FILES, MOST_CODES, Opening, Pages

StartDaemon = Callable[..., Awaitable[Any]]
pytestmark = pytest.mark.usefixtures("stand_in_page")
CALLED_BY_A_PAGE = {"history", "index", "notes", "overview", "undo", "vaults"}


async def opened(daemon: Any, **asked: object) -> Any:
    client = await daemon.connect()
    return (await client.call("_commonplace/open_page", asked))["result"]


async def enter(daemon: Any, code: object) -> tuple[int, Any]:
    headers = {"Origin": daemon.address}
    async with daemon.http.post(daemon.address + ENTER, headers=headers, json={"code": code}) as response:
        return response.status, await response.json()


async def page_client(daemon: Any) -> Any:
    """A client with a page's token."""
    import tests.conftest as shared

    _, answer = await enter(daemon, (await opened(daemon))["code"])
    protocols = ["acp.v1", f"bearer.{answer['token']}"]
    socket = await daemon.http.ws_connect(f"{daemon.address}/acp", protocols=protocols, origin=daemon.address)
    client = shared.Client(socket)
    await client.call("initialize", {"protocolVersion": 1})
    return client


async def test_a_code_is_exchanged_once(start: StartDaemon) -> None:
    daemon = await start()
    code = (await opened(daemon))["code"]
    status, answer = await enter(daemon, code)
    assert status == 200
    assert set(answer) == {"token", "version", "protocol"}
    assert (await enter(daemon, code))[0] == 401


@pytest.mark.parametrize("code", ["", "wrong", "0-wrong", 7, None, ["x"], {"code": 1}, "ü" * 10_000])
async def test_what_is_no_code_lets_nobody_in(start: StartDaemon, code: object) -> None:
    daemon = await start()
    assert (await enter(daemon, code))[0] == 401


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"{", b"\xff", b'{"code": "\\ud800"}', b"[" * 100_000])
async def test_what_is_no_request_for_a_token_is_refused_in_a_sentence(start: StartDaemon, body: bytes) -> None:
    daemon = await start()
    async with daemon.http.post(daemon.address + ENTER, headers={"Origin": daemon.address}, data=body) as response:
        assert response.status == 401
        assert "code" in (await response.json())["error"]


async def test_wrong_codes_are_answered_ever_more_slowly(start: StartDaemon, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    fail = BackOff.fail

    def noted(back_off: BackOff) -> float:
        waited.append(fail(back_off))
        return 0.0

    monkeypatch.setattr(BackOff, "fail", noted)
    daemon = await start()
    for _ in range(12):
        await enter(daemon, "wrong")
    assert waited == sorted(waited)
    assert waited[-1] > 0.1


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pages(tmp_path: Path, clock: Clock) -> Pages:
    return Pages(tmp_path, lambda: 7777, Keys(tmp_path), BackOff(), clock)


async def open_one(pages: Pages) -> tuple[Opening, Path]:
    opening = await pages.open({}, with_file=True)
    assert opening.file is not None
    return opening, opening.file


async def test_a_code_is_worth_nothing_after_a_minute_and_its_file_goes(pages: Pages, clock: Clock) -> None:
    early, first = await open_one(pages)
    clock.now = 1.0
    _, second = await open_one(pages)
    clock.now = CODE_SECONDS
    assert not pages.use(early.code)
    assert not first.exists()
    assert second.exists()


async def test_a_code_that_was_used_takes_its_file_along(pages: Pages) -> None:
    opening, file = await open_one(pages)
    assert pages.use(opening.code)
    assert not file.exists()
    assert not pages.use(opening.code)


async def test_only_so_many_codes_wait_and_the_oldest_goes_first(pages: Pages, tmp_path: Path) -> None:
    made = [(await open_one(pages))[0] for _ in range(MOST_CODES + 1)]
    assert not pages.use(made[0].code)
    assert pages.use(made[1].code)
    assert len(list(tmp_path.glob("open-*.html"))) == MOST_CODES - 1


def test_only_so_many_pages_are_in_and_the_oldest_goes_first(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    tokens = [keys.let_page_in() for _ in range(MOST_PAGES + 1)]
    assert keys.grant_of([tokens[0]]) is None
    assert keys.grant_of([tokens[1]]) is not None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
async def test_the_file_for_the_browser_is_its_owners_alone_and_no_web_address_holds_the_code(
    start: StartDaemon,
) -> None:
    daemon = await start()
    answer = await opened(daemon, file=True, vault=str(daemon.vault))
    file = Path(answer["file"])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.parent == daemon.home
    assert answer["code"] not in str(file)
    address, fragment = answer["address"].split("#")
    assert address == f"{daemon.address}/"
    assert answer["code"] in fragment
    assert re.search(r'content="0;url=([^"]+)"', file.read_text("utf-8"))
    await enter(daemon, answer["code"])
    assert not file.exists()


async def test_no_file_is_left_when_the_daemon_ends_nor_by_one_that_was_killed(tmp_path: Path) -> None:
    from commonplace.config import load_config
    from commonplace.models.reader import ReaderModel
    from commonplace.server.daemon import start_daemon

    left = tmp_path / "open-0123456789abcdef.html"
    left.touch()
    async with (
        start_daemon(load_config(tmp_path), tmp_path, ReaderModel()) as running,
        aiohttp.ClientSession() as http,
        http.ws_connect(
            running.discovery.url, headers={"Authorization": f"Bearer {running.discovery.token}"}
        ) as socket,
    ):
        assert not left.exists()
        await socket.send_json(
            {"jsonrpc": "2.0", "id": 1, "method": "_commonplace/open_page", "params": {"file": True}}
        )
        await socket.receive()
        assert list(tmp_path.glob("open-*.html"))
    assert not list(tmp_path.glob("open-*.html"))


async def test_neither_code_nor_token_is_in_the_log_or_on_the_disk(
    start: StartDaemon, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    daemon = await start()
    code = (await opened(daemon, file=True))["code"]
    _, answer = await enter(daemon, code)
    secret = (code, answer["token"])
    assert not [record for record in caplog.records if any(one in record.getMessage() for one in secret)]
    for file in daemon.home.rglob("*"):
        assert not file.is_file() or not any(one.encode() in file.read_bytes() for one in secret), file


async def test_a_page_talks_in_every_session_undoes_and_administers_nothing(start: StartDaemon) -> None:
    daemon = await start()
    owner, page = await daemon.connect(), await page_client(daemon)
    session = await owner.new_session(daemon.vault)
    assert "result" in await page.prompt(session, 'My job title is "Baker", can you add that please')
    assert len((await page.call("session/list", {}))["result"]["sessions"]) == 1
    assert (await page.call("_commonplace/notes", {"cwd": str(daemon.vault)}))["result"] == {
        "notes": ["entities/dria.md", "user.md"],
        "all": True,
    }
    assert "Baker" in (daemon.vault / "user.md").read_text("utf-8")
    undone = await page.call("_commonplace/undo", {"vault": str(daemon.vault)})
    assert undone["result"]["turns"][0]["notes"][0]["outcome"] == "restored"
    for method in {*method_names(), "feed"} - CALLED_BY_A_PAGE:
        answer = await page.call(f"_commonplace/{method}", {"vault": str(daemon.vault)})
        assert answer["error"]["code"] == OUT_OF_SCOPE, method
    assert not daemon.running.stopping.is_set()


async def test_a_scoped_token_opens_no_page(start: StartDaemon) -> None:
    daemon = await start()
    page = await page_client(daemon)
    assert (await page.call("_commonplace/open_page", {}))["error"]["code"] == OUT_OF_SCOPE


async def test_a_new_main_token_shuts_pages_out_and_leaves_those_that_are_connected(start: StartDaemon) -> None:
    daemon = await start()
    _, answer = await enter(daemon, (await opened(daemon))["code"])
    page, owner = await page_client(daemon), await daemon.connect()
    await owner.call("_commonplace/rotate_token", {})
    await owner.call("_commonplace/tokens_changed", {})
    assert "result" in await page.call("_commonplace/vaults", {})
    bearer = {"Authorization": f"Bearer {answer['token']}"}
    async with daemon.http.get(f"{daemon.address}/health", headers=bearer) as response:
        assert response.status == 401


async def test_the_files_come_with_a_policy_that_lets_them_reach_the_daemon_alone(start: StartDaemon) -> None:
    daemon = await start()
    port = daemon.running.discovery.port
    for route, (_, kind) in FILES.items():
        async with daemon.http.get(daemon.address + route) as response:
            assert response.status == 200
            assert response.content_type == kind
            policy = dict(part.split(" ", 1) for part in response.headers["Content-Security-Policy"].split("; "))
            assert policy["default-src"] == "'none'"
            assert policy["script-src"] == policy["style-src"] == policy["img-src"] == "'self'"
            assert policy["connect-src"] == f"'self' ws://127.0.0.1:{port}"
            assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
            assert "unsafe" not in response.headers["Content-Security-Policy"]


async def test_a_daemon_without_the_page_says_how_to_build_it(
    start: StartDaemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commonplace.server.page.FOLDER", tmp_path / "nowhere")
    daemon = await start()
    async with daemon.http.get(f"{daemon.address}/") as response:
        assert response.status == 503
        assert "make plugin" in (await response.json())["error"]
    client = await daemon.connect()
    answer = await client.call("_commonplace/open_page", {})
    assert "make plugin" in answer["error"]["message"]


async def test_the_next_daemon_takes_the_same_port_if_it_is_free(start: StartDaemon, tmp_path: Path) -> None:
    from commonplace.config import load_config
    from commonplace.models.reader import ReaderModel
    from commonplace.server.daemon import start_daemon

    async def port() -> int:
        async with start_daemon(load_config(tmp_path), tmp_path, ReaderModel()) as running:
            return running.address[1]

    first = await port()
    assert await port() == first
    taken = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", first)
    async with taken:
        assert await port() not in (0, first)
