"""The vaults that sessions can be about: the registered ones, opened once."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from commonplace.config import ConfigError
from commonplace.home import make_private_folder
from commonplace.settings import Config, JournalConfig, Mode, VaultConfig
from commonplace.vault.editor import Editor
from commonplace.vault.errors import VaultError
from commonplace.vault.index.catalogue import IndexedCatalogue
from commonplace.vault.index.index import Index, index_file
from commonplace.vault.index.progress import Progress
from commonplace.vault.journal import Journal
from commonplace.vault.lens import Lens
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from commonplace.vault.recovery import Recovered, recover, sweep

logger = logging.getLogger(__name__)


class VaultUnknown(Exception):
    """The folder is not a registered vault; the text says how to register it."""


@dataclass(frozen=True, slots=True)
class OpenVault:
    """A vault in use."""

    root: Path
    memory: Memory
    mode: Mode
    """The mode in which a session on it begins."""
    recovered: list[Recovered]
    """What a crash had left and a person may want to know of, since the daemon's start."""

    def with_memory_alone(self) -> "OpenVault":
        """The same vault, of which a turn sees the memory and nothing else."""
        return replace(self, memory=self.memory.seen_as(alone=True))

    def seen_through(self, lens: Lens) -> "OpenVault":
        """The same vault, of which a turn does not see what the lens hides."""
        return replace(self, memory=self.memory.seen_as(lens=lens))


class Vaults:
    """Opens vaults by their folder. The config is looked at each time, so a new vault is known at once."""

    def __init__(
        self,
        read_config: Callable[[], Config],
        journal: Journal,
        indexes: Path,
        told: Callable[[Path, Progress], None] = lambda _, __: None,
        editor_of: Callable[[Path], Editor | None] = lambda _: None,
    ) -> None:
        """``indexes`` is the folder for one index a vault; it is made when it is needed.

        ``told`` is called, from another thread, when an index has come further. ``editor_of`` gives the editor in
        which notes of the vault at a folder may be open.
        """
        self._editor_of = editor_of
        self._told = told
        self._read_config = read_config
        self._journal = journal
        self._folder = indexes
        self._recovered: dict[Path, list[Recovered]] = {}
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

    def journal_limits(self) -> JournalConfig:
        """How long and how much the journal keeps."""
        return self._read_config().journal

    def all_there(self) -> Iterator[Vault]:
        """Every registered vault whose folder is there, to be read."""
        for found in self._read_config().vaults.values():
            with suppress(VaultError):
                yield Vault(found.path.expanduser())

    def sweep(self) -> None:
        """Look through every registered vault that is there for what a crash left."""
        for found in self._read_config().vaults.values():
            with suppress(VaultError):
                root = Vault(found.path.expanduser()).root
                with self._lock:
                    self._mend(root)
                self._note(root, sweep(root, self._journal))

    def _opened(self, found: VaultConfig, mode: Mode) -> OpenVault:
        vault = Vault(found.path.expanduser(), journal=self._journal)
        return OpenVault(vault.root, self._memory(vault, found.memory), mode, self._recovered[vault.root])

    def _memory(self, vault: Vault, folder: str) -> Memory:
        """The memory in a folder of a vault, opened once; those of one vault share its index.

        Before its first use, what a crash left of writes to the vault is mended.
        """
        key = (vault.root, folder)
        with self._lock:
            self._mend(vault.root)
            if vault.root not in self._indexes:
                place = index_file(make_private_folder(self._folder), vault.root)
                index = Index(vault.root, place, told=partial(self._told, vault.root))
                index.start()
                self._indexes[vault.root] = index
            if key not in self._open:
                vault.editor = self._editor_of(vault.root)
                catalogue = IndexedCatalogue(vault, self._indexes[vault.root])
                self._open[key] = Memory(vault, folder, catalogue)
            return self._open[key]

    def _mend(self, root: Path) -> None:
        if root not in self._recovered:
            self._recovered[root] = []
            self._note(root, recover(root, self._journal))

    def _note(self, root: Path, found: Sequence[Recovered]) -> None:
        self._recovered[root] += found
        for item in found:
            logger.warning("after a crash, %s: %s", item.what, item.path)
