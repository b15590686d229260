"""Which note and which facts a statement is about; whole notes that are renamed, moved or deleted. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from commonplace.models.reader.answering.relating import note_meant, notes_meant
from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.draft import Done, Draft, Reads
from commonplace.models.reader.changing.events import WHAT_ONE_IS
from commonplace.models.reader.changing.linking import is_relation_key, target_path
from commonplace.models.reader.changing.listings import in_listing
from commonplace.models.reader.changing.owners import PRONOUNS, anyone, near, owner_of, spoken_of
from commonplace.models.reader.changing.rewriting import added, removed, replaced, set_to
from commonplace.models.reader.changing.statement import ANYONE, COUNTED, OURS, Does, Statement
from commonplace.models.reader.language.matching import direction, same_action
from commonplace.models.reader.language.occupations import is_occupation
from commonplace.models.reader.language.topics import topics_of
from commonplace.models.reader.language.words import make_word, words_of
from commonplace.models.reader.notes.facts import Fact, NoteText, fact_called, nested_facts, says_key
from commonplace.models.reader.notes.tables import tables_in


def drafted(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with one statement more, or None where it does not fit the notes."""
    if said.does in (Does.DELETES, Does.FORGETS):
        return _deleted(said, draft, reads)
    said = _with_name(said, draft, reads)
    if said.does is Does.MOVES:
        return _moved(said, draft, reads)
    if said.value and not fitting.is_value(said.value, is_asked=said.is_asked):
        return None
    if said.does is Does.RENAMES:
        return _renamed(said, draft, reads)
    if said.owner in (ANYONE, OURS):
        return _of_anyone(said, draft, reads)
    several = notes_meant(said.owner, draft.known) if said.owner.endswith("s") else []
    if several and said.does is Does.SETS:
        return _each(said, several, draft, reads)
    nested = _nested(said, draft)
    if nested:
        return nested
    path = owner_of(said.owner, draft, reads)
    if path is None and not reads.first:
        return _in_a_row(said, draft, reads) or _of_somebody_unknown(said, draft)
    if path is None or draft.note(path) is None:
        return None
    names_another = said.owner and said.owner.casefold() not in PRONOUNS
    spoken = replace(draft, subject=path, thing="" if names_another else draft.thing)
    found = _in_note(said, path, spoken, reads)
    if found is None and path == "user.md" and said.must_stand and not said.keys:
        theirs = [found for other in near(draft, reads) if (found := _in_note(said, other, draft, reads))]
        return theirs[0] if len(theirs) == 1 else None
    return found


