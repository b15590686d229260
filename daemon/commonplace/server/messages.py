"""A text frame as a JSON-RPC 2.0 message, or what is wrong with it. Pure."""

import json
import math
from typing import Any, NoReturn, cast

PARSE_ERROR = -32700
INVALID_REQUEST = -32600

_Id = str | int | float | None


class NoMessage(Exception):
    """A frame is no message; ``answer`` is what JSON-RPC answers to it."""

    def __init__(self, code: int, reason: str, identity: _Id = None) -> None:
        super().__init__(reason)
        self.answer = {"jsonrpc": "2.0", "id": identity, "error": {"code": code, "message": reason}}


def message_of(text: str) -> dict[str, Any]:
    """The request, notification or response that a frame holds.

    Raises:
        NoMessage.

    """
    try:
        read: object = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise NoMessage(PARSE_ERROR, "The frame is not JSON.") from None
    if not isinstance(read, dict):
        raise NoMessage(INVALID_REQUEST, "A message is one JSON object.")
    message = cast("dict[str, Any]", read)
    identity = message.get("id")
    if not _is_id(identity):
        raise NoMessage(INVALID_REQUEST, "id must be a text or a number.")
    if "method" in message:
        if not isinstance(message["method"], str):
            raise NoMessage(INVALID_REQUEST, "method must be a text.", identity)
    elif "id" not in message or not ("result" in message or isinstance(message.get("error"), dict)):
        raise NoMessage(INVALID_REQUEST, "A message has a method, or an id with a result or an error.", identity)
    return message


def _is_id(given: object) -> bool:
    match given:
        case bool():
            return False
        case float():
            return math.isfinite(given)
        case _:
            return given is None or isinstance(given, (str, int))


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")
