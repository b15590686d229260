"""The messages as the reader needs them: what was asked, what was looked at, what came back. Pure."""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from commonplace.models.base import Message
from commonplace.models.reader.message.typed import spelled

LONGEST_QUESTION = 4_000
"""Characters of a message that are read: what is asked stands at its beginning."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """An earlier turn: what the user wrote and what was replied."""

    question: str
    reply: str


@dataclass(frozen=True, slots=True)
class Step:
    """A python block of the current turn, its variables afterwards, and the error that ended it."""

    code: str
    variables: Mapping[str, object]
    error: str | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """The current turn and what came before it. ``filters`` is what the user forbids to tell."""

    question: str
    filters: str = ""
    earlier: tuple[Exchange, ...] = ()
    steps: tuple[Step, ...] = field(default=())
    searches: bool = False
    """Whether there is a tool that searches all notes."""


def read_conversation(messages: Sequence[Message]) -> Conversation:
    """Cut the messages into earlier turns and the steps of the current one.

    A user message in the middle of a turn that is no result is the agent's, about the form of an answer or
    about the notes: the question stays the user's.
    """
    earlier: list[Exchange] = []
    steps: list[Step] = []
    question, filters, code = "", "", ""
    in_turn = False
    searches = any(message.role == "system" and "search_notes" in message.content for message in messages)
    for message in messages:
        if message.role == "assistant":
            code = _inside("python", message.content)
            reply = _inside("reply", message.content)
            in_turn = not reply
            if reply:
                earlier.append(Exchange(question, reply))
        elif message.role == "user":
            result = _RESULT.match(message.content)
            if result:
                steps.append(Step(code, *_read_result(result[1])))
            elif not in_turn:
                question, filters = _without_filters(message.content)
                question = spelled(question[:LONGEST_QUESTION])
                steps = []
    return Conversation(question, filters, tuple(earlier), tuple(steps), searches)


def _without_filters(text: str) -> tuple[str, str]:
    found = _FILTERS.search(text)
    return (text[: found.start()].strip(), found[1].strip()) if found else (text.strip(), "")


def _inside(tag: str, text: str) -> str:
    """Return what stands in the last ``<tag>``: earlier mentions may be part of a thought."""
    start = text.rfind(f"<{tag}>")
    end = text.rfind(f"</{tag}>")
    return text[start + len(tag) + 2 : end].strip() if 0 <= start < end else ""


def _read_result(text: str) -> tuple[dict[str, object], str | None]:
    try:
        value: object = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {}, "The result could not be read."
    error = None
    if isinstance(value, tuple) and len(value) == 2:  # pyright: ignore[reportUnknownArgumentType]
        value, failed = value  # pyright: ignore[reportUnknownVariableType]
        error = str(failed)  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(value, dict):
        return {}, error or "The result could not be read."
    return {str(name): item for name, item in value.items()}, error  # pyright: ignore


_RESULT = re.compile(r"\s*<result>\n?(.*?)\n?</result>\s*\Z", re.DOTALL)
_FILTERS = re.compile(r"\s*<filter>(.*)</filter>\s*\Z", re.DOTALL)
