"""Telling who or what something is: all that a note says, and how the user is tied to it. Pure."""

import re

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer
from commonplace.models.reader.answering.relating import note_meant
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import Fact, title_of_path
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.withholding.filters import forbids


def introduced(conversation: Conversation, known: KnownNotes) -> Move | None:
    """Return the answer to "all about X" and "who is X", or the look that it takes; None for any other question."""
    whole = _ALL_ABOUT.search(conversation.question)
    if whole:
        return _summarise(whole["who"] or whole["i"], conversation, known)
    marked = mark_names(conversation.question, known)
    if _WHO_IS.fullmatch(marked.text) and not marked.unclear:
        return _introduce(marked.paths[1], conversation, known)
    return None


def whom_all_about(question: str) -> str:
    """Return of whom all is to be told, "" where the question asks for something else."""
    whole = _ALL_ABOUT.search(question)
    return (whole["who"] or "") if whole else ""


def _summarise(who: str, conversation: Conversation, known: KnownNotes) -> Move:
    """Tell what a whole note says: the user's own, or that of somebody named."""
    path = "user.md" if who.casefold() in ("me", "i", "myself") else note_meant(who, known)
    if path is None:
        return Move(f"No note is about {who}.", reply=answer.no_note_about(who))
    return _introduce(path, conversation, known)


def _introduce(path: str, conversation: Conversation, known: KnownNotes) -> Move:
    note = known.notes.get(path)
    if note is None and path in known.missing:
        return Move(f"{path} cannot be read.", reply=answer.no_note_about(title_of_path(path)))
    if note is None:
        return Move(f"I read {path}, which is about that.", code=blocks.read_block([path]))
    told = [fact for fact in note.facts if not forbids(conversation.filters, note, fact)]
    if note.facts and not told:
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    tie = _tie(path, conversation.filters, known)
    said = answer.tie(note, tie, known.notes[tie.note]) if tie else ""
    return Move(f"I tell what {path} says.", reply=" ".join(filter(None, (said, answer.summary(note, told)))))


def _tie(path: str, filters: str, known: KnownNotes) -> Fact | None:
    """Return what ties somebody to the user, else to whoever names them."""
    here = [hop.relation for hop in known.hops(path) if hop.relation.note == hop.target and hop.relation.key]
    told = [fact for fact in here if not forbids(filters, known.notes[fact.note], fact)]
    own = [fact for fact in told if fact.note == "user.md"]
    return next(iter(own or told), None) if path != "user.md" else None


_WHO_IS = re.compile(r"(?:please )?(?:(?:can you )?tell @0 )?(?:who|what) (?:is|was|are) @1|who @1 (?:is|was)")
_ALL_ABOUT = re.compile(
    r"\b(?:tell me|what do (?:you|i|we) know|what is known|what have you|everything|all)\b.*?"
    r"\babout (?P<who>[^?.!]+?)\W*$"
    r"|^\W*who am (?P<i>i)\W*$",
    re.IGNORECASE,
)
