"""What was published with mem-agent: its weights, and the prompt that they were trained with."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from commonplace.models.base import ModelError
from commonplace.models.trouble import in_words

_SECONDS = 30.0
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class PublishedWeights:
    """A repository of the Hugging Face hub, and what runs it."""

    name: str
    backend: Literal["mlx", "vllm"]
    gigabytes: float
    """About what it takes on disk and in memory (four billion parameters)."""


WEIGHTS = (
    PublishedWeights("driaforall/mem-agent-mlx-4bit", "mlx", 2.3),
    PublishedWeights("driaforall/mem-agent-mlx-8bit", "mlx", 4.3),
    PublishedWeights("driaforall/mem-agent-mlx-bf16", "mlx", 8.1),
    PublishedWeights("driaforall/mem-agent", "vllm", 8.1),
)


@dataclass(frozen=True, slots=True)
class PublishedPrompt:
    """A text at an address that never changes, and its hash."""

    url: str
    sha256: str


PROMPT = PublishedPrompt(
    "https://raw.githubusercontent.com/firstbatchxyz/mem-agent-mcp/"
    "2eabdbe551741734e0172dcc998e9e42715912fe/agent/system_prompt.txt",
    "5c4822dd6524ace430af8975480d76203cf0864f99508fd1ff2812a8881b1ffa",
)


def is_mem_agent(name: str) -> bool:
    """Whether a model of that name is mem-agent, which knows ten tools and was trained with a prompt of its own."""
    return "mem-agent" in name.casefold()


def prompt_file(folder: Path) -> Path:
    """Where the published prompt lies once it has been fetched."""
    return folder / "mem-agent.txt"


def fetch_prompt(folder: Path, prompt: PublishedPrompt | None = None) -> Path:
    """Fetch the published prompt, or another, unless it is there.

    Raises:
        ModelError: it cannot be fetched, or is another text than the one that is known.

    """
    prompt = prompt or PROMPT
    file = prompt_file(folder)
    if file.is_file() and _hash(file.read_bytes()) == prompt.sha256:
        return file
    import urllib.request  # slow to import, and the config needs this file

    try:
        with urllib.request.urlopen(prompt.url, timeout=_SECONDS) as response:
            text = response.read(_LARGEST)
    except (OSError, ValueError) as error:
        reason = in_words(error) or str(error)
        raise ModelError(
            f"The published prompt cannot be fetched ({reason}).", "Type again: commonplace model pull --prompt-only"
        ) from None
    if _hash(text) != prompt.sha256:
        raise ModelError(
            f"What came from {prompt.url} is not the published prompt: its hash differs. Nothing was kept.",
            "Type again: commonplace model pull --prompt-only. If it repeats, report it.",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    temporary.write_bytes(text)
    temporary.replace(file)
    return file


def _hash(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
