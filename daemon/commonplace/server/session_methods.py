"""Methods about a session that the Agent Client Protocol lacks."""

from collections.abc import Mapping
from typing import Any

from commonplace.server.requests import invalid
from commonplace.server.services import Services

LONGEST_TITLE = 200


async def name_session(services: Services, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Give a session another title."""
    named, title = parameters.get("sessionId"), parameters.get("title")
    session = services.sessions.get(named) if isinstance(named, str) else None
    if session is None:
        invalid("sessionId must be a session's id.")
    said = " ".join(title.split()) if isinstance(title, str) else ""
    if not 0 < len(said) <= LONGEST_TITLE:
        invalid(f"title must be a text of at most {LONGEST_TITLE} characters, and not empty.")
    await session.rename(said)
    services.sessions.release(session)
    return {"title": said}
