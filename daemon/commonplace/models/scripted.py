"""A model that says what it was told to say: deterministic, for tests and benchmarks."""

import asyncio
from collections.abc import AsyncGenerator, Sequence

from commonplace.models.base import Message, Meter, ModelError


class ScriptedModel:
    """Answers the n-th call with the n-th output."""

    name = "scripted"

    def __init__(self, outputs: Sequence[str], *, chunk: int | None = None, delay: float = 0.0) -> None:
        """Prepare the outputs.

        Args:
            outputs: what to say, one text a call.
            chunk: characters a delta; None for one delta a call.
            delay: seconds before each delta.

        """
        self._outputs = tuple(outputs)
        self._chunk = chunk
        self._delay = delay
        self.calls: list[tuple[Message, ...]] = []
        """The messages of each call so far."""
        self.stopped_early = 0
        """How many calls the caller closed before they had said everything."""

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Say the next output.

        Raises:
            ModelError: the script is over.

        """
        index = len(self.calls)
        self.calls.append(tuple(messages))
        if index >= len(self._outputs):
            raise ModelError("The script is over.", "Give the scripted model one more output.")
        text = self._outputs[index]
        size = self._chunk or max(1, len(text))
        try:
            for start in range(0, len(text), size):
                await asyncio.sleep(self._delay)
                yield text[start : start + size]
        except (GeneratorExit, asyncio.CancelledError):
            self.stopped_early += 1
            raise

    async def close(self) -> None:
        """Nothing is held."""
