"""Any server with an OpenAI-compatible chat API: Ollama, LM Studio, llama-server, vLLM, a cloud."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import aiohttp

from commonplace.models.base import AnswerUnended, Message, Meter, ModelError
from commonplace.models.completion import (
    Delta,
    NotACompletion,
    ServerProblem,
    Thinking,
    Usage,
    problem_in,
    read_chunk,
)
from commonplace.models.patience import Patience
from commonplace.models.retries import PASSING, Retries
from commonplace.models.settings import ModelSettings
from commonplace.models.sse import EventTooLarge, ServerSentEvents

_CONNECT_SECONDS = 10.0
_LONGEST_EXCERPT = 200
_BYTES_A_TOKEN = 3

_THEN = "then ask again"
_CHECK_URL = f"Check base_url under [model] in config.toml, which mostly ends in /v1; {_THEN}"
_LOOK_AT_LOG = "Ask again; if it repeats, look at the server's log."
_SET_KEY = f"Set the key: api_key_env under [model] in config.toml names the variable that holds it; {_THEN}"
_CONTEXT = "Begin a new conversation, or give the model a larger context (Ollama: num_ctx; llama-server: --ctx-size)."
_MEMORY = "Close other programs on its machine and ask again, or have it load a smaller model or a smaller context."
_NO_MEMORY = re.compile(
    r"out of memory|\bOOM\b|OutOfMemory|more system memory|(?:enough|insufficient) [^.]{0,20}memory|"
    r"(?:to|not) allocate|alloc\w* failed",
    re.IGNORECASE,
)
"""How servers say that the memory does not do: PyTorch's, llama.cpp's, Ollama's and mlx's words."""
_ADVICE = {
    401: _SET_KEY,
    403: _SET_KEY,
    404: f"The server may not have that model: check base_url and name under [model] in config.toml, {_THEN}",
    429: "Wait a little and ask again.",
}


class OpenAIModel:
    """Streams chat completions.

    A request of which nothing came may be made again; a stream that breaks is an error, never a retry.
    """

    def __init__(self, settings: ModelSettings, server: "_Server | None" = None) -> None:
        self._settings = settings
        self._known = server or _Server()
        self._url = settings.base_url.rstrip("/") + "/chat/completions"
        self._key = (settings.api_key or "").strip()

    @property
    def name(self) -> str:
        """The model's name at its server."""
        return self._settings.name or "default"

    def seeded(self, seed: int) -> "OpenAIModel":
        """The same model, with the seed in its requests; whether that is heeded is the server's affair."""
        return OpenAIModel(replace(self._settings, seed=seed), self._known)

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        """Yield text deltas; what the server sends as reasoning stands in ``<think>`` again.

        Closing the generator closes the HTTP response, at which servers stop generating.

        Raises:
            ModelError: the server is away, refuses, is silent too long, or stops in mid-stream.

        """
        patience = Patience(self._settings.first_token_seconds, self._settings.idle_seconds)
        retries = Retries()
        told = meter or Meter()
        while True:
            began = False
            try:
                async with aclosing(self._texts(messages, patience, told)) as texts:
                    async for text in texts:
                        began = True
                        yield text
                return
            except (aiohttp.ClientError, TimeoutError, _Refused) as error:
                if self._known.counts and _knows_no_figures(error):
                    self._known.counts = False
                    continue
                pause = retries.pause(_wish(error)) if not began and _may_pass(error) else None
                if pause is None or not patience.bears(pause):
                    raise self._explained(error, patience) from None
            await asyncio.sleep(pause)

    async def _texts(self, messages: Sequence[Message], patience: Patience, told: Meter) -> AsyncGenerator[str]:
        """What the server says, as text; the meter is told."""
        thinking = Thinking()
        finish: str | None = None
        chunks = 0
        async with aclosing(self._deltas(messages, patience)) as deltas:
            async for delta in deltas:
                if delta.content or delta.reasoning:
                    told.generated_tokens = (told.generated_tokens or 0) + 1
                    chunks += 1
                    if chunks > 2 * self._settings.max_tokens:
                        raise self._unfinished("length")  # it keeps to no limit, so it might never end
                _count(told, delta.usage)
                for text in thinking.add(delta):
                    yield text
                finish = finish or delta.finish
        for text in thinking.end():
            yield text
        if finish in (None, "length", "content_filter"):
            raise self._unfinished(finish)

    @property
    def window(self) -> int | None:
        """What is set: such a server does not say it."""
        return self._settings.context_tokens

    async def count(self, messages: Sequence[Message]) -> int:
        """About how many tokens the messages are, rather too many than too few: the tokenizer is at the server."""
        return sum(len(message.content.encode()) // _BYTES_A_TOKEN + 8 for message in messages)

    async def close(self) -> None:
        """Close the connections."""
        if self._known.client is not None:
            await self._known.client.close()

    async def _deltas(self, messages: Sequence[Message], patience: Patience) -> AsyncGenerator[Delta]:
        """What the server says, until it says that it has finished or hangs up."""
        events = ServerSentEvents()
        heard = ended = False
        async with self._response(messages, patience) as response:
            while True:
                try:
                    async with patience.limit():
                        chunk = await response.content.readany()
                except (TimeoutError, aiohttp.ClientError):
                    if ended:
                        return  # the figures that were asked for did not come; the answer is whole
                    raise
                for data in self._events(events, chunk):
                    heard = True
                    delta = self._delta(data)
                    if delta.says_something or delta.usage is not None:
                        yield delta
                    if delta.says_something:
                        patience.reward()
                    if (ended and delta.usage is not None) or delta.is_last:
                        return
                    if delta.finish is not None and not ended:
                        ended = True
                        patience.end()
                if not chunk:
                    break
            if not heard:
                kind = response.content_type
                if kind == "text/event-stream":
                    raise ModelError(f"{self._server} ended its answer before the first word.", _CHECK_URL)
                raise ModelError(f"{self._server} answered with {kind}, not with a stream of events.", _CHECK_URL)

    @asynccontextmanager
    async def _response(
        self, messages: Sequence[Message], patience: Patience
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with patience.limit():
            response = await self._session().post(self._url, json=self._body(messages), headers=self._headers())
        try:
            if response.status != 200:
                async with patience.limit():
                    body = await response.content.read(4_096)
                raise _Refused(response.status, body.decode("utf-8", "replace"), response.headers.get("Retry-After"))
            yield response
        finally:
            response.close()

    def _events(self, events: ServerSentEvents, chunk: bytes) -> list[str]:
        try:
            return events.feed(chunk) if chunk else events.close()
        except EventTooLarge:
            raise ModelError(f"{self._server} sent an event without an end.", _CHECK_URL) from None

    def _delta(self, data: str) -> Delta:
        try:
            return read_chunk(data)
        except NotACompletion:
            raise ModelError(f"{self._server} sent something that is no chat completion.", _CHECK_URL) from None
        except ServerProblem as problem:
            text = self._excerpt(str(problem))
            raise ModelError(f"{self._server} says: {text}", _advice(0, text)) from None

    def _refusal(self, refused: "_Refused") -> ModelError:
        text = self._excerpt(problem_in(refused.body) or refused.body)
        return ModelError(f"{self._server} answered {refused.status}: {text}", _advice(refused.status, text))

    def _unfinished(self, finish: str | None) -> ModelError:
        if finish == "length":
            return AnswerUnended(
                f"{self._server} cut the answer: it is longer than {self._settings.max_tokens} tokens or the context.",
                f"Raise the model's context at its server, or max_tokens under [model] in config.toml and {_THEN}",
            )
        if finish == "content_filter":
            return ModelError(f"{self._server} withheld the rest of its answer.", "Ask in other words.")
        return ModelError(f"{self._server} stopped in the middle of its answer.", _LOOK_AT_LOG)

    def _explained(self, error: Exception, patience: Patience) -> ModelError:
        match error:
            case _Refused():
                return self._refusal(error)
            case aiohttp.ConnectionTimeoutError():
                return self._away(f"no connection within {_CONNECT_SECONDS:.0f} s")
            case TimeoutError():
                return ModelError(*patience.lost(self._server))
            case aiohttp.ClientConnectorCertificateError():
                return ModelError(
                    f"The certificate of {self._shown_url} is not trusted.",
                    f"Have this machine trust it, or correct base_url under [model] in config.toml and {_THEN}",
                )
            case aiohttp.ClientConnectorError(os_error=cause):
                return self._away(_reason(cause))
            case aiohttp.InvalidURL() | aiohttp.NonHttpUrlClientError():
                return ModelError(
                    f"{self._settings.base_url!r} is no address.",
                    f"Correct base_url under [model] in config.toml, {_THEN}",
                )
            case _:
                return ModelError(f"{self._server} broke the connection ({type(error).__name__}).", _LOOK_AT_LOG)

    def _away(self, why: str) -> ModelError:
        return ModelError(
            f"No model server answers at {self._shown_url} ({why}).",
            f"Start it and ask again, or correct base_url under [model] in config.toml and {_THEN}",
        )

    def _body(self, messages: Sequence[Message]) -> Mapping[str, Any]:
        return {
            "model": self._settings.name,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            **({"stream_options": self._figures()} if self._known.counts else {}),
            "temperature": self._settings.temperature,
            **({} if self._settings.seed is None else {"seed": self._settings.seed}),
            "max_tokens": self._settings.max_tokens,
        }

    def _figures(self) -> Mapping[str, bool]:
        always = {"continuous_usage_stats": True} if self._settings.counts_always else {}
        return {"include_usage": True, **always}

    def _headers(self) -> Mapping[str, str]:
        return {"Accept": "text/event-stream", **({"Authorization": f"Bearer {self._key}"} if self._key else {})}

    def _session(self) -> aiohttp.ClientSession:
        if self._known.client is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
            self._known.client = aiohttp.ClientSession(timeout=timeout)
        return self._known.client

    def _excerpt(self, text: str) -> str:
        """The start of what the server said, as a sentence; some servers repeat the key they were sent."""
        safe = text.replace(self._key, "(the key)") if self._key else text
        said = " ".join(safe.split())[:_LONGEST_EXCERPT] or "nothing more"
        return said if said[-1] in ".!?" else f"{said}."

    @property
    def _server(self) -> str:
        return f"The model server at {self._shown_url}"

    @property
    def _shown_url(self) -> str:
        return re.sub(r"//[^/]*@", "//", self._settings.base_url)


@dataclass(slots=True)
class _Server:
    """The connections to a server and what was learned of it, shared by the seeds of a model."""

    client: aiohttp.ClientSession | None = None
    counts: bool = True
    """Whether it is asked for its figures; some refuse a request that holds what they do not know."""


class _Refused(Exception):
    """The server answered with another status than 200."""

    def __init__(self, status: int, body: str, retry_after: str | None) -> None:
        super().__init__(status)
        self.status, self.body, self.retry_after = status, body, retry_after


def _may_pass(error: Exception) -> bool:
    """Whether the same request may well be answered in a moment."""
    if isinstance(error, _Refused):
        return error.status in PASSING
    lasting = (TimeoutError, aiohttp.ClientConnectorCertificateError, aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError)
    return not isinstance(error, lasting)


def _knows_no_figures(error: Exception) -> bool:
    return isinstance(error, _Refused) and error.status in (400, 422) and "stream_options" in error.body


def _wish(error: Exception) -> float | None:
    """The seconds that the server asks to wait; it may name a date instead, which is not read."""
    asked = error.retry_after if isinstance(error, _Refused) else None
    return float(asked) if asked is not None and asked.isascii() and asked.isdigit() else None


def _count(told: Meter, usage: Usage | None) -> None:
    """Take the server's figures; until they come, the chunks stand for the tokens (servers send one in each)."""
    if usage is None:
        return
    told.prompt_tokens = usage.prompt_tokens
    if usage.prompt_tokens_details is not None:
        told.cached_tokens = usage.prompt_tokens_details.cached_tokens
    if usage.completion_tokens is not None:
        told.generated_tokens = usage.completion_tokens


def _advice(status: int, text: str) -> str:
    if _NO_MEMORY.search(text):
        return _MEMORY
    too_long = status in (0, 400, 413, 422) and re.search(r"context|too long|too large", text, re.IGNORECASE)
    return _CONTEXT if too_long else _ADVICE.get(status, _LOOK_AT_LOG)


def _reason(cause: OSError) -> str:
    """The system's words, without the addresses that asyncio adds; name look-ups have negative numbers."""
    number = cause.errno or 0
    return os.strerror(number) if number > 0 else cause.strerror or type(cause).__name__
