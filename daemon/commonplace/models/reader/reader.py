"""The embedded model: it decides, from the messages alone, what to look at next or what to say."""

import re
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from commonplace.models.base import Message, Meter
from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer
from commonplace.models.reader.answering.looking import answer_question, search_words
from commonplace.models.reader.changing.shortly import read_short_answer
from commonplace.models.reader.changing.statement import Does, Statement
from commonplace.models.reader.changing.writing import keep, keep_answer, keep_first
from commonplace.models.reader.conversation import Conversation, read_conversation
from commonplace.models.reader.message.intent import Intent, read_intent
from commonplace.models.reader.message.languages import foreign_reply
from commonplace.models.reader.message.question import read_question
from commonplace.models.reader.message.referring import has_open_pronoun, with_name
from commonplace.models.reader.message.typed import is_named_thing
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import without_links
from commonplace.models.reader.notes.memory import KnownNotes, known_notes
from commonplace.models.reader.withholding.filters import forbids, withheld
from commonplace.models.reader.withholding.hidden_names import keep_names, spelled_out


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
    if steps[-1].error and not blocks.has_written(steps) and not blocks.is_search(steps[-1]):
        return Move("The look failed.", reply=answer.not_read(steps[-1].error))
    for path in blocks.cut_notes(steps):
        words = search_words(conversation.question)
        return Move(f"{path} is long: I search it for the words that matter.", code=blocks.search_block(path, words))
    read = blocks.notes_read(steps)
    outside = [path for path in read if path not in listed]
    known = known_notes(read, (*listed, *outside), lists_all=blocks.lists_all(steps))
    unreadable = blocks.unreadable(steps)
    if known.user is None and unreadable:
        return Move("user.md is there and cannot be read.", reply=answer.not_read(unreadable))
    if known.user is None:
        return _first_run(intent, conversation)
    conversation = replace(conversation, filters=spelled_out(conversation.filters, known))
    move = _in_a_known_memory(intent, conversation, known)
    move = move if intent is Intent.QUESTION else _within_filters(move, conversation, known)
    return keep_names(move, conversation, known)


def _within_filters(move: Move, conversation: Conversation, known: KnownNotes) -> Move:
    """Keep what a filter forbids out of the reply to a change or a remark, which names what stands in a note."""
    if not move.reply or not conversation.filters:
        return move
    for note in known.notes.values():
        for fact in note.statements:
            value = without_links(fact.value).rstrip(".")
            if value in move.reply and forbids(conversation.filters, note, fact):
                written = blocks.has_written(conversation.steps)
                return Move(
                    "A filter forbids to tell what stood there.", reply=answer.DONE if written else answer.WHAT_TO_WRITE
                )
    return move


def _in_a_known_memory(intent: Intent, conversation: Conversation, known: KnownNotes) -> Move:
    message = conversation.question
    chosen = _chosen(conversation, known)
    if chosen:
        return keep_answer(chosen, conversation, known)
    match intent:
        case Intent.QUESTION:
            return _answer(conversation, withheld(conversation.filters, known))
        case Intent.CHANGE | Intent.FORGET:
            return keep(message, conversation, known, asked=True)
        case Intent.YES:
            return _agreed(conversation, known)
        case _:
            completed = _completed(conversation)
            if completed:
                return keep(completed, conversation, known, asked=True)
            answered = _answered(conversation)
            if answered:
                return keep_answer(answered, conversation, known)
            if is_named_thing(message):
                return _answer(conversation, withheld(conversation.filters, known))
            return keep(message, conversation, known, asked=False)


def _answer(conversation: Conversation, known: KnownNotes) -> Move:
    """Answer a question; "she" is whom the last exchange spoke of."""
    if not has_open_pronoun(conversation.question):
        return answer_question(conversation, known)
    named = with_name(conversation.question, conversation.earlier, known)
    if named is None:
        return Move("Nobody was spoken of yet, so I ask.", reply=answer.ASK_WHOM)
    return answer_question(replace(conversation, question=named), known)


