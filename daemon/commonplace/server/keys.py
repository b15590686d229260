"""Who holds which token."""

import hmac
import logging
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from commonplace.home import NotPrivate
from commonplace.server.live_config import Stamp, stamp_of
from commonplace.tokens import Scope, ScopedToken, TokenError, digest_of, read_tokens, tokens_file

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Grant:
    """What a client that brought its token may do."""

    scope: Scope
    name: str = ""
    """The scoped token's name; "" for the daemon's own."""
    page: bool = False
    """Whether it is the user's own page: it may talk in every session, and undo; it administers nothing."""

    @property
    def reaches_every_session(self) -> bool:
        """Whether sessions that others began are open to the client."""
        return self.scope is Scope.FULL or self.page


MOST_PAGES = 32


class Keys:
    """The daemon's own token, the pages', and the scoped ones, which are read again when their file has changed."""

    def __init__(self, home: Path) -> None:
        self.own = secrets.token_urlsafe(32)
        self._home = home
        self._stamp: Stamp = None
        self._scoped: Iterable[ScopedToken] = ()
        self._pages: list[str] = []

    def rotate(self) -> str:
        """Replace the daemon's own token; the old one opens nothing any more, nor do the pages'."""
        self.own = secrets.token_urlsafe(32)
        self._pages = []
        logger.info("the token was replaced")
        return self.own

    def let_page_in(self) -> str:
        """A token for a page, which lasts as long as the daemon does; no file knows it."""
        token = secrets.token_urlsafe(32)
        self._pages = [*self._pages, digest_of(token)][-MOST_PAGES:]
        logger.info("a page was let in")
        return token

    def grant_of(self, offered: Iterable[str]) -> Grant | None:
        """What the offered tokens open; None if nothing."""
        for token in offered:
            given = token.encode("utf-8", "surrogateescape")
            if hmac.compare_digest(given, self.own.encode()):
                return Grant(Scope.FULL)
            digest = digest_of(token)
            if any(hmac.compare_digest(digest, page) for page in self._pages):
                return Grant(Scope.CHAT, page=True)
            for known in self._known():
                if hmac.compare_digest(digest, known.digest):
                    return Grant(known.scope, known.name)
        return None

    def holds(self, grant: Grant) -> bool:
        """Whether the grant still stands: its token was not revoked."""
        return grant.reaches_every_session or any(
            (known.scope, known.name) == (grant.scope, grant.name) for known in self._known()
        )

    def _known(self) -> Iterable[ScopedToken]:
        stamp = stamp_of(tokens_file(self._home))
        if stamp != self._stamp:
            self._stamp = stamp
            try:
                self._scoped = read_tokens(self._home)
            except (TokenError, NotPrivate) as error:
                self._scoped = ()
                logger.error("scoped tokens are refused: %s", error)
        return self._scoped
