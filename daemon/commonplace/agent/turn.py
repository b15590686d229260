"""One turn of conversation: the model writes, blocks run, results go back, until there is a reply."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from commonplace.agent import grammar, titles
from commonplace.agent.audit import Audit, audit
from commonplace.agent.endless import Endless
from commonplace.agent.events import (
    CodeDelta,
    CodeFinished,
    CodeRunning,
    CodeStarted,
    Event,
    NoteChanged,
    NoteTouched,
    Notice,
    ReplyDelta,
    StopReason,
    ThoughtDelta,
    TurnEnded,
)
from commonplace.agent.filters import with_filters
from commonplace.agent.grammar import Grammar, strip_thoughts
from commonplace.agent.metrics import Metrics, Timing
from commonplace.agent.prompt import load_prompt
from commonplace.agent.sandbox import Sandbox
from commonplace.agent.tools import Record, Tools
from commonplace.agent.window import fit
from commonplace.agent.writing import Permit
from commonplace.models.base import Message, Meter, Model, ModelError, Prepares, Role, Windowed
from commonplace.vault.journal import Origin
from commonplace.vault.memory import Memory

NO_ACTION = (
    "Your answer holds no action that could be read. After </think> write either <python> with code </python>, "
    "or an empty <python></python> and then <reply>your answer</reply>. Choose one, and close every tag."
)

_UNREADABLE = (
    "The model's output could not be read, several times in a row.",
    "Ask again; if it happens often, choose another model or prompt file in config.toml.",
)
_CUT_OFF = "<result>\n({}, 'The block was stopped before it ended.')\n</result>"
_OF_WINDOW = 0.6
"""How much of the model's window a turn may find full; the rest is for its own outputs and results."""
_FIGURES_SECONDS = 0.5
_FIGURES_DELTAS = 2
_LONGEST_UNREAD = 1_000
"""Characters that the model sees again of an output that holds no action."""

Action = grammar.Code | grammar.Reply | str | None
"""What an output of the model asks for; a text is what must be mended first, None is nothing that can be read."""


@dataclass(frozen=True, slots=True)
class TurnLimits:
    """When a turn gives up."""

    steps: int = 20
    """Outputs of the model in one turn; mem-agent's server allows as many."""
    malformed: int = 3
    """Outputs in a row without an action."""
    seconds: float = 600.0
    """Of the whole turn, looked at between steps; time spent waiting for a person does not count."""
    answer_seconds: float = 600.0
    """Of one output of the model, from its first word on."""


