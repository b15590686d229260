"""Any server with an OpenAI-compatible chat API: Ollama, LM Studio, llama-server, vLLM, a cloud."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from pydantic import BaseModel, ValidationError

from commonplace.models.base import Message, ModelError

if TYPE_CHECKING:
    from commonplace.models.choose import ModelSettings

_CONNECT_SECONDS = 10.0
_LONGEST_EXCERPT = 200


class OpenAIModel:
    """Streams chat completions. Nothing is sent twice: a broken stream is an error, not a retry."""

    def __init__(self, settings: "ModelSettings") -> None:
        self._settings = settings
        self._url = settings.base_url.rstrip("/") + "/chat/completions"
        self._client: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The model's name at its server."""
        return self._settings.name or "default"

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str]:
        """Yield text deltas; what the server sends as reasoning stands in ``<think>`` again.

        Raises:
            ModelError: the server is away, refuses, is silent too long, or stops in mid-stream.

        """
        tags = _Thinking()
        finished = False
        async with self._response(messages) as response:
            async for delta in self._deltas(response):
                for text in tags.add(delta):
                    yield text
                finished = finished or delta.finished
                if delta.finished:
                    break
        for text in tags.end():
            yield text
        if not finished:
            raise ModelError(f"{self._server()} stopped in the middle of its answer.", "Ask again; look at its log.")

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    @asynccontextmanager
    async def _response(self, messages: Sequence[Message]) -> AsyncGenerator[aiohttp.ClientResponse]:
        try:
            async with self._session().post(self._url, json=self._body(messages), headers=self._headers()) as response:
                if response.status != 200:
                    raise await self._refusal(response)
                yield response
        except aiohttp.ClientConnectorError as error:
            raise ModelError(
                f"No model server answers at {self._settings.base_url} ({error.os_error.strerror}).",
                "Start it, or correct base_url under [model] in config.toml.",
            ) from None
        except TimeoutError:
            raise ModelError(
                f"{self._server()} was silent for too long.",
                "Ask again; a slow machine may need more first_token_seconds under [model] in config.toml.",
            ) from None
        except aiohttp.InvalidURL:
            raise ModelError(
                f"{self._settings.base_url!r} is not an address.", "Correct base_url under [model] in config.toml."
            ) from None
        except aiohttp.ClientError as error:
            raise ModelError(
                f"{self._server()} broke the connection ({type(error).__name__}).", "Ask again; look at its log."
            ) from None

    async def _deltas(self, response: aiohttp.ClientResponse) -> AsyncIterator["Delta"]:
        settings = self._settings
        async for data in _server_sent(response.content, settings.first_token_seconds, settings.idle_seconds):
            if data == "[DONE]":
                yield Delta(finished=True)
                return
            yield self._delta(data)

    def _delta(self, data: str) -> "Delta":
        try:
            chunk = _Chunk.model_validate_json(data)
        except ValidationError:
            raise ModelError(
                f"{self._server()} sent something that is no chat completion.",
                "Check base_url under [model] in config.toml; it mostly ends in /v1.",
            ) from None
        if chunk.error is not None:
            message = chunk.error.message if isinstance(chunk.error, _Problem) else chunk.error
            raise ModelError(f"{self._server()} says: {message[:_LONGEST_EXCERPT]}", "Look at its log, then ask again.")
        if not chunk.choices:
            return Delta()
        choice = chunk.choices[0]
        reasoning = choice.delta.reasoning_content or choice.delta.reasoning or ""
        return Delta(choice.delta.content or "", reasoning, choice.finish_reason is not None)

    async def _refusal(self, response: aiohttp.ClientResponse) -> ModelError:
        body = (await response.content.read(4_096)).decode("utf-8", "replace")
        excerpt = " ".join(body.split())[:_LONGEST_EXCERPT]
        advice = {
            401: "Set the key: api_key_env under [model] in config.toml names the variable that holds it.",
            403: "Set the key: api_key_env under [model] in config.toml names the variable that holds it.",
            404: "Check base_url and name under [model] in config.toml; the server may not have that model.",
            429: "Wait a little and ask again.",
        }.get(response.status, "Look at the server's log, then ask again.")
        return ModelError(f"{self._server()} answered {response.status}: {excerpt}", advice)

    def _body(self, messages: Sequence[Message]) -> Mapping[str, Any]:
        return {
            "model": self._settings.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "temperature": self._settings.temperature,
            "max_tokens": self._settings.max_tokens,
        }

    def _headers(self) -> Mapping[str, str]:
        key = self._settings.api_key
        return {"Accept": "text/event-stream", **({"Authorization": f"Bearer {key}"} if key else {})}

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None:
            seconds = self._settings.first_token_seconds
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS, sock_read=seconds)
            self._client = aiohttp.ClientSession(timeout=timeout)
        return self._client

    def _server(self) -> str:
        return f"The model server at {self._settings.base_url}"


@dataclass(frozen=True, slots=True)
class Delta:
    """What one chunk of the stream says."""

    content: str = ""
    reasoning: str = ""
    finished: bool = False


class _Thinking:
    """Puts the tags back around reasoning that a server sends apart from the content."""

    def __init__(self) -> None:
        self._open = False

    def add(self, delta: Delta) -> list[str]:
        texts: list[str] = []
        if delta.reasoning:
            texts += [delta.reasoning] if self._open else ["<think>\n", delta.reasoning]
            self._open = True
        if delta.content:
            texts += [*self.end(), delta.content]
        return texts

    def end(self) -> list[str]:
        was_open, self._open = self._open, False
        return ["\n</think>\n"] if was_open else []


async def _server_sent(content: aiohttp.StreamReader, first: float, idle: float) -> AsyncIterator[str]:
    """The data of each server-sent event (WHATWG HTML, 9.2): comments skipped, several data lines joined.

    Raises:
        TimeoutError: no line came for ``first`` seconds, or later for ``idle`` seconds.

    """
    data: list[str] = []
    seconds = first
    while line := await asyncio.wait_for(content.readline(), seconds):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text:
            if data:
                seconds = idle
                yield "\n".join(data)
            data = []
        elif text.startswith("data:"):
            data.append(text[5:].removeprefix(" "))
    if data:
        yield "\n".join(data)


class _Problem(BaseModel):
    message: str = ""


class _DeltaJson(BaseModel):
    content: str | None = None
    reasoning: str | None = None
    reasoning_content: str | None = None


class _Choice(BaseModel):
    delta: _DeltaJson = _DeltaJson()
    finish_reason: str | None = None


class _Chunk(BaseModel):
    """A chunk of a streamed chat completion, as far as it is read here."""

    choices: list[_Choice] = []
    error: _Problem | str | None = None
