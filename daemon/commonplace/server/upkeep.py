"""What the daemon does for the notes while nobody asks: sweep after a crash, keep the journal within its limits."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from commonplace.config import ConfigError
from commonplace.server.vaults import Vaults
from commonplace.vault.journal import Journal

logger = logging.getLogger(__name__)

PRUNE_SECONDS = 3_600.0


async def keep_up(vaults: Vaults, journal: Journal) -> None:
    """Sweep once, then prune the journal now and then. Cancelled, it ends after what it is at."""
    if journal.moved_aside is not None:
        logger.error("the journal was damaged; it lies at %s, and a new one began", journal.moved_aside)
    await _finish(vaults.sweep)
    while True:
        await _finish(lambda: _prune(vaults, journal))
        await asyncio.sleep(PRUNE_SECONDS)


async def _finish(work: Callable[[], None]) -> None:
    """Do it in a thread, and to its end: the journal is closed after us."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    with suppress(ConfigError, OSError):
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            await asyncio.wait((working,))
            raise


def _prune(vaults: Vaults, journal: Journal) -> None:
    limits = vaults.journal_limits()
    went = journal.prune(days=limits.days, most_bytes=limits.megabytes * 1_000_000)
    if went:
        logger.info("the journal forgot %d writes", went)
