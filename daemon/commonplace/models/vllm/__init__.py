"""``vllm serve`` as a child of the daemon, spoken to over its OpenAI-compatible API."""

from commonplace.models.vllm.model import VllmModel

__all__ = ["VllmModel"]