class Turn:
    """A question on its way to a reply. Iterate ``events`` once."""

    def __init__(
        self,
        *,
        model: Model,
        sandbox: Sandbox,
        memory: Memory,
        history: Sequence[Message],
        question: str,
        filters: Sequence[str] = (),
        system_prompt: str | None = None,
        limits: TurnLimits | None = None,
        origin: Origin | None = None,
        permit: Permit | None = None,
        searches: bool = True,
    ) -> None:
        self._model = model
        self._sandbox = sandbox
        self._memory = memory
        self._history = tuple(history)
        self._system = Message("system", system_prompt or load_prompt())
        self._limits = limits or TurnLimits()
        self._tools = Tools(memory, origin, permit, searches=searches)
        self._said = [Message("user", with_filters(question, filters))]
        self._reply = ""
        self._blocks = 0
        self._open_block: str | None = None
        self._untold: deque[Event] = deque()
        self._audit = Audit()
        self._asked_to_mend = False
        self._action: Action = None
        self._timing: Timing | None = None

    @property
    def metrics(self) -> Metrics | None:
        """What the last output cost, where no block's end has told it: the reply, or what was cut off."""
        return self._timing.metrics() if self._timing is not None else None

    @property
    def messages(self) -> tuple[Message, ...]:
        """What the session keeps of this turn: it begins with the question and ends with an answer."""
        said = tuple(self._said)
        if said[-1].role == "assistant":
            if isinstance(self._action, grammar.Reply):
                return said
            was_running = isinstance(self._action, grammar.Code)
            said = (*said, Message("user", _CUT_OFF)) if was_running else said[:-1]
        stopped = grammar.Reply(f"(I was stopped before the answer was finished. {self._done()})")
        return (*said, Message("assistant", _spoken(stopped)))

    @property
    def changed(self) -> list[str]:
        """The notes that the turn has changed so far, as the model names them."""
        return sorted({self._memory.name(change.path) for change in self._tools.changes_of_turn})

    async def events(self) -> AsyncGenerator[Event]:
        """Everything that happens, in order; the last event is a ``TurnEnded``.

        Closing the generator stops the model and the running block. Notes written by then stay written;
        ``leftover`` tells those that no event has told yet.
        """
        try:
            async with aclosing(self._steps()) as steps:
                async for event in steps:
                    yield event
        except ModelError as error:
            for event in self.leftover():
                yield event
            yield TurnEnded("failed", self._reply, error.message, error.advice)

    def leftover(self) -> Iterator[Event]:
        """What a turn that was stopped has not told: what its block did to notes, and that the block ended."""
        self._untold += self._touched(self._tools.take_record())
        if self._open_block is not None:
            self._finish_block(CodeFinished(self._blocks, False, self._open_block, "(stopped)", 0.0, self.metrics))
        while self._untold:
            yield self._untold.popleft()

    async def _steps(self) -> AsyncGenerator[Event]:
        async with aclosing(self._ready()) as ready:
            async for event in ready:
                yield event
        deadline = time.monotonic() + self._limits.seconds
        malformed = 0
        for left in reversed(range(self._limits.steps)):
            if time.monotonic() - self._tools.waited > deadline:
                break
            async with aclosing(self._listen(may_ask=left > 0)) as heard:
                async for event in heard:
                    yield event
            malformed = malformed + 1 if self._action is None else 0
            if isinstance(self._action, grammar.Code):
                async with aclosing(self._run(self._action.code)) as ran:
                    async for event in ran:
                        yield event
            elif isinstance(self._action, grammar.Reply):
                for event in self._end("end_turn", self._action.text):
                    yield event
                return
            elif malformed == self._limits.malformed:
                yield TurnEnded("failed", "", *_UNREADABLE)
                return
            else:
                self._say("user", self._action or NO_ACTION)
        await self._look_back()
        self._action = grammar.Reply(self._gave_up())
        self._say("assistant", _spoken(self._action))
        yield ReplyDelta(self._action.text)
        for event in self._end("max_turn_requests", self._action.text):
            yield event

    async def _ready(self) -> AsyncGenerator[Event]:
        """Wait until the model can answer, and fit the earlier turns into its window."""
        if isinstance(self._model, Prepares):
            async with aclosing(self._model.prepare()) as news:
                async for text in news:
                    yield Notice(text)
        if isinstance(self._model, Windowed) and self._model.window is not None:
            most = int(self._model.window * _OF_WINDOW)
            fitted = await fit(self._history, (self._system, *self._said), most, self._model.count)
            self._history = fitted.history
            if fitted.note is not None:
                yield Notice(fitted.note)

    async def _listen(self, *, may_ask: bool) -> AsyncGenerator[Event]:
        """One output of the model, up to the end of its action; the model is stopped there."""
        self._action = None
        heard: list[str] = []
        async with aclosing(self._pieces(heard)) as pieces:
            async for piece in pieces:
                if isinstance(piece, grammar.ReplyOpened):
                    await self._look_back()
                    if may_ask and self._audit.for_model and not self._asked_to_mend:
                        self._asked_to_mend = True
                        self._action = self._audit.for_model
                        break
                for event in self._event(piece):
                    yield event
        if not isinstance(self._action, grammar.Code):
            for event in self.leftover():
                yield event
        self._say("assistant", _spoken(self._action, "".join(heard)))

    async def _pieces(self, heard: list[str]) -> AsyncGenerator[grammar.Piece]:
        reader = Grammar()
        messages = (self._system, *self._history, *self._said)
        timing = self._timing = Timing()
        endless = Endless(self._limits.answer_seconds)
        async with aclosing(self._model.stream(messages, timing.meter)) as deltas:
            async for delta in deltas:
                timing.heard()
                heard.append(delta)
                for piece in reader.feed(delta):
                    yield piece
                endless.hear(delta)
                if reader.finished:
                    await _hear_figures(deltas, timing.meter)
                    return
        for piece in reader.close():
            yield piece

    def _event(self, piece: grammar.Piece) -> Iterator[Event]:
        match piece:
            case grammar.ThoughtText(text):
                yield ThoughtDelta(text)
            case grammar.CodeOpened():
                self._blocks += 1
                self._open_block = "Unfinished Python"
                yield CodeStarted(self._blocks)
            case grammar.CodeText(text):
                yield CodeDelta(self._blocks, text)
            case grammar.ReplyOpened():
                yield from self.leftover()
            case grammar.ReplyText(text):
                self._reply += text
                yield ReplyDelta(text)
            case grammar.Code() | grammar.Reply():
                self._action = piece

    async def _run(self, code: str) -> AsyncGenerator[Event]:
        step, title = self._blocks, titles.title_before(self._memory, code)
        self._open_block = title
        yield CodeRunning(step, code, title)
        waited = self._tools.waited
        result = await self._sandbox.run(code, self._tools.functions())
        in_tools = result.tool_milliseconds - (self._tools.waited - waited) * 1000
        self._say("user", f"<result>\n{result.text}\n</result>")
        record = self._tools.take_record()
        title = titles.title_after(record, title)
        self._untold += self._touched(record)
        in_sandbox = result.milliseconds - result.tool_milliseconds
        metrics = self._timing.metrics(in_sandbox, in_tools) if self._timing is not None else None
        self._finish_block(CodeFinished(step, result.ok, title, result.text, result.milliseconds, metrics))
        for event in self.leftover():
            yield event

    def _finish_block(self, finished: CodeFinished) -> None:
        self._untold.append(finished)
        self._open_block = self._timing = None

    def _touched(self, record: Record) -> Iterator[Event]:
        for path, access in record.touched:
            yield NoteTouched(self._blocks, path.value, access)
        for change in record.changes:
            yield NoteChanged(self._blocks, change.path.value, change.before, change.after)

    async def _look_back(self) -> None:
        """Audit what the turn changed; in a vault that has gone meanwhile there is nothing to mend."""
        changes = tuple(self._tools.changes_of_turn)
        there = self._memory.vault.root.is_dir()
        self._audit = await asyncio.to_thread(audit, self._memory, changes) if changes and there else Audit()

    def _end(self, reason: StopReason, reply: str) -> Iterator[Event]:
        for notice in self._audit.notices:
            yield Notice(notice)
        yield TurnEnded(reason, reply)

    def _gave_up(self) -> str:
        return (
            f"I stopped without an answer after {self._blocks} steps. {self._done()} "
            "Ask again in smaller parts, or name the note where the answer stands."
        )

    def _done(self) -> str:
        return f"By then I had changed {', '.join(self.changed)}." if self.changed else "I changed no note."

    def _say(self, role: Role, content: str) -> None:
        self._said.append(Message(role, content))


async def _hear_figures(deltas: AsyncGenerator[str], meter: Meter) -> None:
    """Servers tell what an output cost when it has ended, which it mostly does with the next token: wait for that one.

    One that generates on is stopped; what it says after its action is nobody's.
    """
    with suppress(TimeoutError, ModelError):
        async with asyncio.timeout(_FIGURES_SECONDS):
            for _ in range(_FIGURES_DELTAS):
                counts_late = meter.generated_tokens is not None and meter.cached_tokens is None
                if not counts_late or await anext(deltas, None) is None:
                    return


def _spoken(action: Action, heard: str = "") -> str:
    """The model's output as it goes back to it later: without thoughts, in the one form of the contract."""
    match action:
        case grammar.Code(code):
            return f"<python>\n{code}\n</python>"
        case grammar.Reply(text):
            return f"<python></python>\n\n<reply>\n{text}\n</reply>"
        case str():
            return "<python></python>"
        case None:
            return strip_thoughts(heard)[:_LONGEST_UNREAD] or "<python></python>"
