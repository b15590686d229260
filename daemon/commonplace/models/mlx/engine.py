"""The thread that generates: several conversations in one batch, prompts computed once."""

import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from commonplace.models.base import AnswerUnended, Message, ModelError
from commonplace.models.mlx.prefixes import Prefixes
from commonplace.models.mlx.weights import Detokenizer, Weights, is_out_of_memory

_PATIENCE = 0.25
"""Seconds that the batch waits for a conversation that has not taken its last token yet."""
_PREFILL_STEP = 512
"""Tokens of a prompt computed at once; between two steps others generate and a cancel is seen."""

_NEW = "Begin a new conversation, or set context_tokens under [model] in config.toml, if the memory bears more."
_SMALLER = (
    "Close other programs and ask again, begin a new conversation, or choose smaller weights: commonplace model list"
)
_FAILED = "Ask again with a shorter conversation, or choose smaller weights: commonplace model list"


@dataclass(eq=False)
class Generation:
    """One output on its way. ``deliver`` is called on the engine's thread: texts, then None or an exception."""

    messages: Sequence[Message]
    most_tokens: int
    deliver: Callable[[str | Exception | None], None]
    seed: int | None = None
    wants_more: threading.Event = field(default_factory=threading.Event)
    """Set when the last text was taken: the engine never runs further ahead than the token in hand."""
    cancelled: bool = False
    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    generated_tokens: int = 0

    def cancel(self) -> None:
        """Generate no more for it."""
        self.cancelled = True
        self.wants_more.set()


