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


class Keys:
    """The daemon's own token and the scoped ones, which are read again when their file has changed."""

    def __init__(self, home: Path) -> None:
        self.own = secrets.token_urlsafe(32)
        self._home = home
        self._stamp: Stamp = None
        self._scoped: Iterable[ScopedToken] = ()

    def rotate(self) -> str:
        """Replace the daemon's own token; the old one opens nothing any more."""
        self.own = secrets.token_urlsafe(32)
        logger.info("the token was replaced")
        return self.own

    def grant_of(self, offered: Iterable[str]) -> Grant | None:
        """What the offered tokens open; None if nothing."""
        for token in offered:
            given = token.encode("utf-8", "surrogateescape")
            if hmac.compare_digest(given, self.own.encode()):
                return Grant(Scope.FULL)
            digest = digest_of(token)
            for known in self._known():
                if hmac.compare_digest(digest, known.digest):
                    return Grant(known.scope, known.name)
        return None

    def holds(self, grant: Grant) -> bool:
        """Whether the grant still stands: its token was not revoked."""
        return grant.scope is Scope.FULL or any(
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
