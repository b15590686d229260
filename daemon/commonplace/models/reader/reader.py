"""The embedded model: it decides, from the messages alone, what to look at next or what to say."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from commonplace.models.base import Message
from commonplace.models.reader import blocks
from commonplace.models.reader.answer import ask_back, tell
from commonplace.models.reader.conversation import Conversation, read_conversation
from commonplace.models.reader.memory import known_notes
from commonplace.models.reader.question import read_question
from commonplace.models.reader.search import findings, leads

MOST_STEPS = 7


class ReaderModel:
    """A model without weights: it reads facts and links, and says so."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "reader"

    async def stream(self, messages: Sequence[Message]) -> AsyncGenerator[str, None]:
        """Yield the next step as one delta."""
        yield str(next_move(read_conversation(messages)))

    async def close(self) -> None:
        """Nothing is held."""


@dataclass(frozen=True, slots=True)
class Move:
    """What the reader does next: a thought, then either a python block or a reply."""

    thought: str
    code: str = ""
    reply: str = ""

    def __str__(self) -> str:
        thought = f"<think>{self.thought}</think>\n<python>{self.code}</python>"
        return f"{thought}\n<reply>{self.reply}</reply>" if self.reply else thought


def next_move(conversation: Conversation) -> Move:
    """Decide what to do next in the current turn."""
    if not conversation.steps:
        return Move("I look at what I know about you first.", code=blocks.FIRST_LOOK)
    known = known_notes(blocks.notes_read(conversation.steps), blocks.listed_notes(conversation.steps))
    question = read_question(conversation.question)
    found = findings(question, known)
    if found and found[0].is_sure and found[0].accounted > 0.8:
        return Move("x", reply=tell(found[0], {}, yes_or_no=question.yes_or_no))
    if len(conversation.steps) < MOST_STEPS:
        ahead = leads(question, known)
        if ahead:
            paths = [lead.path for lead in ahead[:4]]
            return Move(f"I follow {ahead[0].relation.key}.", code=blocks.read_block(paths))
        if known.unread:
            return Move("I look through the notes that link there.", code=blocks.read_block(known.unread[:5]))
    if found and found[0].is_sure:
        return Move("x", reply=tell(found[0], {}, yes_or_no=question.yes_or_no))
    return Move("No note says it.", reply=ask_back(conversation.question.rstrip("?. "), list(known.notes.values())))
