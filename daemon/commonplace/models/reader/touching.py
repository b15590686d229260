"""What a remark may speak of: the fact that it touches on, and whether a change can be meant. Pure."""

import re

from commonplace.models.reader import fitting
from commonplace.models.reader.change import Change
from commonplace.models.reader.facts import Fact
from commonplace.models.reader.memory import KnownNotes
from commonplace.models.reader.names import mark_names
from commonplace.models.reader.words import words_of


def touched_on(message: str, known: KnownNotes) -> Fact | None:
    """Return the fact that a remark touches on: one of somebody named, or of the user, whose value it speaks of."""
    marked = mark_names(f"about {message}", known)
    notes = [known.notes[path] for path in reversed(marked.paths) if path in known.notes]
    said = {word.stem for word in words_of(re.sub(r"@\d+", " ", marked.text)) if word.weight > 0.5} - _OF_TIME
    for note in notes:
        scored = [
            (len(said & {word.stem for word in words_of(fact.value)}), fact) for fact in note.facts if not fact.links
        ]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best and best[0]:
            return best[1]
    return None


def may_be_meant(change: Change, message: str) -> bool:
    """Say whether a change of the user's own fact is worth asking about: not where somebody else is spoken of."""
    if _OF_SOMEBODY_ELSE.match(message) or not fitting.is_value(change.new):
        return False
    if change.fact.links:
        return change.new[:1].isupper() and len(change.new.split()) <= MOST_NAME_WORDS
    return fitting.same_shape(change.fact.value, change.new)


MOST_NAME_WORDS = 6
_OF_TIME = frozenset(
    word.stem
    for word in words_of("every day week month year morning evening night first second time today big new long good")
)
_OF_SOMEBODY_ELSE = re.compile(r"[A-Z][\w'-]+ [A-Z][\w'-]+ [a-z]")
