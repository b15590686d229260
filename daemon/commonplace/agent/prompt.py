"""The system prompt: ours, or a file of the user's, since published weights were trained with their own."""

from importlib.resources import files
from pathlib import Path


def load_prompt(path: Path | None = None, *, searches: bool = True) -> str:
    """The text of the prompt file, or of the packaged one, without its line on searching where that is not there.

    Raises:
        PromptUnreadable: with what to change in the config.

    """
    if path is None:
        lines = files("commonplace.agent").joinpath("prompt.md").read_text(encoding="utf-8").strip().split("\n")
        return "\n".join(line for line in lines if searches or not line.startswith("search_notes("))
    try:
        text = path.expanduser().read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise PromptUnreadable(path, error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise PromptUnreadable(path, "it is not UTF-8 text") from None
    except (RuntimeError, ValueError) as error:
        raise PromptUnreadable(path, str(error).rstrip(".")) from None
    if not text:
        raise PromptUnreadable(path, "it is empty")
    return text


class PromptUnreadable(Exception):
    """The prompt file that the user chose cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The prompt file {path} cannot be read: {reason}. Correct prompt_file in config.toml, or take it out."
        )