class Engine:
    """Loads the weights when the first output is wanted, and lets them go after an idle time or at the end."""

    def __init__(
        self,
        load: Callable[[], Weights],
        *,
        idle_seconds: float,
        cache_folder: Path | None = None,
        temperature: float = 0.0,
        window: int | None = None,
    ) -> None:
        self._load = load
        self._idle_seconds = idle_seconds
        self._cache_folder = cache_folder
        self._temperature = temperature
        self._window = window
        self._waiting: queue.SimpleQueue[Generation | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._batch: _Batch | None = None

    @property
    def is_running(self) -> bool:
        """Whether the thread, and with it the weights, is there."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    @property
    def generations(self) -> Sequence[Generation]:
        """The outputs under way."""
        batch = self._batch
        return batch.generations if batch is not None else ()

    def begin(self, generation: Generation) -> None:
        """Generate for it, too."""
        with self._lock:
            self._waiting.put(generation)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="mlx", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread; outputs under way end with an error."""
        with self._lock:
            thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _run(self) -> None:
        try:
            weights = self._load()
            self._batch = batch = _Batch(weights, self._cache_folder, self._temperature, self._window)
        except Exception as error:
            self._refuse_all(error)
            return
        try:
            while self._admit(batch):
                batch.step()
        except Exception as error:
            batch.close(_told(error))
            self._refuse_all(error)
        else:
            batch.close(ModelError("The model was ended.", "Ask again."))
        if self._batch is batch:
            self._batch = None

    def _admit(self, batch: "_Batch") -> bool:
        """Take in whoever waits, for the idle time where nothing else is to be done; False ends the thread."""
        try:
            while True:
                item = self._waiting.get_nowait() if batch.is_busy else self._waiting.get(timeout=self._idle_seconds)
                if item is None:
                    return self._end()
                batch.add(item)
        except queue.Empty:
            return batch.is_busy or self._end_if_idle()

    def _end_if_idle(self) -> bool:
        with self._lock:
            if not self._waiting.empty():
                return True
            self._thread = None
            return False

    def _end(self) -> bool:
        with self._lock:
            self._thread = None
        return False

    def _refuse_all(self, error: Exception) -> None:
        told = error if isinstance(error, ModelError) else ModelError(f"The weights cannot be used: {error}.", _FAILED)
        with self._lock:
            self._thread = None
            while not self._waiting.empty():
                item = self._waiting.get()
                if item is not None:
                    item.deliver(told)


@dataclass
class _Running:
    generation: Generation
    detokenizer: Detokenizer
    system_tokens: int


class _Batch:
    """What generates now, with mlx-lm's continuous batching. Used on the engine's thread alone."""

    def __init__(self, weights: Weights, cache_folder: Path | None, temperature: float, window: int | None) -> None:
        from mlx_lm.sample_utils import make_sampler

        self._weights = weights
        self._cache_folder = cache_folder
        self._window = window
        self._temperature = temperature
        self._sampler = make_sampler(temp=temperature)
        self._prefixes = Prefixes(weights.identity, self._cache_folder)
        self._running: dict[int, _Running] = {}
        self._generator = self._new_generator()

    @property
    def is_busy(self) -> bool:
        return bool(self._running)

    @property
    def generations(self) -> Sequence[Generation]:
        return [running.generation for running in tuple(self._running.values())]

    def add(self, generation: Generation) -> None:
        """Encode the prompt, find what of it is computed already, and queue the rest."""
        if generation.cancelled:
            return
        try:
            self._drop_cancelled()
            prompt = self._weights.encode(generation.messages)
            if self._window is not None and len(prompt) >= self._window:
                raise ModelError(
                    f"The conversation has {len(prompt):,} tokens; the model's window {self._window:,}.", _NEW
                )
            system = self._weights.system_tokens(generation.messages, prompt)
            cache, rest = self._prefixes.find(prompt, system)
            known = prompt[: len(prompt) - len(rest)]
            generation.prompt_tokens, generation.cached_tokens = len(prompt), len(known)
            caches = None if cache is None else [cache]
            (uid,) = self._generator.insert(
                [rest],
                [generation.most_tokens],
                caches=caches,
                all_tokens=[known],
                samplers=[self._sampler_of(generation)],
            )
        except Exception as error:
            generation.deliver(_told(error))
            return
        self._running[uid] = _Running(generation, self._weights.detokenizer(), system)
        if self._weights.opens_thought(prompt):
            generation.deliver("<think>\n")

    def _sampler_of(self, generation: Generation) -> Callable[[Any], Any]:
        if generation.seed is None or self._temperature == 0:
            return self._sampler
        return _seeded_sampler(generation.seed, self._temperature)

    def step(self) -> None:
        """Compute a piece of the prompts and one token of each output."""
        self._drop_cancelled()
        if not self._running:
            return
        try:
            _, responses = self._generator.next()
        except Exception as error:
            self._fail(error)
            return
        for response in responses:
            running = self._running.get(response.uid)
            if running is not None:
                self._hear(running, response)
        for running in self._running.values():
            if running.generation.generated_tokens:
                running.generation.wants_more.wait(_PATIENCE)

    def close(self, told: Exception) -> None:
        """Tell whoever still listens, and free the memory."""
        import mlx.core as mx

        for running in self._running.values():
            running.generation.deliver(told)
        self._running.clear()
        self._generator.close()
        mx.clear_cache()

    def _hear(self, running: _Running, response: Any) -> None:
        generation = running.generation
        generation.generated_tokens += 1
        generation.wants_more.clear()
        if response.finish_reason != "stop":
            running.detokenizer.add_token(response.token)
        if response.finish_reason is None:
            generation.deliver(running.detokenizer.last_segment)
            return
        self._prefixes.keep(response.all_tokens, response.prompt_cache, running.system_tokens)
        del self._running[response.uid]
        running.detokenizer.finalize()
        generation.deliver(running.detokenizer.last_segment)
        generation.deliver(_too_long(generation.most_tokens) if response.finish_reason == "length" else None)

    def _drop_cancelled(self) -> None:
        gone = [uid for uid, running in self._running.items() if running.generation.cancelled]
        if not gone:
            return
        for uid, (cache, tokens) in self._generator.remove(gone, return_prompt_caches=True).items():
            self._prefixes.keep(tokens, cache, self._running[uid].system_tokens)
        for uid in gone:
            del self._running[uid]

    def _fail(self, error: Exception) -> None:
        """Nothing can be said of the batch's state: everybody is told, and a new one begins, with all memory free."""
        import mlx.core as mx

        for running in self._running.values():
            running.generation.deliver(_told(error))
        self._running.clear()
        self._generator.close()
        self._prefixes = Prefixes(self._weights.identity, self._cache_folder)
        mx.clear_cache()
        self._generator = self._new_generator()

    def _new_generator(self) -> Any:
        from mlx_lm.generate import BatchGenerator

        return BatchGenerator(
            self._weights.model,
            stop_tokens=self._weights.stop_tokens,
            sampler=self._sampler,
            prefill_step_size=_PREFILL_STEP,
        )


def _seeded_sampler(seed: int, temperature: float) -> Callable[[Any], Any]:
    """Draws tokens from random numbers of its own: mlx-lm's draw from those that a whole batch shares."""
    import mlx.core as mx

    key = mx.random.key(seed)

    def draw(logprobs: Any) -> Any:
        nonlocal key
        key, now = mx.random.split(key)
        return mx.random.categorical(logprobs * (1 / temperature), key=now)

    return draw


def _told(error: Exception) -> Exception:
    if isinstance(error, ModelError):
        return error
    if is_out_of_memory(error):
        return ModelError("The memory does not do for this conversation.", _SMALLER)
    return ModelError(f"Generating failed ({type(error).__name__}: {str(error)[:200]}).", _FAILED)


def _too_long(most: int) -> AnswerUnended:
    return AnswerUnended(
        f"The model's answer is longer than {most} tokens.",
        "Raise max_tokens under [model] in config.toml, or choose another model: commonplace model list",
    )
