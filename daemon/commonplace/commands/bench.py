"""``bench``: measure a model."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commonplace.home import home_folder

if TYPE_CHECKING:
    from commonplace.settings import ModelConfig


def add_to(app: typer.Typer) -> None:
    """Add the command, and ``compare`` below it."""
    group = typer.Typer(
        invoke_without_command=True, rich_markup_mode=None, help="Measure a model on memories with known answers."
    )
    group.callback(
        epilog=(
            "\b\nExamples:\n"
            "  commonplace bench                              the configured model, all tasks\n"
            "  commonplace bench --model reader --only update\n"
            "  commonplace bench --model http://127.0.0.1:11434/v1#qwen3:4b --out run-qwen\n"
            "  commonplace bench compare run-reader run-qwen\n"
        )
    )(bench)
    group.command(epilog="Example: commonplace bench compare run-reader run-qwen")(compare)
    app.add_typer(group, name="bench")


def bench(
    context: typer.Context,
    model: Annotated[
        str | None,
        typer.Option(help="reader, mlx:NAME, URL#NAME, or a name at the configured server; else the configured model."),
    ] = None,
    judge: Annotated[str | None, typer.Option(help="A model that judges as well, named the same way.")] = None,
    repeat: Annotated[int, typer.Option(min=1, max=100, help="Attempts at each task.")] = 1,
    concurrency: Annotated[int, typer.Option(min=1, max=64, help="Turns at once.")] = 2,
    only: Annotated[
        list[str] | None, typer.Option(help="A category, a domain, a subject or a task; may be given again.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take the first tasks only.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="The run's folder; a run that was cut off there goes on. Else a new one.")
    ] = None,
    tasks: Annotated[
        Path | None, typer.Option(help="Other tasks: a folder like the shipped one, or memories in a .jsonl file.")
    ] = None,
    results: Annotated[
        Path | None, typer.Option(help="With a .jsonl file: where each reply and the notes after it are written.")
    ] = None,
) -> None:
    """Measure the model on memories with known answers."""
    if context.invoked_subcommand is not None:
        return
    from commonplace.config import load_config
    from commonplace.server.engine import system_prompt
    from commonplace.server.model import model_of

    home = home_folder()
    settings = load_config(home)
    config = _named(model, settings.model)
    measured = model_of(home, config)
    searches = config.searches(measured.name)
    prompt = system_prompt(measured, settings.model_copy(update={"model": config}), home)
    if tasks is not None and tasks.suffix == ".jsonl":
        from commonplace.bench.memories.command import run_memories

        if only and len(only) > 1:
            raise typer.BadParameter("with a .jsonl file, --only is given once: retrieval or update.")
        run_memories(
            tasks,
            results,
            measured,
            only=only[0] if only else None,
            limit=limit,
            concurrency=concurrency,
            searches=searches,
            prompt=prompt,
        )
        return
    from commonplace.bench.command import chosen, new_folder, run_tasks
    from commonplace.bench.judging import Judge
    from commonplace.bench.loading import SHIPPED, load_tasks

    run_tasks(
        chosen(load_tasks(tasks or SHIPPED), only or (), limit),
        measured,
        out or new_folder(home, measured.name),
        judge=Judge(model_of(home, _named(judge, settings.model))) if judge else None,
        repeat=repeat,
        concurrency=concurrency,
        searches=searches,
        prompt=prompt,
        seed=config.seed or 0,
        temperature=config.temperature,
    )


def compare(
    first: Annotated[Path, typer.Argument(help="The folder of a run.")],
    second: Annotated[Path, typer.Argument(help="The folder of another run of the same tasks.")],
    plots: Annotated[Path | None, typer.Option(help="A folder for the scores of both, as SVG and PNG.")] = None,
) -> None:
    """Whether the second run is better than the first, and how sure that is."""
    from commonplace.bench.command import compare_runs

    compare_runs(first, second, plots)


def _named(spec: str | None, configured: "ModelConfig") -> "ModelConfig":
    """The configured model with another name, as ``--model`` spells it."""
    if spec is None:
        return configured
    address, hash_sign, name = spec.partition("#")
    backend, colon, weights = spec.partition(":")
    if hash_sign:
        update = {"backend": "openai", "base_url": address, "name": name}
    elif spec == "reader" or (backend == "mlx" and colon):
        update = {"backend": backend, "name": weights}
    else:
        update = {"backend": "openai", "name": spec}
    return configured.model_copy(update=update)
