"""A managed vLLM as a model: started for the first prompt, ended after an idle time."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

from commonplace.models.base import Message, Meter, ModelError
from commonplace.models.hub import is_missing
from commonplace.models.openai import OpenAIModel
from commonplace.models.program import find_program
from commonplace.models.settings import ModelSettings
from commonplace.models.stale import group_file
from commonplace.models.vllm.process import ServerPlan, VllmProcess

_FETCHES = (
    "The weights {0} are not on this machine: vLLM fetches them first, out of sight and within start_minutes. "
    "To see how far it is, stop this and type: commonplace model pull {0}"
)


class VllmModel:
    """Speaks to a server that it starts and ends. One that died or hangs is started again for the next prompt."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._process: VllmProcess | None = None
        self._client: OpenAIModel | None = None
        self._starting = asyncio.Lock()
        self._window: int | None = None
        self._streams = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    @property
    def name(self) -> str:
        """The last part of the weights' name."""
        return Path(self._settings.name).name

    async def prepare(self) -> AsyncGenerator[str]:
        """Start the server if it does not run; what happens meanwhile, in words for the user.

        Raises:
            ModelError: it cannot be started; with what to do.

        """
        async with self._starting:
            if self._process is not None and self._process.is_running:
                return
            await self._end()
            process = VllmProcess(self._plan())
            if await asyncio.to_thread(is_missing, self._settings.name):
                yield _FETCHES.format(self._settings.name)
            try:
                async with aclosing(process.start()) as news:
                    async for text in news:
                        yield text
            except BaseException:
                await asyncio.to_thread(process.end)
                raise
            self._process = process
            self._window = await process.window()
            self._client = OpenAIModel(
                replace(self._settings, base_url=process.base_url, api_key=process.key, counts_always=True)
            )

    def seeded(self, seed: int) -> "_Seeded":
        """The same server, with the seed in its requests."""
        return _Seeded(self, seed)

    async def stream(
        self, messages: Sequence[Message], meter: Meter | None = None, *, seed: int | None = None
    ) -> AsyncGenerator[str, None]:
        """Yield text deltas, drawn from the seed if one is given.

        Raises:
            ModelError: the server cannot be started, died, or is silent too long.

        """
        async for _ in self.prepare():
            pass
        assert self._client is not None
        client = self._client if seed is None else self._client.seeded(seed)
        self._hold()
        try:
            async with aclosing(client.stream(messages, meter)) as deltas:
                async for delta in deltas:
                    yield delta
        except ModelError:
            process = self._process
            if process is not None and not await process.is_healthy():
                starved = await asyncio.to_thread(process.starved)
                await self._end()
                if starved is not None:
                    raise starved from None
            raise
        finally:
            self._let_go()

    @property
    def window(self) -> int | None:
        """What is set, else what the server says of its weights."""
        return self._settings.context_tokens or self._window

    async def count(self, messages: Sequence[Message]) -> int:
        """The tokens of the messages as a prompt, as the server counts them."""
        assert self._process is not None
        counted = await self._process.tokenize(messages)
        if counted is not None:
            return counted
        assert self._client is not None
        return await self._client.count(messages)

    async def close(self) -> None:
        """End the server."""
        if self._idle is not None:
            self._idle.cancel()
        await self._end()

    def _plan(self) -> ServerPlan:
        settings = self._settings
        command = find_program(settings.command[0])
        if sys.platform == "win32":
            raise ModelError("vLLM does not run on Windows.", "Run it in WSL and type: commonplace model use URL")
        if command is None:
            raise ModelError(
                f"The program {settings.command[0]} is not installed.",
                "Type: uv tool install --force '.[vllm]' in the checkout, or name the program: "
                "commonplace config set model.vllm_command /path/to/vllm",
            )
        folder = settings.state_folder or Path.cwd()
        return ServerPlan(
            command=[command, *settings.command[1:]],
            weights=settings.name,
            arguments=settings.arguments,
            start_seconds=settings.start_seconds,
            log=folder.parent / "logs" / "vllm.log",
            group_file=group_file(folder),
        )

    def _hold(self) -> None:
        self._streams += 1
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _let_go(self) -> None:
        self._streams -= 1
        if self._streams == 0:
            self._idle = asyncio.get_running_loop().call_later(self._settings.unload_seconds, self._end_idle)

    def _end_idle(self) -> None:
        ending = asyncio.ensure_future(self._end())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)

    async def _end(self) -> None:
        process, self._process = self._process, None
        client, self._client = self._client, None
        if client is not None:
            await client.close()
        if process is not None:
            await asyncio.to_thread(process.end)


class _Seeded:
    """A managed vLLM with a seed; the server is that of the model it was made of."""

    def __init__(self, model: VllmModel, seed: int) -> None:
        self._model = model
        self._seed = seed

    @property
    def name(self) -> str:
        return self._model.name

    def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        return self._model.stream(messages, meter, seed=self._seed)

    async def close(self) -> None:
        """The server is the model's to end."""
