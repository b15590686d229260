"""What the daemon does for the notes while nobody asks: sweep after a crash, follow lines, keep the journal small."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress

from commonplace.config import ConfigError
from commonplace.server.vaults import Vaults
from commonplace.vault.journal import Journal
from commonplace.vault.origins import Origins

logger = logging.getLogger(__name__)

PRUNE_SECONDS = 3_600.0
FOLLOW_SECONDS = 120.0
"""The fewer edits lie between two looks, the less is in doubt."""


async def keep_up(vaults: Vaults, journal: Journal, origins: Origins) -> None:
    """Sweep once, then follow lines and prune the journal now and then. Cancelled, it ends after what it is at."""
    await _finish(vaults.sweep)
    pruned: float | None = None
    while True:
        await _finish(lambda: _follow(vaults, origins))
        if pruned is None or time.monotonic() - pruned >= PRUNE_SECONDS:
            await _finish(lambda: _prune(vaults, journal, origins))
            pruned = time.monotonic()
        await asyncio.sleep(FOLLOW_SECONDS)


async def _finish(work: Callable[[], None]) -> None:
    """Do it in a thread, and to its end: the journal is closed after us."""
    working = asyncio.ensure_future(asyncio.to_thread(work))
    with suppress(ConfigError, OSError):
        try:
            await asyncio.shield(working)
        except asyncio.CancelledError:
            await asyncio.wait((working,))
            raise


def _follow(vaults: Vaults, origins: Origins) -> None:
    try:
        for vault in vaults.all_there():
            origins.sync(vault)
    except sqlite3.Error as error:
        logger.warning("lines were not followed: %s", type(error).__name__)


def _prune(vaults: Vaults, journal: Journal, origins: Origins) -> None:
    limits = vaults.journal_limits()
    unseen = origins.seen(vault.root for vault in vaults.all_there()) + 1
    went = journal.prune(days=limits.days, most_bytes=limits.megabytes * 1_000_000, keep_from=unseen)
    if went:
        logger.info("the journal forgot %d writes", went)
