"""The model that the config asks for."""

from pathlib import Path

from commonplace.config import ModelConfig, resolve_api_key
from commonplace.models.base import Model
from commonplace.models.choose import choose_model
from commonplace.models.settings import ModelSettings


def model_of(home: Path, config: ModelConfig) -> Model:
    """Make the configured model; what it keeps lies below ``models`` in the home folder.

    Raises:
        ConfigError: its key is to come from an environment variable that is not set.

    """
    if config.backend == "reader":
        return choose_model(ModelSettings())
    return choose_model(
        ModelSettings(
            backend=config.backend,
            base_url=config.base_url,
            name=config.weights,
            api_key=resolve_api_key(config),
            temperature=config.temperature,
            max_tokens=config.max_tokens,
            first_token_seconds=config.first_token_seconds,
            idle_seconds=config.idle_seconds,
            unload_seconds=config.unload_minutes * 60,
            cache_folder=home / "models" / "prompts",
        )
    )
