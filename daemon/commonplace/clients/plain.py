"""A turn as it looks in a pipe or a file: the reply alone."""

import sys
import unicodedata
from collections.abc import Callable, Mapping
from typing import Any, Protocol

_GAVE_UP = "No answer: the model used up the steps of a turn. Ask in smaller parts, or name the note."


class View(Protocol):
    """Shows the updates of a turn."""

    def show(self, params: Mapping[str, Any]) -> None:
        """Show one ``session/update``."""
        ...

    def end(self) -> None:
        """The turn has ended, in whatever way."""
        ...

    def decide(self, params: Mapping[str, Any], wait: Callable[[], None]) -> str | None:
        """Ask the user about a change (``session/request_permission``); the option chosen, None if nobody can say.

        ``wait`` returns when a line was typed, and raises ``Decided`` when the question is open no more.
        """
        ...

    def decided(self, outcome: str) -> None:
        """The question that was shown is open no more: another client answered it, or it was cancelled."""
        ...


class PlainView:
    """The reply alone, for pipes and files."""

    def __init__(self) -> None:
        self._reply: list[str] = []

    def show(self, params: Mapping[str, Any]) -> None:
        """Keep the reply's text, and tell on standard error of a turn that came to no answer."""
        update = params["update"]
        ended = params.get("_meta", {}).get("commonplace", {}).get("ended", {})
        if ended.get("reason") == "interrupted":
            print(interrupted(ended), file=sys.stderr, flush=True)
        if ended.get("reason") == "max_turn_requests":
            print(_GAVE_UP, file=sys.stderr, flush=True)
        if update["sessionUpdate"] == "agent_message_chunk":
            self._reply.append(update["content"]["text"])

    def decide(self, params: Mapping[str, Any], wait: Callable[[], None]) -> str | None:
        """Nobody can be asked over a pipe."""
        return None

    def decided(self, outcome: str) -> None:
        """No question is shown over a pipe."""

    def end(self) -> None:
        """Print the reply, if there is one."""
        if self._reply:
            print(printable("".join(self._reply)), flush=True)
        self._reply.clear()


def interrupted(ended: Mapping[str, Any]) -> str:
    """What to know of a turn that the daemon's end has cut."""
    said = " ".join(ended[part] for part in ("error", "advice") if ended.get(part))
    return printable(f"{said or 'The daemon ended in the middle of this turn.'} Type: commonplace history")


def printable(text: str) -> str:
    """The text without control characters: a note must not move the cursor or retitle the terminal."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
