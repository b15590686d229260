"""Vaults whose folder has gone elsewhere: what was kept under its old place is kept under the new one."""

import logging
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from commonplace.config_edit import follow_moves

logger = logging.getLogger(__name__)


class KeptByVault(Protocol):
    """A store whose rows name the folder of their vault."""

    def move_vault(self, old: Path, new: Path) -> None:
        """Let the rows of the vault name its new folder; done twice, it does nothing more."""
        ...


def carry_over(home: Path, stores: Sequence[KeptByVault]) -> None:
    """Carry out in the stores what ``commonplace vault move`` told since the last call; what fails is tried again."""

    def carry(old: Path, new: Path) -> None:
        for store in stores:
            store.move_vault(old, new)
        logger.info("what was kept of a moved vault is kept under its new folder")

    try:
        follow_moves(home, carry)
    except (OSError, sqlite3.Error) as error:
        logger.warning("what was kept of a moved vault is not found yet: %s", type(error).__name__)
