"""Changing what the notes say: understand what is stated, write it in the notes' own style, report. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer, saying
from commonplace.models.reader.answering.looking import answer_question, understand
from commonplace.models.reader.block_text import Swap
from commonplace.models.reader.changing import edit
from commonplace.models.reader.changing.change import Change, read_change, split_request
from commonplace.models.reader.changing.deleting import deleting
from commonplace.models.reader.changing.draft import Done, Draft, Reads
from commonplace.models.reader.changing.drafting import drafted
from commonplace.models.reader.changing.foreseeing import as_if_it_were_so
from commonplace.models.reader.changing.keeping import kept_freely, proposed_to_keep
from commonplace.models.reader.changing.linking import pointed
from commonplace.models.reader.changing.planning import planned, vaguely, wanted_changed
from commonplace.models.reader.changing.renaming import renaming
from commonplace.models.reader.changing.rows import asks_for_a_row, with_row
from commonplace.models.reader.changing.statement import Statement
from commonplace.models.reader.changing.touching import may_be_meant, spoken_of, touched_on, unknown_names
from commonplace.models.reader.conversation import Conversation, Step
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.message.referring import last_spoken_of
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import Fact, read_note, stem_of_path
from commonplace.models.reader.notes.memory import KnownNotes

MOST_LOOKS = 6
MOST_NOTES_AT_ONCE = 8


def keep(message: str, conversation: Conversation, known: KnownNotes, *, asked: bool, agreed: bool = False) -> Move:
    """Write what a message states, or ask; what contradicts a note is asked about first unless ``agreed``."""
    reads = Reads()
    start = replace(_start(conversation.steps, known), subject=last_spoken_of(conversation.earlier, known) or "")
    draft = _described(message, start, reads) if asked and _tells_how_it_is(message) else None
    draft = draft or with_row(message, start, reads)
    if draft is None and not asks_for_a_row(message):
        draft = planned(message, start, reads)
    look = _look(reads, draft, conversation)
    if look:
        return look
    draft = draft or kept_freely(message, start, reads)
    if draft is None:
        return _not_understood(message, conversation, known, asked=asked, agreed=agreed)
    return _carried_out(draft, conversation, agreed=agreed)


def keep_answer(said: Statement, conversation: Conversation, known: KnownNotes) -> Move:
    """Keep what the user said when asked back for it."""
    draft = drafted(said, _start(conversation.steps, known), Reads())
    if draft is None:
        return Move("That is no value that I could keep, so I ask.", reply=answer.ask_what())
    return _carried_out(draft, conversation, agreed=False)


def keep_first(message: str) -> list[tuple[str, str]]:
    """Return the notes with which a memory begins, by what the first message states; none where it states nothing."""
    empty = read_note("user.md", edit.NEW_USER_NOTE)
    start = Draft(KnownNotes({"user.md": empty}, ("user.md",)))
    draft = planned(message, start, Reads())
    return list(draft.texts.items()) if draft and "user.md" in draft.texts else []


def _start(steps: Sequence[Step], known: KnownNotes) -> Draft:
    """Return the empty draft, with what refused writes told of notes that are about a name already."""
    draft = Draft(known)
    for step in steps:
        failed = blocks.failure(step) if blocks.has_written([step]) else ""
        made = blocks.created(step)
        about = re.search(r"(entities/\S+\.md) is about", failed)
        card = re.search(r"add the line '- note: (\[\[[^\]]+\]\])'", failed)
        refused = blocks.refused(step)
        if refused and about:
            draft = replace(draft, links={**draft.links, refused[1]: about[1]})
        if refused and card:
            draft = replace(draft, cards={**draft.cards, refused[0]: card[1]})
        draft = replace(draft, written=(*draft.written, *made))
    return draft


def _look(reads: Reads, draft: Draft | None, conversation: Conversation) -> Move | None:
    """Read the notes that it takes to understand a message."""
    known = blocks.notes_read(conversation.steps)
    first = [path for path in reads.first if path not in known]
    late = [path for path in reads.late if path not in known] if draft is None else []
    paths = (first or late)[:MOST_NOTES_AT_ONCE]
    if not paths or len(conversation.steps) >= MOST_LOOKS or blocks.has_written(conversation.steps):
        return None
    why = "whose fact it is" if first else "which may say what is meant"
    return Move(f"I read {' and '.join(paths)}, {why}.", code=blocks.read_block(paths))


def _carried_out(draft: Draft, conversation: Conversation, *, agreed: bool) -> Move:
    """Ask about a draft that contradicts a note, else write it, or report how the writing went."""
    steps = [step for step in conversation.steps if blocks.has_written([step])]
    partly = set(blocks.read_in_part(conversation.steps))
    if not steps and (long := next((done.path for done in draft.done if done.old is None and done.path in partly), "")):
        return Move(f"{long} is too long to be read whole: it may say so already.", reply=answer.too_long(long))
    if not agreed and not steps and any(done.is_asked_first for done in draft.changes):
        return Move("That contradicts the note, so I ask first.", reply=answer.propose(_differing(draft)))
    if all(done.old == done.new for done in draft.changes):
        return Move("That stands there already.", reply=answer.known_already(draft.done[0]))
    if draft.renamed:
        return renaming(draft, draft.renamed, conversation)
    if draft.deleted:
        return deleting(draft, draft.deleted[0], conversation)
    failed = blocks.failure(steps[-1]) if steps else ""
    if steps and not failed:
        return Move("It is written.", reply=answer.changed(draft.done))
    code = blocks.draft_block(_creations(draft), _swaps(draft))
    if failed:
        if several := re.search(r"Several notes could be about [^:]*: (.+\]\])\. Ask", failed):
            return Move("Several notes bear that name, so I ask.", reply=answer.ask_which(several[1]))
        if len(steps) > 2 or code == steps[-1].code:
            return Move("The notes were not changed.", reply=answer.not_written(failed))
    return Move(_why(draft), code=code)


def _differing(draft: Draft) -> list[Done]:
    return [done for done in draft.changes if done.old != done.new or done.is_whole]


def _creations(draft: Draft) -> list[tuple[str, str]]:
    return [(path, text) for path, text in draft.texts.items() if draft.created(path) and path not in draft.written]


def _swaps(draft: Draft) -> list[Swap]:
    changed = [path for path in draft.texts if path in draft.known.notes]
    return [
        edit.merged(path, draft.known.notes[path].text, draft.texts[path])
        for path in changed
        if draft.texts[path] != draft.known.notes[path].text
    ]


def _why(draft: Draft) -> str:
    new = [path for path, _ in _creations(draft)]
    paths = list(dict.fromkeys(done.path for done in draft.done if done.path not in new))
    into = f"I write it into {' and '.join(paths)}, as the other facts there are written." if paths else ""
    return " ".join(part for part in (into, f"{' and '.join(new)} is new." if new else "") if part)


def _tells_how_it_is(message: str) -> bool:
    """Say whether a request names a topic of the user's own and then tells at length how it is now."""
    topic, body = split_request(message)
    return topic != body and len(message.split()) > _FEW_WORDS and _OF_OTHERS.search(topic) is None


