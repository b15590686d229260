"""One question put to a model in a fresh copy of some notes, and all that came of it."""

import asyncio
import tempfile
import time
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from pathlib import Path

from commonplace.agent.events import CodeFinished, CodeRunning, Event, NoteTouched, StopReason, TurnEnded
from commonplace.agent.prompt import load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.turn import Turn, TurnLimits
from commonplace.models.base import AnswerUnended, Message, Meter, Model, ModelError, Seeded
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

_FIGURES_SECONDS = 0.5
_FIGURES_DELTAS = 8


class ModelFailed(Exception):
    """The model cannot answer; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Step:
    """One python block: what it was to do, its code, and what the model was told of it."""

    title: str
    code: str
    ok: bool
    result: str


@dataclass(frozen=True, slots=True)
class Rollout:
    """A turn, from its question to its end."""

    reply: str
    ended: StopReason
    outputs: tuple[str, ...]
    """What the model wrote, call by call, tags and thoughts included."""
    steps: tuple[Step, ...]
    touched: tuple[str, ...]
    """The notes read or written, once each, in their order."""
    notes: Mapping[str, str]
    """The texts of the notes afterwards."""
    seconds: float
    prompt_tokens: int | None
    """Of all calls; None where the model does not tell."""
    generated_tokens: int | None


class Bench:
    """Runs rollouts with one model; they share its sandbox. Close it at the end."""

    def __init__(
        self, model: Model, *, searches: bool = True, prompt: str | None = None, limits: TurnLimits | None = None
    ) -> None:
        """``prompt`` is the system prompt; None is the one that comes with the program."""
        self.model = model
        self._searches = searches
        self._limits = limits
        self._sandbox = Sandbox()
        self.prompt = prompt or load_prompt(searches=searches)

    async def roll_out(
        self, notes: Mapping[str, str], question: str, filters: Sequence[str] = (), seed: int = 0
    ) -> Rollout:
        """Ask the question in a copy of the notes, on disk; what the model draws at random is drawn from the seed.

        Raises:
            ModelFailed: the model could not be reached or died. One that does not end its answer has merely failed.

        """
        with tempfile.TemporaryDirectory(prefix="commonplace-bench-") as folder:
            root = Path(folder)
            await asyncio.to_thread(_write, root, notes)
            listened = _Listened(with_seed(self.model, seed))
            turn = Turn(
                model=listened,
                sandbox=self._sandbox,
                memory=Memory(Vault(root)),
                history=(),
                question=question,
                filters=filters,
                system_prompt=self.prompt,
                limits=self._limits,
                searches=self._searches,
            )
            started = time.perf_counter()
            async with aclosing(turn.events()) as events:
                heard = [event async for event in events if isinstance(event, _KEPT)]
            seconds = time.perf_counter() - started
            if listened.failure is not None:
                raise ModelFailed(f"{listened.failure.message} {listened.failure.advice}".strip())
            return _rollout(heard, listened, await asyncio.to_thread(_read, root), seconds)

    async def close(self) -> None:
        """Close the sandbox and the model."""
        await self._sandbox.close()
        await self.model.close()


def with_seed(model: Model, seed: int) -> Model:
    """The model drawing from that seed, if it is one that draws."""
    return model.seeded(seed) if isinstance(model, Seeded) else model


_KEPT = (CodeRunning, CodeFinished, NoteTouched, TurnEnded)


class _Listened:
    """The model, with what it said and how it failed written down."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.name = model.name
        self.outputs: list[str] = []
        self.meters: list[Meter] = []
        self.failure: ModelError | None = None

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        self.outputs.append("")
        self.meters.append(meter or Meter())
        try:
            async with aclosing(self._model.stream(messages, self.meters[-1])) as deltas:
                async for delta in deltas:
                    self.outputs[-1] += delta
                    try:
                        yield delta
                    except GeneratorExit:
                        await _hear_the_figures(deltas, self.meters[-1])
                        raise
        except AnswerUnended:
            raise
        except ModelError as error:
            self.failure = error
            raise

    async def close(self) -> None:
        """The model outlives the turn."""


async def _hear_the_figures(deltas: AsyncGenerator[str, None], meter: Meter) -> None:
    """Hear a little more of an answer that was stopped: servers say at its end what the prompt cost."""
    with suppress(TimeoutError, StopAsyncIteration, ModelError):
        async with asyncio.timeout(_FIGURES_SECONDS):
            for _ in range(_FIGURES_DELTAS):
                if meter.prompt_tokens is not None:
                    return
                await anext(deltas)


def _rollout(events: Sequence[Event], listened: _Listened, notes: Mapping[str, str], seconds: float) -> Rollout:
    codes = [event.code for event in events if isinstance(event, CodeRunning)]
    finished = [event for event in events if isinstance(event, CodeFinished)]
    steps = (Step(done.title, code, done.ok, done.result) for code, done in zip(codes, finished, strict=False))
    touched = dict.fromkeys(event.path for event in events if isinstance(event, NoteTouched))
    ended = next(event for event in reversed(events) if isinstance(event, TurnEnded))
    return Rollout(
        reply=ended.reply,
        ended=ended.reason,
        outputs=tuple(listened.outputs),
        steps=tuple(steps),
        touched=tuple(touched),
        notes=notes,
        seconds=seconds,
        prompt_tokens=_sum(meter.prompt_tokens for meter in listened.meters),
        generated_tokens=_sum(meter.generated_tokens for meter in listened.meters),
    )


def _sum(counts: Iterable[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def _write(root: Path, notes: Mapping[str, str]) -> None:
    for name, text in notes.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def _read(root: Path) -> dict[str, str]:
    paths = sorted(path for path in root.rglob("*.md") if ".trash" not in path.parts)
    return {path.relative_to(root).as_posix(): path.read_bytes().decode(errors="replace") for path in paths}
