"""``why`` and ``forget``: where a line comes from, and taking a fact back."""

import json
import re
from collections.abc import Iterable
from typing import Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import VaultOption, choose_vault, confirm, say
from commonplace.home import home_folder

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: commonplace why entities/jane_doe.md:4")(why)
    app.command(epilog='Example: commonplace forget "phone: 555 0100" --purge')(forget)


def why(
    note: Annotated[str, typer.Argument(metavar="NOTE[:LINE]", help="A note; all lines of turns unless one is named.")],
    vault: VaultOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say which sentence of yours a line comes from, and whether you edited it since."""
    from commonplace.clients import launch
    from commonplace.clients.origins import why_lines

    home = home_folder()
    chosen = choose_vault(home, vault)
    named = re.fullmatch(r"(.+):(\d{1,9})", note)
    path, line = (named[1], int(named[2])) if named else (note, None)
    with launch.connect(home, say) as connection:
        told = connection.why(chosen, path, line)
    _print([json.dumps(told, ensure_ascii=False)] if as_json else why_lines(told))


def forget(
    fact: Annotated[str, typer.Argument(metavar="FACT|NOTE:LINE", help="What a line of the memory says, or where.")],
    vault: VaultOption = None,
    purge: Annotated[
        bool, typer.Option("--purge", help="Also from undo, conversations, why and the index. Cannot be undone.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove a fact from the memory, with the entities that nothing else links."""
    from commonplace.clients import launch
    from commonplace.clients.origins import forget_lines, forgotten_lines

    home = home_folder()
    chosen = choose_vault(home, vault)
    with launch.connect(home, say) as connection:
        planned = connection.forget(chosen, fact)
        if not yes:
            say("\n".join(forget_lines(planned)))
            confirm("Forget this for good? It cannot be undone." if purge else "Forget this?", yes)
        told = connection.forget(chosen, fact, plan=planned["plan"], purge=purge)
    _print([json.dumps(told, ensure_ascii=False)] if as_json else forgotten_lines(told))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(printable(line))
