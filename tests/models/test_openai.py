"""The OpenAI-compatible model against a real server on the loopback address that behaves well, and badly."""

import asyncio
import json
import logging
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from commonplace.models.base import Message, Meter, ModelError, Seeded
from commonplace.models.choose import choose_model
from commonplace.models.openai import OpenAIModel
from commonplace.models.retries import Retries
from commonplace.models.settings import ModelSettings

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Connect = Callable[..., Awaitable[OpenAIModel]]

QUESTION = (Message("system", "Answer in tags."), Message("user", "Wie heißt Zoë?"))
DONE = b"data: [DONE]\n\n"
KEY = "sk-of-nobody-0123456789"


@pytest.fixture
async def connect() -> AsyncGenerator[Connect]:
    """Starts a server with the handler and gives a model that speaks to it."""
    async with AsyncExitStack() as stack:

        async def start(handler: Handler, **settings: Any) -> OpenAIModel:
            application = web.Application()
            application.router.add_post("/v1/chat/completions", handler)
            runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
            await runner.setup()
            stack.push_async_callback(runner.cleanup)
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
            model = OpenAIModel(ModelSettings(backend="openai", base_url=base_url, name="tiny", **settings))
            stack.push_async_callback(model.close)
            return model

        yield start


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses between two tries without their length."""
    monkeypatch.setattr("commonplace.models.retries._FIRST_PAUSE", 0.001)


def chunk(finish: str | None = None, **delta: str) -> bytes:
    data = {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def says(*parts: bytes, kind: str = "text/event-stream") -> Handler:
    """A server that sends the parts one by one and ends the answer properly."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": kind})
        await response.prepare(request)
        for part in parts:
            await response.write(part)
            await asyncio.sleep(0)
        await response.write_eof()
        return response

    return handler


def refuses(status: int, body: str) -> Handler:
    async def handler(_: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=body)

    return handler


async def answer(model: OpenAIModel) -> str:
    return "".join([text async for text in model.stream(QUESTION)])


async def failure(model: OpenAIModel) -> tuple[str, ModelError]:
    """The text that came before the model gave up, and why it did."""
    heard: list[str] = []
    with pytest.raises(ModelError) as caught:
        async for text in model.stream(QUESTION):
            heard.append(text)
    assert caught.value.advice
    return "".join(heard), caught.value


async def test_content_comes_delta_by_delta(connect: Connect) -> None:
    model = await connect(
        says(chunk(role="assistant", content=""), chunk(content="<rep"), chunk(content="ly>Hi"), DONE)
    )
    assert [text async for text in model.stream(QUESTION)] == ["<rep", "ly>Hi"]


async def test_the_request_holds_the_messages_and_the_settings(connect: Connect) -> None:
    received: list[Any] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        received.append((request.headers.get("Authorization"), await request.json()))
        return await says(DONE)(request)

    await answer(await connect(handler, temperature=0.5, max_tokens=99, api_key=f"{KEY}\n"))
    await answer(await connect(handler))
    [(with_key, body), (without_key, _)] = received
    assert with_key == f"Bearer {KEY}"
    assert without_key is None
    assert body == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "Answer in tags."}, {"role": "user", "content": "Wie heißt Zoë?"}],
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.5,
        "max_tokens": 99,
    }


async def test_a_seed_goes_with_each_request_and_one_model_can_draw_from_several(connect: Connect) -> None:
    received: list[int | None] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        received.append((await request.json()).get("seed"))
        return await says(chunk(content="Hi"), DONE)(request)

    model = await connect(handler, seed=7)
    for drawing in (model, model.seeded(8), model.seeded(9), model):
        assert isinstance(drawing, Seeded)
        assert await answer(drawing) == "Hi"
    assert received == [7, 8, 9, 7]


async def test_what_is_learned_of_a_server_is_known_whatever_the_seed(connect: Connect) -> None:
    requests: list[bool] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        requests.append("stream_options" in await request.json())
        if requests[-1]:
            return web.Response(status=400, text="unknown field: stream_options")
        return await says(chunk(content="Hi"), DONE)(request)

    model = await connect(handler)
    for seed in (1, 2):
        assert await answer(model.seeded(seed)) == "Hi"
    assert requests == [True, False, False]


