"""The export of Claude: ``conversations.json``, each conversation a list of messages."""

from collections.abc import Iterator

from commonplace.importers.conversations import Conversation, ConversationExport, Message
from commonplace.importers.values import Json, as_list, as_object, as_words, moment

_SPEAKERS = {"human": "You", "assistant": "Claude"}


class Claude(ConversationExport):
    """Conversations: what was said, without tools and thoughts; files by their names."""

    name = "claude"
    label = "Claude"

    def read(self, found: Json) -> Conversation | None:
        """See ``ConversationExport``."""
        id_ = as_words(found.get("uuid"))
        if not id_ or not isinstance(found.get("chat_messages"), list):
            return None
        messages = [
            message
            for told in as_list(found.get("chat_messages"))
            if (message := _message(as_object(told))) is not None
        ]
        attached = [
            file
            for told in map(as_object, as_list(found.get("chat_messages")))
            for file in map(as_object, as_list(told.get("attachments")))
        ]
        unread = sum(1 for file in attached if file.get("extracted_content"))
        return Conversation(id_, as_words(found.get("name")), moment(found.get("created_at")), messages, unread)


def _message(found: Json) -> Message | None:
    speaker = _SPEAKERS.get(as_words(found.get("sender")))
    text = "\n".join(filter(None, [_said(found), *_files(found)]))
    return Message(speaker, text, moment(found.get("created_at"))) if speaker and text else None


def _said(message: Json) -> str:
    """The blocks of text; older exports have one text instead."""
    blocks = map(as_object, as_list(message.get("content")))
    texts = [as_words(block.get("text")) for block in blocks if block.get("type") == "text"]
    return "\n\n".join(texts).strip() or as_words(message.get("text")).strip()


def _files(message: Json) -> Iterator[str]:
    for key in ("attachments", "files"):
        for file in map(as_object, as_list(message.get(key))):
            if name := as_words(file.get("file_name")):
                yield f"(attached: {name})"
