"""Where Commonplace keeps what is its own, and how a client finds the daemon.

Standard library only: every command imports this module, also those that only talk to the daemon.
"""

import json
import os
import secrets
import shlex
import stat
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

PROTOCOL_VERSION = 1
"""The Agent Client Protocol's major version, spoken at ``/acp``."""


ANOTHER_RUNS = 75
"""The exit code of a daemon that finds another one at work (EX_TEMPFAIL of sysexits.h: try again)."""


class NotPrivate(Exception):
    """Others can read or have written a file of secrets; the text says what to type."""


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder for everything of ours: COMMONPLACE_HOME, else ``~/.commonplace``."""
    chosen = environment.get("COMMONPLACE_HOME")
    return Path(chosen).expanduser().absolute() if chosen else Path.home() / ".commonplace"


def default_vault(environment: Mapping[str, str] = os.environ) -> Path:
    """The vault that is made when none is named: ``~/Commonplace``, or inside COMMONPLACE_HOME when set."""
    chosen = environment.get("COMMONPLACE_HOME")
    return home_folder(environment) / "Commonplace" if chosen else Path.home() / "Commonplace"


def make_private_folder(folder: Path) -> Path:
    """Create the folder for its owner alone (0700), whatever the umask; an existing one is tightened."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return folder


def write_private_file(path: Path, text: str) -> None:
    """Write a file that only its owner can read (0600), whole or not at all."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def refuse_others(descriptor: int, path: Path) -> None:
    """Refuse an open file that holds or decides about a secret, if anybody else owns it, reads it or writes it.

    Raises:
        NotPrivate.

    """
    if sys.platform == "win32":
        return
    found = os.fstat(descriptor)
    if found.st_uid != os.getuid():
        raise NotPrivate(f"{path} belongs to another user, so it is not used. Type: rm {shlex.quote(str(path))}")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise NotPrivate(f"Others can read {path}, so it is not used. Type: chmod 600 {shlex.quote(str(path))}")


@dataclass(frozen=True, slots=True)
class Discovery:
    """What ``daemon.json`` says: how to reach the daemon that runs now."""

    port: int
    token: str
    pid: int
    version: str
    protocol: int = PROTOCOL_VERSION

    @property
    def url(self) -> str:
        """The WebSocket address, always the literal loopback address."""
        return f"ws://127.0.0.1:{self.port}/acp"

    def write(self, home: Path) -> None:
        """Write ``daemon.json`` into the home folder, for its owner alone."""
        make_private_folder(home)
        write_private_file(discovery_file(home), json.dumps(asdict(self), indent=2) + "\n")


def discovery_file(home: Path) -> Path:
    """The path of ``daemon.json``."""
    return home / "daemon.json"


def lock_file(home: Path) -> Path:
    """The file whose held lock says that a daemon runs."""
    return home / "daemon.lock"


def log_file(home: Path) -> Path:
    """The daemon's log: ids, sizes and times."""
    return home / "logs" / "daemon.log"


def find_daemon(home: Path) -> Discovery | None:
    """What ``daemon.json`` says, or None where there is none or it cannot be read as one.

    A file that stands is no proof of a living daemon: the held lock is.

    Raises:
        NotPrivate: others could read the token, or wrote the file.

    """
    place = discovery_file(home)
    try:
        with place.open(encoding="utf-8") as file:
            refuse_others(file.fileno(), place)
            found = json.load(file)
        return Discovery(
            port=int(found["port"]),
            token=str(found["token"]),
            pid=int(found["pid"]),
            version=str(found["version"]),
            protocol=int(found["protocol"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
