"""``sessions``: the conversations that are kept; name one, delete one."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import choose_vault, confirm, say
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.clients.wire import Json

SessionArgument = Annotated[str, typer.Argument(metavar="SESSION", help="Its id, or the beginning of it.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print a JSON list.")]
VaultOption = Annotated[str | None, typer.Option("--vault", help="Of this vault alone; of every one unless set.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``sessions``."""
    group = typer.Typer(
        invoke_without_command=True, rich_markup_mode=None, help="The conversations that are kept, the latest first."
    )
    group.callback(epilog="Example: commonplace chat --session 3f2a")(list_latest)
    group.command("list")(list_all)
    group.command("name", epilog='Example: commonplace sessions name 3f2a "The move to Oslo"')(name)
    group.command("delete", epilog="Example: commonplace sessions delete 3f2a")(delete)
    app.add_typer(group, name="sessions")


def list_latest(context: typer.Context, vault: VaultOption = None, as_json: JsonOption = False) -> None:
    """List the conversations that are kept, the latest first."""
    if context.invoked_subcommand is None:
        list_all(vault, as_json)


def list_all(vault: VaultOption = None, as_json: JsonOption = False) -> None:
    """List the conversations that are kept, the latest first."""
    from commonplace.clients import launch

    home = home_folder()
    with launch.connect(home, say) as connection:
        found = list(connection.sessions(None if vault is None else choose_vault(home, vault)))
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for session in found:
        print(printable(_line(session)))
    if found:
        print("Type: commonplace chat --session ID (goes on with one), or commonplace chat --continue (the latest)")
    else:
        print("No conversation is kept yet. Type: commonplace chat")


def name(session: SessionArgument, title: Annotated[str, typer.Argument(help="What to call it.")]) -> None:
    """Give a conversation another name."""
    from commonplace.clients import launch
    from commonplace.clients.kept import one_session

    with launch.connect(home_folder(), say) as connection:
        found = one_session(connection.sessions(), session)
        connection.name_session(found["sessionId"], title)
    print(printable(f"{found['title']!r} is now {title!r}"))


def delete(
    session: SessionArgument, yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False
) -> None:
    """Drop a conversation with all that it said; what it wrote to notes stays, and can still be undone."""
    from commonplace.clients import launch
    from commonplace.clients.kept import one_session

    with launch.connect(home_folder(), say) as connection:
        found = one_session(connection.sessions(), session)
        confirm(f"Delete {printable(found['title'])!r}, of {found['updatedAt'][:10]}?", yes)
        connection.delete_session(found["sessionId"])
    print(printable(f"{found['title']!r} is deleted."))


def _line(session: "Json") -> str:
    running = "  (a turn is under way)" if session["_meta"]["commonplace"]["running"] else ""
    when = session["updatedAt"][:16].replace("T", " ")
    return f"{session['sessionId']}  {when}  {Path(session['cwd']).name}  {session['title']}{running}"
