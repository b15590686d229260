"""Changing what the notes say: find the fact that is meant, write it in the note's own style, report. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.models.reader import answer, blocks, edit
from commonplace.models.reader.change import fitted, read_change, split_request
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.facts import Fact, NoteText, fact_called, without_links
from commonplace.models.reader.memory import KnownNotes, note_named
from commonplace.models.reader.move import Move
from commonplace.models.reader.relating import note_meant
from commonplace.models.reader.telling import Telling, read_list_change, read_telling
from commonplace.models.reader.words import best_likeness, words_of


@dataclass(frozen=True, slots=True)
class Plan:
    """What to write: ``fact`` gets the value ``new``, or a fact ``key`` is added where ``fact`` is None.

    A ``new`` of None takes the fact out.
    """

    note: NoteText
    fact: Fact | None
    key: str
    new: str | None

    @property
    def is_relation(self) -> bool:
        """Whether the value is a link to somebody or something with a note of its own."""
        if self.fact:
            return bool(self.fact.links)
        return bool(self.new and self.new[:1].isupper() and _is_relation_key(self.key))


def write_change(message: str, conversation: Conversation, known: KnownNotes) -> Move:
    """Make the change that a message asks for, or ask what is meant."""
    several = _several(message, known)
    if several:
        return _write_several(several, conversation)
    topic, body = split_request(message)
    telling = read_telling(message) if topic == body or len(message.split()) <= _FEW_WORDS else None
    owner = note_meant(telling.owner, known) if telling and telling.owner else "user.md"
    if owner is None and (unreadable := blocks.unreadable(conversation.steps)):
        return Move("The note whose fact it is cannot be read.", reply=answer.not_written(unreadable))
    if owner and owner not in known.notes:
        return Move(f"I read {owner}, whose fact it is.", code=blocks.read_block([owner]))
    plan = _plan(message, telling, owner, known)
    if plan is None:
        return Move("I cannot tell which fact is meant, so I ask.", reply=answer.ask_what())
    return carry_out(plan, conversation, known)


def _several(message: str, known: KnownNotes) -> list[Plan]:
    """Return the changes of a request that makes more than one: "change my age to 40 and my city to Bonn"."""
    verb = re.search(r"\b(?:change|update|set|correct)\b", message, re.IGNORECASE)
    parts = re.split(r",? and (?=my [\w ]+? to )", message[verb.end() :]) if verb else []
    plans: list[Plan] = []
    for part in parts if len(parts) > 1 else ():
        telling = read_telling(f"change {part.strip()}")
        if telling is None or telling.owner or known.user is None:
            return []
        plans.append(_plan_telling(telling, known.user))
    return [] if any(plan.is_relation or plan.fact is None for plan in plans) else plans


def _write_several(plans: Sequence[Plan], conversation: Conversation) -> Move:
    if blocks.has_written(conversation.steps):
        failed = blocks.failure(conversation.steps[-1])
        said = (
            answer.not_written(failed)
            if failed
            else " ".join(answer.changed(plan.note.path, plan.key, plan.new) for plan in plans)
        )
        return Move("It is written.", reply=said)
    return Move("These are several changes; I write each.", code=blocks.write_blocks([_swap(plan) for plan in plans]))


def keep_told(telling: Telling, conversation: Conversation, known: KnownNotes) -> Move:
    """Keep what the user told; what contradicts a note is asked about first."""
    owner = note_meant(telling.owner, known) if telling.owner else "user.md"
    if owner is None and (unreadable := blocks.unreadable(conversation.steps)):
        return Move("The note whose fact it is cannot be read.", reply=answer.not_written(unreadable))
    if owner is None:
        return Move("I do not know whose fact that is.", reply=answer.ask_what())
    if owner not in known.notes:
        return Move(f"I read {owner}, whose fact it is.", code=blocks.read_block([owner]))
    plan = _plan_telling(telling, known.notes[owner])
    if plan.fact and plan.new and not blocks.has_written(conversation.steps):
        if without_links(plan.fact.value).casefold() == plan.new.casefold():
            return Move("That stands there already.", reply=answer.known_already(plan.fact))
        return Move("That contradicts the note, so I ask first.", reply=answer.propose(plan.fact, plan.new))
    return carry_out(plan, conversation, known)


def propose_change(message: str, known: KnownNotes) -> Move:
    """Ask whether something mentioned in passing shall be written; nothing changes meanwhile."""
    change = read_change(message, known)
    if change is None:
        return Move("That may be worth keeping, but I was not asked to.", reply=answer.ask_what())
    thought = f"That does not fit what {change.note.path} says; I ask before I change it."
    return Move(thought, reply=answer.propose(change.fact, change.new))


def forget(message: str, conversation: Conversation, known: KnownNotes) -> Move:
    """Take out the fact that is to be forgotten, or one item of a list."""
    plan = _plan_list(message, known)
    if plan is None and not blocks.has_written(conversation.steps):
        whose, key = _what_to_forget(message)
        path = note_meant(whose, known) if whose else "user.md"
        if path is None and (unreadable := blocks.unreadable(conversation.steps)):
            return Move("The note whose fact it is cannot be read.", reply=answer.not_written(unreadable))
        if path and path not in known.notes:
            return Move(f"I read {path}, whose fact it is.", code=blocks.read_block([path]))
        note = known.notes.get(path) if path else None
        fact = fact_called(key, note) if note else None
        plan = Plan(note, fact, fact.key, None) if note and fact else None
    elif plan is None and known.user:
        return Move("It is written.", reply=answer.forgotten(blocks.failure(conversation.steps[-1])))
    if plan is None:
        return Move("I cannot tell which fact is meant, so I ask.", reply=answer.ask_what_to_forget())
    return carry_out(plan, conversation, known)


def _what_to_forget(message: str) -> tuple[str, str]:
    """Return whose fact is to be forgotten, "" for the user's own, and its key."""
    said = re.sub(r"^.*?\b(?:forget|delete|remove|erase|drop)\b(?: about| that)?\s*", "", message, flags=re.I | re.S)
    said = re.split(r"\b(?:is|are|from)\b", said)[0].strip(" .!")
    of = re.fullmatch(r"(?:the )?(?P<key>[\w -]+?) of (?P<whose>.+)", said)
    if of:
        return of["whose"], of["key"]
    whose, _, key = re.sub(r"['’]s\s", "\0", said).rpartition("\0")
    return whose, re.sub(r"^(?:my|the) ", "", key)


