"""From the user's settings to a model."""

from dataclasses import dataclass, field
from typing import Literal

from commonplace.models.base import Model


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


def choose_model(settings: ModelSettings) -> Model:
    """Make the model; its libraries are imported only now."""
    if settings.backend == "openai":
        from commonplace.models.openai import OpenAIModel

        return OpenAIModel(settings)
    from commonplace.models.reader import ReaderModel

    return ReaderModel()
