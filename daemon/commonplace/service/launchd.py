"""macOS: a LaunchAgent of the user (launchd.plist(5), launchctl(1))."""

import os
import plistlib
import sys
from pathlib import Path
from typing import Any

from commonplace.service.base import Definition, Runner, ServiceError, require

LABEL = "commonplace.daemon"
_IN_PROGRESS = 36
"""launchctl's code of a bootstrap that comes while the last bootout is not over (EINPROGRESS)."""
_TRIES = 5


class Launchd:
    """``launchctl`` in the user's graphical session."""

    title = "launchd"
    encoding = "utf-8"

    def __init__(self, runner: Runner, user: int | None = None, home: Path | None = None) -> None:
        self.file = (home or Path.home()) / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self._runner = runner
        self._domain = f"gui/{user if user is not None else _user()}"

    def render(self, definition: Definition) -> str:
        """The property list. KeepAlive's keys are OR-ed, so there is one: an unclean end starts it again."""
        agent: dict[str, Any] = {
            "Label": LABEL,
            "ProgramArguments": [str(definition.command), *definition.arguments],
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 30,
            "ExitTimeOut": 20,
            "ProcessType": "Background",
            "Umask": 0o077,
            "StandardOutPath": str(definition.output),
            "StandardErrorPath": str(definition.output),
        }
        return plistlib.dumps(agent, sort_keys=False).decode()

    def command_in(self, text: str) -> Path | None:
        """The first of ProgramArguments."""
        try:
            return Path(plistlib.loads(text.encode())["ProgramArguments"][0])
        except (ValueError, KeyError, IndexError, TypeError, plistlib.InvalidFileException):
            return None

    def install(self, definition: Definition) -> None:
        """Write the agent and load it; launchd starts it then."""
        text = self.render(definition)
        if self._loaded() and self.file.exists() and self.file.read_text(encoding=self.encoding) == text:
            self._launchctl("kickstart", "-k", f"{self._domain}/{LABEL}")
            return
        self._unload()
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(text, encoding=self.encoding)
        self._load()

    def uninstall(self) -> None:
        """Unload the agent, which stops it, and take its file away."""
        self._unload()
        self.file.unlink(missing_ok=True)

    def start(self) -> None:
        """Start it."""
        if not self._loaded():
            self._load()
        self._launchctl("kickstart", f"{self._domain}/{LABEL}")

    def stop(self) -> None:
        """Have it end cleanly: launchd does not start that again."""
        if self._loaded():
            self._runner(("launchctl", "kill", "SIGTERM", f"{self._domain}/{LABEL}"))

    def state(self) -> str:
        """launchd's word for it, such as running."""
        shown = self._runner(("launchctl", "print", f"{self._domain}/{LABEL}"))
        if shown.code != 0:
            return "not loaded"
        states = [line.partition("=")[2].strip() for line in shown.output.splitlines() if line.startswith("\tstate =")]
        return states[0] if states else "loaded"

    def _loaded(self) -> bool:
        return self._runner(("launchctl", "print", f"{self._domain}/{LABEL}")).code == 0

    def _load(self) -> None:
        command = ("launchctl", "bootstrap", self._domain, str(self.file))
        ran = self._runner(command)
        for _ in range(_TRIES):
            if ran.code != _IN_PROGRESS:
                break
            ran = self._runner(command)
        if ran.code != 0:
            raise ServiceError(
                f"{' '.join(command)} failed ({ran.code}): {ran.output}. Log in at the screen, try again."
            )

    def _unload(self) -> None:
        if self._loaded():
            self._launchctl("bootout", f"{self._domain}/{LABEL}")

    def _launchctl(self, *arguments: str) -> None:
        require(self._runner, "launchctl", *arguments)


def _user() -> int:
    return os.getuid() if sys.platform != "win32" else 0
