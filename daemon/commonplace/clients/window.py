"""The chat in a window of its own: pywebview around the daemon's page.

The window is as small as it can be. It lets the page in, gives what is opened beside the page (a note as
``obsidian://``, the web) to the system, follows the daemon through its restarts, and remembers where it stood.
"""

import json
import os
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from commonplace.clients.connection import DaemonConnection
from commonplace.clients.launch import connect_to_running
from commonplace.clients.wire import ClientError
from commonplace.home import NotPrivate, find_daemon, write_private_file

_LOOK_SECONDS = 1.0
_SMALLEST = (360, 480)
_IN_BROWSER = "Or have the same chat in your browser: commonplace window --browser"


class WindowError(Exception):
    """No window can be shown here; the text says what to type."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the window stands, in pixels; None leaves it to the system."""

    x: int | None = None
    y: int | None = None
    width: int = 480
    height: int = 760


def read_place(home: Path) -> Place:
    """The place of last time; the usual one where the file is missing or damaged."""
    try:
        told = json.loads(_place_file(home).read_text(encoding="utf-8"))
        x, y, width, height = (int(told[name]) for name in ("x", "y", "width", "height"))
    except (OSError, ValueError, KeyError, TypeError):
        return Place()
    return Place(x, y, max(width, _SMALLEST[0]), max(height, _SMALLEST[1]))


def write_place(home: Path, place: Place) -> None:
    """Keep the place, if the system ever told it."""
    if place.x is not None:
        write_private_file(_place_file(home), json.dumps(asdict(place)) + "\n")


def on_a_screen(place: Place, screens: list[tuple[int, int, int, int]]) -> Place:
    """The place with its corner on one of the screens (x, y, width, height); else left to the system."""
    x, y = place.x, place.y
    if x is None or y is None:
        return place
    seen = any(left <= x < left + width and top <= y < top + height for left, top, width, height in screens)
    return place if seen else replace(place, x=None, y=None)


def load_webview(environment: Mapping[str, str] = os.environ, system: str = sys.platform) -> Any:
    """Import pywebview.

    Raises:
        WindowError: it is not installed, or there is no desktop to show a window on.

    """
    try:
        webview = import_module("webview")
    except ImportError:
        raise WindowError(
            "A window of its own needs pywebview. In the checkout, type: uv tool install --force '.[window]'\n"
            + _IN_BROWSER
        ) from None
    if system.startswith("linux") and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        raise WindowError(f"There is no desktop here to show a window on.\n{_IN_BROWSER}")
    return webview


def show_window(home: Path, connection: DaemonConnection, vault: Path) -> None:
    """Show the window until it is closed.

    Raises:
        WindowError: pywebview or a desktop is missing.
        ClientError: the daemon refuses.

    """
    webview = load_webview()
    try:
        write_place(home, _shown(webview, home, connection, vault))
    except webview.errors.WebViewException:
        raise WindowError(
            "pywebview finds nothing here to draw with (GTK, Qt or the system's own). "
            f"In the checkout, type: uv tool install --force '.[window]'\n{_IN_BROWSER}"
        ) from None


def _shown(webview: Any, home: Path, connection: DaemonConnection, vault: Path) -> Place:
    """Show the window until it is closed; where it stood at last."""
    place = on_a_screen(read_place(home), [(one.x, one.y, one.width, one.height) for one in webview.screens])
    window = webview.create_window(
        "Commonplace",
        _address(connection, vault),
        x=place.x,
        y=place.y,
        width=place.width,
        height=place.height,
        min_size=_SMALLEST,
        text_select=True,
    )

    def moved(x: int, y: int) -> None:
        nonlocal place
        place = replace(place, x=int(x), y=int(y))

    def resized(width: int, height: int) -> None:
        nonlocal place
        place = replace(place, width=int(width), height=int(height))

    window.events.moved += moved
    window.events.resized += resized
    closed = threading.Event()
    try:
        webview.start(_follow, (home, vault, window.load_url, closed))
    finally:
        closed.set()
    return place


def _follow(home: Path, vault: Path, load: Callable[[str], None], closed: threading.Event) -> None:
    """Let the page in again whenever another daemon serves, or the same one with another token."""
    token = _token(home)
    while not closed.wait(_LOOK_SECONDS):
        now = _token(home)
        if now in (None, token):
            continue
        try:
            connection = connect_to_running(home)
            if connection is not None:
                with connection:
                    load(_address(connection, vault))
                token = now
        except ClientError:
            continue


def _token(home: Path) -> str | None:
    try:
        found = find_daemon(home)
    except NotPrivate:
        return None
    return None if found is None else found.token


def _address(connection: DaemonConnection, vault: Path) -> str:
    return str(connection.open_page(vault, shell="window")["address"])


def _place_file(home: Path) -> Path:
    return home / "window.json"
