"""Linux with systemd: a unit of the user's own manager (systemd.service(5), systemd.syntax(7))."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from commonplace.service.base import Definition, Runner, require

UNIT = "commonplace.service"

_TEXT = """\
[Unit]
Description=Commonplace: an agent that remembers in your Obsidian vault
StartLimitIntervalSec=60
StartLimitBurst=6

[Service]
Type=exec
ExecStart=:/usr/bin/env {command}
Restart=on-failure
RestartSec=2
TimeoutStopSec=20
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
"""
"""StartLimitBurst is over our own four, so that the daemon itself gives up first and keeps the log's lines.

systemd takes no quote or backslash in a program's own path, so env starts it; the colon stops ``$`` from
being expanded.
"""


class Systemd:
    """``systemctl --user``."""

    title = "systemd --user"
    encoding = "utf-8"

    def __init__(self, runner: Runner, environment: Mapping[str, str] = os.environ) -> None:
        config = environment.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        self.file = Path(config) / "systemd" / "user" / UNIT
        self._runner = runner

    def answers(self) -> bool:
        """Whether a manager of the user runs here."""
        return self._runner(("systemctl", "--user", "show-environment")).code == 0

    def render(self, definition: Definition) -> str:
        """The unit."""
        words = (str(definition.command), *definition.arguments)
        return _TEXT.format(command=" ".join(map(_quoted, words)))

    def command_in(self, text: str) -> Path | None:
        """The command of ExecStart."""
        found = re.search(r'^ExecStart=:/usr/bin/env "((?:[^"\\]|\\.)*)"', text, re.MULTILINE)
        if found is None:
            return None
        return Path(re.sub(r"\\(.)", r"\1", found[1]).replace("%%", "%"))

    def install(self, definition: Definition) -> None:
        """Write the unit, enable it, and start it anew."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.render(definition), encoding=self.encoding)
        self._systemctl("daemon-reload")
        self._systemctl("enable", UNIT)
        self._reset()
        self._systemctl("restart", UNIT)

    def uninstall(self) -> None:
        """Disable and stop it, and take the unit away."""
        if not self.file.exists():
            return
        self._systemctl("disable", "--now", UNIT)
        self.file.unlink(missing_ok=True)
        self._systemctl("daemon-reload")
        self._reset()

    def start(self) -> None:
        """Start it, also after it has failed too often."""
        self._reset()
        self._systemctl("start", UNIT)

    def stop(self) -> None:
        """Stop it."""
        self._systemctl("stop", UNIT)

    def state(self) -> str:
        """The unit's state and sub-state, such as active (running)."""
        shown = self._runner(("systemctl", "--user", "show", UNIT, "--property=ActiveState,SubState")).output
        values = {name: value for name, _, value in (line.partition("=") for line in shown.splitlines())}
        return f"{values.get('ActiveState', 'unknown')} ({values.get('SubState', 'unknown')})"

    def _systemctl(self, *arguments: str) -> None:
        require(self._runner, "systemctl", "--user", *arguments)

    def _reset(self) -> None:
        self._runner(("systemctl", "--user", "reset-failed", UNIT))


def _quoted(word: str) -> str:
    """A word of a command line, with nothing in it that systemd would expand."""
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'
