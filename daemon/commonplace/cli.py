"""The command line. Only this file knows every room; each command imports what it needs when it runs."""

import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace import __version__
from commonplace.clients.plain import printable
from commonplace.home import Discovery, home_folder

if TYPE_CHECKING:
    from commonplace.clients.plain import View

_EXAMPLES = """\b
Examples:
  commonplace chat                               talk with your vault
  commonplace chat --vault ~/Notes               with a vault that you have
  commonplace ask "What is my name?"             ask one question
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
vault_app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Make, register and list vaults.")
app.add_typer(vault_app, name="vault")

VaultOption = Annotated[str | None, typer.Option("--vault", help="A vault's folder or registered name.")]
FilterOption = Annotated[
    list[str] | None, typer.Option("--filter", help='What must not be told, such as "do not tell my age"; repeatable.')
]


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


@app.command(epilog="Example: commonplace chat --vault ~/Notes")
def chat(vault: VaultOption = None, filters: FilterOption = None) -> None:
    """Talk with your vault. With standard input piped, answer one question a line."""
    from commonplace.clients import conversation, launch

    home = home_folder()
    chosen = _choose_vault(home, vault)
    interactive = sys.stdin.isatty() and sys.stdout.isatty()
    with launch.connect(home, _say) as connection:
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
    with launch.connect(home, _say) as connection:
        session = connection.new_session(chosen)
        if as_json:
            conversation.ask_json(connection, session, question, filters or [])
        else:
            conversation.ask(connection, session, question, filters or [], _view())


@app.command(epilog="Example: commonplace serve --port 7777")
def serve(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The port; a free one unless set here or in config.toml.")
    ] = None,
    started_by_client: Annotated[bool, typer.Option("--started-by-client", hidden=True)] = False,
) -> None:
    """Run the daemon in the foreground until Ctrl-C."""
    import asyncio

    from commonplace.clients.launch import ANOTHER_RUNS
    from commonplace.config import load_config
    from commonplace.server.daemon import DaemonRuns, run_daemon, start_logging
    from commonplace.server.model import model_of

    home = home_folder()
    config = load_config(home)
    model = model_of(config.model)
    start_logging(home)
    idle = config.daemon.idle_minutes * 60 if started_by_client else None

    def ready(discovery: Discovery) -> None:
        _say(f"Commonplace listens at {discovery.url}, with the model {model.name}. Ctrl-C ends it.")

    try:
        asyncio.run(run_daemon(config, home, model, port=port, idle_seconds=idle, ready=ready))
    except DaemonRuns as error:
        if not started_by_client:
            raise
        _say(str(error))
        raise typer.Exit(ANOTHER_RUNS) from None


@app.command()
def stop() -> None:
    """End the daemon."""
    from commonplace.clients import launch

    print("The daemon has ended." if launch.stop(home_folder()) else "No daemon runs.")


@vault_app.command("init", epilog="Example: commonplace vault init ~/Notes --memory Memory")
def vault_init(
    path: Annotated[Path, typer.Argument(help="A new folder, or a vault that you have.")],
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; . is its root.")] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Take what is proposed; ask nothing.")] = False,
) -> None:
    """Make a vault, or add memory to one that you have: user.md and entities/, nothing else."""
    from commonplace.setup import make_from_template

    path = path.expanduser().absolute()
    folder = None if memory is None else _memory_folder(memory)
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        _confirm(f"Make a new vault with a few sample notes at {path}?", yes)
        make_from_template(path)
    else:
        folder = _add_memory(path, folder, yes)
    _register(path, None, folder)


@vault_app.command("add", epilog="Example: commonplace vault add ~/Notes --name notes")
def vault_add(
    path: Annotated[Path, typer.Argument(help="The vault's folder.")],
    name: Annotated[str | None, typer.Option(help="What to call it; its folder's name unless set.")] = None,
    memory: Annotated[str | None, typer.Option(help="Memory's folder in the vault; found by itself.")] = None,
) -> None:
    """Register a vault, so that clients may speak about it."""
    _register(path.expanduser(), name, None if memory is None else _memory_folder(memory))


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
        memory = f"  memory: {vault.memory}" if vault.memory else ""
        print(printable(f"{mark} {name}  {vault.path}{memory}{state}"))


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


def _register(path: Path, name: str | None, memory: str | None) -> None:
    from commonplace.config import register_vault
    from commonplace.vault.notes import Vault
    from commonplace.vault.survey import find_memory

    root = Vault(path).root
    chosen = register_vault(home_folder(), root, find_memory(root) if memory is None else memory, name)
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
    folder = memory if memory is not None else _ask_folder(proposal, yes)
    added = additions(vault, folder)
    if not added:
        print("Nothing needs to be added.")
        return folder
    print("This will be added, and nothing else changed:")
    for entry in added:
        print(f"  {entry}")
    _confirm("Go on?", yes)
    initialise(vault, folder)
    return folder


def _ask_folder(proposal: str, yes: bool) -> str:
    if yes:
        return proposal
    _need_terminal("commonplace vault init PATH --memory FOLDER --yes")
    return _memory_folder(typer.prompt("Where shall memory live? A folder, or . for the root", default=proposal or "."))


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
        print(printable(f"{title}: {', '.join(names)}"))


def _choose_vault(home: Path, named: str | None) -> Path:
    from commonplace.setup import choose_vault

    chosen = choose_vault(home, named)
    if chosen.done:
        _say(chosen.done)
    return chosen.path


def _view() -> "View":
    if not sys.stdout.isatty():
        from commonplace.clients.plain import PlainView

        return PlainView()
    from rich.console import Console

    from commonplace.clients.terminal import TerminalView

    return TerminalView(Console(highlight=False))


def _say(text: str) -> None:
    print(printable(text), file=sys.stderr, flush=True)


def _told(error: Exception) -> int:
    """Say what went wrong; the exit code. The text of every exception of ours is meant for the user."""
    match error:
        case BrokenPipeError():
            sys.stdout = None
        case OSError(filename=str(name), strerror=str(reason)):
            _say(f"{name}: {reason}.")
        case _ if type(error).__module__.partition(".")[0] == "commonplace":
            _say(str(error))
        case _:
            raise error
    return 1
