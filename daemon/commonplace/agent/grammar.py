"""The tags of a model's output, read chunk by chunk. No I/O, and the same pieces however the text is cut.

The contract (mem-agent): a thought in ``<think>``, then Python in ``<python>`` or, with that empty, a reply
in ``<reply>``. What models really write is wider, and read so:

- The opening ``<think>`` may be missing, since chat templates put it into the prompt.
- Nothing but ``</think>`` ends a thought, so tags may be mentioned in it. Where it never ends, the tags that
  begin a line of it count when the stream is over: the first block of Python, else the last reply. What a
  model writes after a block was written without the block's result.
- The first ``</python>`` ends the code, inside a string too: servers stop there.
- Code that is not empty is the action; whatever follows it is not read.
- At the end of the stream an open reply stands, and open code stands when it is Python: some servers cut
  the closing tag off.
"""

import ast
import re
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from textwrap import dedent


@dataclass(frozen=True, slots=True)
class ThoughtText:
    """More of the thought."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeOpened:
    """A block that is not empty begins."""


@dataclass(frozen=True, slots=True)
class CodeText:
    """More of the block, as written."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """The whole block, without the fence or the indentation that some models put around it."""

    code: str


@dataclass(frozen=True, slots=True)
class ReplyOpened:
    """A reply begins."""


@dataclass(frozen=True, slots=True)
class ReplyText:
    """More of the reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole reply."""

    text: str


Piece = ThoughtText | CodeOpened | CodeText | Code | ReplyOpened | ReplyText | Reply


class _State(Enum):
    START = auto()
    THOUGHT = auto()
    BETWEEN = auto()
    CODE = auto()
    REPLY = auto()
    FINISHED = auto()


_CLOSING = {_State.THOUGHT: "</think>", _State.CODE: "</python>", _State.REPLY: "</reply>"}
_OPENING = {"<think>": _State.THOUGHT, "<python>": _State.CODE, "<reply>": _State.REPLY}
_ANY_OPENING = re.compile("|".join(_OPENING))
_FENCE = re.compile(r"\s*```[\w+-]*[ \t]*\n")
_THOUGHT = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_ACTION_IN_THOUGHT = re.compile(r"^[ \t]*<(?:python|reply)>", re.MULTILINE)


class Grammar:
    """Reads one output of a model."""

    def __init__(self) -> None:
        self._state = _State.START
        self._held = ""
        self._body = _Body()
        self._has_thought = False

    @property
    def finished(self) -> bool:
        """Whether the action is whole, so that the model may stop."""
        return self._state is _State.FINISHED

    def feed(self, text: str) -> list[Piece]:
        """Read more of the output; no piece holds a part of a tag."""
        self._held += text
        pieces: list[Piece] = []
        while not self.finished and self._advance(pieces):
            pass
        return pieces

    def close(self) -> list[Piece]:
        """Read the end of the output; ``finished`` then says whether there was an action at all."""
        pieces: list[Piece] = []
        held, self._held = self._held, ""
        if self._state is _State.START:
            self._open(_State.THOUGHT)
        if self._state in _CLOSING:
            self._take("" if len(held) > 1 and held.startswith("</") else held, pieces)
        if self._state is _State.THOUGHT:
            self._recover(pieces)
        elif self._state is _State.REPLY or (self._state is _State.CODE and _is_python(_bare(self._body.whole))):
            self._end_body(pieces)
        return pieces

    def _advance(self, pieces: list[Piece]) -> bool:
        """Read up to the next tag; whether there may be more to read in what is held."""
        if self._state is _State.START:
            return self._begin()
        if self._state is _State.BETWEEN:
            return self._look_for_opening()
        tag = _CLOSING[self._state]
        before, found, after = self._held.partition(tag)
        if found:
            self._take(before, pieces)
            self._held = after
            self._end_body(pieces)
            return True
        keep = _partial_tag(self._held, tag)
        taken = self._held[: len(self._held) - keep]
        self._held = self._held[len(self._held) - keep :]
        self._take(taken, pieces)
        return False

    def _begin(self) -> bool:
        start = self._held.lstrip()
        for tag, state in _OPENING.items():
            if start.startswith(tag):
                self._held = start[len(tag) :]
                self._open(state)
                return True
        self._held = start
        if any(tag.startswith(start) for tag in _OPENING):
            return False
        self._open(_State.THOUGHT)
        return True

    def _look_for_opening(self) -> bool:
        found = _ANY_OPENING.search(self._held)
        if found is None:
            self._held = self._held[len(self._held) - max(_partial_tag(self._held, tag) for tag in _OPENING) :]
            return False
        self._held = self._held[found.end() :]
        self._open(_OPENING[found[0]])
        return True

    def _open(self, state: _State) -> None:
        self._state = state
        self._body = _Body(keeps_indentation=state is _State.CODE)

    def _take(self, text: str, pieces: list[Piece]) -> None:
        begins = self._body.is_empty
        fresh = self._body.add(text)
        if not fresh:
            return
        if self._state is _State.THOUGHT:
            pieces.append(ThoughtText(f"\n\n{fresh}" if begins and self._has_thought else fresh))
            self._has_thought = True
        elif self._state is _State.CODE:
            pieces += [CodeOpened(), CodeText(fresh)] if begins else [CodeText(fresh)]
        else:
            pieces += [ReplyOpened(), ReplyText(fresh)] if begins else [ReplyText(fresh)]

    def _end_body(self, pieces: list[Piece]) -> None:
        body = self._body.whole
        code = _bare(body) if self._state is _State.CODE else ""
        if code:
            pieces.append(Code(code))
            self._state = _State.FINISHED
        elif self._state is _State.REPLY and body:
            pieces.append(Reply(body))
            self._state = _State.FINISHED
        else:
            self._state = _State.BETWEEN

    def _recover(self, pieces: list[Piece]) -> None:
        """Find the action in a thought that never ended."""
        thought = self._body.whole
        starts = [found.start() for found in _ACTION_IN_THOUGHT.finditer(thought)]
        action: list[Piece] = []
        for start, end in pairwise([*starts, len(thought)]):
            inner = Grammar()
            read = inner.feed(thought[start:end]) + (inner.close() if end == len(thought) else [])
            match read[-1:]:
                case [Code(code)] if _is_python(code):
                    action = read
                    break
                case [Reply()]:
                    action = read
                case _:
                    pass
        if action:
            pieces += action
            self._state = _State.FINISHED


class _Body:
    """The text between two tags, without the white space at its edges."""

    def __init__(self, *, keeps_indentation: bool = False) -> None:
        self._keeps_indentation = keeps_indentation
        self._parts: list[str] = []
        self._blank: list[str] = []

    @property
    def is_empty(self) -> bool:
        return not self._parts

    @property
    def whole(self) -> str:
        return "".join(self._parts)

    def add(self, text: str) -> str:
        """Take more text; what of it is certain to stand before the last word."""
        solid = text.rstrip()
        if not solid:
            self._blank.append(text)
            return ""
        fresh = "".join(self._blank) + solid
        if self.is_empty:
            fresh = self._from_first_word(fresh)
        self._parts.append(fresh)
        self._blank = [text[len(solid) :]]
        return fresh

    def _from_first_word(self, text: str) -> str:
        words = text.lstrip()
        _, newline, indentation = text[: len(text) - len(words)].rpartition("\n")
        return indentation + words if self._keeps_indentation and newline else words


def strip_thoughts(text: str) -> str:
    """An assistant's output without its thoughts, as earlier outputs go back to the model."""
    _, ended, after = text.partition("</think>")
    return _THOUGHT.sub("", after if ended else text).strip()


def _partial_tag(text: str, tag: str) -> int:
    """How many characters at the text's end could be the beginning of the tag."""
    return next((size for size in range(min(len(text), len(tag) - 1), 0, -1) if tag.startswith(text[-size:])), 0)


def _bare(code: str) -> str:
    """The code itself, at the margin."""
    fence = _FENCE.match(code)
    if fence:
        code = code[fence.end() :].rstrip().removesuffix("```")
    code = code.strip("\n").rstrip()
    return dedent(code) if code[:1].isspace() else code


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
