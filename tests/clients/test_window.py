"""The window: what it says where it cannot be shown, its place, and on request (``make test-window``) the real one."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from commonplace.clients.window import Place, WindowError, load_webview, on_a_screen, read_place, write_place

SCREEN = [(0, 0, 1000, 900)]


def test_without_pywebview_the_command_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webview", None)
    with pytest.raises(WindowError, match=r"uv tool install --force '\.\[window\]'\n.*commonplace window --browser"):
        load_webview()


def test_without_a_desktop_the_command_names_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webview", os)
    with pytest.raises(WindowError, match="commonplace window --browser"):
        load_webview({}, "linux")
    assert load_webview({"DISPLAY": ":0"}, "linux") is os


def test_a_place_is_kept_and_a_damaged_one_is_forgotten(tmp_path: Path) -> None:
    assert read_place(tmp_path) == Place()
    write_place(tmp_path, Place(40, 60, 700, 800))
    assert read_place(tmp_path) == Place(40, 60, 700, 800)
    for text in ("", "[]", '{"x": "left"}'):
        (tmp_path / "window.json").write_text(text)
        assert read_place(tmp_path) == Place()


@pytest.mark.parametrize(("x", "kept"), [(0, True), (999, True), (1000, False), (-5, False)])
def test_a_window_does_not_come_back_on_a_screen_that_is_gone(x: int, kept: bool) -> None:
    assert (on_a_screen(Place(x, 10, 700, 800), SCREEN).x == x) is kept


@pytest.fixture
def display(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if not request.config.getoption("--window"):
        pytest.skip("asked for with --window (make test-window)")
    read, write = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1000x900x24"],
        pass_fds=(write,),
        stderr=subprocess.DEVNULL,
    ) as screen:
        os.close(write)
        with os.fdopen(read) as told:
            yield f":{told.readline().strip()}"
        screen.terminate()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.timeout(300)
def test_the_window_talks_follows_a_restart_and_comes_back_where_it_stood(display: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    environment = {**os.environ, "DISPLAY": display, "COMMONPLACE_HOME": str(home), "QTWEBENGINE_DISABLE_SANDBOX": "1"}

    def let_in() -> int:
        log = home / "logs" / "daemon.log"
        return log.read_text("utf-8").count("a page was let in") if log.exists() else 0

    def tool(*arguments: str) -> str:
        return subprocess.run(["xdotool", *arguments], env=environment, capture_output=True, text=True).stdout.strip()

    def shown() -> str:
        until(lambda: tool("search", "--onlyvisible", "--name", "^Commonplace$") != "")
        return tool("search", "--onlyvisible", "--name", "^Commonplace$").split()[0]

    command = [sys.executable, "-m", "commonplace"]
    opened = subprocess.Popen([*command, "window"], env=environment, cwd=tmp_path)
    try:
        until(lambda: let_in() == 1)
        window = shown()
        tool("windowmove", window, "120", "40")
        tool("windowsize", window, "640", "700")
        time.sleep(2)
        tool("mousemove", "--window", window, "300", "630", "click", "1")
        tool("type", "In which city does my sister live?")
        tool("key", "Return")

        def answered() -> bool:
            said = subprocess.run([*command, "logs"], env=environment, capture_output=True, text=True).stdout
            return "turn" in said

        until(answered)
        subprocess.run([*command, "restart"], env=environment, check=True, capture_output=True)
        until(lambda: let_in() == 2)
        time.sleep(2)
        picture = os.environ.get("COMMONPLACE_PICTURE")
        if picture and shutil.which("import"):
            subprocess.run(["import", "-window", window, picture], env=environment, check=True)
        opened.send_signal(signal.SIGINT)
        opened.wait(30)
    finally:
        opened.kill()
        subprocess.run([*command, "stop"], env=environment, capture_output=True)
    told = json.loads((home / "window.json").read_text("utf-8"))
    assert (told["width"], told["height"]) == (640, 700)
    assert abs(told["x"] - 120) < 10
