"""Who may speak to the daemon: the threat model as code, before every route.

Against a web page in the user's browser: the Origin list, and no token in reach of a page but our own. Against
DNS rebinding: the exact Host (a rebound same-origin GET carries no Origin, so only the Host tells). Against other
users of the machine and other apps: the token. Against the network: the loopback address alone. Software that
runs as the same user is out of scope: it can read the token.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterator

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from commonplace.server.keys import Grant, Keys

LOOPBACK = "127.0.0.1"
PROTOCOL = "acp.v1"
"""The only WebSocket subprotocol that the daemon selects."""
OBSIDIAN_ORIGIN = "app://obsidian.md"

GRANT = web.RequestKey("grant", Grant)
"""What the client of a request may do."""

_BEARER_PROTOCOL = "bearer."


class BackOff:
    """Slows every answer to a wrong token down, the more of them came lately; no address is exempt."""

    def __init__(self, *, forget_after: float = 60.0, longest: float = 1.0) -> None:
        self._failures = 0
        self._last = 0.0
        self._forget_after = forget_after
        self._longest = longest

    def fail(self) -> float:
        """Count a failure; the seconds to wait before it is answered."""
        now = time.monotonic()
        self._failures = self._failures + 1 if now - self._last < self._forget_after else 1
        self._last = now
        return min(self._longest, 0.002 * 2 ** min(self._failures, 12)) if self._failures > 5 else 0.0


def guard(
    keys: Keys,
    port: Callable[[], int],
    admit: Callable[[web.Request], None] = lambda _: None,
    *,
    back_off: BackOff,
    without_token: Collection[tuple[str, str]] = (),
) -> Middleware:
    """The outermost middleware: Host, then Origin, then token; refused before any upgrade.

    Args:
        keys: the tokens, one of which a client must bring.
        port: the port that the daemon listens on, known once it is bound.
        admit: told of each request that passes.
        back_off: slows the answers to wrong tokens down.
        without_token: methods and paths that take none. Such a GET shows nothing of the user's; whatever else
            must come from the daemon's own page, so that no other page can so much as try.

    """

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.getall("Host", []) not in ([f"{LOOPBACK}:{port()}"], [f"localhost:{port()}"]):
            return refuse(403, "This address is not the daemon's own.")
        if not _origin_allowed(request, port()):
            return refuse(403, "Pages of that origin may not speak to the daemon.")
        if (request.method, request.path) in without_token:
            if request.method != "GET" and not _from_own_page(request):
                return refuse(403, "This is for the daemon's own page.")
            return await handler(request)
        grant = keys.grant_of(_offered_tokens(request))
        if grant is None:
            await asyncio.sleep(back_off.fail())
            return refuse(401, "The token is missing or wrong; read it from daemon.json.")
        request[GRANT] = grant
        admit(request)
        return await handler(request)

    return check


def limit_connections(most: int) -> Callable[[Handler], Handler]:
    """Refuse more than ``most`` requests at once on a handler."""
    open_now = 0

    def wrap(handler: Handler) -> Handler:
        async def limited(request: web.Request) -> web.StreamResponse:
            nonlocal open_now
            if open_now >= most:
                return refuse(503, f"The daemon serves {most} connections at most; close one.")
            open_now += 1
            try:
                return await handler(request)
            finally:
                open_now -= 1

        return limited

    return wrap


def _origin_allowed(request: web.Request, port: int) -> bool:
    """No Origin is fine, since the token must fit as well; ``null`` is not."""
    allowed = {OBSIDIAN_ORIGIN, f"http://{LOOPBACK}:{port}", f"http://localhost:{port}"}
    return all(origin in allowed for origin in request.headers.getall("Origin", []))


def _from_own_page(request: web.Request) -> bool:
    """A browser says truly which page a POST comes from, and always says it."""
    return request.headers.getall("Origin", []) == [f"http://{request.headers['Host']}"]


def _offered_tokens(request: web.Request) -> Iterator[str]:
    """A Bearer header, or for a browser's WebSocket the subprotocol ``bearer.TOKEN``; never the query."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        yield given.strip()
    for header in request.headers.getall("Sec-WebSocket-Protocol", []):
        names = [name.strip() for name in header.split(",")]
        yield from (name.removeprefix(_BEARER_PROTOCOL) for name in names if name.startswith(_BEARER_PROTOCOL))


def refuse(status: int, reason: str) -> web.Response:
    """Say why, and hang up: a connection without a token has no second request."""
    response = web.json_response({"error": reason}, status=status)
    response.force_close()
    return response
