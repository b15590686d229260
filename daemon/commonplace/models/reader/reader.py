"""The embedded model: it decides, from the messages alone, what to look at next or what to say."""

from collections.abc import AsyncGenerator, Sequence

from commonplace.models.base import Message, Meter
from commonplace.models.reader import answer, blocks, edit
from commonplace.models.reader.conversation import Conversation, read_conversation
from commonplace.models.reader.intent import Intent, read_intent
from commonplace.models.reader.languages import foreign_reply
from commonplace.models.reader.looking import answer_question, search_words
from commonplace.models.reader.memory import KnownNotes, known_notes
from commonplace.models.reader.move import Move
from commonplace.models.reader.question import read_question
from commonplace.models.reader.telling import Telling, read_short_answer, read_telling
from commonplace.models.reader.writing import forget, keep_told, propose_change, write_change


class ReaderModel:
    """A model without weights: it reads facts and links, and says so."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return "reader"

    async def stream(self, messages: Sequence[Message], meter: Meter | None = None) -> AsyncGenerator[str, None]:
        """Yield the next step as one delta."""
        yield str(next_move(read_conversation(messages)))

    async def close(self) -> None:
        """Nothing is held."""


def next_move(conversation: Conversation) -> Move:
    """Decide what to do next in the current turn."""
    intent = read_intent(conversation.question)
    if intent in _SAID_AT_ONCE:
        return _SAID_AT_ONCE[intent]
    foreign = foreign_reply(conversation.question)
    if foreign:
        return Move("That is not English, which is all I read.", reply=foreign)
    if not conversation.steps:
        return Move("I look at what I know about you first.", code=blocks.FIRST_LOOK)
    steps, listed = conversation.steps, blocks.listed_notes(conversation.steps)
    if steps[-1].error and not blocks.has_written(steps):
        return Move("The look failed.", reply=answer.not_read(steps[-1].error))
    for path in blocks.cut_notes(steps):
        words = search_words(conversation.question)
        return Move(f"{path} is long: I search it for the words that matter.", code=blocks.search_block(path, words))
    known = known_notes(blocks.notes_read(steps), listed, lists_all=blocks.lists_all(steps))
    unreadable = blocks.unreadable(steps)
    if known.user is None and unreadable:
        return Move("user.md is there and cannot be read.", reply=answer.not_read(unreadable))
    if known.user is None:
        return _first_run(conversation)
    return _in_a_known_memory(intent, conversation, known)


def _in_a_known_memory(intent: Intent, conversation: Conversation, known: KnownNotes) -> Move:
    message = conversation.question
    match intent:
        case Intent.QUESTION:
            return answer_question(conversation, known)
        case Intent.CHANGE:
            return write_change(message, conversation, known)
        case Intent.FORGET:
            return forget(message, conversation, known)
        case Intent.YES:
            return _agreed(conversation, known)
        case _:
            telling = read_telling(message) if intent is Intent.TOLD else _answered(conversation)
            return keep_told(telling, conversation, known) if telling else propose_change(message, known)


def _agreed(conversation: Conversation, known: KnownNotes) -> Move:
    """Do what the last reply proposed: the change that the message before it spoke of."""
    last = conversation.earlier[-1] if conversation.earlier else None
    if last is None or "Shall I change it" not in last.reply:
        return Move("I proposed nothing that this could agree to.", reply=answer.ask_what())
    return write_change(last.question, conversation, known)


def _answered(conversation: Conversation) -> Telling | None:
    """Read a short message after a question that was asked back as the answer to it."""
    last = conversation.earlier[-1] if conversation.earlier else None
    if last is None or not answer.asks_back(last.reply) or len(conversation.question.split()) > _SHORT:
        return None
    asked = read_question(last.question)
    value = read_short_answer(conversation.question)
    if not (asked.head and asked.about_user and value):
        return None
    return Telling("", " ".join(term.word.text for term in asked.head), value)


def _first_run(conversation: Conversation) -> Move:
    if blocks.has_written(conversation.steps):
        failed = blocks.failure(conversation.steps[-1])
        return Move("user.md is begun.", reply=answer.not_written(failed) if failed else answer.BEGUN)
    telling = read_telling(conversation.question)
    if telling is None or telling.owner:
        return Move("There is no user.md: nothing is known yet.", reply=answer.FIRST_RUN)
    text = edit.new_user_note(telling.key, telling.value)
    return Move("There is no user.md yet: I begin it with this.", code=blocks.create_block("user.md", text))


_SHORT = 8
"""Words of a message that is still read as an answer to what was asked back."""

_SAID_AT_ONCE = {
    Intent.NOTHING: Move("The message has no words.", reply=answer.NOTHING_ASKED),
    Intent.WHO_ARE_YOU: Move("I am asked what I am.", reply=answer.WHO_I_AM),
    Intent.GREETING: Move("A greeting needs no note.", reply=answer.GREETING),
    Intent.NO: Move("Nothing is to be changed.", reply=answer.NOT_CHANGED),
}
