"""Sentences that answer a question in the words of the note: what no fact says may stand in prose. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.message.question import Question
from commonplace.models.reader.notes.facts import NoteText, without_links
from commonplace.models.reader.notes.memory import KnownNotes

LONGEST = 240
"""Characters of a sentence that is quoted."""
ENOUGH = 0.8
"""The share of the question's words that a sentence and its note must hold."""
FEWEST = 2
"""Words of the question that the sentence itself must hold."""
SAME = 0.7


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a note."""

    path: str
    text: str
    score: float
    number: int = -1
    """The line that it stands in, counted from 0; -1 where that is not known."""


def quote(
    question: Question, known: KnownNotes, about: Sequence[str], found: Iterable[tuple[str, str]]
) -> Quote | None:
    """Return the sentence that holds nearly all that is asked for, of notes that were read or lines that were found.

    ``about`` are the notes that the question is about; their sentences need not name them again.
    """
    asked = [term.word for term in question.terms if term.weight > 0.5]
    quotes = [
        *(one for note in known.notes.values() for one in _in_note(asked, note, known, note.path in about)),
        *(
            one
            for path, line in found
            if not _NO_PROSE.match(line)
            for one in _in_line(asked, path, words_of(path), line)
        ),
    ]
    return max(quotes, key=lambda one: one.score, default=None)


def _in_note(asked: Sequence[Word], note: NoteText, known: KnownNotes, is_about: bool) -> Iterator[Quote]:
    around = (*known.called(note.path), *known.linked_as(note.path), *known.roles(note.path)) if is_about else ()
    around = (*around, *words_of(note.title))
    heading = ""
    for number, line in enumerate(note.text.split("\n")):
        if line.startswith("#"):
            heading = line
        elif line.strip() and not _NO_PROSE.match(line):
            here = (*around, *words_of(heading)) if heading.startswith("##") else around
            yield from _in_line(asked, note.path, here, line, number)


def _in_line(asked: Sequence[Word], path: str, around: Sequence[Word], line: str, number: int = -1) -> Iterator[Quote]:
    for sentence in _SENTENCES.split(_ITEM.sub("", line.strip())):
        words = words_of(sentence)
        here = [word for word in asked if best_likeness(word, words) >= SAME]
        there = [word for word in asked if word not in here and best_likeness(word, around) >= SAME]
        share = (len(here) + 0.9 * len(there)) / len(asked) if asked else 0.0
        if len(here) >= FEWEST and share >= ENOUGH and len(words) > len(here):
            yield Quote(path, without_links(sentence)[:LONGEST], share, number)


_NO_PROSE = re.compile(r"^\s*(?:#|\||[-*+]\s+[^.!?]{0,60}:|[^.!?\s][^.!?]{0,60}::?\s)")
"""A row of a table, or a fact."""
_ITEM = re.compile(r"^(?:[-*+]\s+|>\s*)")
_SENTENCES = re.compile(r"(?<=[.!?;])\s+")
