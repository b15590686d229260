"""What the daemon does for the notes while nobody asks: sweep after a crash, keep the journal within its limits."""

import asyncio
import logging
from contextlib import suppress

from commonplace.config import ConfigError
from commonplace.server.vaults import Vaults
from commonplace.vault.journal import Journal

logger = logging.getLogger(__name__)

PRUNE_SECONDS = 3_600.0


async def keep_up(vaults: Vaults, journal: Journal) -> None:
    """Sweep once, then prune the journal now and then; ends when it is cancelled."""
    if journal.moved_aside is not None:
        logger.error("the journal was damaged; it lies at %s, and a new one began", journal.moved_aside)
    with suppress(ConfigError, OSError):
        await asyncio.to_thread(vaults.sweep)
    while True:
        with suppress(ConfigError, OSError):
            await asyncio.to_thread(_prune, vaults, journal)
        await asyncio.sleep(PRUNE_SECONDS)


def _prune(vaults: Vaults, journal: Journal) -> None:
    limits = vaults.journal_limits()
    went = journal.prune(days=limits.days, most_bytes=limits.megabytes * 1_000_000)
    if went:
        logger.info("the journal forgot %d writes", went)
