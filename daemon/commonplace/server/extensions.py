"""The methods of our own, all under ``_commonplace/``: what the Agent Client Protocol lacks.

To add one, write an async function in a file named for its subject, and put it into the table.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from acp import RequestError

from commonplace.config import load_config
from commonplace.server import vault_methods
from commonplace.server.indexes import index_progress
from commonplace.server.services import Services

Parameters = Mapping[str, Any]
Method = Callable[[Services, Parameters], Awaitable[dict[str, Any]]]


async def call_extension(services: Services, name: str, parameters: Parameters) -> dict[str, Any]:
    """Answer ``_commonplace/name``.

    Raises:
        RequestError: there is no such method, or it refuses.

    """
    method = _METHODS.get(name)
    if method is None:
        raise RequestError.method_not_found(f"_commonplace/{name}")
    return await method(services, parameters)


async def _shutdown(services: Services, _: Parameters) -> dict[str, Any]:
    """End the daemon."""
    services.stop()
    return {}


async def _vaults(services: Services, _: Parameters) -> dict[str, Any]:
    """The registered vaults."""
    config = load_config(services.home)
    return {
        "vaults": [
            {"name": name, "path": str(vault.path.expanduser()), "memory": vault.memory, "there": vault.path.is_dir()}
            for name, vault in config.vaults.items()
        ],
        "default": config.default_vault,
    }


_METHODS: Mapping[str, Method] = {
    "index": index_progress,
    "shutdown": _shutdown,
    "vaults": _vaults,
    "overview": vault_methods.overview,
    "register": vault_methods.register,
}
