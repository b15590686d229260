"""Local weights as a model: what the engine's thread says, brought to the event loop."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path

from commonplace.models.base import Message, Meter
from commonplace.models.mlx.engine import Engine, Generation
from commonplace.models.mlx.weights import Weights, load_weights

DEFAULT_WEIGHTS = "driaforall/mem-agent-mlx-4bit"
IDLE_SECONDS = 15 * 60.0
"""After so long without a prompt the weights leave the memory; the next prompt loads them again."""


class MlxModel:
    """Generates on a thread of its own; several conversations share the weights, a token each in turn."""

    def __init__(
        self,
        weights: str = DEFAULT_WEIGHTS,
        *,
        most_tokens: int = 4096,
        temperature: float = 0.0,
        idle_seconds: float = IDLE_SECONDS,
        cache_folder: Path | None = None,
    ) -> None:
        """Prepare the model; nothing is loaded before the first prompt.

        Args:
            weights: a folder, or a repository of the Hugging Face hub that has been pulled.
            most_tokens: the longest output.
            temperature: 0 always takes the likeliest token.
            idle_seconds: the longest time that unused weights stay in memory.
            cache_folder: where the system prompt's computed cache is kept from one start to the next.

        """
        self._weights = weights
        self._most_tokens = most_tokens
        self._engine = Engine(self._load, idle_seconds=idle_seconds, cache_folder=cache_folder, temperature=temperature)

    @property
    def name(self) -> str:
        """The last part of the weights' name."""
        return Path(self._weights).name

    @property
    def is_loaded(self) -> bool:
        """Whether the weights are in memory."""
        return self._engine.is_running

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Yield text as it is generated. Closing the generator stops within two tokens.

        Raises:
            ModelError: the weights cannot be loaded or have no chat template, or generating failed.

        """
        began = time.monotonic()
        told = meter or Meter()
        loop = asyncio.get_running_loop()
        heard: asyncio.Queue[str | Exception | None] = asyncio.Queue()

        def deliver(item: str | Exception | None) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, item)

        generation = Generation(tuple(messages), self._most_tokens, deliver)
        self._engine.begin(generation)
        try:
            while True:
                generation.wants_more.set()
                item = await heard.get()
                told.prompt_tokens, told.cached_tokens = generation.prompt_tokens, generation.cached_tokens
                told.generated_tokens, told.seconds = generation.generated_tokens, time.monotonic() - began
                if isinstance(item, Exception):
                    raise item
                if item is None:
                    return
                if told.first_token_seconds is None:
                    told.first_token_seconds = told.seconds
                if item:
                    yield item
        finally:
            generation.cancel()

    async def close(self) -> None:
        """End the thread and free the memory."""
        await asyncio.to_thread(self._engine.close)

    def _load(self) -> Weights:
        return load_weights(self._weights)
