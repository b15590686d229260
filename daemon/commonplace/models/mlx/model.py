"""Local weights as a model: what the engine's thread says, brought to the event loop."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from commonplace.models.base import Message, Meter
from commonplace.models.mlx.engine import Engine, Generation
from commonplace.models.mlx.weights import Tokenized, Weights, load_tokenizer, load_weights, longest_prompt
from commonplace.models.settings import ModelSettings

_LARGEST_WINDOW = 32_768
"""Tokens; what is kept of each takes about 150 KB with four billion parameters."""


class MlxModel:
    """Generates on a thread of its own; several conversations share the weights, a token each in turn.

    Nothing is loaded before the first prompt.
    """

    def __init__(self, settings: ModelSettings, engine: Engine | None = None) -> None:
        self._settings = settings
        self._tokenizer: Tokenized | None = None
        self._engine = engine or Engine(
            self._load,
            idle_seconds=settings.unload_seconds,
            cache_folder=settings.cache_folder,
            temperature=settings.temperature,
            window=self.window,
        )

    @property
    def name(self) -> str:
        """The last part of the weights' name."""
        return Path(self._settings.name).name

    @property
    def generations(self) -> Sequence[Generation]:
        """The outputs under way, on the engine's thread."""
        return self._engine.generations

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._engine.is_running

    def seeded(self, seed: int) -> "MlxModel":
        """The same weights, drawing from the seed in each answer, whoever else is in the batch.

        What is drawn from, the likelihoods, may differ in their last digits with the size of the batch.
        """
        return MlxModel(replace(self._settings, seed=seed), self._engine)

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Yield text as it is generated. Closing the generator stops within two tokens.

        Raises:
            ModelError: the weights cannot be loaded or have no chat template, or generating failed.

        """
        told = meter or Meter()
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[str | Exception | None] = asyncio.Queue()

        def deliver(item: str | Exception | None) -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it whoever listened
                loop.call_soon_threadsafe(heard.put_nowait, item)

        generation = Generation(tuple(messages), self._settings.max_tokens, deliver, self._settings.seed)
        self._engine.begin(generation)
        try:
            while True:
                generation.wants_more.set()
                item = await heard.get()
                told.prompt_tokens, told.cached_tokens = generation.prompt_tokens, generation.cached_tokens
                told.generated_tokens = generation.generated_tokens
                if isinstance(item, Exception):
                    raise item
                if item is None:
                    return
                if item:
                    yield item
        finally:
            generation.cancel()

    @property
    def window(self) -> int | None:
        """What is set, else what the weights were made for, but no more than the memory of a laptop bears."""
        if self._settings.context_tokens is not None:
            return self._settings.context_tokens
        longest = longest_prompt(self._settings.name)
        return longest and min(longest, _LARGEST_WINDOW)

    async def count(self, messages: Sequence[Message]) -> int:
        """The tokens of the messages as a prompt, by the weights' own tokenizer and chat template."""
        if self._tokenizer is None:
            self._tokenizer = await asyncio.to_thread(load_tokenizer, self._settings.name)
        return len(await asyncio.to_thread(self._tokenizer.encode, messages))

    async def close(self) -> None:
        """End the thread and free the memory."""
        await asyncio.to_thread(self._engine.close)

    def _load(self) -> Weights:
        return load_weights(self._settings.name)
