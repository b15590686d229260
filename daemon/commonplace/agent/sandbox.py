"""Runs the model's Python in Monty, an interpreter without files, network or environment.

What is measured and why Monty: docs/architecture.md, "The sandbox".
"""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar, cast

from pydantic_monty import (
    ExternalResult,
    FunctionSnapshot,
    FutureSnapshot,
    Monty,
    MontyComplete,
    MontyCrashedError,
    MontyError,
    MontyRuntimeError,
    MontySession,
    MontySyntaxError,
    NameLookupSnapshot,
    ResourceLimits,
)

from commonplace.agent import results, shim
from commonplace.agent.results import Variable

Result = TypeVar("Result")
Snapshot = FunctionSnapshot | NameLookupSnapshot | FutureSnapshot | MontyComplete
Tool = Callable[..., Awaitable[object]]


class ToolRefused(Exception):
    """A tool's refusal; the block sees it as a RuntimeError with this text."""


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What one block may use. Time spent waiting for a tool does not count as its own."""

    seconds: float = 5.0
    """Computing time of a block; the trained prompt promises five seconds."""
    memory: int = 64 * 1024 * 1024
    """Bytes of the block's heap."""
    tool_calls: int = 500
    """Tool calls and name look-ups of a block."""
    recursion: int = 200
    workers: int = 8
    """Blocks that run at once; each is a process of its own."""
    patience: float = 0.2
    """Seconds that a block keeps its worker while a tool waits, for a person's leave say."""


@dataclass(frozen=True, slots=True)
class BlockResult:
    """What became of a block: whether it ran to its end, and the text for ``<result>``."""

    ok: bool
    text: str
    milliseconds: float
    tool_milliseconds: float = 0.0
    """Of these, what its tools took."""


class Sandbox:
    """A pool of Monty workers. Every block gets a fresh session, so nothing passes from one to the next."""

    def __init__(self, limits: SandboxLimits | None = None) -> None:
        self._limits = limits or SandboxLimits()
        self._pool: Monty | None = None
        self._threads = ThreadPoolExecutor(self._limits.workers + 2, thread_name_prefix="sandbox")
        self._starting = asyncio.Lock()
        self._free = asyncio.Semaphore(self._limits.workers)

    async def start(self) -> None:
        """Start the first worker now, so that the first block does not wait for it."""
        async with self._starting:
            if self._pool is None:
                self._pool = await self._in_thread(self._start_pool)

    async def run(self, code: str, tools: Mapping[str, Tool]) -> BlockResult:
        """Run a block with the tools as the only functions beyond Python's own.

        Never raises for what the code does. A tool is awaited on the event loop while the block is
        suspended and no thread is held; after ``patience`` the worker is not held either. Cancelling
        ends the worker at once.
        """
        await self.start()
        began = time.perf_counter()
        in_tools = 0.0
        prepared = shim.prepare(code, frozenset(tools))
        await self._free.acquire()
        block = _Block(cast("Monty", self._pool), self._limits, prepared, tools)
        try:
            step = await self._in_thread(block.begin)
            while isinstance(step, FunctionSnapshot):
                called = time.perf_counter()
                answer = await self._answer(block, tools[cast("str", step.function_name)], step)
                in_tools += time.perf_counter() - called
                step = await self._in_thread(block.resume, step, answer)
        except BaseException:
            block.kill()
            self._threads.submit(block.end)
            raise
        finally:
            if not block.is_parked:
                self._free.release()
        milliseconds = (time.perf_counter() - began) * 1000
        text = results.render(step.variables, step.error)
        return BlockResult(step.error is None, text, milliseconds, in_tools * 1000)

    async def _answer(self, block: "_Block", tool: Tool, call: FunctionSnapshot) -> ExternalResult:
        """Call the tool. A block whose tool takes long is put away, so that its worker can run another's."""
        answering = asyncio.ensure_future(_call(tool, call))
        try:
            await asyncio.wait((answering,), timeout=self._limits.patience)
            if not answering.done():
                block.is_parked = await self._in_thread(block.park, call)
                if block.is_parked:
                    self._free.release()
                await asyncio.wait((answering,))
            answer = answering.result()
        except asyncio.CancelledError:
            answering.cancel()
            await asyncio.wait((answering,))
            raise
        if block.is_parked:
            await self._free.acquire()
            block.is_parked = False
        return answer

    async def close(self) -> None:
        """End the workers."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await self._in_thread(pool.__exit__, None, None, None)
        self._threads.shutdown(wait=False)

    def _start_pool(self) -> Monty:
        pool = Monty(
            max_processes=self._limits.workers,
            request_timeout=self._limits.seconds + 2.0,
            feed_duration_limit_grace=0.5,
        )
        return pool.__enter__()

    async def _in_thread(self, function: Callable[..., Result], *arguments: object) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, function, *arguments)


@dataclass(frozen=True, slots=True)
class _Ended:
    variables: tuple[Variable, ...]
    error: str | None


class _Block:
    """One block in one session. ``begin``, ``resume`` and ``end`` run in a thread, one after the other."""

    def __init__(self, pool: Monty, limits: SandboxLimits, prepared: shim.Prepared, tools: Mapping[str, Tool]) -> None:
        self._prepared = prepared
        self._tools = dict.fromkeys(tools, _never_called)
        self._check_out = lambda: pool.checkout(limits=_resource_limits(limits))
        self._session: MontySession = self._check_out()
        self._entered = False
        self._state: bytes | None = None
        self.is_parked = False
        """Whether it waits without a worker, as bytes."""

    def begin(self) -> FunctionSnapshot | _Ended:
        """Run to the first tool call or to the end."""
        self._session.__enter__()
        self._entered = True
        if self._prepared.prelude:
            self._session.feed_run(self._prepared.prelude, print_callback=_discard)
        return self._guarded(
            lambda: self._session.feed_start(self._prepared.code, external_lookup=self._tools, print_callback=_discard)
        )

    def resume(self, snapshot: FunctionSnapshot, answer: ExternalResult) -> FunctionSnapshot | _Ended:
        """Hand the tool's answer in and run to the next tool call or to the end."""
        return self._guarded(lambda: self._awake(snapshot).resume(answer))

    def park(self, snapshot: FunctionSnapshot) -> bool:
        """Keep the suspended block as bytes and give the worker back; one that cannot be kept so keeps its worker."""
        try:
            self._state = snapshot.dump()
        except MontyError:
            return False
        self.end()
        return True

    def _awake(self, snapshot: FunctionSnapshot) -> FunctionSnapshot:
        if self._state is None:
            return snapshot
        state, self._state = self._state, None
        self._session = self._check_out()
        self._session.__enter__()
        self._entered = True
        restored = self._session.load_snapshot(state, external_lookup=self._tools, print_callback=_discard)
        return cast("FunctionSnapshot", restored)

    def kill(self) -> None:
        """End the worker at once; the pool replaces it."""
        worker = self._session.worker_pid if self._entered else None
        if worker is not None:
            with suppress(OSError):
                os.kill(worker, getattr(signal, "SIGKILL", signal.SIGTERM))

    def end(self) -> None:
        """Give the worker back to the pool."""
        if self._entered:
            self._entered = False
            with suppress(MontyError, RuntimeError):
                self._session.__exit__(None, None, None)

    def _guarded(self, advance: Callable[[], Snapshot]) -> FunctionSnapshot | _Ended:
        try:
            snapshot = advance()
            while not isinstance(snapshot, MontyComplete):
                if isinstance(snapshot, FunctionSnapshot) and self._is_tool(snapshot):
                    return snapshot
                snapshot = _answer_without_tool(snapshot)
            ended = _Ended(self._variables(), None)
        except MontyCrashedError:
            ended = _Ended((), "The code used too much time or memory and was stopped. Do less in one block.")
        except MontyError as error:
            ended = self._failed(error)
        self.end()
        return ended

    def _is_tool(self, snapshot: FunctionSnapshot) -> bool:
        return not snapshot.is_os_function and snapshot.function_name in self._tools

    def _failed(self, error: MontyError) -> _Ended:
        cause = error.exception()
        if isinstance(cause, TimeoutError | MemoryError):
            what = "time" if isinstance(cause, TimeoutError) else "memory"
            return _Ended((), f"The code used too much {what} and was stopped. Do less in one block.")
        return _Ended(self._variables(), explain(error))

    def _variables(self) -> tuple[Variable, ...]:
        try:
            return results.variables(self._session.feed_run(results.LISTING, print_callback=_discard))
        except MontyError:
            return ()


