"""What a remark may speak of: the fact that it touches on, and whether a change can be meant. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.models.reader.answering.relating import note_meant
from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.change import Change
from commonplace.models.reader.changing.requests import is_supposed
from commonplace.models.reader.language.topics import PASTIMES, doing_of, keys_touched, topics_of
from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.facts import Fact, NoteText
from commonplace.models.reader.notes.memory import KnownNotes


@dataclass(frozen=True, slots=True)
class Touched:
    """A fact that a remark touches on; ``doing`` is what it may have to say as well: "climbing"."""

    fact: Fact
    doing: str = ""


def touched_on(message: str, known: KnownNotes) -> Touched | None:
    """Return the fact that a remark touches on: one of somebody named, or of the user.

    It is the fact of whose value it speaks, of whose key, or of whose topic.
    """
    marked = mark_names(f"about {message}", known)
    notes = [known.notes[path] for path in reversed(spoken_of(message, known, _DEFINITE)) if path in known.notes]
    said = frozenset(word.stem for word in words_of(re.sub(r"@\d+", " ", marked.text)) if word.weight > 0.5) - _OF_TIME
    doing, keys = doing_of(message), keys_touched(message)
    for note in notes:
        pastime = _first_called(PASTIMES.split(), note) if doing and note.path in marked.paths else None
        if pastime and not said & {word.stem for word in words_of(pastime.value)}:
            return Touched(pastime, doing)
        scored = [
            (_touches(said, fact), fact) for fact in note.facts if not fact.links and fact.key.casefold() != "type"
        ]
        best = max(scored, key=lambda pair: pair[0], default=None)
        if best and best[0]:
            return Touched(best[1])
        of_life = _first_called(keys, note)
        if of_life:
            return Touched(of_life)
    return None


def _first_called(keys: Sequence[str], note: NoteText) -> Fact | None:
    """Return the fact of a note that goes by the first of some keys that it has."""
    for key in keys:
        wanted = words_of(key)
        for fact in note.facts:
            if all(best_likeness(word, fact.key_words) >= 0.85 for word in wanted):
                return fact
    return None


def spoken_of(message: str, known: KnownNotes, described: "re.Pattern[str] | None" = None) -> list[str]:
    """Return the notes of whom a remark speaks, the user's first: by name, or as "my sister" or as ``described``."""
    paths = list(mark_names(f"about {message}", known).paths)
    for whose in (described or _RELATED).finditer(message.replace("’", "'")):
        for words in (whose[0].removesuffix("'"), whose[0].rpartition(" ")[0]):
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


def may_be_meant(change: Change, message: str, known: KnownNotes) -> bool:
    """Say whether a change of the user's own fact is worth asking about: not where somebody else is spoken of."""
    if _OF_SOMEBODY_ELSE.search(message) or is_supposed(message) or not fitting.is_value(change.new):
        return False
    if re.match(r"about @[1-9]", mark_names(f"about {message}", known).text):
        return False
    if change.fact.links:
        before = re.search(rf"(\w+) {re.escape(change.new)}(?! any ?more)", message)
        named = fitting.is_name(change.new)
        return named and before is not None and before[1].casefold() not in _BEFORE_A_TIME
    return fitting.same_shape(change.fact.value, change.new) and not _UNFINISHED.search(change.new)


_RELATED = re.compile(r"\b(?:my|our) [a-z-]+(?: [a-z-]+)?", re.IGNORECASE)
_DEFINITE = re.compile(r"\b(?:my|our|the) [a-z-]+(?: [a-z-]+)?", re.IGNORECASE)
_NAMES = re.compile(r"(?<!^)(?<![.!?] )\b(?!I\b)[A-ZÀ-Þ][\w'-]*[a-zà-ÿ](?: [A-ZÀ-Þ][\w-]+)*")
_OF_TIME = frozenset(
    word.stem
    for word in words_of("every day week month year morning evening night first second time today big new long good")
)
_OF_SOMEBODY_ELSE = re.compile(
    r"^[A-Z][\w'-]+ [A-Z][\w'-]+ [a-z]|\b(?:my|our|the) [a-z -]+['’]s [a-z]|[A-Z]\w+['’]s [a-z]"
)
_UNFINISHED = re.compile(r"\b(?:to|of|in|on|at|by|for|with|from|the|an?|and|or|than)$", re.IGNORECASE)
_BEFORE_A_TIME = frozenset(("next", "last", "this", "in", "on", "since", "until", "every", "before", "after", "by"))
