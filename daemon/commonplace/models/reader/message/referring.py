"""Whom "she", "his" or "it" means: the last note that was spoken of; a message says its name instead. Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.conversation import Exchange
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.facts import title_of_path
from commonplace.models.reader.notes.memory import KnownNotes


def has_open_pronoun(message: str) -> bool:
    """Say whether a question asks about "she" or "his" without having named anybody."""
    pronoun = _PRONOUN.search(message)
    return pronoun is not None and not _NAMES.search(message[: pronoun.start()])


def with_name(message: str, earlier: Sequence[Exchange], known: KnownNotes) -> str | None:
    """Return a question with the name of whom or what it means, or None where nobody was spoken of.

    "It" may mean nothing at all: the question stays as it is where nothing was spoken of.
    """
    is_thing = _THING.search(message) is not None
    path = _first_spoken_of(earlier, known) if is_thing else last_spoken_of(earlier, known)
    if path is None:
        return message if is_thing else None
    name = known.notes[path].title if path in known.notes else title_of_path(path)
    return _PRONOUN.sub(lambda found: f"{name}'s" if _is_possessive(found, message) else name, message, count=1)


def last_spoken_of(earlier: Sequence[Exchange], known: KnownNotes) -> str | None:
    """Return the note that the last exchange spoke of last, the user's aside."""
    if not earlier:
        return None
    for text in (earlier[-1].reply, earlier[-1].question):
        named = _named_in(text, known)
        if named:
            return named[-1]
    return None


def _first_spoken_of(earlier: Sequence[Exchange], known: KnownNotes) -> str | None:
    """Return the note that the last exchange was about: the first that the user named, or else the reply."""
    if not earlier:
        return None
    for text in (earlier[-1].question, earlier[-1].reply):
        named = _named_in(text, known)
        if named:
            return named[0]
    return None


def _named_in(text: str, known: KnownNotes) -> list[str]:
    """Return the notes that a text names, in its order, the user's aside."""
    marked = mark_names(f"about {_PLACE.sub('', text)}", known)
    return [marked.paths[int(mark)] for mark in re.findall(r"@(\d+)", marked.text) if mark != "0"]


def _is_possessive(found: re.Match[str], message: str) -> bool:
    word = found[0].casefold()
    return word in ("his", "its", "their") or (word == "her" and message[found.end() :].strip(" ?.!") != "")


_PLACE = re.compile(r" \([^()]*\.md[^()]*\)")
_IT = r"(?<!time is )(?<!day is )\bits?\b(?! (?:true|raining|snowing|going|possible|ok|okay|called|that|to)\b)"
_PRONOUN = re.compile(rf"\b(?:he|she|his|her|him|they|their|them)\b|{_IT}", re.IGNORECASE)
_THING = re.compile(_IT, re.IGNORECASE)
_NAMES = re.compile(r"^\W*who(?:se)?\b|\b(?:my|our|the) \w|(?<!^)\b[A-Z][a-z]")
