"""Any server with an OpenAI-compatible chat API: Ollama, LM Studio, llama-server, vLLM, a cloud."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any

import aiohttp

from commonplace.models.base import Message, Meter, ModelError
from commonplace.models.completion import Delta, NotACompletion, ServerProblem, Thinking, problem_in, read_chunk
from commonplace.models.settings import ModelSettings
from commonplace.models.sse import EventTooLarge, ServerSentEvents

_CONNECT_SECONDS = 10.0
_LONGEST_EXCERPT = 200

_THEN = "then type: commonplace stop"
"""A running daemon keeps the model that it began with; the next question starts one with the new settings."""
_CHECK_URL = f"Check base_url under [model] in config.toml, which mostly ends in /v1; {_THEN}"
_LOOK_AT_LOG = "Ask again; if it repeats, look at the server's log."
_SET_KEY = f"Set the key: api_key_env under [model] in config.toml names the variable that holds it; {_THEN}"
_CONTEXT = "Begin a new conversation, or give the model a larger context (Ollama: num_ctx; llama-server: --ctx-size)."
_ADVICE = {
    401: _SET_KEY,
    403: _SET_KEY,
    404: f"The server may not have that model: check base_url and name under [model] in config.toml, {_THEN}",
    429: "Wait a little and ask again.",
}


class OpenAIModel:
    """Streams chat completions. Nothing is sent twice: a broken stream is an error, not a retry."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._url = settings.base_url.rstrip("/") + "/chat/completions"
        self._key = (settings.api_key or "").strip()
        self._client: aiohttp.ClientSession | None = None

    @property
    def name(self) -> str:
        """The model's name at its server."""
        return self._settings.name or "default"

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str]:
        """Yield text deltas; what the server sends as reasoning stands in ``<think>`` again.

        Closing the generator closes the HTTP response, at which servers stop generating.

        Raises:
            ModelError: the server is away, refuses, is silent too long, or stops in mid-stream.

        """
        patience = _Patience(self._settings.first_token_seconds, self._settings.idle_seconds)
        thinking = Thinking()
        finish: str | None = None
        try:
            async with aclosing(self._deltas(messages, patience)) as deltas:
                async for delta in deltas:
                    for text in thinking.add(delta):
                        yield text
                    finish = delta.finish
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._explained(error, patience) from None
        for text in thinking.end():
            yield text
        if finish in (None, "length", "content_filter"):
            raise self._unfinished(finish)

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()

    async def _deltas(self, messages: Sequence[Message], patience: "_Patience") -> AsyncGenerator[Delta]:
        """What the server says, until it says that it has finished or hangs up."""
        events = ServerSentEvents()
        heard = False
        async with self._response(messages, patience) as response:
            while True:
                async with patience.limit():
                    chunk = await response.content.readany()
                for data in self._events(events, chunk):
                    heard = True
                    delta = self._delta(data)
                    if delta.says_something:
                        yield delta
                        patience.reward()
                    if delta.finish is not None:
                        return
                if not chunk:
                    break
            if not heard:
                kind = response.content_type
                raise ModelError(f"{self._server} answered with {kind}, not with a stream of events.", _CHECK_URL)

    @asynccontextmanager
    async def _response(
        self, messages: Sequence[Message], patience: "_Patience"
    ) -> AsyncGenerator[aiohttp.ClientResponse]:
        async with patience.limit():
            response = await self._session().post(self._url, json=self._body(messages), headers=self._headers())
        try:
            if response.status != 200:
                async with patience.limit():
                    body = await response.content.read(4_096)
                raise self._refusal(response.status, body.decode("utf-8", "replace"))
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

    def _refusal(self, status: int, body: str) -> ModelError:
        text = self._excerpt(problem_in(body) or body)
        return ModelError(f"{self._server} answered {status}: {text}", _advice(status, text))

    def _unfinished(self, finish: str | None) -> ModelError:
        if finish == "length":
            return ModelError(
                f"{self._server} cut the answer: it is longer than {self._settings.max_tokens} tokens or the context.",
                f"Raise the model's context at its server, or max_tokens under [model] in config.toml and {_THEN}",
            )
        if finish == "content_filter":
            return ModelError(f"{self._server} withheld the rest of its answer.", "Ask in other words.")
        return ModelError(f"{self._server} stopped in the middle of its answer.", _LOOK_AT_LOG)

    def _explained(self, error: Exception, patience: "_Patience") -> ModelError:
        match error:
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
            "temperature": self._settings.temperature,
            "max_tokens": self._settings.max_tokens,
        }

    def _headers(self) -> Mapping[str, str]:
        return {"Accept": "text/event-stream", **({"Authorization": f"Bearer {self._key}"} if self._key else {})}

    def _session(self) -> aiohttp.ClientSession:
        if self._client is None:
            timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
            self._client = aiohttp.ClientSession(timeout=timeout)
        return self._client

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


class _Patience:
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

    def lost(self, server: str) -> tuple[str, str]:
        """What happened, and what to do."""
        setting = "idle_seconds" if self._rewarded else "first_token_seconds"
        said = "went silent in the middle of its answer" if self._rewarded else "sent no answer"
        advice = f"Ask again; a slow machine may need more {setting} under [model] in config.toml ({_THEN})."
        return f"{server} {said} for {self._seconds:g} s.", advice


def _advice(status: int, text: str) -> str:
    too_long = status in (0, 400, 413, 422) and re.search(r"context|too long|too large", text, re.IGNORECASE)
    return _CONTEXT if too_long else _ADVICE.get(status, _LOOK_AT_LOG)


def _reason(cause: OSError) -> str:
    """The system's words, without the addresses that asyncio adds; name look-ups have negative numbers."""
    number = cause.errno or 0
    return os.strerror(number) if number > 0 else cause.strerror or type(cause).__name__
