"""The config while the daemon runs: a change holds from the next turn or session on, without a restart."""

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from commonplace.config import ConfigError, config_file, load_config
from commonplace.settings import Config

logger = logging.getLogger(__name__)

Stamp = tuple[int, int, int] | None

_MOMENT = 0.05
"""Seconds after which an empty file is believed: a program that saves in place empties it first."""


class LiveConfig:
    """Reads config.toml again when it has changed; one that cannot be used leaves the last good one in force."""

    def __init__(self, home: Path, config: Config, flags: Mapping[str, Any] = {}) -> None:
        self.problem: str | None = None
        """What is wrong with the file as it stands now, for the user's eyes."""
        self.flags = flags
        self.home = home
        self._config = config
        self._stamp = stamp_of(config_file(home))
        self._reading = threading.Lock()
        """Held while the file is looked at, so that no thread takes the old config for the new file's."""

    def current(self) -> Config:
        """The config that holds now."""
        with self._reading:
            stamp = stamp_of(config_file(self.home))
            if stamp != self._stamp and stamp is not None and stamp[2] == 0:
                time.sleep(_MOMENT)
                stamp = stamp_of(config_file(self.home))
            if stamp != self._stamp:
                self._stamp = stamp
                self._read()
            return self._config

    def _read(self) -> None:
        try:
            self._config = load_config(self.home, self.flags)
        except ConfigError as error:
            self.problem = f"{error} Until then the settings of before hold."
            logger.warning("config.toml cannot be used; the settings of before hold")
        else:
            self.problem = None
            logger.info("config.toml was read again")


def stamp_of(file: Path) -> Stamp:
    """What tells that a file has changed; None where there is none."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
