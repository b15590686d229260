"""The command line: what ``commonplace`` can do, and what it says when something is wrong."""

import sys
from contextlib import suppress
from io import TextIOWrapper
from typing import Annotated

import typer

from commonplace import __version__
from commonplace.commands import (
    bench,
    config,
    daemon,
    doctor,
    doors,
    filters,
    history,
    imports,
    logs,
    model,
    origins,
    plugin,
    service,
    sessions,
    status,
    talk,
    tokens,
    vaults,
    window,
)
from commonplace.commands.common import say
from commonplace.home import home_folder
from commonplace.install import record_command

_EXAMPLES = """\b
Examples:
  commonplace chat                               talk with your vault
  commonplace chat --vault ~/Notes               with a vault that you have
  commonplace ask "What is my name?"             ask one question
  commonplace window --browser                   talk in your browser
  commonplace vault init ~/Notes                 add memory to a vault
"""

app = typer.Typer(
    name="commonplace",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An agent that remembers in your Obsidian vault.",
    epilog=_EXAMPLES,
)
_SUBJECTS = (
    talk,
    window,
    sessions,
    vaults,
    model,
    config,
    daemon,
    status,
    logs,
    service,
    doors,
    tokens,
    filters,
    doctor,
    plugin,
    history,
    imports,
    origins,
    bench,
)
for commands in _SUBJECTS:
    commands.add_to(app)


def main() -> None:
    """Run a command; an error is one clear sentence on standard error and exit code 1."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        app()
    except Exception as error:
        sys.exit(_told(error))
    except KeyboardInterrupt:
        sys.exit(130)


@app.callback(invoke_without_command=True)
def top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """An agent that remembers in your Obsidian vault."""
    if version:
        print(f"commonplace {__version__}")
        raise typer.Exit
    home = home_folder()
    if (home / "config.toml").exists():
        with suppress(OSError):
            record_command(home)


def _told(error: Exception) -> int:
    """Say what went wrong; the exit code. The text of every exception of ours is meant for the user."""
    match error:
        case BrokenPipeError():
            sys.stdout = None
        case OSError(filename=str(name), strerror=str(reason)):
            say(f"{name}: {reason}.")
        case _ if type(error).__module__.partition(".")[0] == "commonplace":
            say(str(error))
        case _:
            raise error
    return 1
