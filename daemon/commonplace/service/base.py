"""What every backend has: a file, what it says, and the commands that make the system follow it."""

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_COMMAND_SECONDS = 30.0


class ServiceError(Exception):
    """The system refused; the text holds what it said and what to type."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What the system is to start at login."""

    command: Path
    """The installed command: the link or script that an upgrade leaves in its place."""
    home: Path
    """The folder of all that is ours; its ``logs`` take what the command prints."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The command's arguments."""
        return ("serve", "--service", "--home", str(self.home))

    @property
    def output(self) -> Path:
        """Where the system writes what the command prints, if it keeps no journal of its own."""
        return self.home / "logs" / "service.log"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command of the system ended."""

    code: int
    output: str


Runner = Callable[[Sequence[str]], Ran]


class Manager(Protocol):
    """One way to start at login. Every verb may be repeated."""

    @property
    def title(self) -> str:
        """What the system calls it."""
        ...

    @property
    def file(self) -> Path:
        """Where the registration stands; no file, no registration."""
        ...

    @property
    def encoding(self) -> str:
        """The file's encoding."""
        ...

    def render(self, definition: Definition) -> str:
        """The file's text. Pure."""
        ...

    def command_in(self, text: str) -> Path | None:
        """The command that a file of ours starts; None if it is none of ours. Pure."""
        ...

    def install(self, definition: Definition) -> None:
        """Register, and start."""
        ...

    def uninstall(self) -> None:
        """Stop, and take the registration away; nothing is left."""
        ...

    def start(self) -> None:
        """Start what is registered."""
        ...

    def stop(self) -> None:
        """Stop it until the next login or ``start``."""
        ...

    def state(self) -> str:
        """What the system says of it, in a word or two."""
        ...


def run(command: Sequence[str]) -> Ran:
    """Run a command of the system."""
    try:
        ended = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        return Ran(127, f"there is no command {command[0]}")
    except subprocess.TimeoutExpired:
        return Ran(124, f"no answer within {_COMMAND_SECONDS:.0f} s")
    return Ran(ended.returncode, ended.stdout.decode(errors="replace").strip())


def require(runner: Runner, *command: str) -> str:
    """Run a command that must succeed; its output.

    Raises:
        ServiceError.

    """
    ran = runner(command)
    if ran.code != 0:
        raise ServiceError(f"{' '.join(command)} failed ({ran.code}): {ran.output or 'it said nothing'}")
    return ran.output
