"""The system prompt: ours, or a file of the user's, since published weights were trained with their own."""

from importlib.resources import files
from pathlib import Path


class PromptUnreadable(Exception):
    """The prompt file that the user chose cannot be read."""


def load_prompt(path: Path | None = None) -> str:
    """The text of the prompt file, or of the packaged one.

    Raises:
        PromptUnreadable: with what to change in the config.

    """
    if path is None:
        return files("commonplace.agent").joinpath("prompt.md").read_text(encoding="utf-8").strip()
    try:
        return path.expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise PromptUnreadable(
            f"The prompt file {path} cannot be read: {reason}. Correct prompt_file in config.toml, or take it out."
        ) from None
