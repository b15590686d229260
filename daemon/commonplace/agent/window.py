"""A conversation that has outgrown the model's window: its oldest results go first, at the border of turns."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from commonplace.models.base import Message

Count = Callable[[Sequence[Message]], Awaitable[int]]

LEFT_OUT = "<result>\n(left out, since this conversation has outgrown your window; read again what you need)\n</result>"
_TAGS = 16
"""Tokens that a chat template adds to a message, at most."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """The earlier turns as the model sees them, and what of them it does not see."""

    history: tuple[Message, ...]
    results: int = 0
    turns: int = 0

    @property
    def note(self) -> str | None:
        """What the user is told; None where nothing is left out."""
        if not self.results:
            return None
        turns = f", and its {self.turns} oldest questions with their answers" if self.turns else ""
        return (
            f"This conversation is longer than the model's window: the results of its {self.results} oldest steps are "
            f"left out{turns}. A new conversation begins with an empty window."
        )


async def fit(history: Sequence[Message], now: Sequence[Message], most: int, count: Count) -> Fitted:
    """Leave out as little as makes the prompt fit.

    Args:
        history: the earlier turns' messages.
        now: the system message and the question, which stay.
        most: the tokens that all of it may have.
        count: counts the tokens of messages, by the model's own tokenizer where it has one.

    """
    if sum(len(message.content.encode()) + _TAGS for message in (*now, *history)) <= most:
        return Fitted(tuple(history))  # a token is a byte at least
    choices = _choices(history)
    low, high = 0, len(choices) - 1
    while low < high:
        middle = (low + high) // 2
        system, *asked = now
        fits = await count([system, *choices[middle].history, *asked]) <= most
        low, high = (low, middle) if fits else (middle + 1, high)
    return choices[low]


def _choices(history: Sequence[Message]) -> Sequence[Fitted]:
    """From everything to nothing: without one result more each time, then without one turn more."""
    choices = [Fitted(tuple(history))]
    shown = list(history)
    for place, message in enumerate(history):
        if message.role == "user" and message.content.startswith("<result>"):
            shown[place] = Message("user", LEFT_OUT)
            choices.append(Fitted(tuple(shown), choices[-1].results + 1))
    for number, place in enumerate(_borders(history), 1):
        choices.append(Fitted(tuple(shown[place:]), max(1, choices[-1].results), number))
    return choices


def _borders(history: Sequence[Message]) -> list[int]:
    """Where a turn has just ended."""
    return [place + 1 for place, said in enumerate(history) if said.role == "assistant" and "<reply>" in said.content]
