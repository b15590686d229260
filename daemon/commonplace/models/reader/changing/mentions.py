"""Finding the notes that name another, before its name changes or it goes. Pure."""

from commonplace.models.reader import blocks
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import NoteText
from commonplace.models.reader.notes.memory import KnownNotes

MOST_LOOKS = 5
MOST_NOTES_AT_ONCE = 8


def look_for_mentions(note: NoteText, conversation: Conversation, known: KnownNotes) -> Move | None:
    """Look for the notes that name a note, then read them; None once that is done."""
    steps = conversation.steps
    found = blocks.naming_found(steps) if known.lists_all else blocks.memory_found(steps)
    if found is None:
        code = blocks.naming_block((note.title, note.stem)) if known.lists_all else blocks.find_block(note.title)
        return Move(f"I look for the notes that name {note.title}.", code=code)
    unread = [path for path in found if path not in known.notes and path not in known.missing]
    if unread and len(steps) < MOST_LOOKS:
        paths = unread[:MOST_NOTES_AT_ONCE]
        return Move(f"I read {' and '.join(paths)}, which name {note.title}.", code=blocks.read_block(paths))
    return None
