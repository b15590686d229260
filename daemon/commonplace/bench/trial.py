"""Three questions to a model about a throw-away vault: whether it answers, and how fast."""

import asyncio
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from commonplace.agent.events import CodeFinished, TurnEnded
from commonplace.agent.metrics import Metrics
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn
from commonplace.models.base import Message, Model, ModelError
from commonplace.server.engine import Engine, made_engine
from commonplace.settings import Config
from commonplace.setup import template_folder
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

QUESTIONS = (
    "What is my name?",
    "In which city does my sister live?",
    "Please remember that my favourite colour is green.",
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A question's answer and what each output cost."""

    question: str
    reply: str
    steps: Sequence[Metrics]


def run_trial(home: Path, config: Config, model: Model) -> Sequence[Answer]:
    """Ask the questions in one session and print answers and speed.

    Raises:
        ModelError: the model failed.

    """
    console = Console(highlight=False)
    console.print(f"Three questions to {model.name}, on a copy of the sample vault.", style="dim", markup=False)
    answers = asyncio.run(_ask_all(home, config, model, console))
    console.print(_table(answers))
    return answers


async def _ask_all(home: Path, config: Config, model: Model, console: Console) -> Sequence[Answer]:
    sandbox = Sandbox()
    answers: list[Answer] = []
    history: tuple[Message, ...] = ()
    try:
        engine = made_engine(model, sandbox, config, home)
        with tempfile.TemporaryDirectory(prefix="commonplace-test-") as folder:
            root = Path(shutil.copytree(template_folder(), Path(folder, "vault")))
            for question in QUESTIONS:
                console.print(f"\n> {question}", style="bold")
                answer, said = await _ask(engine, root, history, question)
                console.print(answer.reply, markup=False)
                history += said
                answers.append(answer)
        return answers
    finally:
        await model.close()
        await sandbox.close()


async def _ask(
    engine: Engine, root: Path, history: Sequence[Message], question: str
) -> tuple[Answer, tuple[Message, ...]]:
    turn = Turn(
        model=engine.model,
        sandbox=engine.sandbox,
        memory=Memory(Vault(root)),
        history=history,
        question=question,
        system_prompt=engine.system_prompt,
        searches=engine.searches,
        limits=engine.limits,
    )
    steps: list[Metrics] = []
    ended = TurnEnded("failed", "")
    async with aclosing(turn.events()) as events:
        async for event in events:
            if isinstance(event, CodeFinished) and event.metrics is not None:
                steps.append(event.metrics)
            if isinstance(event, TurnEnded):
                ended = event
    if ended.error is not None:
        raise ModelError(ended.error, ended.advice or "")
    if turn.metrics is not None:
        steps.append(turn.metrics)
    return Answer(question, ended.reply, steps), turn.messages


def _table(answers: Sequence[Answer]) -> Table:
    table = Table(title="What it cost")
    for title in ("question", "outputs", "first token", "tokens/s", "prompt tokens", "of them cached", "written"):
        table.add_column(title, justify="right")
    for number, answer in enumerate(answers, 1):
        table.add_row(str(number), str(len(answer.steps)), *_figures([asdict(step) for step in answer.steps]))
    return table


def _figures(steps: Sequence[Mapping[str, float | None]]) -> list[str]:
    first = steps[0]["first_token_milliseconds"] if steps else None
    prompt, cached = _sum(steps, "prompt_tokens"), _sum(steps, "cached_tokens")
    written = _sum(steps, "generated_tokens")
    decoding = sum((step["model_milliseconds"] or 0) - (step["first_token_milliseconds"] or 0) for step in steps) / 1000
    return [
        "-" if first is None else f"{first / 1000:.2f} s",
        "-" if not written or decoding <= 0 else f"{(written - len(steps)) / decoding:.1f}",
        "-" if prompt is None else f"{prompt:,.0f}",
        "-" if cached is None or not prompt else f"{cached:,.0f} ({100 * cached / prompt:.0f} %)",
        "-" if written is None else f"{written:,.0f}",
    ]


def _sum(steps: Sequence[Mapping[str, float | None]], name: str) -> float | None:
    known = [value for step in steps if (value := step[name]) is not None]
    return sum(known) if known else None