def carry_out(plan: Plan, conversation: Conversation, known: KnownNotes) -> Move:
    """Write the plan, or report how the writing went."""
    written = [step for step in conversation.steps if blocks.has_written([step])]
    failed = blocks.failure(written[-1]) if written else ""
    if written and not failed:
        return Move("It is written.", reply=answer.changed(plan.note.path, plan.key, plan.new))
    if plan.is_relation and plan.new:
        return _write_relation(plan, plan.new, failed, len(written), known)
    if failed:
        return Move("The note was not changed.", reply=answer.not_written(failed))
    return Move(
        f"I write it into {plan.note.path}, as its other facts are written.", code=blocks.write_block(_swap(plan))
    )


def _write_relation(plan: Plan, name: str, failed: str, tries: int, known: KnownNotes) -> Move:
    """Point the relation at a note of that name; create the note where there is none."""
    if _NO_NAME.match(name):
        return Move("That is no name that a note could have, so I ask.", reply=answer.ask_what())
    path, card = edit.entity_path(name), ""
    standing = note_named(name, known) or (path if path in known.listed else "")
    if failed:
        standing = found[1] if (found := re.search(r"(entities/\S+\.md) is about", failed)) else standing
        card = found[1] if (found := re.search(r"add the line '- note: (\[\[[^\]]+\]\])'", failed)) else ""
        if several := re.search(r"Several notes could be about [^:]*: (.+\]\])\. Ask", failed):
            return Move(f"Several notes are called {name}, so I ask.", reply=answer.ask_which(several[1]))
        if tries > 1 or not (standing or card):
            return Move("The notes were not changed.", reply=answer.not_written(failed))
    link = f"[[{standing or path}]]"
    swap = (
        edit.changed_value(plan.note, plan.fact, link) if plan.fact else edit.added_relation(plan.note, plan.key, link)
    )
    if standing:
        return Move(f"{standing} is about {name}; I link to it.", code=blocks.write_block(swap))
    text = edit.entity_text(name, plan.key, card)
    return Move(
        f"No note is about {name} yet: I create one and link to it.", code=blocks.create_block(path, text, swap)
    )


def _plan(message: str, telling: Telling | None, owner: str | None, known: KnownNotes) -> Plan | None:
    listed = _plan_list(message, known)
    if listed:
        return listed
    if telling and owner:
        return _plan_telling(telling, known.notes[owner])
    change = read_change(message, known)
    return Plan(change.note, change.fact, change.fact.key, change.new) if change else None


def _plan_telling(telling: Telling, note: NoteText) -> Plan:
    fact = fact_called(telling.key, note)
    if fact is None:
        return Plan(note, None, telling.key, telling.value)
    return Plan(note, fact, fact.key, telling.value if fact.links else fitted(telling.value, fact))


def _plan_list(message: str, known: KnownNotes) -> Plan | None:
    change = read_list_change(message)
    path = (note_meant(change.owner, known) if change.owner else "user.md") if change else None
    note = known.notes.get(path) if path else None
    fact = fact_called(change.key, note) if change and note else None
    if not change or not note or not fact or fact.links:
        return None
    items = [item.strip() for item in fact.value.split(",")]
    gone = {item.casefold() for item in change.items}
    left = [item for item in items if item.casefold() not in gone]
    if not change.joins and len(left) == len(items):
        return None
    items = [*left, *change.items] if change.joins else left
    return Plan(note, fact, fact.key, ", ".join(items) or None)


def _swap(plan: Plan) -> edit.Swap:
    if plan.fact is None:
        return edit.added_fact(plan.note, plan.key, plan.new or "")
    if plan.new is None:
        return edit.without_fact(plan.note, plan.fact)
    return edit.changed_value(plan.note, plan.fact, plan.new)


def _is_relation_key(key: str) -> bool:
    words = words_of(key)
    return bool(words) and best_likeness(words[-1], _RELATIONS) >= 0.85


_NO_NAME = re.compile(r"\d+(?!\w)|['’]|(?:s|add|remember|has|have|is|was|are|in|on|at|to|now|again)\b", re.IGNORECASE)
"""What no name begins with: a sentence that was not understood must not become a note."""
_FEW_WORDS = 10
"""Words of a request that is read as one plain sentence."""
_RELATIONS = words_of(
    "employer company spouse wife husband partner boss manager colleague friend mother father sister brother son "
    "daughter doctor dentist lawyer teacher school university landlord neighbour client team"
)
