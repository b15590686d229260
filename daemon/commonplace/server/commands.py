"""What a user can type behind a slash, in whichever client: announced to it, and answered without the model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from commonplace.models import interview
from commonplace.models.base import Message
from commonplace.server.engine import Engine

_COMMANDS = (
    {
        "name": interview.COMMAND.removeprefix("/"),
        "description": "Introduce yourself: seven questions at most, each can be skipped",
    },
)


def announcement(session: str) -> Mapping[str, Any]:
    """The commands of a session, as the protocol announces them. It is no part of what the session says."""
    update = {"sessionUpdate": "available_commands_update", "availableCommands": list(_COMMANDS)}
    return {"jsonrpc": "2.0", "method": "session/update", "params": {"sessionId": session, "update": update}}


def engine_for(question: str, history: Sequence[Message], engine: Engine) -> Engine:
    """What answers a prompt: the interview where one is asked for or under way, else the engine."""
    if interview.begins(question) or interview.under_way(history):
        return replace(engine, model=interview.InterviewModel(), searches=True)
    return engine
