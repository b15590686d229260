"""Which model, and how to reach it."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model, and how to reach it."""

    backend: Literal["reader", "openai"] = "reader"
    base_url: str = ""
    name: str = ""
    api_key: str | None = field(default=None, repr=False)
    temperature: float = 0.0
    max_tokens: int = 4096
    first_token_seconds: float = 120.0
    idle_seconds: float = 60.0
    """The longest silence between two tokens."""
