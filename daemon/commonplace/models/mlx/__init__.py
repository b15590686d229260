"""mlx-lm in the daemon's own process: local weights on Apple Silicon."""

from commonplace.models.mlx.model import MlxModel

__all__ = ["MlxModel"]
