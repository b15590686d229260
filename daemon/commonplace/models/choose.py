"""From the user's settings to a model."""

from commonplace.models.base import Model
from commonplace.models.settings import ModelSettings


def choose_model(settings: ModelSettings) -> Model:
    """Make the model; its libraries are imported only now."""
    if settings.backend == "openai":
        from commonplace.models.openai import OpenAIModel

        return OpenAIModel(settings)
    if settings.backend == "mlx":
        from commonplace.models.mlx import MlxModel

        return MlxModel(settings)
    if settings.backend == "vllm":
        from commonplace.models.vllm import VllmModel

        return VllmModel(settings)
    from commonplace.models.reader import ReaderModel

    return ReaderModel()
