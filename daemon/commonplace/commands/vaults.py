"""``vault init``, ``add``, ``move``, ``remove`` and ``list``: make vaults, and say where they are."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import confirm, need_terminal
from commonplace.home import home_folder


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``vault``."""
    vaults = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make, register and list vaults.")
    vaults.command("init", epilog="Example: commonplace vault init ~/Notes --memory Memory")(init)
    vaults.command("add", epilog="Example: commonplace vault add ~/Notes --name notes")(add)
    vaults.command("move", epilog="Example: commonplace vault move notes ~/Documents/Notes")(move)
    vaults.command("remove", epilog="Example: commonplace vault remove notes")(remove)
    vaults.command("list")(list_all)
    app.add_typer(vaults, name="vault")


def init(
    path: Annotated[Path, typer.Argument(help="A new folder, or a vault that you have.")],
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; . is its root.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take what is proposed; ask nothing.")] = False,
) -> None:
    """Make a vault, or add memory to one that you have: user.md and entities/, nothing else."""
    from commonplace.setup import make_from_template

    path = path.expanduser().absolute()
    folder = None if memory is None else _memory_folder(memory)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        confirm(f"Make a new vault with a few sample notes at {path}?", yes)
        make_from_template(path)
    else:
        folder = _add_memory(path, folder, yes)
    _register(path, None, folder)


def add(
    path: Annotated[Path, typer.Argument(help="The vault's folder.")],
    name: Annotated[str | None, typer.Option(help="What to call it; its folder's name unless set.")] = None,
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; found by itself.")] = None,
) -> None:
    """Register a vault, so that clients may speak about it; asks where one that is registered has moved there."""
    from commonplace.setup import moved_here, refuse_the_moved
    from commonplace.vault.notes import Vault

    root = Vault(path.expanduser()).root
    moved = moved_here(home_folder(), root) if name is None else None
    if moved is not None:
        if not sys.stdin.isatty():
            refuse_the_moved(home_folder(), root)
        if typer.confirm(f"The folder of {moved!r} has gone. Has it moved to {printable(str(root))}?", default=True):
            move(moved, root)
            return
    _register(path.expanduser(), name, None if memory is None else _memory_folder(memory))


def move(
    name: Annotated[str, typer.Argument(help="The vault's registered name.")],
    path: Annotated[Path, typer.Argument(help="The folder in which it is now.")],
) -> None:
    """Say where the folder of a registered vault has gone; its name and settings stay."""
    from commonplace.config_edit import move_vault
    from commonplace.vault.notes import Vault

    root = Vault(path.expanduser()).root
    move_vault(home_folder(), name, root)
    print(printable(f"{name!r} is now at {root}"))


def remove(name: Annotated[str, typer.Argument(help="The vault's registered name.")]) -> None:
    """Register a vault no more; not one of its notes is touched."""
    from commonplace.config_edit import remove_vault

    default = remove_vault(home_folder(), name)
    then = f" The default vault is {default!r}." if default else ""
    print(printable(f"{name!r} is registered no more; its notes stay as they are.{then}"))


def list_all() -> None:
    """List the registered vaults."""
    from commonplace.config import load_config

    config = load_config(home_folder())
    if not config.vaults:
        print("No vault is registered. Type: commonplace vault init ~/Notes")
    for name, vault in config.vaults.items():
        mark = "*" if name == config.default_vault else " "
        state = "" if vault.path.expanduser().is_dir() else "  (not there now)"
        memory = f"  memory: {vault.memory}" if vault.memory else ""
        print(printable(f"{mark} {name}  {vault.path}{memory}{state}"))


def _register(path: Path, name: str | None, memory: str | None) -> None:
    from commonplace.config import load_config, register_vault
    from commonplace.vault.notes import Vault
    from commonplace.vault.survey import find_memory, memory_of

    root = Vault(path).root
    home = home_folder()
    known = load_config(home).vault_named(str(root))
    found = find_memory(root) if known else memory_of(root)
    chosen = register_vault(home, root, found if memory is None else memory, name)
    print(printable(f"Registered {chosen!r}: {root}"))


def _memory_folder(text: str) -> str:
    """A memory's folder as the user typed it, in the vault's own form; "" for ``.``, its root."""
    from commonplace.vault.path import NotePath

    inside = text.strip().replace("\\", "/").removeprefix("./").rstrip("/")
    return "" if inside in ("", ".") else NotePath.parse(inside).value


def _add_memory(path: Path, memory: str | None, yes: bool) -> str:
    """Look at the folder, ask, add memory; the memory's folder."""
    from commonplace.vault.notes import Vault
    from commonplace.vault.survey import additions, initialise, survey

    vault = Vault(path)
    found = survey(vault)
    print(f"{vault.root} has {found.notes:,} notes. Nothing is changed while I look.")
    for folder, count in found.folders:
        print(printable(f"  {folder}/  {count:,}"))
    _say_some("Notes called user.md", found.user_notes)
    _say_some("Notes that look like people", found.people)
    if found.memory is not None:
        print(f"Memory stands in {found.memory or 'the root'} already.")
    proposal = found.memory if found.memory is not None else found.proposal
    folder = memory if memory is not None else _ask_folder(path, proposal, yes)
    _refuse_twin(path, folder, found.proposal)
    added = additions(vault, folder)
    if not added:
        print("Nothing needs to be added.")
        return folder
    print("This will be added, and nothing else changed:")
    for entry in added:
        print(f"  {entry}")
    confirm("Go on?", yes)
    initialise(vault, folder)
    return folder


def _ask_folder(path: Path, proposal: str, yes: bool) -> str:
    from commonplace.setup import typed

    if yes:
        return proposal
    need_terminal(f"commonplace vault init {typed(path)} --memory {typed(Path(proposal))} --yes")
    return _memory_folder(typer.prompt("Where shall memory live? A folder, or . for the root", default=proposal or "."))


def _refuse_twin(path: Path, folder: str, free: str) -> None:
    """Refuse a folder in which ``user.md`` would be another note's file on systems that ignore capitals.

    Raises:
        SetupError: naming a folder that is free.

    """
    from commonplace.setup import SetupError, typed
    from commonplace.vault.survey import other_user_note

    if twin := other_user_note(path / folder):
        raise SetupError(
            f"{twin} stands there and is yours; on some systems user.md would be the same file. "
            f"Type: commonplace vault init {typed(path)} --memory {typed(Path(free))}"
        )


def _say_some(title: str, names: Sequence[str]) -> None:
    if names:
        print(printable(f"{title}: {', '.join(names)}"))
