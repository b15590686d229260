"""Which model, and how to reach it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

DEFAULT_WEIGHTS = "driaforall/mem-agent-mlx-4bit"
"""What mlx takes where no weights are named."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, and how to reach it."""

    backend: Literal["reader", "auto", "mlx", "openai"] = "reader"
    base_url: str = ""
    name: str = ""
    api_key: str | None = field(default=None, repr=False)
    temperature: float = 0.0
    max_tokens: int = 4096
    first_token_seconds: float = 120.0
    idle_seconds: float = 60.0
    """The longest silence between two tokens."""
    unload_seconds: float = 900.0
    """After so long without a prompt, local weights leave the memory."""
    cache_folder: Path | None = None
    """Where a local model keeps what it computed of the system prompt from one start to the next."""
