"""A client trusts ``daemon.json`` only where nobody else could read or write it."""

import os
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from commonplace.clients import launch
from commonplace.clients.wire import ClientError
from commonplace.home import Discovery, NotPrivate, discovery_file, find_daemon

Command = Any
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o602, 0o777])
def test_a_file_that_others_can_read_or_write_is_refused_with_the_command_to_type(tmp_path: Path, mode: int) -> None:
    Discovery(port=1, token="secret", pid=1, version="0").write(tmp_path)
    file = discovery_file(tmp_path)
    file.chmod(mode)
    with pytest.raises(NotPrivate, match=f"chmod 600 {file}") as caught:
        find_daemon(tmp_path)
    assert "secret" not in str(caught.value)
    with pytest.raises(ClientError, match=r"chmod 600 .*\nThen .* commonplace token rotate"):
        launch.connect_to_running(tmp_path)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    Discovery(port=1, token="secret", pid=1, version="0").write(tmp_path)
    os.chown(discovery_file(tmp_path), 12345, -1)
    with pytest.raises(NotPrivate, match="belongs to another user"):
        find_daemon(tmp_path)


async def test_a_command_says_so_and_goes_on_when_it_was_put_right(commonplace: Command, home: Path) -> None:
    await commonplace("vault", "init", "notes", "--yes")
    await commonplace("ask", "What is my name?")
    discovery_file(home).chmod(0o644)
    for arguments in (["ask", "What is my name?"], ["stop"], ["status"], ["token", "rotate"]):
        ended = await commonplace(*arguments)
        assert ended.code == 1
        assert f"chmod 600 {discovery_file(home)}" in ended.err
    discovery_file(home).chmod(0o600)
    before = find_daemon(home)
    assert (await commonplace("token", "rotate")).out == "The daemon has a new token.\n"
    after = find_daemon(home)
    assert before is not None
    assert after is not None
    assert before.token != after.token
    assert stat.S_IMODE(discovery_file(home).stat().st_mode) == 0o600
    assert (await commonplace("ask", "What is my name?")).code == 0


def test_a_token_that_is_replaced_between_reading_and_connecting_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    class Refusing:
        def __init__(self, discovery: Discovery) -> None:
            tried.append(discovery.token)
            if discovery.token == "old":
                Discovery(port=1, token="new", pid=1, version="0").write(tmp_path)
                raise ClientError("401")

    Discovery(port=1, token="old", pid=1, version="0").write(tmp_path)
    monkeypatch.setattr(launch, "DaemonConnection", Refusing)
    assert isinstance(launch.connect_to_running(tmp_path), Refusing)
    assert tried == ["old", "new"]
