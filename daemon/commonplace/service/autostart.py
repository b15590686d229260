"""A desktop without systemd: an entry in the autostart folder (Desktop Entry and Autostart specifications)."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from commonplace.service.base import Definition, ServiceError

_TEXT = """\
[Desktop Entry]
Type=Application
Name=Commonplace
Comment=An agent that remembers in your Obsidian vault
Exec={command}
Terminal=false
NoDisplay=true
"""

_SPECIAL = re.compile(r'(["`$\\])')


class Autostart:
    """The desktop starts it at login; nobody starts it again when it has crashed."""

    title = "desktop autostart"
    encoding = "utf-8"

    def __init__(self, spawn: Callable[[Sequence[str]], None], environment: Mapping[str, str] = os.environ) -> None:
        config = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.file = Path(config) / "autostart" / "commonplace.desktop"
        self._spawn = spawn

    def render(self, definition: Definition) -> str:
        """The desktop entry."""
        words = (str(definition.command), *definition.arguments)
        return _TEXT.format(command=" ".join(map(_quoted, words)))

    def command_in(self, text: str) -> Path | None:
        """The first word of Exec."""
        words = _words(text)
        return Path(words[0]) if words else None

    def install(self, definition: Definition) -> None:
        """Write the entry, and start what the desktop will start at the next login."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.render(definition), encoding=self.encoding)
        self.start()

    def uninstall(self) -> None:
        """Take the entry away."""
        self.file.unlink(missing_ok=True)

    def start(self) -> None:
        """Start it as the desktop would."""
        words = _words(self.file.read_text(encoding=self.encoding))
        if not words:
            raise ServiceError(f"{self.file} is none of ours any more. Type: commonplace service install")
        self._spawn(words)

    def stop(self) -> None:
        """The daemon was asked to end before; there is nobody else to ask."""

    def state(self) -> str:
        """The desktop does not tell."""
        return "starts at login"


def spawn(words: Sequence[str]) -> None:
    """Start a command that outlives us."""
    subprocess.Popen(
        words,
        cwd=Path(words[-1]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _quoted(word: str) -> str:
    """A word of Exec: quoted, then escaped once more as any text value, and % doubled."""
    quoted = _SPECIAL.sub(r"\\\1", word)
    return '"' + quoted.replace("\\", "\\\\").replace("%", "%%") + '"'


def _words(text: str) -> list[str]:
    line = re.search(r"^Exec=(.*)$", text, re.MULTILINE)
    if line is None:
        return []
    value = line[1].replace("\\\\", "\\")
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in re.findall(r'"((?:[^"\\]|\\.)*)"', value)]
