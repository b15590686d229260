"""The model that the config asks for."""

from commonplace.config import ModelConfig, resolve_api_key
from commonplace.models.base import Model
from commonplace.models.choose import choose_model
from commonplace.models.settings import ModelSettings


def model_of(config: ModelConfig) -> Model:
    """Make the configured model.

    Raises:
        ConfigError: its key is to come from an environment variable that is not set.

    """
    if config.backend == "reader":
        return choose_model(ModelSettings())
    return choose_model(
        ModelSettings(
            backend=config.backend,
            base_url=config.base_url,
            name=config.name,
            api_key=resolve_api_key(config),
            temperature=config.temperature,
            max_tokens=config.max_tokens,
            first_token_seconds=config.first_token_seconds,
            idle_seconds=config.idle_seconds,
        )
    )
