"""Tokens that open a part of the daemon: for an editor, a script, a helper that is not to do everything.

The daemon's own token, in daemon.json, opens all and is new at each start. These here last until they are
revoked; ``tokens.json`` keeps their SHA-256 alone, which is enough for a random text of 256 bits.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from filelock import FileLock

from commonplace.home import make_private_folder, refuse_others, write_private_file


class Scope(StrEnum):
    """What a client may do."""

    FULL = "full"
    """Everything: the user's own clients."""
    CHAT = "chat"
    """Sessions that it begins itself, and their turns; no administration."""
    READ_ONLY = "read-only"
    """As chat, and no turn of its writes."""
    MEMORY_ONLY = "memory-only"
    """As chat, and its turns see user.md and entities/ alone."""


class TokenError(Exception):
    """The tokens cannot be read or changed; the text says what to type."""


@dataclass(frozen=True, slots=True)
class ScopedToken:
    """A token as the daemon knows it."""

    name: str
    scope: Scope
    digest: str
    """SHA-256 of the token, in hexadecimal."""
    made: int
    """Seconds since 1970."""


def digest_of(token: str) -> str:
    """What the file keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def tokens_file(home: Path) -> Path:
    """The path of ``tokens.json``."""
    return home / "tokens.json"


def read_tokens(home: Path) -> Sequence[ScopedToken]:
    """The scoped tokens.

    Raises:
        NotPrivate: others can read or write the file.
        TokenError: it is damaged.

    """
    file = tokens_file(home)
    try:
        descriptor = os.open(file, os.O_RDONLY)
    except FileNotFoundError:
        return ()
    with os.fdopen(descriptor, encoding="utf-8") as opened:
        refuse_others(opened.fileno(), file)
        try:
            entries = json.load(opened)["tokens"]
            return tuple(
                ScopedToken(str(one["name"]), Scope(one["scope"]), str(one["digest"]), int(one["made"]))
                for one in entries
            )
        except (ValueError, KeyError, TypeError):
            raise TokenError(f"{file} is damaged. Delete it and make the tokens again.") from None


def new_token(home: Path, name: str, scope: Scope) -> str:
    """Make a token and return it; nobody can read it again.

    Raises:
        TokenError: there is a token of that name.

    """
    known = read_tokens(home)
    if any(token.name == name for token in known):
        raise TokenError(f"There is a token named {name!r}. Type: commonplace token revoke {name}")
    token = secrets.token_urlsafe(32)
    _write(home, [*known, ScopedToken(name, scope, digest_of(token), int(time.time()))])
    return token


def kept_token(home: Path, name: str, scope: Scope) -> str:
    """The token of a door of our own, such as ``commonplace mcp``; made at its first use and kept beside the config.

    Raises:
        TokenError: the token of that name is somebody else's, or of another scope.
        NotPrivate: others can read it.

    """
    file = home / "doors" / name
    make_private_folder(home)
    with FileLock(home / "doors.lock"):
        known = next((token for token in read_tokens(home) if token.name == name), None)
        kept = _read_private(file)
        if known is not None and kept and digest_of(kept) == known.digest and known.scope is scope:
            return kept
        if known is not None:
            raise TokenError(f"The token {name!r} is not the one that was kept. Type: commonplace token revoke {name}")
        token = new_token(home, name, scope)
        make_private_folder(file.parent)
        write_private_file(file, token)
        return token


def _read_private(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as opened:
            refuse_others(opened.fileno(), file)
            return opened.read()
    except FileNotFoundError:
        return ""


def revoke_token(home: Path, name: str) -> None:
    """Forget a token.

    Raises:
        TokenError: there is none of that name.

    """
    known = read_tokens(home)
    kept = [token for token in known if token.name != name]
    if len(kept) == len(known):
        raise TokenError(f"There is no token named {name!r}. Type: commonplace token list")
    _write(home, kept)


def _write(home: Path, tokens: Sequence[ScopedToken]) -> None:
    make_private_folder(home)
    text = json.dumps({"tokens": [asdict(token) for token in tokens]}, indent=2, ensure_ascii=False)
    write_private_file(tokens_file(home), text + "\n")
