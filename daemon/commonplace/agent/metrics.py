"""What a step cost: one output of the model, and the block that it asked for."""

import time
from dataclasses import dataclass, field

from commonplace.models.base import Meter


@dataclass(frozen=True, slots=True)
class Metrics:
    """Tokens as the model counts them (None where it does not), times in milliseconds."""

    prompt_tokens: int | None
    cached_tokens: int | None
    """Those of the prompt's tokens that needed no new computing."""
    generated_tokens: int | None
    first_token_milliseconds: float | None
    """From the call of the model to its first text."""
    model_milliseconds: float
    """From the call of the model to its last text."""
    sandbox_milliseconds: float = 0.0
    """Of the block, without its tools."""
    tool_milliseconds: float = 0.0
    """Of the tools, without waiting for a person."""

    @property
    def tokens_per_second(self) -> float | None:
        """How fast it generated, once it had begun."""
        if self.first_token_milliseconds is None or self.generated_tokens is None:
            return None
        seconds = (self.model_milliseconds - self.first_token_milliseconds) / 1000
        return (self.generated_tokens - 1) / seconds if seconds > 0 and self.generated_tokens > 1 else None


@dataclass(slots=True)
class Timing:
    """One output of the model while it comes."""

    meter: Meter = field(default_factory=Meter)
    _began: float = field(default_factory=time.perf_counter)
    _first: float | None = None
    _last: float | None = None

    def heard(self) -> None:
        """More text has come."""
        self._last = time.perf_counter()
        self._first = self._first or self._last

    def metrics(self, sandbox_milliseconds: float = 0.0, tool_milliseconds: float = 0.0) -> Metrics:
        """What it cost, together with its block."""
        return Metrics(
            self.meter.prompt_tokens,
            self.meter.cached_tokens,
            self.meter.generated_tokens,
            None if self._first is None else (self._first - self._began) * 1000,
            ((self._last or time.perf_counter()) - self._began) * 1000,
            sandbox_milliseconds,
            tool_milliseconds,
        )
