"""``_commonplace/index``: how far the indexes of the open vaults are."""

from collections.abc import Mapping
from typing import Any

from commonplace.server.services import Services


async def index_progress(services: Services, _: Mapping[str, Any]) -> dict[str, Any]:
    """The progress of each open vault's index (``vault.index.progress.Progress``), by the vault's folder."""
    return {"indexes": {str(root): index.progress.as_json() for root, index in services.vaults.indexes.items()}}