def _described(message: str, start: Draft, reads: Reads) -> Draft | None:
    """Read a request that describes how it is now: "I need to update my job - I'm no longer ..., I became ..."."""
    change = read_change(message, start.known)
    return _drafted_change(change, start) if change else None


def _named_and_unread(message: str, conversation: Conversation, known: KnownNotes) -> list[str]:
    if len(conversation.steps) >= MOST_LOOKS:
        return []
    named = spoken_of(message, known)
    return [path for path in named if path not in known.notes and path not in known.missing][:MOST_NOTES_AT_ONCE]


def _asked_for(message: str, conversation: Conversation, known: KnownNotes) -> Move | None:
    """Find what a request wants changed as a question for it would, and ask to what."""
    what = wanted_changed(message)
    if not what:
        return None
    question = f"What is {what}?"
    _, found = understand(question, known)
    facts = {match.fact for match in found.evidence} if found else set[Fact]()
    if len(facts) == 1:
        return Move("It is not said to what, so I ask.", reply=answer.ask_value(facts.pop()))
    looked = answer_question(replace(conversation, question=question), known)
    return looked if looked.code else None


def _seek(message: str, conversation: Conversation, known: KnownNotes) -> Move | None:
    """In a memory too large to list, search for whom a remark names, and read the note that is found."""
    names = unknown_names(message)
    if known.lists_all or not names or not conversation.searches or len(spoken_of(message, known)) > 1:
        return None
    if not blocks.has_searched(conversation.steps):
        return Move(f"I search all notes for {names[0]}.", code=blocks.find_block(names[0]))
    said = names[0].casefold().split()[0]
    for path in dict.fromkeys(path for path, _ in blocks.lines_found(conversation.steps)):
        if said in stem_of_path(path).casefold().split("_") and path not in known.notes:
            return Move(f"{path} is whom you name.", code=blocks.read_block([path]))
    return None


