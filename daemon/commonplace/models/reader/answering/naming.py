"""Notes that a question names in a memory too large to list: they are searched for by their names. Pure."""

import re
from collections.abc import Iterator

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.introducing import whom_all_about
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.language.words import STOP_WORDS, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import stem_of_path
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.paths import entity_path

MOST_NAMES = 2
"""Names of a question that are searched for: a comparison has two."""


def look_for_named(conversation: Conversation, known: KnownNotes) -> Move | None:
    """Return the search for a note that a question names, or the look at what it found; None where there is none."""
    if known.lists_all or not conversation.searches:
        return None
    for number, name in enumerate(_unknown_names(conversation.question, known), 1):
        hits = blocks.named_found(conversation.steps, name)
        if hits is None and number <= MOST_NAMES:
            return Move(f"I search for a note called {name}.", code=blocks.find_named_block(name))
        bearing = [path for path in hits or () if _bears(path, name)]
        whole = [path for path in bearing if len(words_of(stem_of_path(path))) == len(words_of(name))]
        chosen = whole or bearing or [entity_path(name)]
        if len(chosen) > 1:
            return Move("The name fits more than one note, so I ask.", reply=saying.which(chosen[:MOST_CHOICES]))
        if chosen and chosen[0] not in known.notes and chosen[0] not in known.missing:
            return Move(f"I read {chosen[0]}: you name it.", code=blocks.read_block(chosen))
    return None


def _unknown_names(question: str, known: KnownNotes) -> Iterator[str]:
    """Yield the names in a question that no note bears which is known so far."""
    for name in (*_NAME.findall(question), *filter(None, [whom_all_about(question)])):
        said = re.sub(r"^(?:the|The|a|an) |['’]s?$", "", name).strip()
        words = [word for word in words_of(said) if word.weight > 0]
        if (
            not words
            or said.casefold() in STOP_WORDS
            or said.split()[0].casefold() in ("my", "our", "i", "me", "myself")
        ):
            continue
        if "@1" not in mark_names(f"about {said}", known).text:
            yield said


def _bears(path: str, name: str) -> bool:
    stems = {word.stem for word in words_of(stem_of_path(path))}
    return all(word.stem in stems for word in words_of(name))


MOST_CHOICES = 5
_NAME = re.compile(
    r"(?<!^)(?<![.!?]\s)\b(?!I\b|I['’])[A-ZÀ-Þ][\w-]*(?:['’](?!s\b)\w+)?"
    r"(?: (?:(?:of|the|de|van|von|and|for) )?[A-ZÀ-Þ\d][\w-]*)*"
)
