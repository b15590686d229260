"""Which model, and how to reach it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

DEFAULT_WEIGHTS = "driaforall/mem-agent-mlx-4bit"
"""What mlx takes where no weights are named."""
DEFAULT_VLLM_WEIGHTS = "driaforall/mem-agent"
"""What vllm takes."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, and how to reach it."""

    backend: Literal["reader", "auto", "mlx", "vllm", "openai"] = "reader"
    base_url: str = ""
    name: str = ""
    api_key: str | None = field(default=None, repr=False)
    temperature: float = 0.0
    seed: int | None = None
    """What a temperature above 0 draws from; None is another one each time."""
    max_tokens: int = 4096
    first_token_seconds: float = 120.0
    idle_seconds: float = 60.0
    """The longest silence between two tokens."""
    unload_seconds: float = 900.0
    """After so long without a prompt, local weights leave the memory."""
    command: Sequence[str] = ("vllm",)
    """The program that is started for vllm."""
    arguments: Sequence[str] = ()
    """More arguments for it."""
    start_seconds: float = 900.0
    """How long it may take to load its weights."""
    state_folder: Path | None = None
    """Where a local model keeps what must outlast it."""
    context_tokens: int | None = None
    """The model's window, prompt and answer together; None takes what the model says of itself."""
    counts_always: bool = False
    """Whether the server is asked for its figures with every chunk, which vLLM alone understands."""
    cache_folder: Path | None = None
    """Where a local model keeps what it computed of the system prompt from one start to the next."""
