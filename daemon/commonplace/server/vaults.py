"""The vaults that sessions can be about: the registered ones, opened once."""

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from commonplace.config import Config, ConfigError, Mode, VaultConfig
from commonplace.home import make_private_folder
from commonplace.vault.errors import VaultError
from commonplace.vault.index.catalogue import IndexedCatalogue
from commonplace.vault.index.index import Index, index_file
from commonplace.vault.journal import Journal
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault


class VaultUnknown(Exception):
    """The folder is not a registered vault; the text says how to register it."""


@dataclass(frozen=True, slots=True)
class OpenVault:
    """A vault in use."""

    root: Path
    memory: Memory
    mode: Mode
    """The mode in which a session on it begins."""

    def with_memory_alone(self) -> "OpenVault":
        """The same vault, of which a turn sees the memory and nothing else."""
        return replace(self, memory=Memory(self.memory.vault, self.memory.folder, self.memory.catalogue, alone=True))


class Vaults:
    """Opens vaults by their folder. The config is looked at each time, so a new vault is known at once."""

    def __init__(self, read_config: Callable[[], Config], journal: Journal, indexes: Path) -> None:
        """``indexes`` is the folder for one index a vault; it is made when it is needed."""
        self._read_config = read_config
        self._journal = journal
        self._folder = indexes
        self._open: dict[tuple[Path, str], Memory] = {}
        self._indexes: dict[Path, Index] = {}
        self._lock = threading.Lock()

    @property
    def indexes(self) -> Mapping[Path, Index]:
        """The index of each vault in use, by the vault's folder."""
        return dict(self._indexes)

    def open_default(self) -> None:
        """Open the default vault, if it can be, so that its index is ready when somebody asks."""
        with suppress(VaultError, ConfigError):
            chosen = self._read_config().chosen_vault()
            if chosen is not None:
                self._memory(Vault(chosen.path.expanduser(), journal=self._journal), chosen.memory)

    def close(self) -> None:
        """End the indexes."""
        for index in self._indexes.values():
            index.close()

    def open(self, cwd: str) -> OpenVault:
        """The vault at the folder, or of that name.

        Raises:
            VaultUnknown: it is not registered.
            VaultMissing: it is registered and its folder is gone.
            ConfigError: the config cannot be read.

        """
        config = self._read_config()
        found = config.vault_named(cwd)
        if found is None:
            raise VaultUnknown(f"{cwd} is not a registered vault. Type: commonplace vault add {cwd}")
        return self._opened(found, found.mode or config.agent.mode)

    def _opened(self, found: VaultConfig, mode: Mode) -> OpenVault:
        vault = Vault(found.path.expanduser(), journal=self._journal)
        return OpenVault(vault.root, self._memory(vault, found.memory), mode)

    def _memory(self, vault: Vault, folder: str) -> Memory:
        """The memory in a folder of a vault, opened once; those of one vault share its index."""
        key = (vault.root, folder)
        with self._lock:
            if vault.root not in self._indexes:
                index = Index(vault.root, index_file(make_private_folder(self._folder), vault.root))
                index.start()
                self._indexes[vault.root] = index
            if key not in self._open:
                catalogue = IndexedCatalogue(vault, self._indexes[vault.root])
                self._open[key] = Memory(vault, folder, catalogue)
            return self._open[key]
