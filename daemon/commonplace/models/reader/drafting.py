"""Which note and which facts a statement is about; whole notes that are renamed, moved or deleted. Pure."""

from dataclasses import replace
from difflib import SequenceMatcher

from commonplace.models.reader import edit, fitting
from commonplace.models.reader.draft import Done, Draft, Reads
from commonplace.models.reader.facts import Fact, NoteText, fact_called
from commonplace.models.reader.matching import direction, same_action
from commonplace.models.reader.owners import PRONOUNS, anyone, near, owner_of, spoken_of
from commonplace.models.reader.relating import note_meant
from commonplace.models.reader.rewriting import added, removed, replaced, set_to
from commonplace.models.reader.statement import ANYONE, OURS, Does, Statement
from commonplace.models.reader.words import make_word


def drafted(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with one statement more, or None where it does not fit the notes."""
    if said.does is Does.DELETES:
        return _deleted(said, draft, reads)
    if said.value.casefold() in PRONOUNS:
        path = spoken_of(said.value, draft)
        meant = draft.note(path)
        if path and meant is None:
            reads.first[path] = None
        said = replace(said, value=meant.title) if meant and not meant.is_user else said
    if said.does is Does.MOVES:
        return _moved(said, draft, reads)
    if said.value and not fitting.is_value(said.value, is_asked=said.is_asked):
        return None
    if said.does is Does.RENAMES:
        return _renamed(said, draft, reads)
    if said.owner == ANYONE:
        return next((found for path in anyone(draft, reads) if (found := _in_note(said, path, draft, reads))), None)
    if said.owner == OURS:
        standing = replace(said, owner=ANYONE, must_stand=True)
        found = drafted(standing, draft, reads)
        return found if found or reads.late else drafted(replace(said, owner=""), draft, reads)
    path = owner_of(said.owner, draft, reads)
    if path is None or draft.note(path) is None:
        return None
    names_another = said.owner and said.owner.casefold() not in PRONOUNS
    spoken = replace(draft, subject=path, thing="" if names_another else draft.thing)
    found = _in_note(said, path, spoken, reads)
    if found is None and path == "user.md" and said.must_stand and not said.keys:
        theirs = [found for other in near(draft, reads) if (found := _in_note(said, other, draft, reads))]
        return theirs[0] if len(theirs) == 1 else None
    return found


def _in_note(said: Statement, path: str, draft: Draft, reads: Reads) -> Draft | None:
    note = draft.note(path)
    if note is None:
        return None
    facts = _facts_meant(said, note)
    match said.does:
        case Does.REMOVES:
            return removed(said, note, facts, draft)
        case Does.REPLACES:
            return replaced(said, note, facts, draft, reads)
        case Does.ADDS:
            return added(said, note, facts, draft)
        case _ if not facts and said.keys[:1] in _PARTS_OF_NAME and not note.is_user:
            return _renamed_in_part(said, note, draft)
        case _:
            return set_to(said, note, facts, draft)


def _facts_meant(said: Statement, note: NoteText) -> list[Fact]:
    """Return the facts that the statement is about: by their key, by its verb, or by the old value that it names."""
    if said.keys:
        called = next((fact for key in said.keys if (fact := fact_called(key, note))), None)
        return [
            fact for fact in note.statements if called and fact.key == called.key and fact.section == called.section
        ]
    if said.verb:
        verb = make_word(said.verb)
        return [
            fact
            for fact in note.statements
            if fact.value in fact.line
            if direction(fact.key) != "back" and any(same_action(verb, word) >= 0.7 for word in fact.key_words)
        ]
    if said.does is Does.SETS:
        return [fact for fact in note.facts if fitting.is_numbered_alike(fact.value, said.value)]
    old = said.old or said.value
    return [fact for fact in note.facts if old and fitting.item_in(fact, old)]


def _deleted(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Take out a whole note, one a message."""
    path = owner_of(said.owner, draft, reads)
    note = draft.note(path) if path else None
    if path and note is None:
        reads.first[path] = None
    if note is None or note.is_user or draft.deleted or draft.renamed:
        return None
    return replace(
        draft, deleted=(note.path,), done=(*draft.done, Done(note.path, "", note.title, None, is_whole=True))
    )


def _moved(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Take a link out of one list and put it into another of the same note."""
    path = note_meant(said.value, draft.known)
    owners = [said.owner] if said.owner not in ("", ANYONE, OURS) else []
    places = [owner_of(owner, draft, reads) for owner in owners] or list(anyone(draft, reads))
    for place in places if path else ():
        note = draft.note(place) if place else None
        here = fact_called(said.keys[0], note) if note else None
        there = fact_called(said.keys[1], note) if note else None
        if note is None or here is None or there is None or here.key == there.key or not there.links:
            continue
        item = next((one for one in fitting.items_of(here) if draft.known.resolve(one.strip("[]")) == path), "")
        if item:
            left = fitting.without_item(here, item)
            swap = edit.changed_value(note, here, left) if left else edit.without_fact(note, here)
            draft = draft.swapped(swap, Done(note.path, here.key, here.value, left or None))
            again = draft.note(note.path)
            joined = f"{there.value}, {item}"
            line = fact_called(said.keys[1], again) if again else None
            done = Done(note.path, there.key, there.value, joined)
            return draft.swapped(edit.changed_value(again, line, joined), done) if again and line else None
    return None


def _renamed(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    path = owner_of(said.owner, draft, reads)
    if path is None or draft.note(path) is None or not fitting.is_name(said.value):
        return None
    if path == "user.md":
        facts = replace(said, does=Does.SETS, must_stand=False)
        return _in_note(facts, path, draft, reads)
    note = draft.note(path)
    if note is None or note.title == said.value:
        return None
    is_plain = said.is_asked or (said.is_change and _may_be_one_name(note.title, said.value))
    done = Done(path, "name", note.title, said.value, not is_plain)
    return replace(draft, renamed=(path, said.value), done=(*draft.done, done), subject=path)


def _may_be_one_name(old: str, new: str) -> bool:
    """Say whether the one may be the other put right; "my wife is called Odette" may speak of somebody else."""
    shared = set(old.casefold().split()) & set(new.casefold().split())
    return bool(shared) or SequenceMatcher(None, old.casefold(), new.casefold()).ratio() >= 0.6


def _renamed_in_part(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    """ "Hana's surname is now Lind": the name is in the title."""
    first, *others = note.title.split()
    name = (
        f"{said.value} {' '.join(others)}" if said.keys[0].startswith(("first", "given")) else f"{first} {said.value}"
    )
    return _renamed(replace(said, owner=note.title, value=name), draft, Reads())


_PARTS_OF_NAME = (("surname",), ("last name",), ("family name",), ("first name",), ("given name",))
