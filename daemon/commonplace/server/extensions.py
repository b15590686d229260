"""The methods of our own, all under ``_commonplace/``: what the Agent Client Protocol lacks.

To add one, write an async function in a file named for its subject, and put it into the table.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from acp import RequestError

from commonplace.server import page_methods, vault_methods
from commonplace.server.doctor import doctor, repair
from commonplace.server.facts import facts_of
from commonplace.server.filter_methods import filters
from commonplace.server.history import history_of, undo_turns
from commonplace.server.importing import import_look, import_notes
from commonplace.server.indexes import index_progress
from commonplace.server.keys import Grant
from commonplace.server.provenance import forget, why
from commonplace.server.services import Services
from commonplace.server.session_methods import name_session
from commonplace.server.status import check_vaults, status
from commonplace.server.wire import VaultsAnswer
from commonplace.tokens import Scope

Parameters = Mapping[str, Any]
Method = Callable[[Services, Parameters], Awaitable[Mapping[str, Any]]]

OUT_OF_SCOPE = -32003
"""JSON-RPC error of a method that the client's token does not reach."""


async def call_extension(services: Services, grant: Grant, name: str, parameters: Parameters) -> Mapping[str, Any]:
    """Answer ``_commonplace/name``.

    Raises:
        RequestError: there is no such method, it refuses, or the client's token does not reach it.

    """
    method = _METHODS.get(name)
    if method is None:
        raise RequestError.method_not_found(f"_commonplace/{name}")
    if not _reaches(grant, name):
        raise RequestError(OUT_OF_SCOPE, f"A token of the scope {grant.scope} does not reach _commonplace/{name}.")
    return await method(services, parameters)


def method_names() -> list[str]:
    """The names in the table, without their prefix."""
    return list(_METHODS)


async def _shutdown(services: Services, _: Parameters) -> dict[str, Any]:
    """End the daemon."""
    services.life.stop()
    return {}


async def _vaults(services: Services, _: Parameters) -> VaultsAnswer:
    """The registered vaults."""
    config = services.config.current()
    return {
        "vaults": [
            {"name": name, "path": str(vault.path.expanduser()), "memory": vault.memory, "there": vault.path.is_dir()}
            for name, vault in config.vaults.items()
        ],
        "default": config.default_vault,
    }


async def _status(services: Services, _: Parameters) -> dict[str, Any]:
    """What the daemon says of itself."""
    return status(services)


async def _check_vaults(services: Services, _: Parameters) -> dict[str, Any]:
    """Whether the daemon may read the vaults."""
    return {"vaults": await check_vaults(services)}


async def _rotate_token(services: Services, _: Parameters) -> dict[str, Any]:
    """Replace the daemon's token; connections that are open stay."""
    services.life.rotate_token()
    return {}


async def _tokens_changed(services: Services, _: Parameters) -> dict[str, Any]:
    """Hang up on clients whose token was revoked."""
    services.life.drop_revoked()
    return {}


_METHODS: Mapping[str, Method] = {
    "check_vaults": _check_vaults,
    "doctor": doctor,
    "facts": facts_of,
    "filters": filters,
    "forget": forget,
    "history": history_of,
    "import_look": import_look,
    "import_notes": import_notes,
    "index": index_progress,
    "name_session": name_session,
    "notes": vault_methods.notes,
    "open_page": page_methods.open_page,
    "overview": vault_methods.overview,
    "register": vault_methods.register,
    "repair": repair,
    "rotate_token": _rotate_token,
    "shutdown": _shutdown,
    "status": _status,
    "tokens_changed": _tokens_changed,
    "undo": undo_turns,
    "vaults": _vaults,
    "why": why,
}

_FOR_EVERY_SCOPE = frozenset({"vaults"})
"""What a scoped client may call, too; whatever is new is the full scope's alone until it is named here."""

_FOR_PAGES = _FOR_EVERY_SCOPE | {"history", "index", "notes", "overview", "undo"}
"""What the user's own page may call."""


def _reaches(grant: Grant, name: str) -> bool:
    return grant.scope is Scope.FULL or name in (_FOR_PAGES if grant.page else _FOR_EVERY_SCOPE)
