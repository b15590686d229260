"""The chunks of a streamed chat completion, and reasoning put back into tags. Pure."""

from dataclasses import dataclass

from pydantic import BaseModel, ValidationError


class PromptDetails(BaseModel):
    """More on the prompt's tokens."""

    cached_tokens: int | None = None


class Usage(BaseModel):
    """What the answer cost so far, as the server counts it."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    prompt_tokens_details: PromptDetails | None = None


@dataclass(frozen=True, slots=True)
class Delta:
    """What one chunk of the stream says."""

    content: str = ""
    reasoning: str = ""
    finish: str | None = None
    """Why the server ends here: "stop", "length", ...; None while it goes on."""
    usage: Usage | None = None

    is_last: bool = False
    """Whether the server says that nothing more comes."""

    @property
    def says_something(self) -> bool:
        """Whether the chunk is more than a sign of life."""
        return bool(self.content or self.reasoning or self.finish)


class NotACompletion(Exception):
    """The data is no chunk of a chat completion."""


class ServerProblem(Exception):
    """The server says in mid-stream what went wrong; the text is its own."""


def read_chunk(data: str) -> Delta:
    """Read the data of one event.

    Servers name reasoning ``reasoning_content`` or ``reasoning``; some send the same text under both names.

    Raises:
        NotACompletion, ServerProblem.

    """
    if data.strip() == "[DONE]":
        return Delta(finish="stop", is_last=True)
    try:
        chunk = _Chunk.model_validate_json(data)
    except ValidationError:
        raise NotACompletion from None
    if chunk.error is not None:
        raise ServerProblem(chunk.error if isinstance(chunk.error, str) else chunk.error.message)
    if chunk.choices is None:
        raise NotACompletion
    if not chunk.choices:
        return Delta(usage=chunk.usage)
    choice = chunk.choices[0]
    said = choice.delta or _Said()
    reasoning = said.reasoning_content or said.reasoning or ""
    return Delta(said.content or "", reasoning, choice.finish_reason or None, chunk.usage)


def problem_in(body: str) -> str | None:
    """The message in the body of a refusal, where it has the usual form."""
    try:
        problem = _Refusal.model_validate_json(body).error
    except ValidationError:
        return None
    return problem if isinstance(problem, str) else problem.message


class Thinking:
    """Puts the tags back around reasoning that a server sends apart from the content."""

    def __init__(self) -> None:
        self._open = False
        self._tagged = False

    def add(self, delta: Delta) -> list[str]:
        """The texts of a delta. Where the content brings its own tags, reasoning beside it is a repetition."""
        texts: list[str] = []
        self._tagged = self._tagged or (not self._open and "<think>" in delta.content)
        if delta.reasoning and not self._tagged:
            texts += [delta.reasoning] if self._open else ["<think>\n", delta.reasoning]
            self._open = True
        if delta.content:
            texts += [*self.end(), delta.content]
        return texts

    def end(self) -> list[str]:
        """The closing tag, where one is due."""
        was_open, self._open = self._open, False
        return ["\n</think>\n"] if was_open else []


class _Problem(BaseModel):
    message: str = ""


class _Refusal(BaseModel):
    error: _Problem | str


class _Said(BaseModel):
    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None


class _Choice(BaseModel):
    delta: _Said | None = None
    finish_reason: str | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] | None = None
    usage: Usage | None = None
    error: _Problem | str | None = None
