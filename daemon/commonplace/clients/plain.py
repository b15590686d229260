"""A turn as it looks in a pipe or a file: the reply alone."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Protocol


class View(Protocol):
    """Shows the updates of a turn."""

    def show(self, params: Mapping[str, Any]) -> None:
        """Show one ``session/update``."""
        ...

    def end(self) -> None:
        """The turn has ended, in whatever way."""
        ...

    def decide(self, params: Mapping[str, Any]) -> str | None:
        """Ask the user about a change (``session/request_permission``); the option chosen, None if nobody can say."""
        ...


class PlainView:
    """The reply alone, for pipes and files."""

    def __init__(self) -> None:
        self._reply: list[str] = []

    def show(self, params: Mapping[str, Any]) -> None:
        """Keep the reply's text."""
        update = params["update"]
        if update["sessionUpdate"] == "agent_message_chunk":
            self._reply.append(update["content"]["text"])

    def decide(self, params: Mapping[str, Any]) -> str | None:
        """Nobody can be asked over a pipe."""
        return None

    def end(self) -> None:
        """Print the reply, if there is one."""
        if self._reply:
            print(printable("".join(self._reply)), flush=True)
        self._reply.clear()


def printable(text: str) -> str:
    """The text without control characters: a note must not move the cursor or retitle the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
