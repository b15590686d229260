"""Where the command ``commonplace`` is installed, kept in ``install.json`` for those who start it.

The plugin's start button and the service run this path. It is the command as the user's shell finds it (a
link or a small script that an upgrade leaves in its place), never the interpreter of one version behind it.
Standard library only: every command imports this module.
"""

import json
import os
import re
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from commonplace import __version__
from commonplace.home import make_private_folder, write_private_file

COMMAND = "commonplace"


def install_file(home: Path) -> Path:
    """The path of ``install.json``."""
    return home / "install.json"


def running_command(arguments: Sequence[str] | None = None, interpreter: str = sys.executable) -> Path | None:
    """The absolute path of the command that runs now; None where there is only ``python -m commonplace``.

    Args:
        arguments: ``sys.argv``.
        interpreter: ``sys.executable``.

    """
    suffix = ".exe" if sys.platform == "win32" else ""
    typed = Path((arguments or sys.argv)[0])
    if typed.stem == COMMAND:
        found = typed if len(typed.parts) > 1 else Path(shutil.which(COMMAND) or typed)
    else:
        found = Path(interpreter).with_name(COMMAND)
    found = Path(os.path.abspath(found)).with_suffix(suffix)  # noqa: PTH100  # resolve() would leave the stable link
    return found if found.is_file() else None


def recorded_command(home: Path) -> Path | None:
    """The path in ``install.json``, if a command stands there."""
    try:
        found = Path(json.loads(install_file(home).read_text(encoding="utf-8"))["command"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found.is_file() else None


def installed_version(package: Path = Path(__file__).parent) -> str | None:
    """The version that stands on disk now, which an upgrade may have put in our place; None while it is written."""
    try:
        text = (package / "__init__.py").read_text(encoding="utf-8")
    except OSError:
        return None
    found = re.search(r'^__version__ = "([^"]+)"', text, re.MULTILINE)
    return found[1] if found else None


def record_command(home: Path, *, replace: bool = False) -> Path | None:
    """Write ``install.json`` if it names no command that is there, or always with ``replace``; the recorded path.

    A checkout that is only tried out does not take the place of what the user has installed.
    """
    known = recorded_command(home)
    if known is not None and not replace:
        return known
    found = running_command()
    if found is not None and found != known:
        make_private_folder(home)
        write_private_file(
            install_file(home), json.dumps({"command": str(found), "version": __version__}, indent=2) + "\n"
        )
    return found or known
