"""How long a model server may be silent."""

import asyncio

_FIGURES_SECONDS = 1.0
"""How long after the end of an answer its figures are waited for."""


class Patience:
    """How long silence is borne: until the first token, then between two. Keep-alive messages are silence."""

    def __init__(self, first: float, idle: float) -> None:
        self._idle = idle
        self._seconds = first
        self._rewarded = False
        self._deadline = asyncio.get_running_loop().time() + first

    def limit(self) -> asyncio.Timeout:
        """A block that may not outlast the silence."""
        return asyncio.timeout_at(self._deadline)

    def reward(self) -> None:
        """A token came, and whoever reads has taken it."""
        self._rewarded = True
        self._seconds = self._idle
        self._deadline = asyncio.get_running_loop().time() + self._idle

    def bears(self, pause: float) -> bool:
        """Whether a pause of so many seconds leaves time for an answer."""
        return asyncio.get_running_loop().time() + pause < self._deadline

    def end(self) -> None:
        """The answer is whole; its figures may take a moment."""
        self._deadline = asyncio.get_running_loop().time() + _FIGURES_SECONDS

    def lost(self, server: str) -> tuple[str, str]:
        """What happened, and what to do."""
        setting = "idle_seconds" if self._rewarded else "first_token_seconds"
        said = "went silent in the middle of its answer" if self._rewarded else "sent no answer"
        advice = f"Ask again; a slow machine may need more {setting} under [model] in config.toml."
        return f"{server} {said} for {self._seconds:g} s.", advice