def _agreed(conversation: Conversation, known: KnownNotes) -> Move:
    """Do what the last reply proposed: the change that the message before it spoke of."""
    last = conversation.earlier[-1] if conversation.earlier else None
    if last is None or not answer.proposes(last.reply):
        return Move("I proposed nothing that this could agree to.", reply=answer.ask_what())
    return keep(last.question, conversation, known, asked=True, agreed=True)


def _chosen(conversation: Conversation, known: KnownNotes) -> Statement | None:
    """Read a short message after an offer to add something, or to put it in the place of what stands there."""
    offer = answer.offered(conversation.earlier[-1].reply) if conversation.earlier else None
    chosen = _CHOICE.match(conversation.question)
    if offer is None or chosen is None or offer[0] not in known.notes:
        return None
    path, key, value = offer
    owner = "" if path == "user.md" else known.notes[path].title
    does = Does.SETS if chosen["instead"] else Does.ADDS
    return Statement(does, owner, (key,), value, is_asked=True, must_stand=True)


def _completed(conversation: Conversation) -> str:
    """Return the request that was asked back about, with the value that the message gives; "" where it gives none."""
    last = conversation.earlier[-1] if conversation.earlier else None
    value = read_short_answer(re.sub(r"^\W*to ", "", conversation.question, flags=re.IGNORECASE))
    if last is None or not answer.asks_value(last.reply) or not value:
        return ""
    verb = re.sub(r"^\W*(?:please )?\w+(?: back| forward)?", "Change", last.question)
    return f"{verb.rstrip(' .!?')} to {value}"


def _answered(conversation: Conversation) -> Statement | None:
    """Read a short message after a question that was asked back as the answer to it."""
    last = conversation.earlier[-1] if conversation.earlier else None
    if last is None or not answer.asks_back(last.reply) or len(conversation.question.split()) > _SHORT:
        return None
    asked = read_question(last.question)
    value = read_short_answer(conversation.question)
    if not (asked.head and asked.about_user and value):
        return None
    return Statement(Does.SETS, "", (" ".join(term.word.text for term in asked.head),), value, is_asked=True)


def _first_run(intent: Intent, conversation: Conversation) -> Move:
    if blocks.has_written(conversation.steps):
        failed = blocks.failure(conversation.steps[-1])
        return Move("user.md is begun.", reply=answer.not_written(failed) if failed else answer.BEGUN)
    begun = [] if intent is Intent.QUESTION else keep_first(conversation.question)
    if not begun:
        return Move("There is no user.md: nothing is known yet.", reply=answer.FIRST_RUN)
    return Move("There is no user.md yet: I begin it with this.", code=blocks.draft_block(begun, ()))


_CHOICE = re.compile(
    r"^\W*(?:(?:yes|yeah|please|ok|okay|sure|just)\W+)*"
    r"(?:(?P<instead>(?:put (?:it|that) in|replace|swap|change|in (?:its|the) place|instead)\b.*)"
    r"|(?:(?:yes|yeah|sure|ok|okay)|(?:add|keep both|both|as well|too)\b.{0,30}))\W*$",
    re.IGNORECASE,
)
"""What answers an offer to add something or to put it in the place of another."""
_SHORT = 8
"""Words of a message that is still read as an answer to what was asked back."""

_SAID_AT_ONCE = {
    Intent.NOTHING: Move("The message has no words.", reply=answer.NOTHING_ASKED),
    Intent.WHO_ARE_YOU: Move("I am asked what I am.", reply=answer.WHO_I_AM),
    Intent.GREETING: Move("A greeting needs no note.", reply=answer.GREETING),
    Intent.UNDO: Move("To take a turn back is the user's to do.", reply=answer.HOW_TO_UNDO),
    Intent.NO: Move("Nothing is to be changed.", reply=answer.NOT_CHANGED),
}
