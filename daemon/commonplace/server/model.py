"""The model that the config asks for."""

import logging
from pathlib import Path

from commonplace.config import resolve_api_key
from commonplace.models.automatic import choose, look_around
from commonplace.models.base import Model
from commonplace.models.choose import choose_model
from commonplace.models.settings import ModelSettings
from commonplace.settings import ModelConfig

logger = logging.getLogger(__name__)


def model_of(home: Path, config: ModelConfig) -> Model:
    """Make the configured model; what it keeps lies below ``models`` in the home folder.

    Raises:
        ConfigError: its key is to come from an environment variable that is not set.

    """
    if config.backend == "reader":
        return choose_model(ModelSettings())
    if config.backend == "auto":
        config = resolved(config)
    return choose_model(
        ModelSettings(
            backend=config.backend,
            base_url=config.base_url,
            name=config.weights,
            api_key=resolve_api_key(config),
            temperature=config.temperature,
            seed=config.seed,
            max_tokens=config.max_tokens,
            first_token_seconds=config.first_token_seconds,
            idle_seconds=config.idle_seconds,
            unload_seconds=config.unload_minutes * 60,
            context_tokens=config.context_tokens,
            command=(config.vllm_command,),
            arguments=tuple(config.vllm_args),
            start_seconds=config.start_minutes * 60,
            state_folder=home / "models",
            cache_folder=home / "models" / "prompts",
        )
    )


def resolved(config: ModelConfig) -> ModelConfig:
    """The config with what ``auto`` takes on this machine, looked up now; the log says why."""
    choice = choose(look_around())
    logger.info("auto takes %s: %s", choice.name or choice.backend, choice.why)
    taken = {"backend": choice.backend, "name": choice.name, "base_url": choice.base_url or config.base_url}
    return config.model_copy(update=taken)
