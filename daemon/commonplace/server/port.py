"""The port of last time: where any port will do it is taken again, so that a page that is open finds a new daemon."""

from pathlib import Path

from commonplace.home import write_private_file


def last_port(home: Path) -> int:
    """Where the last daemon of this home listened; 0 where that is not known."""
    try:
        port = int(_file(home).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0
    return port if 0 < port < 65536 else 0


def remember_port(home: Path, port: int) -> None:
    """Keep it for the next daemon."""
    if port != last_port(home):
        write_private_file(_file(home), f"{port}\n")


def _file(home: Path) -> Path:
    return home / "port"
