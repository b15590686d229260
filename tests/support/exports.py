"""Exports as ChatGPT, Claude and Notion make them, with invented people in them."""

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
BEGAN = 1_709_647_320.0
"""2024-03-05 14:02 UTC."""


def packed(place: Path, files: Mapping[str, str | bytes]) -> Path:
    """A zip with those files."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place


def chatgpt_message(role: str, *parts: object, time: float | None = None, **more: Any) -> Json:
    content = {"content_type": "text", "parts": list(parts)}
    return {"author": {"role": role}, "create_time": time, "content": content, "recipient": "all", **more}


def chatgpt_conversation(id_: str, title: str, messages: Sequence[Json], *, began: float = BEGAN, **more: Any) -> Json:
    """A conversation whose messages follow one another; only the links to parents are there, as in new exports."""
    mapping: Json = {"root": {"id": "root", "message": None, "parent": None}}
    parent = "root"
    for number, message in enumerate(messages):
        mapping[f"m{number}"] = {"id": f"m{number}", "message": message, "parent": parent}
        parent = f"m{number}"
    return {
        "id": id_,
        "conversation_id": id_,
        "title": title,
        "create_time": began,
        "mapping": mapping,
        "current_node": parent,
        **more,
    }


def chatgpt_export(place: Path, conversations: Iterable[Json], **files: str) -> Path:
    return packed(place, {"conversations.json": json.dumps(list(conversations)), "chat.html": "<html>", **files})


def talks(count: int, words: int = 20) -> list[Json]:
    """As many conversations, a few hours apart; every ninth has a title that another one has."""
    text = " ".join(f"word{number}" for number in range(words))
    return [
        chatgpt_conversation(
            f"6f1c0000-{number:08x}",
            f"Talk {number % 9 or 'again'} about boats",
            [chatgpt_message("user", f"Question {number}?"), chatgpt_message("assistant", f"Answer {number}. {text}")],
            began=BEGAN + number * 9_000,
        )
        for number in range(count)
    ]


def claude_conversation(id_: str, name: str, messages: Sequence[Json]) -> Json:
    return {"uuid": id_, "name": name, "created_at": "2024-03-05T14:02:00.000000Z", "chat_messages": list(messages)}


def claude_message(sender: str, *texts: str, **more: Any) -> Json:
    blocks = [{"type": "text", "text": text} for text in texts]
    return {
        "uuid": "m",
        "sender": sender,
        "text": " ".join(texts),
        "content": blocks,
        "created_at": "2024-03-05T14:02:00.000000Z",
        **more,
    }


def claude_export(place: Path, conversations: Iterable[Json]) -> Path:
    return packed(place, {"conversations.json": json.dumps(list(conversations)), "users.json": "[]"})


def notion_export(place: Path, files: Mapping[str, str]) -> Path:
    """The zip in a zip that Notion sends."""
    inner = packed(
        place.with_name("inner.zip"), {f"Export-{'0' * 8}-0000-0000-0000-{'0' * 12}/{n}": t for n, t in files.items()}
    )
    return packed(place, {"ExportBlock-1-Part-1.zip": inner.read_bytes()})
