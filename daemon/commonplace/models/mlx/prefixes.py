"""Prompts that were computed already: in memory by their tokens, and the system prompt's on disk."""

import copy
import hashlib
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

_MOST_CONVERSATIONS = 16
_MOST_BYTES = 4 * 1024**3
_MOST_FILES = 4


class Prefixes:
    """Finds the longest computed beginning of a prompt. Used on one thread."""

    def __init__(self, identity: str, folder: Path | None) -> None:
        from mlx_lm.models.cache import LRUPromptCache

        self._identity = identity
        self._folder = folder
        self._kept: Any = LRUPromptCache(_MOST_CONVERSATIONS, _MOST_BYTES)
        self._on_disk: set[Path] = set()

    def find(self, prompt: list[int], system_tokens: int) -> tuple[Any | None, list[int]]:
        """A cache for the beginning of the prompt (None: nothing is computed), and the tokens that are left.

        At least one token is left, since the model needs one to go on from.
        """
        cache, rest = self._kept.fetch_nearest_cache("", prompt)
        if len(prompt) - len(rest) < system_tokens and self._load(prompt[:system_tokens]):
            cache, rest = self._kept.fetch_nearest_cache("", prompt)
        if cache is not None and not rest:
            return _trimmed(cache, 1), prompt[-1:]
        return cache, list(rest)

    def keep(self, tokens: Sequence[int], cache: Any, system_tokens: int) -> None:
        """Remember a computed conversation; write its system prompt to disk if that is not done yet."""
        computed = int(cache[0].offset) if cache else 0
        if computed == 0:
            return
        known = list(tokens[:computed])
        if 0 < system_tokens < computed:
            self._save(known[:system_tokens], cache, computed - system_tokens)
        self._kept.insert_cache("", known, cache)

    def _load(self, system: Sequence[int]) -> bool:
        from mlx_lm.models import cache as caches

        file = self._file(system)
        if file is None or not file.is_file():
            return False
        try:
            cache: Any = caches.load_prompt_cache(str(file))  # pyright: ignore[reportUnknownMemberType]  # untyped there
        except Exception:
            file.unlink(missing_ok=True)  # a damaged file is worth no more than none: it is computed again
            return False
        self._on_disk.add(file)
        self._kept.insert_cache("", list(system), cache, cache_type="system")
        return True

    def _save(self, system: Sequence[int], cache: Any, too_many: int) -> None:
        from mlx_lm.models.cache import can_trim_prompt_cache, save_prompt_cache

        file = self._file(system)
        if file is None or file in self._on_disk or not can_trim_prompt_cache(cache):
            return
        self._on_disk.add(file)
        with suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = file.with_suffix(".tmp.safetensors")
            save_prompt_cache(str(temporary), _trimmed(copy.deepcopy(cache), too_many))
            temporary.replace(file)
            kept = sorted(file.parent.glob("*.safetensors"), key=lambda other: other.stat().st_mtime)
            for old in kept[:-_MOST_FILES]:
                old.unlink(missing_ok=True)

    def _file(self, system: Sequence[int]) -> Path | None:
        if self._folder is None or not system:
            return None
        key = f"{self._identity}|{version('mlx-lm')}|{list(system)}"
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.safetensors"


def _trimmed(cache: Any, too_many: int) -> Any:
    from mlx_lm.models.cache import trim_prompt_cache

    trim_prompt_cache(cache, too_many)
    return cache
