"""What becomes of the facts of a note that a statement is about: set, added, taken out, replaced. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from commonplace.models.reader.answering.relating import note_meant
from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.draft import Done, Draft, Reads
from commonplace.models.reader.changing.linking import is_relation_key, link_to, target_path
from commonplace.models.reader.changing.statement import COUNTED, Statement
from commonplace.models.reader.language.doings import DOINGS
from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.notes.facts import Fact, NoteText, link_targets, says_key


def set_to(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    """Give the facts another value, or the note a new fact."""
    if not facts:
        return None if said.must_stand or not said.keys else _new_fact(said, note, draft)
    fits = [
        fact
        for fact in facts
        if fact.links
        or not (said.keys or said.verb)
        or (said.is_asked and not said.verb)
        or fitting.same_shape(fact.value, said.value)
    ]
    if said.old:
        fits = [fact for fact in fits if fitting.item_in(fact, said.old)]
    if len({fact.key for fact in fits}) != 1 or len(fits) > 1:
        return None
    fact = fits[0]
    if fact.links:
        by_hint = said.keys == (said.verb,)
        return _linked(said, note, fact, draft) if len(fact.links) == 1 and not by_hint else None
    item = "" if said.keys or said.verb else fitting.item_numbered_like(fact, said.value)
    if item and item != fact.value:
        return _changed(note, fact, fitting.with_value(fact, item, said.value), said, draft)
    value = fitting.fit(said.value, fact)
    several = len(fitting.items_of(fact)) > 1
    if several and said.old:
        value = fitting.with_item(fact, said.old, said.value) or value
    return _changed(note, fact, value, said, draft)


def _changed(note: NoteText, fact: Fact, value: str, said: Statement, draft: Draft) -> Draft | None:
    if fact.value not in fact.line or (fact in note.told and fact.line.count(fact.value) > 1) or "\n" in value:
        return None
    loses = fact in note.told and len(_BESIDE.findall(fact.value)) > len(_BESIDE.findall(value))
    asks = loses or not (said.is_asked or said.is_change)
    done = Done(note.path, fact.key, fact.value, value, asks and value.casefold() != fact.value.casefold())
    return draft.swapped(edit.changed_value(note, fact, value), done)


def _linked(said: Statement, note: NoteText, fact: Fact, draft: Draft) -> Draft | None:
    """Point a relation at somebody else."""
    if not fitting.is_name(said.value):
        return None
    link, draft = link_to(said.value, fact.key, note.path, draft)
    if draft.known.resolve(fact.links[0]) == target_path(link):
        return replace(draft, done=(*draft.done, Done(note.path, fact.key, fact.value, fact.value)))
    return _changed(note, fact, link, said, draft)


def _new_fact(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    key = said.keys[0]
    former = _no_longer(said, note, draft)
    if former:
        return former
    of_somebody = is_relation_key(key)
    if (of_somebody and not fitting.is_name(said.value)) or not fitting.is_key(key):
        return None
    if of_somebody or said.is_named:
        links: list[str] = []
        several = fitting.is_plural(key) and key not in DOINGS
        for name in fitting.items(said.value) if several else [said.value]:
            link, draft = link_to(name, key.removesuffix("s") if several else key, note.path, draft)
            links.append(link)
        value = ", ".join(links)
        return draft.swapped(edit.added_relation(note, key, value), Done(note.path, key, None, value))
    may_pass = said.verb == COUNTED or fitting.may_be_passing(key, said.value)
    asks = not said.is_asked and not said.is_change and may_pass
    return draft.swapped(edit.added_fact(note, key, said.value), Done(note.path, key, None, said.value, asks))


_BESIDE = re.compile(r"\[\[| (?:with|and|where|who|that|which|at|because|since) |, ")
"""What a sentence says beside a value, and what would go with it."""


def _stands_alone(fact: Fact) -> bool:
    """Say whether a line holds nothing but the value, below a heading or a key of several lines."""
    return re.fullmatch(r"\s*[-*+]\s+", fact.line.rstrip().removesuffix(fact.value)) is not None


def _no_longer(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    """ "Tomos is my ex-husband": the relation that stands gets the new key."""
    former = _FORMER.match(said.keys[0])
    path = note_meant(said.value, draft.known) if former else None
    if path is None or former is None:
        return None
    for fact in note.facts:
        is_whole = [draft.known.resolve(link) for link in fact.links] == [path]
        if is_whole and says_key(said.keys[0][former.end() :], fact.key):
            asks = not (said.is_asked or said.is_change)
            key = edit.styled_key(said.keys[0], [fact])
            gone = Done(note.path, fact.key, fact.value, None, asks)
            draft = replace(draft, done=(*draft.done, gone))
            swap = edit.with_lines(note, fact.number, [fact.line.replace(fact.key, key, 1)])
            return draft.swapped(swap, Done(note.path, key, None, fact.value, asks))
    return None


def added(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    """Let a value join what stands there."""
    if not facts:
        return None if said.must_stand or not said.keys else _new_fact(said, note, draft)
    fact = facts[-1]
    if any(fitting.item_in(one, said.value) for one in facts):
        return replace(draft, done=(*draft.done, Done(note.path, fact.key, fact.value, fact.value)))
    if fact.links:
        if not fitting.is_name(said.value):
            return None
        link, draft = link_to(said.value, fact.key, note.path, draft)
        if (
            fact.key == fact.section
            or _stands_alone(fact)
            or (said.is_named and len(fact.links) == 1 and not fitting.is_plural(fact.key))
        ):
            swap = edit.added_beside(note, fact, link)
        else:
            swap = edit.changed_value(note, fact, f"{fact.value}, {link}")
        return draft.swapped(swap, Done(note.path, fact.key, None, link))
    if said.is_named:
        return _new_fact(said, note, draft)
    if fact.key == fact.section and fact.is_item:
        for item in fitting.items(said.value):
            draft = draft.swapped(edit.added_beside(note, fact, item), Done(note.path, fact.key, None, item))
            note = draft.note(note.path) or note
        return draft
    if not fact.line.rstrip().endswith(fact.value) and not fact.line.rstrip().endswith("|"):
        return None
    if not fitting.takes_items(fact):
        counts = re.search(r"\d", fact.value + said.value) is not None
        if counts or not said.is_asked:
            return set_to(said, note, [fact], draft) if said.is_asked else None
    value = ", ".join((fact.value, *fitting.items(said.value)))
    return draft.swapped(edit.changed_value(note, fact, value), Done(note.path, fact.key, fact.value, value))


def removed(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    """Take a value or a whole fact out."""
    facts = [fact for fact in facts if fact in note.facts or fact.is_item]
    if said.value:
        facts = [fact for fact in facts if fitting.item_in(fact, said.value)]
    if not facts:
        return _gone_already(said, note, draft)
    if len(facts) != 1 or (not said.value and not said.is_asked):
        return None
    fact = facts[0]
    gone = fitting.item_in(fact, said.value) if said.value else fact.value
    targets = [path for link in link_targets(gone) if (path := draft.known.resolve(link))]
    draft = replace(draft, thing=targets[0]) if len(targets) == 1 else draft
    left = fitting.with_item(fact, said.value, "") if said.value else ""
    asks = not (said.is_asked or said.is_change)
    if left:
        return draft.swapped(edit.changed_value(note, fact, left), Done(note.path, fact.key, fact.value, left, asks))
    return draft.swapped(edit.without_fact(note, fact), Done(note.path, fact.key, fact.value, None, asks))


def _gone_already(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    """Return the draft where the clauses before have taken out what is to go: that is what is spoken of now."""
    keys = words_of(" ".join(said.keys))
    for done in draft.done:
        is_key = done.path == note.path and (
            not keys or any(best_likeness(word, keys) >= 0.85 for word in words_of(done.key))
        )
        left = set(link_targets(done.new or ""))
        went = [target for target in link_targets(done.old or "") if target not in left]
        if is_key and len(went) == 1:
            path = draft.known.resolve(went[0])
            if path and (not said.value or note_meant(said.value, draft.known) == path):
                return replace(draft, thing=path)
    return None


def replaced(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft, reads: Reads) -> Draft | None:
    """Put one value in the place of another."""
    facts = [fact for fact in facts if fitting.item_in(fact, said.old) or (not said.keys and not fact.links)]
    if len(facts) != 1:
        return None
    fact = facts[0]
    new = said.value
    if fact.links:
        if not fitting.is_name(new):
            return None
        new, draft = link_to(new, fact.key, note.path, draft)
    elif not fitting.same_shape(fact.value, new):
        return None
    value = fitting.with_item(fact, said.old, new)
    if fact.links and said.succeeds:
        draft = _succeeded(note, fitting.item_in(fact, said.old), new, draft, reads)
    if not fact.links and len(fitting.items_of(fact)) == 1:
        value = fitting.fit(new, fact)
    return _changed(note, fact, value, said, draft) if value else None


def _succeeded(note: NoteText, old: str, new: str, draft: Draft, reads: Reads) -> Draft:
    """Take out of the predecessor's note what ties them to the post; "she" is the successor from now on."""
    path = draft.known.resolve(target_path(old))
    if path and path not in draft.known.notes and path not in draft.known.missing:
        reads.first[path] = None
    before = draft.note(path) if path else None
    for fact in before.facts if before else ():
        if before and [draft.known.resolve(link) for link in fact.links] == [note.path] and not _PAST.search(fact.key):
            draft = draft.swapped(edit.without_fact(before, fact), Done(before.path, fact.key, fact.value, None))
            break
    return replace(draft, subject=target_path(new))


_FORMER = re.compile(r"(?:ex|former|late|previous)[ -]", re.IGNORECASE)
_PAST = re.compile(r"\b(?:former|previous|past|old|until)\b", re.IGNORECASE)
