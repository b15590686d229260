"""The chat as a page: its files, and the one-time codes by which a page that the user opens is let in.

The files are the same for everybody and hold nothing of the user's. What a page may do hangs on a token, which it
gets for a code. A client with the daemon's own token asks for the code and brings it to the browser in a file that
only the user can read, since the arguments of a program are everybody's to read.
"""

import asyncio
import hashlib
import html
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from commonplace import __version__
from commonplace.home import PROTOCOL_VERSION, write_private_file
from commonplace.server.guard import LOOPBACK, BackOff, refuse
from commonplace.server.keys import Keys

CODE_SECONDS = 60.0
MOST_CODES = 16

FOLDER = Path(__file__).parents[1] / "page"
"""Where the plugin's build puts the page."""

FILES: Mapping[str, tuple[str, str]] = {
    "/": ("index.html", "text/html"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
"""By route: the file, and what it is."""

ENTER = "/enter"
"""Where a code is exchanged for a token."""

OPEN_ROUTES = frozenset({*(("GET", route) for route in FILES), ("POST", ENTER)})
"""The requests that need no token."""


class NoPage(Exception):
    """The page is not built here; the text says what to type."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a page is opened."""

    code: str
    address: str
    """The page's address, with the code behind the ``#``, which no browser sends."""
    file: Path | None
    """A file that leads a browser there; None where none was asked for."""


class Pages:
    """The page, and the codes that wait to be used.

    Args:
        home: where the files for browsers stand for as long as their codes hold.
        port: the daemon's port, known once it is bound.
        keys: make the tokens.
        back_off: slows the answers to wrong codes down.
        clock: seconds, of any beginning.

    """

    def __init__(
        self,
        home: Path,
        port: Callable[[], int],
        keys: Keys,
        back_off: BackOff,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._home = home
        self._port = port
        self._keys = keys
        self._back_off = back_off
        self._clock = clock
        self._waiting: dict[str, tuple[float, Path | None]] = {}
        self._built: Mapping[str, bytes] | None = None

    async def open(self, parameters: Mapping[str, str], *, with_file: bool) -> Opening:
        """Make a code, for one page and for CODE_SECONDS.

        Args:
            parameters: what the page is told beside the code, such as the vault to begin with.
            with_file: write a file for a browser, too.

        Raises:
            NoPage: there is none to open.
            OSError: the file could not be written.

        """
        self.files()
        self.tidy()
        while len(self._waiting) >= MOST_CODES:
            self._drop(next(iter(self._waiting)))
        code = f"{self._port()}-{secrets.token_urlsafe(32)}"
        told = "&".join(f"{name}={quote(value, safe='')}" for name, value in {"code": code, **parameters}.items())
        address = f"http://{LOOPBACK}:{self._port()}/#{told}"
        file = self._home / f"open-{secrets.token_hex(8)}.html" if with_file else None
        self._waiting[_digest(code)] = (self._clock() + CODE_SECONDS, file)
        asyncio.get_running_loop().call_later(CODE_SECONDS, self.tidy)
        if file is not None:
            await asyncio.to_thread(write_private_file, file, redirecting(address))
        return Opening(code, address, file)

    def use(self, code: str) -> bool:
        """Whether the code lets a page in; it does so once."""
        self.tidy()
        return self._drop(_digest(code))

    def tidy(self) -> None:
        """Drop the codes that are too old, with their files."""
        for digest, (until, _) in tuple(self._waiting.items()):
            if self._clock() >= until:
                self._drop(digest)

    def sweep(self) -> None:
        """Delete every file for a browser, also what a daemon that was killed left."""
        for left in self._home.glob("open-*.html"):
            left.unlink(missing_ok=True)

    def files(self) -> Mapping[str, bytes]:
        """The page's files by their routes, as they stood when the first one was asked for.

        Raises:
            NoPage.

        """
        if self._built is None:
            try:
                self._built = {route: (FOLDER / name).read_bytes() for route, (name, _) in FILES.items()}
            except FileNotFoundError:
                raise NoPage("The page is not built here. In the checkout, type: make plugin") from None
        return self._built

    async def enter(self, request: web.Request) -> web.Response:
        """Exchange a code for a token; each code once."""
        if not self.use(await _code_in(request)):
            await asyncio.sleep(self._back_off.fail())
            return refuse(401, "The code is wrong, was used, or is older than a minute.")
        answer = web.json_response({"token": self._keys.let_page_in(), **_PRODUCT}, headers=_HEADERS)
        answer.force_close()
        return answer

    async def serve(self, request: web.Request) -> web.Response:
        """Answer with a file of the page."""
        try:
            body = self.files()[request.path]
        except NoPage as error:
            return web.json_response({"error": str(error)}, status=503)
        headers = {"Content-Security-Policy": policy(self._port()), **_HEADERS}
        answer = web.Response(body=body, content_type=FILES[request.path][1], charset="utf-8", headers=headers)
        answer.force_close()
        return answer

    def _drop(self, digest: str) -> bool:
        known = self._waiting.pop(digest, None)
        if known is not None and known[1] is not None:
            known[1].unlink(missing_ok=True)
        return known is not None


def policy(port: int) -> str:
    """What the page may do (Content Security Policy, level 3): its own script and style, the daemon, and no more."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            f"connect-src 'self' ws://{LOOPBACK}:{port}",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types dompurify",
        )
    )


def redirecting(address: str) -> str:
    """A document that leads to the address."""
    place = html.escape(address, quote=True)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Commonplace</title>'
        '<meta name="referrer" content="no-referrer">'
        f'<meta http-equiv="refresh" content="0;url={place}"></head>'
        f'<body><p><a href="{place}">Open Commonplace</a></p></body></html>\n'
    )


_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PRODUCT = {"version": __version__, "protocol": PROTOCOL_VERSION}


async def _code_in(request: web.Request) -> str:
    """The code that a request brings; "" if it brings none."""
    try:
        given: Any = json.loads(await request.text())
        return str(given["code"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""


def _digest(code: str) -> str:
    """What is kept of a code: finding it tells nothing of it by the time that it takes."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()