def _of_anyone(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Draft what is said of whoever has such a fact; "our" is the user's own where nobody has it."""
    if said.keys == ("name",):
        return None
    standing = said if said.owner == ANYONE else replace(said, owner=ANYONE, must_stand=True)
    found = next((done for path in anyone(draft, reads) if (done := _in_note(standing, path, draft, reads))), None)
    if found or said.owner == ANYONE or reads.late:
        return found
    own = drafted(replace(said, owner=""), draft, reads)
    return _asking_first(own) if own and said.verb == COUNTED and not said.is_asked else own


def _nested(said: Statement, draft: Draft) -> Draft | None:
    """Draft what is said of somebody whose facts stand indented under them in the user's own note."""
    user = draft.note("user.md")
    who = re.sub(r"^(?:my|our|the) ", "", said.owner, flags=re.IGNORECASE)
    if user is None or not who or who.casefold() in PRONOUNS or said.does not in (Does.SETS, Does.REMOVES):
        return None
    theirs = nested_facts(who, user)
    facts = [fact for key in said.keys for fact in theirs if says_key(key, fact.key.partition("'s ")[2])]
    if not said.keys:
        facts = [fact for fact in theirs if said.value and fitting.item_in(fact, said.value)]
    if not facts:
        return None
    own = replace(said, owner="", keys=(facts[0].key,))
    return removed(own, user, facts[:1], draft) if said.does is Does.REMOVES else set_to(own, user, facts[:1], draft)


def _with_name(said: Statement, draft: Draft, reads: Reads) -> Statement:
    """Return a statement with the name of whom its value means, where that is "her"."""
    path = spoken_of(said.value, draft) if said.value.casefold() in PRONOUNS else ""
    meant = draft.note(path)
    if path and meant is None:
        reads.first[path] = None
    return replace(said, value=meant.title) if meant and not meant.is_user else said


def _each(said: Statement, paths: Sequence[str], draft: Draft, reads: Reads) -> Draft | None:
    """Draft what is said of several at once, "my twins are 12", in the note of each."""
    for path in paths:
        if draft.note(path) is None:
            reads.first[path] = None
            return None
        changed = _in_note(said, path, draft, reads)
        if changed is None:
            return None
        draft = changed
    return draft


def _in_a_row(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Draft "the price of amber": where no note is about amber, a row of a table may be."""
    if said.does is not Does.SETS or not said.keys or said.owner.casefold() in PRONOUNS:
        return None
    row = re.sub(r"^(?:the|my|our) ", "", said.owner)
    keys = tuple(f"{row} {key}" for key in said.keys)
    of_two = _in_two_columns(said, row, draft, reads)
    if of_two:
        return of_two
    found = drafted(replace(said, owner=ANYONE, keys=keys, must_stand=True), draft, reads)
    named = {word.stem for word in words_of(row)}
    return found if found and named and named <= {word.stem for word in words_of(found.done[-1].key)} else None


def _in_two_columns(said: Statement, row: str, draft: Draft, reads: Reads) -> Draft | None:
    """Draft "wool costs 14" in a table whose rows have a name and one cell, under a head that says the key."""
    for path in anyone(draft, reads):
        note = draft.note(path)
        for table in tables_in(note.text) if note else ():
            names = [cells[0] for _, cells in table.rows if cells[0].casefold() == row.casefold()]
            if len(table.heads) == 2 and names and any(says_key(key, table.heads[1]) for key in said.keys):
                return _in_note(replace(said, owner="", keys=(names[0],), must_stand=True), path, draft, reads)
    return None


def _of_somebody_unknown(said: Statement, draft: Draft) -> Draft | None:
    """Keep "my nephew's age" in the user's own note where no note is about the nephew; asked first unless wanted."""
    kin = _OF_OURS.fullmatch(said.owner)
    user = draft.note("user.md")
    if said.does is not Does.SETS or kin is None or user is None or not said.keys or said.must_stand:
        return None
    if fact_called(kin["who"], user) or not is_relation_key(kin["who"]):
        return None
    key = f"{kin['who']} {said.keys[0]}"
    value = re.sub(r"^on (?=\d|[A-Z])", "", said.value)
    kept = set_to(replace(said, owner="", keys=(key,), value=value, is_named=False), user, (), draft)
    if kept is None:
        return None
    return kept if said.is_asked else _asking_first(kept)


def _in_note(said: Statement, path: str, draft: Draft, reads: Reads) -> Draft | None:
    note = draft.note(path)
    if note is None:
        return None
    facts = _facts_meant(said, note)
    listed = None if any(fact in note.facts for fact in facts) else in_listing(said, note, draft)
    if listed:
        return listed
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
            changed = set_to(said, note, facts, draft)
            return _asking_first(changed) if changed and _is_no_occupation(said, facts) else changed


def _facts_meant(said: Statement, note: NoteText) -> list[Fact]:
    """Return the facts that the statement is about: by their key, by its verb, or by the old value that it names."""
    if said.keys:
        called = _of_one_topic(said, note) or next((fact for key in said.keys if (fact := _called(key, note))), None)
        return [
            fact for fact in note.statements if called and fact.key == called.key and fact.section == called.section
        ]
    if said.verb:
        verb = make_word(said.verb)
        scored = [
            (max((same_action(verb, word) for word in fact.key_words), default=0.0), fact)
            for fact in note.statements
            if fact.value in fact.line and direction(fact.key) != "back"
        ]
        best = max((score for score, _ in scored), default=0.0)
        return [fact for score, fact in scored if score >= (1 if best >= 1 else 0.7)]
    if said.does is Does.SETS:
        return [fact for fact in note.statements if fitting.item_numbered_like(fact, said.value)]
    old = said.old or said.value
    is_swap = said.does is Does.REPLACES
    own = [*note.facts, *(fact for fact in note.told if fact.is_item or (is_swap and fact.value in fact.line))]
    meant = [fact for fact in own if old and fitting.item_in(fact, old)]
    if meant or not is_swap:
        return meant
    return [fact for fact in own if old and not fact.links and fitting.is_called(fact, old)]


def _is_no_occupation(said: Statement, facts: Sequence[Fact]) -> bool:
    """Say whether "she is a widow" would be written as what somebody does for a living."""
    if said.keys != WHAT_ONE_IS or said.is_asked or (facts and facts[0].key.casefold() in ("diet", "status")):
        return False
    return not is_occupation(said.value)


def _asking_first(draft: Draft) -> Draft:
    return replace(draft, done=(*draft.done[:-1], replace(draft.done[-1], is_asked_first=True)))


def _called(key: str, note: NoteText) -> Fact | None:
    """Return the fact that goes by a key; whom one is a mentor of is no mentor."""
    fact = fact_called(key, note)
    return fact if fact and key.endswith(" of") == fact.key.replace("_", " ").endswith(" of") else None


def _of_one_topic(said: Statement, note: NoteText) -> Fact | None:
    """Return the fact that "I am a vegan" is about where its key is not said: the one whose value is of the topic."""
    topics = topics_of(word.stem for word in words_of(said.value)) if said.keys == WHAT_ONE_IS else frozenset[int]()
    return next(
        (fact for fact in note.facts if topics & topics_of(w.stem for w in words_of(f"{fact.key} {fact.value}"))), None
    )


def _deleted(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Take out a whole note, one a message."""
    path = owner_of(said.owner, draft, reads)
    note = draft.note(path) if path else None
    if path and note is None:
        reads.first[path] = None
    if note is None or note.is_user or draft.deleted or draft.renamed:
        return None
    said_of_it = [fact for fact in (*note.statements, *note.nested) if fact.value != note.title]
    asks = said.does is Does.FORGETS and len(said_of_it) > MOST_FORGOTTEN
    done = Done(note.path, "", note.title, None, is_asked_first=asks, is_whole=True)
    return replace(draft, deleted=(note.path,), done=(*draft.done, done))


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
        item = next((one for one in fitting.items_of(here) if draft.known.resolve(target_path(one)) == path), "")
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
        if said.old:
            return None
        facts = replace(said, does=Does.SETS, must_stand=False)
        return _in_note(facts, path, draft, reads)
    note = draft.note(path)
    if note is None or note.title == said.value:
        return None
    if said.old and said.old in note.title:
        said = replace(said, value=note.title.replace(said.old, said.value))
    elif said.old:
        return None
    is_plain = (said.is_asked and not said.old) or (said.is_change and _may_be_one_name(note.title, said.value))
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


_OF_OURS = re.compile(r"(?:(?:[Mm]y|[Oo]ur) )?(?P<who>(?!(?:he|she|it|they|his|her|its|their)$)[a-z][a-z-]*)")
MOST_FORGOTTEN = 2
"""Facts that go without a question where all about somebody is to be forgotten."""
_PARTS_OF_NAME = (("surname",), ("last name",), ("family name",), ("first name",), ("given name",))