async def test_an_answer_cut_within_letters_and_lines_is_whole(connect: Connect) -> None:
    sent = b": ping\r\n\r\n" + (chunk(content="Zoë ") + chunk(content="heißt 雪")).replace(b"\n", b"\r\n") + DONE
    model = await connect(says(*(sent[place : place + 1] for place in range(len(sent)))))
    assert await answer(model) == "Zoë heißt 雪"


@pytest.mark.parametrize("field", ["reasoning", "reasoning_content"])
async def test_reasoning_stands_in_think_tags_again(connect: Connect, field: str) -> None:
    parts = chunk(**{field: "I look"}), chunk(**{field: " it up."}), chunk(content="<python>"), chunk(content="x")
    assert await answer(await connect(says(*parts, DONE))) == "<think>\nI look it up.\n</think>\n<python>x"


async def test_reasoning_under_both_names_comes_once(connect: Connect) -> None:
    model = await connect(says(chunk(reasoning="Hm.", reasoning_content="Hm."), chunk(content="<reply>"), DONE))
    assert await answer(model) == "<think>\nHm.\n</think>\n<reply>"


async def test_tags_in_the_content_are_not_doubled(connect: Connect) -> None:
    tagged = "<think>Hm.</think><reply>"
    assert await answer(await connect(says(chunk(content=tagged), DONE))) == tagged
    assert await answer(await connect(says(chunk(content=tagged, reasoning="Hm."), DONE))) == tagged


async def test_reasoning_without_content_is_closed(connect: Connect) -> None:
    assert await answer(await connect(says(chunk(reasoning="Hm."), DONE))) == "<think>\nHm.\n</think>\n"


@pytest.mark.parametrize("end", [DONE, chunk("stop"), chunk("stop", content=""), chunk("stop") + DONE])
async def test_either_sign_of_an_end_is_enough(connect: Connect, end: bytes) -> None:
    assert await answer(await connect(says(chunk(content="Hi"), end))) == "Hi"


async def test_chunks_of_other_servers_are_understood(connect: Connect) -> None:
    usage = b'data: {"choices": [], "usage": {"total_tokens": 3}}\n\n'
    null = b'data: {"choices": [{"delta": null, "finish_reason": ""}], "error": null}\n\n'
    numbered = b'id: 1\nevent: message\ndata: {"choices": [{"delta":\ndata: {"content": "Hi"}}]}\n\n'
    assert await answer(await connect(says(usage, null, numbered, DONE))) == "Hi"


async def test_closing_the_stream_stops_the_server(connect: Connect) -> None:
    stopped = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        try:
            while True:
                await response.write(chunk(content="more "))
                await asyncio.sleep(0.001)
        except (ConnectionError, asyncio.CancelledError):
            stopped.set()
            raise

    stream = (await connect(endless)).stream(QUESTION)
    assert await anext(stream) == "more "
    await stream.aclose()
    await asyncio.wait_for(stopped.wait(), 10)


async def test_a_model_answers_again_after_a_stream_was_closed(connect: Connect) -> None:
    model = await connect(says(chunk(content="a"), chunk(content="b"), DONE))
    stream = model.stream(QUESTION)
    await anext(stream)
    await stream.aclose()
    assert await answer(model) == "ab"


async def test_a_server_that_is_away() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for host in ("127.0.0.1", "localhost"):
        model = OpenAIModel(ModelSettings(backend="openai", base_url=f"http://{host}:{port}/v1"))
        _, error = await failure(model)
        assert error.message.startswith(f"No model server answers at http://{host}:{port}/v1 (")
        assert "base_url" in error.advice
        assert error.advice.endswith("then ask again")
        await model.close()


async def test_a_server_that_does_not_take_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("commonplace.models.openai._CONNECT_SECONDS", 0.3)
    with socket.socket() as busy, socket.socket() as first, socket.socket() as second:
        busy.bind(("127.0.0.1", 0))
        busy.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)
            waiting.connect_ex(busy.getsockname())
        model = OpenAIModel(ModelSettings(backend="openai", base_url=f"http://127.0.0.1:{busy.getsockname()[1]}/v1"))
        _, error = await failure(model)
        await model.close()
    assert "No model server answers" in error.message


