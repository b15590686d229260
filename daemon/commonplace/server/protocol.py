"""Events of a turn as session updates of the Agent Client Protocol, version 1. Pure."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

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
    ThoughtDelta,
    TurnEnded,
)
from commonplace.agent.metrics import Metrics
from commonplace.server.numbered import Json, Update
from commonplace.server.permission import Question
from commonplace.server.wire import Ended, PermissionState, UpdateMeta


@dataclass(slots=True)
class _Step:
    """What a tool call has shown so far: the protocol replaces its lists as a whole."""

    locations: list[Json] = field(default_factory=list[Json])
    content: list[Json] = field(default_factory=list[Json])


class Translator:
    """Turns the events of one turn into updates.

    | event | update |
    |---|---|
    | thought | ``agent_thought_chunk`` |
    | code begins, grows, runs, ends | ``tool_call``, then ``tool_call_update`` |
    | a note read or written | ``locations`` of that tool call |
    | a note changed | a ``diff`` in its ``content`` |
    | reply | ``agent_message_chunk`` |
    | notice | ``agent_thought_chunk`` with ``notice`` in the meta |
    | a question to the user, and its answer | ``tool_call_update`` with ``permission`` in the meta |
    | the end | ``session_info_update`` with ``ended`` in the meta |
    """

    def __init__(self, turn: str, vault: Path) -> None:
        self._turn = turn
        self._vault = vault
        self._steps: dict[int, _Step] = {}
        self.call = ""
        """The id of the tool call that was begun last."""

    def asked(self, question: str, prompt_id: str | None) -> Update:
        """The user's prompt, as a client that loads the session sees it."""
        text = {"type": "text", "text": question}
        meta: UpdateMeta = {} if prompt_id is None else {"prompt_id": prompt_id}
        return self._made({"sessionUpdate": "user_message_chunk", "content": text}, meta)

    def permission(self, question: Question, outcome: str | None = None) -> Update:
        """A question that was put, or its answer."""
        state: PermissionState = {"question": question.id, "path": question.path, "outcome": outcome}
        return self._made({"sessionUpdate": "tool_call_update", "toolCallId": question.call}, {"permission": state})

    def ended(self, event: TurnEnded, metrics: Metrics | None = None, **info: str) -> Update:
        """The end of the turn, with what its last output cost, and what is new of the session."""
        ended: Ended = {"reason": event.reason, "reply": event.reply, "error": event.error, "advice": event.advice}
        return self._made({"sessionUpdate": "session_info_update", **info}, {"ended": ended, **_measured(metrics)})

    def update(self, event: Event) -> Update:
        """The update for one event."""
        match event:
            case ThoughtDelta(text):
                return self._delta({"sessionUpdate": "agent_thought_chunk"}, "thought", text)
            case ReplyDelta(text):
                return self._delta({"sessionUpdate": "agent_message_chunk"}, "reply", text)
            case Notice(text):
                content = {"type": "text", "text": text}
                return self._made({"sessionUpdate": "agent_thought_chunk", "content": content}, {"notice": True})
            case TurnEnded():
                return self.ended(event)
            case _:
                return self._step(event)

    def _step(self, event: CodeStarted | CodeDelta | CodeRunning | NoteTouched | NoteChanged | CodeFinished) -> Update:
        call = f"{self._turn}-{event.step}"
        shown = self._steps.setdefault(event.step, _Step())
        growing: dict[str, Any] = {"sessionUpdate": "tool_call_update", "toolCallId": call}
        match event:
            case CodeStarted():
                self.call = call
                first = {"title": "Write Python", "kind": "execute", "status": "pending", "rawInput": {"code": ""}}
                return self._made({"sessionUpdate": "tool_call", "toolCallId": call, **first})
            case CodeDelta():
                return self._delta(growing, call, event.text)
            case CodeRunning():
                running = {"title": event.title, "status": "in_progress", "rawInput": {"code": event.code}}
                return self._made({**growing, **running})
            case NoteTouched():
                shown.locations.append({"path": str(self._vault / event.path)})
                return self._made(
                    {**growing, "locations": list(shown.locations)}, {"path": event.path, "access": event.access}
                )
            case NoteChanged():
                diff = {
                    "type": "diff",
                    "path": str(self._vault / event.path),
                    "oldText": event.before,
                    "newText": event.after or "",
                }
                shown.content.append(diff)
                meta: UpdateMeta = {"path": event.path}
                if event.after is None:
                    meta["deleted"] = True
                return self._made({**growing, "content": list(shown.content)}, meta)
            case CodeFinished():
                ended = {"title": event.title, "status": "completed" if event.ok else "failed"}
                output = {"rawOutput": {"result": event.result}}
                took: UpdateMeta = {"milliseconds": round(event.milliseconds, 3), **_measured(event.metrics)}
                return self._made({**growing, **ended, **output}, took)

    def _delta(self, update: Json, stream: str, text: str) -> Update:
        return Update(update, {"turn": self._turn}, f"{self._turn} {stream}", text)

    def _made(self, update: Json, meta: UpdateMeta | None = None) -> Update:
        return Update(update, {"turn": self._turn, **(meta or {})})


def _measured(metrics: Metrics | None) -> UpdateMeta:
    """The metrics as they go into the meta, without what is not known."""
    if metrics is None:
        return {}
    told = {**asdict(metrics), "tokens_per_second": metrics.tokens_per_second}
    return {"metrics": {name: round(value, 3) for name, value in told.items() if value is not None}}
