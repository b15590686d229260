"""``bench``: measure a model."""

from pathlib import Path
from typing import Annotated

import typer

from commonplace.home import home_folder


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: commonplace bench --tasks memories.jsonl --results out.jsonl")(bench)


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

    model = model_of(home_folder(), load_config(home_folder()).model)
    run_bench(tasks, results, model, only=only, limit=limit, concurrency=concurrency)
