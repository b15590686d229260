"""Values of an export's JSON, of which nothing can be relied on: each is what it should be, or empty."""

from datetime import UTC, datetime
from typing import Any, cast

Json = dict[str, Any]


def as_object(found: object) -> Json:
    """The value if it is a JSON object, else an empty one."""
    return cast("Json", found) if isinstance(found, dict) else {}


def as_list(found: object) -> list[Any]:
    """The value if it is a JSON array, else an empty one."""
    return cast("list[Any]", found) if isinstance(found, list) else []


def as_words(found: object) -> str:
    """The value if it is a text, else an empty one."""
    return found if isinstance(found, str) else ""


def moment(value: object) -> datetime | None:
    """A time as exports spell it: seconds since 1970, or ISO 8601."""
    try:
        if isinstance(value, str):
            return datetime.fromisoformat(value).astimezone(UTC)
        if isinstance(value, int | float):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None
