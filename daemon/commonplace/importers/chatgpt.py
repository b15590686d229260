"""The export of ChatGPT: ``conversations.json``, or several of them; each conversation is a tree of messages."""

import re
from collections.abc import Iterator

from commonplace.importers.conversations import Conversation, ConversationExport, Message
from commonplace.importers.values import Json, as_list, as_object, as_words, moment

_SPEAKERS = {"user": "You", "assistant": "ChatGPT"}
_CITATION = re.compile("\ue200[^\ue201]{0,2000}\ue201")
"""Marks of sources that only their own page can show."""


class ChatGPT(ConversationExport):
    """Conversations as they were shown: the branch that was looked at last, no hidden context, no tools."""

    name = "chatgpt"
    label = "ChatGPT"

    def read(self, found: Json) -> Conversation | None:
        """See ``ConversationExport``."""
        mapping = as_object(found.get("mapping"))
        id_ = as_words(found.get("conversation_id")) or as_words(found.get("id"))
        if not mapping or not id_:
            return None
        messages = list(_thread(mapping, as_words(found.get("current_node"))))
        return Conversation(id_, as_words(found.get("title")), moment(found.get("create_time")), messages)


def _thread(mapping: Json, current: str) -> Iterator[Message]:
    """The messages of the branch that ends in the current node; newer exports have the links to parents alone."""
    branch: list[Json] = []
    seen: set[str] = set()
    name = current if current in mapping else _newest(mapping)
    while name in mapping and name not in seen:
        seen.add(name)
        branch.append(as_object(mapping[name]))
        name = as_words(branch[-1].get("parent"))
    for node in reversed(branch):
        if (message := _message(as_object(node.get("message")))) is not None:
            yield message


def _newest(mapping: Json) -> str:
    """The node with the latest message; the last of several."""

    def time(name: str) -> float:
        told = as_object(as_object(mapping[name]).get("message")).get("create_time")
        return float(told) if isinstance(told, int | float) else 0.0

    return max(reversed(mapping), key=time)


def _message(found: Json) -> Message | None:
    """What was said and shown; None for tools, hidden context and thoughts."""
    author, metadata, content = (as_object(found.get(key)) for key in ("author", "metadata", "content"))
    speaker = _SPEAKERS.get(as_words(author.get("role")))
    is_hidden = bool(metadata.get("is_visually_hidden_from_conversation"))
    if speaker is None or is_hidden or found.get("recipient") not in (None, "all"):
        return None
    text = _CITATION.sub("", _said(content)).strip()
    return Message(speaker, text, moment(found.get("create_time"))) if text else None


def _said(content: Json) -> str:
    match content.get("content_type"):
        case "text" | "multimodal_text":
            return "\n".join(filter(None, map(_part, as_list(content.get("parts")))))
        case "code":
            language = as_words(content.get("language"))
            return f"```{language if language.isalnum() else ''}\n{as_words(content.get('text'))}\n```"
        case _:
            return ""


def _part(part: object) -> str:
    if isinstance(part, str):
        return part
    found = as_object(part)
    image = "(an image)" if "image" in as_words(found.get("content_type")) else ""
    return as_words(found.get("text")) or image
