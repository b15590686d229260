"""What a client's requests say in ``_meta.commonplace`` and in texts of ours; a wrong one is refused in a sentence."""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from acp import RequestError
from acp.schema import ClientCapabilities, SessionInfo
from pydantic import BaseModel, Field, ValidationError

from commonplace.server.records import SessionRecord
from commonplace.server.running import Asked

INVALID_PARAMS = -32602


class _OurCapabilities(BaseModel):
    """``_meta.commonplace`` of a client's capabilities."""

    batches: bool = False


class _OurMeta(BaseModel):
    """``_meta.commonplace`` of a request."""

    filters: list[str] = []
    prompt_id: str | None = Field(default=None, min_length=1, max_length=200)
    after: int | None = Field(default=None, ge=0, lt=2**63)


_WANTED = {
    "filters": "a list of texts",
    "prompt_id": "a text of 1 to 200 characters",
    "after": "the number of an update, 0 or more",
}


def invalid(reason: str) -> NoReturn:
    """Refuse a request.

    Raises:
        RequestError: always.

    """
    raise RequestError(INVALID_PARAMS, reason)


def takes_batches(capabilities: ClientCapabilities | None) -> bool:
    """Whether the client takes several updates as one message.

    Raises:
        RequestError.

    """
    meta = None if capabilities is None else capabilities.field_meta
    try:
        return _OurCapabilities.model_validate((meta or {}).get("commonplace") or {}).batches
    except ValidationError:
        invalid("clientCapabilities._meta.commonplace.batches must be true or false.")


def asked_of(prompt: Sequence[Any], extra: Mapping[str, Any]) -> Asked:
    """The user's prompt; a resource link counts as its address.

    Raises:
        RequestError.

    """
    parts = [getattr(block, "text", None) or getattr(block, "uri", None) for block in prompt]
    question = "\n".join(part for part in parts if part).strip()
    if not question:
        invalid("The prompt holds no text.")
    meta = _our_meta(extra)
    return Asked(question, meta.filters, meta.prompt_id)


def after_of(extra: Mapping[str, Any]) -> int | None:
    """The number of the last update that the client has; None where it does not say.

    Raises:
        RequestError.

    """
    return _our_meta(extra).after


def replay_of(params: Mapping[str, Any]) -> tuple[str, int]:
    """The session of ``_commonplace/replay``, and the number after which its updates are wanted.

    Raises:
        RequestError.

    """
    session, after = params.get("sessionId"), after_of({"commonplace": {"after": params.get("after")}})
    if not isinstance(session, str):
        invalid("sessionId must be a session's id.")
    return session, after or 0


def listed(record: SessionRecord, running: bool) -> SessionInfo:
    """A session as ``session/list`` tells it."""
    meta = {"commonplace": {"mode": record.mode, "running": running}}
    return SessionInfo(
        session_id=record.id, cwd=record.vault, title=record.title, updated_at=record.updated_at, field_meta=meta
    )


def cursor_after(record: SessionRecord) -> str:
    """Where the next page of ``session/list`` begins."""
    return f"{record.updated!r} {record.id}"


def parse_cursor(cursor: str | None) -> tuple[float, str] | None:
    """The place that a cursor names.

    Raises:
        RequestError: it is none of ours.

    """
    if cursor is None:
        return None
    updated, _, session = cursor.partition(" ")
    try:
        return float(updated), session
    except ValueError:
        invalid("The cursor is none that session/list gave.")


def _our_meta(extra: Mapping[str, Any]) -> _OurMeta:
    """The protocol library spreads ``_meta`` over the arguments."""
    try:
        return _OurMeta.model_validate(extra.get("commonplace") or {})
    except ValidationError as error:
        place = error.errors()[0]["loc"]
        name = str(place[0]) if place else ""
        invalid(
            f"_meta.commonplace.{name} must be {_WANTED[name]}." if name else "_meta.commonplace must be an object."
        )