@pytest.mark.parametrize("base_url", ["", "localhost:11434/v1", "ftp://127.0.0.1/v1"])
async def test_an_address_that_is_none(base_url: str) -> None:
    model = OpenAIModel(ModelSettings(backend="openai", base_url=base_url))
    _, error = await failure(model)
    assert error.message == f"{base_url!r} is no address."
    await model.close()


async def test_a_server_that_speaks_no_tls() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        model = OpenAIModel(ModelSettings(backend="openai", base_url=f"https://127.0.0.1:{port}/v1"))
        _, error = await failure(model)
        await model.close()
    assert error.message.startswith(f"No model server answers at https://127.0.0.1:{port}/v1")


@pytest.mark.parametrize(
    ("status", "body", "said", "advice"),
    [
        (401, '{"error": {"message": "Bad key."}}', "answered 401: Bad key.", "api_key_env"),
        (403, "", "answered 403: nothing more", "api_key_env"),
        (404, '{"error": {"message": "model \'tiny\' not found"}}', "answered 404: model 'tiny' not found", "name"),
        (404, "404 page not found", "answered 404: 404 page not found", "base_url"),
        (429, '{"error": "slow down"}', "answered 429: slow down", "Wait"),
        (500, "<h1>Sorry,\n   no</h1>" + "x" * 9_000, "answered 500: <h1>Sorry, no</h1>xxx", "log"),
        (500, '{"error": "model requires more system memory (5.5 GiB) than is available"}', "5.5 GiB", "smaller model"),
        (500, '{"error": {"message": "failed to allocate compute buffers"}}', "compute buffers", "smaller model"),
        (400, '{"error": {"message": "maximum context length is 4096 tokens"}}', "4096 tokens", "new conversation"),
    ],
)
async def test_a_server_that_refuses(connect: Connect, status: int, body: str, said: str, advice: str) -> None:
    text, error = await failure(await connect(refuses(status, body)))
    assert text == ""
    assert said in error.message
    assert advice in error.advice
    assert len(error.message) < 400
    assert error.message.endswith(".")
    assert ("then ask again" in error.advice) == ("config.toml" in error.advice)


async def test_an_error_in_mid_stream_is_told_in_the_servers_words(connect: Connect) -> None:
    problem = b'data: {"error": {"message": "CUDA out of memory", "code": 500}}\n\n'
    text, error = await failure(await connect(says(chunk(content="Hi"), problem)))
    assert text == "Hi"
    assert "says: CUDA out of memory" in error.message
    assert "smaller context" in error.advice


async def test_a_stream_that_ends_too_early_keeps_its_text(connect: Connect) -> None:
    text, error = await failure(await connect(says(chunk(content="Hi"))))
    assert text == "Hi"
    assert "stopped in the middle" in error.message


