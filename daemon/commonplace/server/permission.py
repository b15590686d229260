"""What is asked of the user before a write, in the protocol's words; and the modes that a session has."""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from acp.schema import SessionMode, SessionModeState

from commonplace.settings import Mode
from commonplace.vault.notes import Change

Json = Mapping[str, Any]
Outcome = Literal["allow_once", "allow_turn", "reject", "cancelled"]

READ_ONLY = "This session is read-only: no note can be changed in it. Tell the user what you would have written."
REJECTED = "The user rejected this change to {}. Do not try it again; ask them what they want instead."

_OPTIONS = (
    {"optionId": "allow_once", "name": "Allow", "kind": "allow_once"},
    {"optionId": "allow_turn", "name": "Allow all of this turn", "kind": "allow_always"},
    {"optionId": "reject", "name": "Reject", "kind": "reject_once"},
)
_MODES: Mapping[Mode, tuple[str, str]] = {
    "auto": ("Auto", "Notes are changed at once; every change is journaled and can be undone."),
    "review": ("Review", "Each change waits until you have seen it and allowed it."),
    "read-only": ("Read-only", "No note is changed."),
}


def mode_state(current: Mode) -> SessionModeState:
    """The modes as ``session/new`` tells them."""
    modes = [SessionMode(id=mode, name=name, description=text) for mode, (name, text) in _MODES.items()]
    return SessionModeState(current_mode_id=current, available_modes=modes)


def known_mode(name: str) -> Mode | None:
    """The mode of that id."""
    return next((mode for mode in _MODES if mode == name), None)


class Question:
    """A change that waits for the user's leave; whoever answers first decides."""

    def __init__(self, session: str, call: str, vault: Path, change: Change) -> None:
        self.id = secrets.token_hex(8)
        self.session = session
        self.call = call
        """The tool call that it belongs to."""
        self.path = change.path.value
        self._place = str(vault / change.path.value)
        self._change = change
        self.outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def answer(self, outcome: Outcome) -> None:
        """Decide it, unless it is decided."""
        if not self.outcome.done():
            self.outcome.set_result(outcome)

    def params(self) -> Json:
        """The parameters of ``session/request_permission``."""
        kind, verb = _named(self._change)
        tool_call = {
            "toolCallId": self.call,
            "title": f"{verb} {self.path}",
            "kind": kind,
            "status": "pending",
            "locations": [{"path": self._place}],
            "content": self._content(),
        }
        meta = {"question": self.id, "path": self.path, "deleted": kind == "delete"}
        return {
            "sessionId": self.session,
            "toolCall": tool_call,
            "options": list(_OPTIONS),
            "_meta": {"commonplace": meta},
        }

    def _content(self) -> list[Json]:
        before, after = self._change.before, self._change.after
        if before is None and after is None:
            return []
        return [{"type": "diff", "path": self._place, "oldText": before, "newText": after or ""}]


def chosen(result: object) -> Outcome:
    """What a client's answer to ``session/request_permission`` says; what is no clear yes is a no."""
    match result:
        case {"outcome": {"outcome": "selected", "optionId": "allow_once"}}:
            return "allow_once"
        case {"outcome": {"outcome": "selected", "optionId": "allow_turn"}}:
            return "allow_turn"
        case _:
            return "reject"


def _named(change: Change) -> tuple[str, str]:
    """The protocol's kind of the change, and its verb."""
    match change.before, change.after:
        case None, None:
            return "edit", "Make the folder"
        case None, _:
            return "edit", "Create"
        case _, None:
            return "delete", "Delete"
        case _:
            return "edit", "Change"
