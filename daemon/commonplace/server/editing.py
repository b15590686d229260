"""``_commonplace/editor|opened|closed``: what a client tells of the notes that it has open."""

from collections.abc import Mapping
from typing import Any

from acp import RequestError
from pydantic import BaseModel, ConfigDict

from commonplace.server.editors import Request, VaultEditor
from commonplace.server.extensions import OUT_OF_SCOPE
from commonplace.server.parameters import checked, opened_vault
from commonplace.server.requests import invalid
from commonplace.server.services import Services
from commonplace.tokens import Scope

Json = dict[str, Any]


class _Editor(BaseModel):
    model_config = ConfigDict(extra="ignore")

    vault: str
    """Its folder or registered name."""
    open: list[str] = []
    """Every note that is open now, relative to the vault."""


class _Note(BaseModel):
    model_config = ConfigDict(extra="ignore")

    path: str


class Editing:
    """One client as an editor: of one vault at a time, and only with the daemon's own token."""

    def __init__(self, services: Services, scope: Scope, request: Request) -> None:
        """``request`` asks the client for something."""
        self._services = services
        self._scope = scope
        self._request = request
        self._editor: VaultEditor | None = None
        self._gone = False

    async def call(self, name: str, parameters: Mapping[str, Any]) -> Json:
        """Answer ``_commonplace/name``.

        Raises:
            RequestError: a parameter is wrong, the token does not reach it, or the client is no editor yet.

        """
        if self._scope is not Scope.FULL:
            raise RequestError(OUT_OF_SCOPE, "Whose notes a turn changes in an editor takes the daemon's own token.")
        if name == "editor":
            return await self._begin(checked(_Editor, parameters))
        path = checked(_Note, parameters).path
        if self._editor is None:
            invalid("Call _commonplace/editor with the vault first.")
        if name == "opened":
            self._editor.opened(self._request, [path])
        else:
            self._editor.closed(self._request, path)
        return {}

    def leave(self) -> None:
        """The client has gone, and its notes are closed."""
        self._gone = True
        self._end()

    async def _begin(self, asked: _Editor) -> Json:
        vault = await opened_vault(self._services, asked.vault)
        if not self._gone:
            self._end()
            self._editor = self._services.editors.of(vault.root)
            self._editor.opened(self._request, asked.open)
        return {"vault": str(vault.root)}

    def _end(self) -> None:
        if self._editor is not None:
            self._editor.leave(self._request)
