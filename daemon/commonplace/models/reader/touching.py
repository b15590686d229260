"""What a remark may speak of: the fact that it touches on, and whether a change can be meant. Pure."""

import re

from commonplace.models.reader import fitting
from commonplace.models.reader.change import Change
from commonplace.models.reader.facts import Fact
from commonplace.models.reader.memory import KnownNotes
from commonplace.models.reader.names import mark_names
from commonplace.models.reader.relating import note_meant
from commonplace.models.reader.topics import topics_of
from commonplace.models.reader.words import words_of


def touched_on(message: str, known: KnownNotes) -> Fact | None:
    """Return the fact that a remark touches on: one of somebody named, or of the user.

    It is the fact of whose value it speaks, of whose key, or of whose topic.
    """
    marked = mark_names(f"about {message}", known)
    notes = [known.notes[path] for path in reversed(spoken_of(message, known)) if path in known.notes]
    said = frozenset(word.stem for word in words_of(re.sub(r"@\d+", " ", marked.text)) if word.weight > 0.5) - _OF_TIME
    for note in notes:
        scored = [(_touches(said, fact), fact) for fact in note.facts if not fact.links]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best and best[0]:
            return best[1]
    return None


def spoken_of(message: str, known: KnownNotes) -> list[str]:
    """Return the notes of whom a remark speaks, the user's first: by name, or as "my sister"."""
    paths = list(mark_names(f"about {message}", known).paths)
    for whose in _RELATED.finditer(message):
        for words in (whose[0], whose[0].rpartition(" ")[0]):
            path = note_meant(words, known) if " " in words else None
            if path and path not in paths:
                paths.append(path)
    return paths


def unknown_names(message: str) -> list[str]:
    """Return what may be names in a remark: the words with capitals, but for the first of a sentence."""
    return list(dict.fromkeys(_NAMES.findall(message)))


def _touches(said: frozenset[str], fact: Fact) -> int:
    """How much of a remark is about a fact: words of its value first, then of its key, then of its topic."""
    value = {word.stem for word in words_of(fact.value)}
    key = {word.stem for word in fact.key_words if word.weight > 0.5}
    topics = topics_of(said - value - key) & topics_of(value | key)
    return 3 * len(said & value) + 2 * len(said & key) + len(topics)


def may_be_meant(change: Change, message: str) -> bool:
    """Say whether a change of the user's own fact is worth asking about: not where somebody else is spoken of."""
    if _OF_SOMEBODY_ELSE.match(message) or not fitting.is_value(change.new):
        return False
    if change.fact.links:
        return change.new[:1].isupper() and len(change.new.split()) <= MOST_NAME_WORDS
    return fitting.same_shape(change.fact.value, change.new)


MOST_NAME_WORDS = 6
_RELATED = re.compile(r"\b(?:my|our) [a-z-]+(?: [a-z-]+)?", re.IGNORECASE)
_NAMES = re.compile(r"(?<!^)(?<![.!?] )\b(?!I\b)[A-ZÀ-Þ][\w'-]*[a-zà-ÿ](?: [A-ZÀ-Þ][\w-]+)*")
_OF_TIME = frozenset(
    word.stem
    for word in words_of("every day week month year morning evening night first second time today big new long good")
)
_OF_SOMEBODY_ELSE = re.compile(r"[A-Z][\w'-]+ [A-Z][\w'-]+ [a-z]")
