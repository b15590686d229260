"""``model``: which models there are, which one answers; fetch weights, try one."""

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.clients.plain import printable
from commonplace.commands.common import say
from commonplace.home import home_folder
from commonplace.models.settings import DEFAULT_WEIGHTS

if TYPE_CHECKING:
    from commonplace.commands.model_names import Named
    from commonplace.settings import ModelConfig


def add_to(app: typer.Typer) -> None:
    """Add the commands, below ``model``."""
    group = typer.Typer(
        no_args_is_help=True, rich_markup_mode=None, help="Choose who answers, fetch weights, try them."
    )
    group.command("list")(list_all)
    group.command("use", epilog="Example: commonplace model use ollama/qwen3:4b")(use)
    group.command("pull", epilog="Example: commonplace model pull driaforall/mem-agent-mlx-4bit")(pull)
    group.command("key", epilog="Example: commonplace model key openrouter")(key)
    group.command("test")(test)
    app.add_typer(group, name="model")


def list_all() -> None:
    """List what could answer: the reader, weights, the servers that run on this machine; say what auto would take."""
    from commonplace.config import load_config
    from commonplace.models.automatic import choose, look_around
    from commonplace.models.published import WEIGHTS

    machine = look_around()
    config = load_config(home_folder()).model
    lines = [("reader", "reader", "built in; looks facts up, is no language model")]
    for weights in WEIGHTS:
        state = "here" if weights.name in machine.pulled else f"not pulled, about {weights.gigabytes} GB"
        lines.append((weights.backend, weights.name, state))
    for server in machine.servers:
        known = server.models or ("wants a key" if server.wants_key else "has no model",)
        lines += [("openai", f"{server.kind}/{name}", f"at {server.base_url}") for name in known]
    if config.backend not in ("reader", "auto") and not any(_is(config, *line[:2]) for line in lines):
        lines.append((config.backend, config.weights, config.base_url if config.backend == "openai" else ""))
    width = max(len(name) for _, name, _ in lines)
    for backend, name, state in lines:
        print(printable(f"{'*' if _is(config, backend, name) else ' '} {name:{width}}  {backend:6}  {state}"))
    choice = choose(machine)
    mark = "*" if config.backend == "auto" else " "
    print(printable(f"{mark} auto would take {choice.name or 'the reader'}, since {choice.why}."))


def use(
    name: Annotated[str, typer.Argument(help="auto, reader, weights, SERVER/MODEL, or a server's address.")],
    model: Annotated[str, typer.Option("--model", help="Its name, at a server that is named by its address.")] = "",
) -> None:
    """Have a model answer from the next question on."""
    from commonplace.commands.model_names import named
    from commonplace.config_edit import set_texts

    chosen = named(name, model)
    set_texts(
        home_folder(),
        {
            "model.backend": chosen.backend,
            "model.name": chosen.name or None,
            "model.base_url": chosen.base_url or None,
        },
    )
    print(printable(f"{chosen.name or chosen.backend} answers from the next question on."))
    _warn(chosen)


def pull(
    name: Annotated[str, typer.Argument(help="A repository of the Hugging Face hub.")] = DEFAULT_WEIGHTS,
    prompt_only: Annotated[
        bool, typer.Option("--prompt-only", help="Only mem-agent's prompt, for one that another server runs.")
    ] = False,
) -> None:
    """Fetch weights, and the prompt that they were trained with."""
    from commonplace.models import hub
    from commonplace.models.published import fetch_prompt, is_mem_agent

    if prompt_only:
        print(printable(f"The prompt is here: {fetch_prompt(home_folder() / 'prompts')}"))
        print("Every model whose name has mem-agent in it is told it from the next question on.")
        return
    with _ended_at_once(name):
        folder = hub.pull(name)
    print(printable(f"{name} is here: {folder}"))
    if is_mem_agent(name):
        print(printable(f"Its prompt is here: {fetch_prompt(home_folder() / 'prompts')}"))
    print(printable(f"Type: commonplace model use {name}"))


@contextmanager
def _ended_at_once(name: str) -> Generator[None]:
    """Let Ctrl-C end a download, whose threads would else go on until the files under way are whole."""
    from commonplace.models.hub import unfinished

    others = unfinished(name)

    def end(*_: object) -> None:
        for file in unfinished(name) - others:
            with suppress(OSError):
                file.unlink()
        say(f"Stopped. Whole files are kept. Type again: commonplace model pull {name}")
        sys.stderr.flush()
        os._exit(130)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def key(
    name: Annotated[str, typer.Argument(help="What to call it, such as openrouter.")],
) -> None:
    """Keep a server's key in the system's keyring, and use it from the next question on."""
    from commonplace.config_edit import set_texts
    from commonplace.keychain import keep_key

    asked = sys.stdin.isatty()
    typed = typer.prompt("The key (it is not shown)", hide_input=True) if asked else sys.stdin.readline()
    if not typed.strip():
        say("No key was given; nothing is changed.")
        raise typer.Exit(1)
    keep_key(name, typed.strip())
    set_texts(home_folder(), {"model.api_key_keyring": name, "model.api_key_env": None})
    print(printable(f"The keyring holds the key {name!r}; the model's server gets it from the next question on."))


def test() -> None:
    """Ask the model three questions about a throw-away vault, and print how fast it answers."""
    from commonplace.bench.trial import run_trial
    from commonplace.config import load_config
    from commonplace.server.model import model_of

    home = home_folder()
    run_trial(home, load_config(home), model_of(home, load_config(home).model))


def _is(config: "ModelConfig", backend: str, name: str) -> bool:
    """Whether a line of the list is the model that is set."""
    if backend != config.backend:
        return False
    return backend == "reader" or config.weights in (name, name.partition("/")[2])


def _warn(chosen: "Named") -> None:
    """Say what stands in the way of the model that was chosen, and where it runs.

    The setting is written all the same: who chooses may be about to install what is missing.
    """
    from commonplace.config import load_config
    from commonplace.models.automatic import hindrance, is_pulled, look_at_machine
    from commonplace.models.published import is_mem_agent, prompt_file
    from commonplace.models.servers import is_this_machine

    if chosen.backend == "openai" and not is_this_machine(chosen.base_url):
        say("That server is not this machine: it gets your questions and what the model reads from your vault.")
    hindered = hindrance(chosen.backend, look_at_machine(load_config(home_folder()).model.vllm_command))
    if hindered is not None:
        say(hindered)
    if chosen.backend in ("mlx", "vllm") and not is_pulled(chosen.name):
        say(f"Its weights are not here yet. Type: commonplace model pull {chosen.name}")
    elif is_mem_agent(chosen.name) and not prompt_file(home_folder() / "prompts").is_file():
        say("The prompt that it was trained with is not here; ours is used. Type: commonplace model pull --prompt-only")