def _still_to_come(message: str, start: Draft, conversation: Conversation, *, agreed: bool) -> Move | None:
    """Ask whether what will be is to be written already."""
    plain = as_if_it_were_so(message)
    reads = Reads()
    draft = planned(plain, start, reads) if plain else None
    look = _look(reads, draft, conversation)
    if look:
        return look
    if draft is None or not _differing(draft):
        return None
    if agreed:
        return _carried_out(draft, conversation, agreed=True)
    return Move("That is still to come, so I ask.", reply=f"That is still to come. {answer.propose(_differing(draft))}")


def _drafted_change(change: Change, start: Draft) -> Draft | None:
    return pointed(change.note, change.fact, change.new, start)


def _not_understood(message: str, conversation: Conversation, known: KnownNotes, *, asked: bool, agreed: bool) -> Move:
    """Propose the change that a message seems to speak of; nothing changes meanwhile."""
    start = _start(conversation.steps, known)
    reads = Reads()
    vague = vaguely(message, start, reads)
    look = _look(reads, None, conversation)
    if look:
        return look
    if vague:
        return Move("It is not said to what, so I ask.", reply=answer.ask_value(vague))
    wanted = _asked_for(message, conversation, known)
    if wanted:
        return wanted
    foreseen = _still_to_come(message, start, conversation, agreed=agreed)
    if foreseen:
        return foreseen
    unreadable = blocks.unreadable(conversation.steps)
    if unreadable:
        return Move("A note that may be meant cannot be read.", reply=answer.not_written(unreadable))
    unclear = mark_names(f"about {message}", known).unclear
    if unclear:
        return Move("The name fits more than one note, so I ask.", reply=saying.which(unclear))
    change = read_change(message, known)
    draft = _drafted_change(change, start) if change and may_be_meant(change, message, known) else None
    unread = [] if asked or draft else _named_and_unread(message, conversation, known)
    if unread:
        return Move(f"I read {' and '.join(unread)}, which the message speaks of.", code=blocks.read_block(unread))
    sought = None if asked or draft else _seek(message, conversation, known)
    if sought:
        return sought
    touched = None if asked or draft else touched_on(message, known)
    if touched:
        fact, doing = touched.fact, touched.doing
        asks = answer.ask_whether_as_well(fact, doing) if doing else answer.ask_whether(fact)
        return Move(f"{fact.note} speaks of that, so I ask.", reply=asks)
    draft = draft or (None if asked and not agreed else proposed_to_keep(message, start, Reads()))
    if draft is None:
        thought = "I cannot tell which fact is meant, so I ask." if asked else "I was not asked to keep that."
        return Move(thought, reply=answer.ask_what())
    if agreed:
        return _carried_out(draft, conversation, agreed=True)
    return Move(
        f"That does not fit what {draft.done[0].path} says; I ask first.", reply=answer.propose(_differing(draft))
    )


_OF_OTHERS = re.compile(r"['’]s\b")
_FEW_WORDS = 10
"""Words of a request that is read as one plain sentence."""
