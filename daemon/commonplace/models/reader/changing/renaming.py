"""A name corrected everywhere it stands: its note's file and title, the links to it, the text of other notes. Pure."""

import calendar
import re

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer
from commonplace.models.reader.changing import edit
from commonplace.models.reader.changing.draft import Draft
from commonplace.models.reader.changing.mentions import look_for_mentions
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import stem_of_path
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.paths import entity_path


def renaming(draft: Draft, renamed: tuple[str, str], conversation: Conversation) -> Move:
    """Find the notes that say a name, then change it in all of them in one block."""
    path, name = renamed
    known, steps = draft.known, conversation.steps
    note = known.notes[path]
    new_path = f"{path.rpartition('/')[0]}/{stem_of_path(entity_path(name))}.md"
    if blocks.has_written(steps):
        failed = blocks.failure(steps[-1])
        said = answer.not_written(failed) if failed else answer.renamed(note.title, name, new_path)
        return Move("The name is changed.", reply=said)
    if new_path in known.listed and new_path != path:
        return Move("There is a note of that name, so I ask.", reply=answer.name_is_taken(name, new_path))
    look = look_for_mentions(note, conversation, known)
    if look:
        return look

    def corrected(text: str) -> str:
        return _corrected(text, path, new_path, note.title, name, known)

    swaps = [
        edit.merged(other, text.text, changed)
        for other, text in known.notes.items()
        if other != path and (changed := corrected(draft.texts.get(other, text.text))) != text.text
    ]
    own = corrected(draft.texts.get(path, note.text))
    thought = f"I change the name in {path} and in {len(swaps)} notes that name it."
    if new_path == path:
        return Move(thought, code=blocks.draft_block((), [edit.merged(path, note.text, own), *swaps]))
    return Move(thought, code=blocks.draft_block([(new_path, own)], swaps, path))


def _corrected(text: str, path: str, new_path: str, old: str, new: str, known: KnownNotes) -> str:
    """Return a text that says the new name, and links to its note."""

    def link(match: re.Match[str]) -> str:
        target = match["target"]
        if known.resolve(target.strip()) != path:
            return match[0]
        stem = stem_of_path(target.strip())
        if new_path == path:
            return match[0]
        changed = target.replace(stem, stem_of_path(new_path))
        shown = f"|{new}" if stem == old and match["rest"] == "]]" else ""
        return f"[[{changed}{shown}{match['rest']}"

    linked = _LINK.sub(link, text)
    before = r"^#\s+" if old.casefold() in _TIMES else r"(?<![\w/])"
    return re.sub(rf"(?m)({before}){re.escape(old)}(?!\w)", lambda found: found[1] + new, linked)


_TIMES = {name.casefold() for name in (*calendar.month_name, *calendar.month_abbr, *calendar.day_name) if name}
"""Names that a date has as well: where "June" stands in a text, a month may be meant, so only titles are changed."""
_LINK = re.compile(r"\[\[(?P<target>[^\]|#\n]+)(?P<rest>[^\]\n]*\]\])")
