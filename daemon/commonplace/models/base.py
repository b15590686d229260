"""What a model is: messages in, a stream of text out."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation, in the roles of the mem-agent contract."""

    role: Role
    content: str


@dataclass(slots=True)
class Meter:
    """What one call of a model cost. The model fills it in as it streams; None is not known."""

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    """Those of the prompt's tokens that needed no new computing."""
    generated_tokens: int | None = None


class Model(Protocol):
    """Whatever can continue a conversation: an endpoint, local weights, or the reader."""

    @property
    def name(self) -> str:
        """What a person calls it, such as "reader" or "mem-agent-mlx-4bit"."""
        ...

    def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Yield the continuation as text deltas, tags included; tell the meter what it costs.

        The caller closes the generator (``aclose``) as soon as it has what it needs; the model then stops
        generating. Stop matching is the caller's, on text.

        Raises:
            ModelError: the model cannot answer; the text already yielded stands.

        """
        ...

    async def close(self) -> None:
        """Release connections, threads and memory; the model is not used afterwards."""
        ...


@runtime_checkable
class Prepares(Protocol):
    """A model that takes a while to get ready, and says what it does meanwhile."""

    def prepare(self) -> AsyncGenerator[str, None]:
        """Get ready; yield what happens, in words for the user. Yields nothing where it is ready.

        Raises:
            ModelError: it cannot get ready.

        """
        ...


@runtime_checkable
class Seeded(Protocol):
    """A model that draws its words at random where its temperature is above 0, and can be told from which seed."""

    def seeded(self, seed: int) -> Model:
        """The same model, drawing from that seed: the same messages then get the same answer again.

        It shares what this one holds, and is not to be closed; closing this one ends both.
        """
        ...


@runtime_checkable
class Windowed(Protocol):
    """A model whose window is known, and which can count what goes into it."""

    @property
    def window(self) -> int | None:
        """The most tokens of a prompt and its answer together; None where that is not known."""
        ...

    async def count(self, messages: Sequence[Message]) -> int:
        """How many tokens the messages are as a prompt; counted by the model's own tokenizer where it has one.

        Raises:
            ModelError: its tokenizer cannot be used.

        """
        ...


class ModelError(Exception):
    """The model could not answer. ``advice`` says what the user can do next."""

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(f"{message} {advice}")
        self.message = message
        self.advice = advice


class AnswerUnended(ModelError):
    """The model answered, but did not come to an end within what it may write: its own doing, no outage."""
