"""The command line. Only this file knows every room; each command imports what it needs when it runs."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace import __version__
from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.clients.plain import View

app = typer.Typer(
    name="commonplace",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="An agent that remembers in your Obsidian vault.",
    epilog='Begin with: commonplace chat. One question: commonplace ask "What is my name?"',
)
vault_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make, register and list vaults.")
app.add_typer(vault_app, name="vault")

VaultOption = Annotated[str | None, typer.Option("--vault", help="A vault's folder or registered name.")]
FilterOption = Annotated[
    list[str] | None, typer.Option("--filter", help='What must not be told, such as "do not tell my age"; repeatable.')
]


def main() -> None:
    """Run a command; an error is one clear sentence on standard error and exit code 1."""
    try:
        app()
    except Exception as error:
        if not _is_ours(error):
            raise
        print(error, file=sys.stderr)
        sys.exit(1)
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


@app.command(epilog="Example: commonplace chat --vault ~/Notes")
def chat(vault: VaultOption = None, filters: FilterOption = None) -> None:
    """Talk with your vault. With standard input piped, answer one question a line."""
    from commonplace.clients import conversation, launch

    home = home_folder()
    chosen = _choose_vault(home, vault)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with launch.connect(home, _progress) as connection:
        session = connection.new_session(chosen)
        if interactive:
            conversation.chat(connection, session, chosen, filters or [])
            return
        from commonplace.clients.plain import PlainView

        if not conversation.answer_lines(connection, session, sys.stdin, filters or [], PlainView()):
            raise typer.Exit(1)


@app.command(epilog='Example: commonplace ask "Who is my employer?"')
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know or to be remembered.")],
    vault: VaultOption = None,
    filters: FilterOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print every event as one JSON object a line.")] = False,
) -> None:
    """Ask one question."""
    from commonplace.clients import conversation, launch

    home = home_folder()
    chosen = _choose_vault(home, vault)
    with launch.connect(home, _progress) as connection:
        session = connection.new_session(chosen)
        if as_json:
            conversation.ask_json(connection, session, question, filters or [])
        else:
            conversation.ask(connection, session, question, filters or [], _view())


@app.command(epilog="Example: commonplace serve --port 7777")
def serve(
    port: Annotated[int | None, typer.Option(help="The port; a free one unless set here or in config.toml.")] = None,
    started_by_client: Annotated[bool, typer.Option("--started-by-client", hidden=True)] = False,
) -> None:
    """Run the daemon in the foreground until Ctrl-C."""
    import asyncio

    from commonplace.config import load_config
    from commonplace.server.daemon import run_daemon, start_logging
    from commonplace.server.model import model_of

    home = home_folder()
    config = load_config(home)
    start_logging(home)
    idle = config.daemon.idle_minutes * 60 if started_by_client else None
    if not started_by_client:
        print("Commonplace runs; clients find it by themselves. Ctrl-C ends it.", file=sys.stderr)
    asyncio.run(run_daemon(config, home, model_of(config.model), port=port, idle_seconds=idle))


@app.command()
def stop() -> None:
    """End the daemon."""
    from commonplace.clients import launch

    connection = launch.connect_to_running(home_folder())
    if connection is None:
        print("No daemon runs.")
        return
    with connection:
        connection.shut_down()
    print("The daemon ends.")


@vault_app.command("init", epilog="Example: commonplace vault init ~/Notes --memory Memory")
def vault_init(
    path: Annotated[Path, typer.Argument(help="A new folder, or a vault that you have.")],
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; . is its root.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take what is proposed; ask nothing.")] = False,
) -> None:
    """Make a vault, or add memory to one that you have: user.md and entities/, nothing else."""
    from commonplace.setup import make_from_template

    path = path.expanduser().absolute()
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        _confirm(f"Make a new vault with a few sample notes at {path}?", yes)
        make_from_template(path)
    else:
        _add_memory(path, memory, yes)
    vault_add(path)


@vault_app.command("add", epilog="Example: commonplace vault add ~/Notes --name notes")
def vault_add(
    path: Annotated[Path, typer.Argument(help="The vault's folder.")],
    name: Annotated[str | None, typer.Option(help="What to call it; its folder's name unless set.")] = None,
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; found by itself.")] = None,
) -> None:
    """Register a vault, so that clients may speak about it."""
    from commonplace.config import register_vault
    from commonplace.vault.notes import Vault
    from commonplace.vault.survey import find_memory

    vault = Vault(path.expanduser())
    folder = find_memory(vault.root) or "" if memory is None else memory.strip("./")
    print(f"Registered {register_vault(home_folder(), vault.root, folder, name)!r}: {vault.root}")


@vault_app.command("list")
def vault_list() -> None:
    """List the registered vaults."""
    from commonplace.config import load_config

    config = load_config(home_folder())
    if not config.vaults:
        print("No vault is registered. Type: commonplace vault init ~/Notes")
    for name, vault in config.vaults.items():
        mark = "*" if name == config.default_vault else " "
        state = "" if vault.path.expanduser().is_dir() else "  (not there now)"
        print(f"{mark} {name}  {vault.path}{f'  memory: {vault.memory}' if vault.memory else ''}{state}")


@app.command(epilog="Example: commonplace bench --tasks memories.jsonl --results out.jsonl")
def bench(
    tasks: Annotated[Path, typer.Option(help="Memories with questions and updates, one JSON object a line.")],
    results: Annotated[Path | None, typer.Option(help="Where each reply and the notes after it are written.")] = None,
    only: Annotated[str | None, typer.Option(help="retrieval or update.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take the first tasks only.")] = None,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Turns at once.")] = 4,
) -> None:
    """Measure the model on memories with known answers."""
    from commonplace.bench.command import run_bench
    from commonplace.config import load_config
    from commonplace.server.model import model_of

    model = model_of(load_config(home_folder()).model)
    run_bench(tasks, results, model, only=only, limit=limit, concurrency=concurrency)


def _add_memory(path: Path, memory: str | None, yes: bool) -> None:
    from commonplace.vault.notes import Vault
    from commonplace.vault.survey import additions, initialise, survey

    vault = Vault(path)
    found = survey(vault)
    print(f"{vault.root} has {found.notes:,} notes. Nothing is changed while I look.")
    for folder, count in found.folders:
        print(f"  {folder}/  {count:,}")
    _say_some("Notes called user.md", found.user_notes)
    _say_some("Notes that look like people", found.people)
    if found.memory is not None:
        print(f"Memory stands in {found.memory or 'the root'} already.")
    proposal = found.memory if found.memory is not None else found.proposal
    folder = (memory if memory is not None else _ask_folder(proposal, yes)).strip("./")
    added = additions(vault, folder)
    if not added:
        print("Nothing needs to be added.")
        return
    print("This will be added, and nothing else changed:")
    for entry in added:
        print(f"  {entry}")
    _confirm("Go on?", yes)
    initialise(vault, folder)


def _ask_folder(proposal: str, yes: bool) -> str:
    if yes:
        return proposal
    _need_terminal("commonplace vault init PATH --memory FOLDER --yes")
    return str(typer.prompt("Where shall memory live? A folder, or . for the root", default=proposal or "."))


def _confirm(question: str, yes: bool) -> None:
    if yes:
        return
    _need_terminal("the same command with --yes")
    if not typer.confirm(question, default=True):
        raise typer.Exit(1)


def _need_terminal(instead: str) -> None:
    from commonplace.setup import SetupError

    if not sys.stdin.isatty():
        raise SetupError(f"There is no terminal to ask in. Type: {instead}")


def _say_some(title: str, names: Sequence[str]) -> None:
    if names:
        print(f"{title}: {', '.join(names)}")


def _choose_vault(home: Path, named: str | None) -> Path:
    from commonplace.setup import choose_vault

    chosen = choose_vault(home, named)
    if chosen.done:
        _progress(chosen.done)
    return chosen.path


def _view() -> "View":
    if not sys.stdout.isatty():
        from commonplace.clients.plain import PlainView

        return PlainView()
    from rich.console import Console

    from commonplace.clients.terminal import TerminalView

    return TerminalView(Console(highlight=False))


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _is_ours(error: Exception) -> bool:
    """Whether the error's text is meant for the user, as that of every exception of ours is."""
    return type(error).__module__.partition(".")[0] == "commonplace"