async def test_a_connection_that_breaks_is_not_tried_again(connect: Connect) -> None:
    asked: list[web.Request] = []

    async def breaks(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        await response.write(chunk(content="Hi"))
        assert request.transport is not None
        request.transport.abort()
        return response

    text, error = await failure(await connect(breaks))
    assert text == "Hi"
    assert "broke the connection" in error.message
    assert len(asked) == 1


async def test_an_answer_that_was_cut_at_its_limit(connect: Connect) -> None:
    text, error = await failure(await connect(says(chunk(content="Hi"), chunk("length")), max_tokens=77))
    assert text == "Hi"
    assert "77 tokens" in error.message
    assert "max_tokens" in error.advice


async def test_an_answer_that_was_withheld(connect: Connect) -> None:
    _, error = await failure(await connect(says(chunk(content="Hi"), chunk("content_filter"))))
    assert "withheld" in error.message


@pytest.mark.parametrize(
    ("sent", "kind", "said"),
    [
        (b"<html><p>Welcome</p></html>", "text/html", "answered with text/html"),
        (b'{"choices": [{"message": {"content": "Hi"}}]}', "application/json", "answered with application/json"),
        (b"", "text/event-stream", "ended its answer before the first word"),
        (b"data: {broken\n\n", "text/event-stream", "no chat completion"),
        (b"data: [1, 2]\n\n", "text/event-stream", "no chat completion"),
        (b'data: {"status": "ok"}\n\n', "text/event-stream", "no chat completion"),
        (b"data: " + b"x" * 4_300_000, "text/event-stream", "without an end"),
    ],
    ids=["page", "whole-completion", "nothing", "broken-json", "list", "other-api", "endless-event"],
)
async def test_an_answer_that_is_no_stream_of_completions(connect: Connect, sent: bytes, kind: str, said: str) -> None:
    text, error = await failure(await connect(says(sent, kind=kind)))
    assert text == ""
    assert said in error.message
    assert "base_url" in error.advice


def silent_after(*parts: bytes, keep_alive: bool = False) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for part in parts:
            await response.write(part)
        while True:
            await asyncio.sleep(0.01)
            if keep_alive:
                await response.write(b": ping\n\n" + chunk(content=""))

    return handler


async def no_headers(_: web.Request) -> web.StreamResponse:
    await asyncio.sleep(60)
    return web.Response()


@pytest.mark.parametrize("handler", [no_headers, silent_after(), silent_after(keep_alive=True)])
async def test_a_server_that_never_begins(connect: Connect, handler: Handler) -> None:
    text, error = await failure(await connect(handler, first_token_seconds=0.2, idle_seconds=60.0))
    assert text == ""
    assert "sent no answer for 0.2 s" in error.message
    assert "first_token_seconds" in error.advice


@pytest.mark.parametrize("keep_alive", [False, True])
async def test_a_server_that_falls_silent(connect: Connect, keep_alive: bool) -> None:
    handler = silent_after(chunk(content="Hi"), keep_alive=keep_alive)
    text, error = await failure(await connect(handler, first_token_seconds=60.0, idle_seconds=0.2))
    assert text == "Hi"
    assert "went silent in the middle of its answer for 0.2 s" in error.message
    assert "idle_seconds" in error.advice


async def test_a_slow_reader_is_not_a_silent_server(connect: Connect) -> None:
    model = await connect(says(chunk(content="a"), chunk(content="b"), DONE), idle_seconds=0.5)
    stream = model.stream(QUESTION)
    first = await anext(stream)
    await asyncio.sleep(0.7)
    assert [first, *[text async for text in stream]] == ["a", "b"]


async def test_the_key_is_never_told(connect: Connect, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    settings = ModelSettings(backend="openai", base_url="http://127.0.0.1:1/v1", api_key=KEY)
    told = [repr(settings), str(settings), repr(OpenAIModel(settings))]
    echo = json.dumps({"error": {"message": f"Incorrect API key provided: {KEY}"}})
    for handler in (refuses(401, echo), refuses(500, f"Bearer {KEY}"), says(f"data: {echo}\n\n".encode())):
        _, error = await failure(await connect(handler, api_key=KEY))
        told += [error.message, error.advice, repr(error)]
    assert [text for text in (*told, caplog.text) if KEY in text] == []


async def test_a_password_in_the_address_is_never_told() -> None:
    model = OpenAIModel(ModelSettings(backend="openai", base_url="http://me:hunter2@127.0.0.1:1/v1"))
    _, error = await failure(model)
    assert "hunter2" not in error.message
    assert "127.0.0.1:1" in error.message
    await model.close()


def test_the_settings_choose_the_model() -> None:
    assert choose_model(ModelSettings(backend="openai", base_url="http://127.0.0.1:1/v1", name="tiny")).name == "tiny"
    assert choose_model(ModelSettings()).name == "reader"


USAGE = (
    b'data: {"choices": [], "usage": {"prompt_tokens": 90, "completion_tokens": 7, '
    b'"prompt_tokens_details": {"cached_tokens": 64}}}\n\n'
)


@pytest.mark.parametrize("end", [(USAGE, DONE), (USAGE,)])
async def test_the_servers_figures_are_taken_from_behind_the_end(connect: Connect, end: tuple[bytes, ...]) -> None:
    meter = Meter()
    model = await connect(says(chunk(content="Hi"), chunk("stop"), *end))
    assert [text async for text in model.stream(QUESTION, meter)] == ["Hi"]
    assert meter == Meter(prompt_tokens=90, cached_tokens=64, generated_tokens=7)


async def test_without_figures_the_chunks_are_counted_and_the_end_is_the_end(connect: Connect) -> None:
    meter = Meter()
    model = await connect(silent_after(chunk(content="Hi"), chunk(content=" you"), chunk("stop")))
    assert [text async for text in model.stream(QUESTION, meter)] == ["Hi", " you"]
    assert meter == Meter(generated_tokens=2)


async def test_a_server_that_refuses_to_count_is_asked_without(connect: Connect) -> None:
    asked: list[Any] = []

    async def strict(request: web.Request) -> web.StreamResponse:
        asked.append(await request.json())
        if "stream_options" in asked[-1]:
            return web.Response(status=422, text='{"error": "unknown field: stream_options"}')
        return await says(chunk(content="Hi"), DONE)(request)

    model = await connect(strict)
    assert (await answer(model), await answer(model)) == ("Hi", "Hi")
    assert ["stream_options" in body for body in asked] == [True, False, False]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
async def test_a_server_that_is_busy_for_a_moment_is_asked_again(connect: Connect, status: int) -> None:
    asked: list[int] = []

    async def busy(request: web.Request) -> web.StreamResponse:
        asked.append(status)
        if len(asked) < 3:
            return web.Response(status=status, headers={"Retry-After": "0"})
        return await says(chunk(content="Hi"), DONE)(request)

    assert await answer(await connect(busy)) == "Hi"
    assert len(asked) == 3


async def test_a_connection_that_breaks_before_the_first_token_is_tried_again(connect: Connect) -> None:
    asked: list[web.Request] = []

    async def breaks_once(request: web.Request) -> web.StreamResponse:
        asked.append(request)
        if len(asked) > 1:
            return await says(chunk(content="Hi"), DONE)(request)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        assert request.transport is not None
        request.transport.abort()
        return response

    assert await answer(await connect(breaks_once)) == "Hi"
    assert len(asked) == 2


async def test_it_gives_up_after_a_few_tries_and_does_not_wait_for_long(connect: Connect) -> None:
    asked: list[str] = []

    def busy(wish: str) -> Handler:
        async def handler(_: web.Request) -> web.StreamResponse:
            asked.append(wish)
            return web.Response(status=503, headers={"Retry-After": wish}, text="loading")

        return handler

    for wish, tries in (("0", 4), ("3600", 1), ("Wed, 21 Oct 2026 07:28:00 GMT", 4)):
        asked.clear()
        _, error = await failure(await connect(busy(wish)))
        assert len(asked) == tries
        assert "answered 503: loading" in error.message


def test_the_pauses_grow_and_differ() -> None:
    pauses = [[retries.pause() for _ in range(4)] for retries in (Retries(), Retries())]
    for first, second, third, fourth in pauses:
        assert first is not None
        assert second is not None
        assert third is not None
        assert 0.0005 <= first <= 0.001 <= second <= 0.002 <= third <= 0.004
        assert fourth is None
    assert pauses[0] != pauses[1]


async def test_a_server_that_never_ends_and_keeps_to_no_limit_is_cut(connect: Connect) -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while True:
            await response.write(chunk(content="and so on "))

    text, error = await failure(await connect(endless, max_tokens=50))
    assert text == "and so on " * 100
    assert "longer than 50 tokens" in error.message


@pytest.mark.parametrize("end", [b"", DONE])
async def test_half_a_character_does_no_harm(connect: Connect, end: bytes) -> None:
    half = b'data: {"choices": [{"delta": {"content": "Zo\xc3"}}]}\n\n'
    model = await connect(says(half, end))
    if end:
        assert await answer(model) == "Zo\ufffd"
    else:
        text, error = await failure(model)
        assert text == "Zo\ufffd"
        assert "stopped in the middle" in error.message
