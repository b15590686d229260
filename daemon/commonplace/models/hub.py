"""Weights of the Hugging Face hub, where its own tools keep them too."""

from pathlib import Path
from typing import Any

from commonplace.models.base import ModelError
from commonplace.models.trouble import in_words

_WANTED = ("*.json", "*.safetensors", "*.txt", "*.jinja", "tokenizer*", "*.model", "*.py")
"""The files that mlx-lm and vllm read; repositories hold the same weights in other forms, too."""
_INSTALL = "Type: uv tool install --force '.[mlx]' in the checkout"


class HubMissing(ModelError):
    """The hub's library is not installed."""


def pulled_folder(name: str) -> Path:
    """The folder of weights: the one that is named, or that of a repository that was pulled whole.

    Raises:
        ModelError: there is none; with what to type.

    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    try:
        return Path(_hub().snapshot_download(name, local_files_only=True, allow_patterns=_WANTED))
    except (OSError, ValueError):
        raise ModelError(
            f"The weights {name} are not on this machine, or not whole.", f"Type: commonplace model pull {name}"
        ) from None


def is_missing(name: str) -> bool:
    """Whether the weights are surely not on this machine; where nothing can tell, they are not said to be."""
    try:
        pulled_folder(name)
    except HubMissing:
        return False
    except ModelError:
        return True
    return False


def unfinished(name: str) -> frozenset[Path]:
    """The temporary files of downloads of a repository, which nobody takes up again once their program has ended."""
    _hub()
    from huggingface_hub.constants import HF_HUB_CACHE

    repository = Path(HF_HUB_CACHE, "models--" + name.replace("/", "--"))
    return frozenset(repository.glob("blobs/*.incomplete"))


def pull(name: str) -> Path:
    """Fetch a repository's weights, with the hub's own progress bars.

    A connection that breaks is taken up where it broke; of an earlier try whole files are kept.

    Raises:
        ModelError: there is no such repository, no network, no room; with what to do.

    """
    hub = _hub()
    try:
        return Path(hub.snapshot_download(name, allow_patterns=_WANTED))
    except (hub.errors.RepositoryNotFoundError, hub.errors.HFValidationError):
        raise ModelError(
            f"There is no repository {name!r} on the Hugging Face hub, or it is not public.",
            "Type: commonplace model list",
        ) from None
    except Exception as error:
        said = str(error).partition("\n")[0].rstrip(".")[:200]
        raise ModelError(
            f"The weights {name} could not be fetched ({in_words(error) or said or type(error).__name__}).",
            f"Whole files are kept. Type again: commonplace model pull {name}",
        ) from None


def _hub() -> Any:
    """The hub's library, whose functions are typed in part only."""
    try:
        import huggingface_hub
    except ImportError:
        raise HubMissing("Weights are fetched with huggingface_hub, which is not installed.", _INSTALL) from None
    return huggingface_hub
