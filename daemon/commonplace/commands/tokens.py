"""``token``: the daemon's token, and tokens that open a part of it."""

import time
from typing import Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.home import home_folder
from commonplace.tokens import Scope

NameArgument = Annotated[str, typer.Argument(help="What the token is called.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``token``."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Who may speak to the daemon.")
    group.command("new", epilog="Example: commonplace token new editor --scope read-only")(new)
    group.command("list")(list_all)
    group.command("revoke", epilog="Example: commonplace token revoke editor")(revoke)
    group.command("rotate")(rotate)
    app.add_typer(group, name="token")


def new(
    name: NameArgument,
    scope: Annotated[Scope, typer.Option(help="What it opens: chat, read-only, memory-only or full.")] = Scope.CHAT,
) -> None:
    """Make a token for a client that is not to do everything; it is printed once."""
    from commonplace.tokens import new_token

    token = new_token(home_folder(), name, scope)
    say("Keep it where only that client reads it; nobody can show it again.")
    print(token)


def list_all() -> None:
    """List the tokens that were made."""
    from commonplace.tokens import read_tokens

    for token in read_tokens(home_folder()):
        made = time.strftime("%Y-%m-%d", time.localtime(token.made))
        print(printable(f"{token.name}  {token.scope}  made {made}"))


def revoke(name: NameArgument) -> None:
    """Make a token worthless; clients that hold it are cut off."""
    from commonplace.clients import launch
    from commonplace.tokens import revoke_token

    revoke_token(home_folder(), name)
    connection = launch.connect_to_running(home_folder())
    if connection is not None:
        with connection:
            connection.tokens_changed()


def rotate() -> None:
    """Replace the daemon's own token; clients that are connected stay, and read the new one when they come again."""
    from commonplace.clients import launch

    connection = launch.connect_to_running(home_folder())
    if connection is None:
        print("No daemon runs; each start makes a new token.")
        return
    with connection:
        connection.rotate_token()
    print("The daemon has a new token.")
