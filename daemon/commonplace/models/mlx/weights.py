"""Weights, their tokenizer and their chat template: the only file that touches mlx-lm's loosely typed loader."""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from commonplace.models.base import Message, ModelError
from commonplace.models.hub import pulled_folder

_SMALLER = "Close other programs, or choose smaller weights: commonplace model list"
_AGAIN = "Fetch them again: commonplace model pull {name}"


class Detokenizer(Protocol):
    """Text from tokens, whole characters only."""

    @property
    def last_segment(self) -> str:
        """The text that came since it was last read."""
        ...

    def add_token(self, token: int) -> None:
        """Take one more token."""
        ...

    def finalize(self) -> None:
        """Let go of what was held back."""
        ...


@dataclass(frozen=True, slots=True)
class Tokenized:
    """A tokenizer with its chat template."""

    tokenizer: Any

    @property
    def stop_tokens(self) -> list[list[int]]:
        """The tokens at which the model ends its output."""
        return [[int(token)] for token in self.tokenizer.eos_token_ids]

    def detokenizer(self) -> Detokenizer:
        """A fresh one, for one output."""
        return self.tokenizer.detokenizer

    def encode(self, messages: Sequence[Message]) -> list[int]:
        """The prompt's tokens, by the chat template.

        Raises:
            ModelError: the template refuses the messages.

        """
        try:
            return self._templated(messages, prompting=True)
        except Exception as error:
            raise ModelError(
                f"The model's chat template refuses the conversation ({type(error).__name__}).",
                "Choose other weights: commonplace model list",
            ) from None

    def opens_thought(self, prompt: Sequence[int]) -> bool:
        """Whether the template has begun the thought already, so that the output will lack its tag."""
        return str(self.tokenizer.decode(list(prompt[-8:]))).rstrip().endswith("<think>")

    def system_tokens(self, messages: Sequence[Message], prompt: Sequence[int]) -> int:
        """How many of the prompt's first tokens are the system message's, the same in every conversation."""
        system = [message for message in messages[:1] if message.role == "system"]
        if not system:
            return 0
        try:
            tokens = self._templated(system, prompting=False)
        except Exception:
            return 0  # some templates want a user's message first; their prefix is then not kept on disk
        return len(tokens) if list(prompt[: len(tokens)]) == tokens else 0

    def _templated(self, messages: Sequence[Message], *, prompting: bool) -> list[int]:
        told = [{"role": message.role, "content": message.content} for message in messages]
        return list(self.tokenizer.apply_chat_template(told, add_generation_prompt=prompting))


@dataclass(frozen=True, slots=True)
class Weights(Tokenized):
    """A loaded model."""

    model: Any
    identity: str
    """Tells these weights from others, for what is kept on disk."""


def load_tokenizer(name: str) -> Tokenized:
    """Load the tokenizer alone, to count with.

    Raises:
        ModelError: it is not there.

    """
    folder = pulled_folder(name)
    try:
        from mlx_lm import utils

        library: Any = utils  # its functions are typed in part only
        return Tokenized(library.load_tokenizer(folder))
    except (ImportError, OSError, ValueError) as error:
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}.", _AGAIN.format(name=name)) from None


def longest_prompt(name: str) -> int | None:
    """The tokens that the weights were made for, prompt and answer together; None where they do not say."""
    try:
        config: Any = json.loads((pulled_folder(name) / "config.json").read_text(encoding="utf-8"))
        return int(config["max_position_embeddings"])
    except (ModelError, OSError, ValueError, KeyError, TypeError):
        return None


def load_weights(name: str) -> Weights:
    """Load a folder of weights, or a repository that was pulled.

    Raises:
        ModelError: they are not there, are damaged, or have no chat template; with what to type.

    """
    try:
        from mlx_lm import load
    except ImportError:
        raise ModelError(
            "mlx-lm is not installed.",
            "Type: uv tool install --force '.[mlx]' in the checkout, or choose another model.",
        ) from None
    folder = pulled_folder(name)
    _refuse_too_large(name, folder)
    try:
        model, tokenizer = load(str(folder))[:2]
    except (OSError, ValueError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise ModelError(f"The weights in {folder} cannot be loaded: {reason}.", _AGAIN.format(name=name)) from None
    except (MemoryError, RuntimeError) as error:
        if not is_out_of_memory(error):
            raise ModelError(f"The weights in {folder} are damaged ({error}).", _AGAIN.format(name=name)) from None
        raise ModelError(f"The weights {name} do not fit into the memory.", _SMALLER) from None
    except KeyError as error:
        raise ModelError(f"The weights in {folder} are damaged ({error}).", _AGAIN.format(name=name)) from None
    if not tokenizer.has_chat_template:
        raise ModelError(
            f"The weights {name} have no chat template, so they cannot hold a conversation.",
            "Choose other weights: commonplace model list",
        )
    return Weights(tokenizer, model, _identity(folder))


def _refuse_too_large(name: str, folder: Path) -> None:
    """Refuse weights that this machine cannot hold: loading them would have it swap until nothing else runs."""
    size, memory = sum(file.stat().st_size for file in folder.glob("*.safetensors")), _memory()
    if memory is not None and size > memory:
        raise ModelError(
            f"The weights {name} take {size / 1e9:,.1f} GB; this machine has {memory / 1e9:,.1f} GB of memory.",
            _SMALLER,
        )


def _memory() -> int | None:
    """Bytes of memory in this machine; None where the system does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def is_out_of_memory(error: Exception) -> bool:
    """Whether mlx could get no memory; it says so in the text alone."""
    return isinstance(error, MemoryError) or "allocate" in str(error) or "nsufficient Memory" in str(error)


def _identity(folder: Path) -> str:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    files = sorted((file.name, file.stat().st_size) for file in folder.glob("*.safetensors"))
    return f"{folder.resolve()}|{files}|{config.get('quantization')}"