def explain(error: MontyError) -> str:
    """What the model is told of an error in its code: the message, and the line where it arose."""
    if isinstance(error, MontySyntaxError):
        return f"SyntaxError: {error}. The python block must be valid Python."
    if not isinstance(error, MontyRuntimeError):
        return str(error)
    message = error.display("type-msg")
    for sign, advice in _ADVICE.items():
        if sign in message:
            message = f"{message}. {advice}"
    frames = [frame for frame in error.traceback() if frame.source_line]
    if not frames:
        return message
    line = (frames[-1].source_line or "").strip().partition("\n")[0]
    return f"{message} (line {frames[-1].line}: {line[:200]})"


_ADVICE = {
    "syntax parser does not yet support": "Write it without that, with plain loops and functions",
    "PermissionError": "Notes are reached by read_file, create_file, update_file and the other memory functions alone",
    "ModuleNotFoundError": "Only a few modules such as re, json, math and datetime are there",
}


async def _call(tool: Tool, call: FunctionSnapshot) -> ExternalResult:
    try:
        value = await tool(*call.args, **call.kwargs)
    except ToolRefused as refusal:
        return {"exc_type": "RuntimeError", "message": str(refusal)}
    except TypeError as error:
        return {"exc_type": "TypeError", "message": str(error).replace("Tools.", "")}
    return {"return_value": value}


def _answer_without_tool(snapshot: Snapshot) -> Snapshot:
    if isinstance(snapshot, FutureSnapshot | MontyComplete):
        raise RuntimeError("a tool's answer is always settled, so no future can be pending")
    if isinstance(snapshot, FunctionSnapshot) and snapshot.is_os_function:
        return snapshot.resume_not_handled()
    return snapshot.resume_auto()


def _resource_limits(limits: SandboxLimits) -> ResourceLimits:
    return {
        "max_feed_duration_secs": limits.seconds,
        "max_memory": limits.memory,
        "max_suspensions": limits.tool_calls,
        "max_recursion_depth": limits.recursion,
        "max_total_sleep_secs": 0.1,
    }


def _discard(_stream: str, _text: str) -> None:
    """What a block prints goes nowhere: the model is told its variables."""


def _never_called(*_arguments: object, **_named: object) -> None:
    """Stands for a tool when Monty looks its name up; the call itself is suspended and answered by us."""
