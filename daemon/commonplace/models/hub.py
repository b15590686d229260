"""Weights of the Hugging Face hub, where its own tools keep them too."""

from pathlib import Path
from typing import Any

from commonplace.models.base import ModelError


def pulled_folder(name: str) -> Path:
    """The folder of weights: the one that is named, or that of a repository that was pulled.

    Raises:
        ModelError: there is none; with what to type.

    """
    folder = Path(name).expanduser()
    if folder.is_dir():
        return folder
    import huggingface_hub

    hub: Any = huggingface_hub  # its functions are typed in part only
    try:
        return Path(hub.snapshot_download(name, local_files_only=True))
    except (OSError, ValueError):
        raise ModelError(
            f"The weights {name} are not on this machine.", f"Type: commonplace model pull {name}"
        ) from None
