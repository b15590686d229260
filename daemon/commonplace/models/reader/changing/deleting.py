"""A note deleted, with the links of facts to it; the vault keeps what was deleted for undo. Pure."""

from dataclasses import replace

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer
from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.draft import Done, Draft
from commonplace.models.reader.changing.mentions import look_for_mentions
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.move import Move


def deleting(draft: Draft, path: str, conversation: Conversation) -> Move:
    """Find the notes that link to a note, then take out the links and delete it in one block."""
    steps, note = conversation.steps, draft.known.notes[path]
    if blocks.has_written(steps):
        failed = blocks.failure(steps[-1])
        said = answer.not_written(failed) if failed else answer.changed(draft.changes)
        return Move("The note is gone." if not failed else "The notes were not changed.", reply=said)
    look = look_for_mentions(note, conversation, draft.known)
    if look:
        return look
    for other in draft.known.notes:
        if other != path:
            draft = _unlinked(draft, other, path)
    swaps = [
        edit.merged(other, draft.known.notes[other].text, text)
        for other, text in draft.texts.items()
        if other in draft.known.notes and other != path
    ]
    thought = f"I delete {path} and take out the links to it." if swaps else f"I delete {path}; no fact links to it."
    return Move(thought, code=blocks.draft_block((), swaps, path))


def _unlinked(draft: Draft, place: str, path: str) -> Draft:
    """Return the draft in which the facts of one note no longer link to another."""
    while (note := draft.note(place)) is not None:
        fact = next((one for one in note.facts if any(draft.known.resolve(link) == path for link in one.links)), None)
        if fact is None:
            return draft
        item = next(one for one in fitting.items_of(fact) if draft.known.resolve(one.strip("[]").split("|")[0]) == path)
        left = fitting.without_item(fact, item)
        swap = edit.changed_value(note, fact, left) if left else edit.without_fact(note, fact)
        changed = draft.swapped(swap, Done(place, fact.key, fact.value, left or None))
        if changed.texts[place] == note.text:
            return replace(draft)
        draft = changed
    return draft
