"""What a client with a scoped token reaches."""

from commonplace.server.keys import Grant
from commonplace.server.vaults import OpenVault
from commonplace.settings import Config, Mode
from commonplace.tokens import Scope


class Begun:
    """Which client began which session. A scoped client reaches its own ones alone, until the daemon ends."""

    def __init__(self) -> None:
        self._by: dict[str, str] = {}

    def add(self, session_id: str, grant: Grant) -> None:
        """A client has begun a session."""
        if not grant.reaches_every_session:
            self._by[session_id] = grant.name

    def reaches(self, grant: Grant, session_id: str) -> bool:
        """Whether the client may speak in the session, and hear it."""
        return grant.reaches_every_session or self._by.get(session_id) == grant.name


def vault_for(grant: Grant, vault: OpenVault) -> OpenVault:
    """The vault as the client's turns see it."""
    return vault.with_memory_alone() if grant.scope is Scope.MEMORY_ONLY else vault


MCP = "mcp"
"""The name of the token that ``commonplace mcp`` brings."""


def mode_for(grant: Grant, mode: Mode, config: Config) -> Mode:
    """The mode that the client's sessions get in the place of the wanted one.

    A host of MCP cannot be asked, so it writes where nobody needs to be, or not at all.
    """
    if grant.name == MCP and "read-only" not in (mode, config.mcp.mode):
        return "auto" if mode == "auto" else "read-only"
    return "read-only" if grant.name == MCP or grant.scope is Scope.READ_ONLY else mode
