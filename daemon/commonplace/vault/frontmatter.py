"""Properties of a note: read with python-frontmatter, never written back through it."""

from collections.abc import Mapping
from typing import Any, cast

import frontmatter
import yaml


class FrontmatterMalformed(ValueError):
    """The properties are no YAML mapping; the note is left as it is."""


def properties(text: str) -> Mapping[str, Any]:
    """The note's properties; empty where it has none.

    Raises:
        FrontmatterMalformed: the block between the ``---`` lines is no YAML mapping.

    """
    if not text.startswith("---"):
        return {}
    try:
        metadata, _ = frontmatter.parse(text)
    except (yaml.YAMLError, ValueError, TypeError) as error:
        raise FrontmatterMalformed(str(error).partition("\n")[0]) from None
    return cast("Mapping[str, Any]", metadata)


def aliases(text: str) -> tuple[str, ...]:
    """The note's aliases; none where the properties are malformed."""
    if "alias" not in text:
        return ()
    try:
        found = properties(text)
    except FrontmatterMalformed:
        return ()
    value: object = found.get("aliases", found.get("alias"))
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(item for item in cast("list[object]", value) if isinstance(item, str))
    return ()


def body_start(text: str) -> int:
    """The offset behind the closing ``---`` line; 0 where the note has no frontmatter."""
    if not text.startswith("---\n"):
        return 0
    end = text.find("\n---\n", 3)
    if end >= 0:
        return end + len("\n---\n")
    return len(text) if text.endswith("\n---") else 0
