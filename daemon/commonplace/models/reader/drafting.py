"""What statements come to in the notes: the texts as they are to be, or nothing where one does not fit. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from commonplace.models.reader import edit, fitting
from commonplace.models.reader.draft import Done, Draft, Reads
from commonplace.models.reader.facts import Fact, NoteText, fact_called, link_targets
from commonplace.models.reader.matching import direction, same_action
from commonplace.models.reader.memory import note_named
from commonplace.models.reader.names import mark_names
from commonplace.models.reader.owners import PRONOUNS, anyone, near, owner_of, spoken_of
from commonplace.models.reader.relating import note_meant
from commonplace.models.reader.statement import ANYONE, OURS, Does, Statement
from commonplace.models.reader.words import best_likeness, make_word, words_of


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


def pointed(note: NoteText, fact: Fact, new: str, draft: Draft) -> Draft | None:
    """Return the draft in which a fact says something else; a relation points at a note of that name."""
    if fact.links:
        if _NO_NAME.match(new):
            return None
        new, draft = _link_to(new, fact.key, note.path, draft)
    if fact.value not in fact.line:
        return None
    return draft.swapped(edit.changed_value(note, fact, new), Done(note.path, fact.key, fact.value, new))


def _in_note(said: Statement, path: str, draft: Draft, reads: Reads) -> Draft | None:
    note = draft.note(path)
    if note is None:
        return None
    facts = _facts_meant(said, note)
    match said.does:
        case Does.REMOVES:
            return _removed(said, note, facts, draft)
        case Does.REPLACES:
            return _replaced(said, note, facts, draft, reads)
        case Does.ADDS:
            return _added(said, note, facts, draft)
        case _:
            return _set(said, note, facts, draft)


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


def _set(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    if not facts and said.keys[:1] in _PARTS_OF_NAME and not note.is_user:
        return _renamed_in_part(said, note, draft)
    if not facts:
        return None if said.must_stand or not said.keys else _new_fact(said, note, draft)
    fits = [
        fact
        for fact in facts
        if fact.links or (said.is_asked and not said.verb) or fitting.same_shape(fact.value, said.value)
    ]
    if said.old:
        fits = [fact for fact in fits if fitting.item_in(fact, said.old)]
    if len({fact.key for fact in fits}) != 1 or len(fits) > 1:
        return None
    fact = fits[0]
    if fact.links:
        by_hint = said.keys == (said.verb,)
        return _linked(said, note, fact, draft) if len(fact.links) == 1 and not by_hint else None
    value = fitting.fit(said.value, fact)
    several = len(fitting.items_of(fact)) > 1
    if several and said.old:
        value = fitting.with_item(fact, said.old, said.value) or value
    return _changed(note, fact, value, said, draft)


def _changed(note: NoteText, fact: Fact, value: str, said: Statement, draft: Draft) -> Draft | None:
    if fact.value not in fact.line or (fact in note.told and fact.line.count(fact.value) > 1) or "\n" in value:
        return None
    asks = not (said.is_asked or said.is_change)
    done = Done(note.path, fact.key, fact.value, value, asks and value.casefold() != fact.value.casefold())
    return draft.swapped(edit.changed_value(note, fact, value), done)


def _linked(said: Statement, note: NoteText, fact: Fact, draft: Draft) -> Draft | None:
    """Point a relation at somebody else."""
    if not fitting.is_name(said.value):
        return None
    link, draft = _link_to(said.value, fact.key, note.path, draft)
    if draft.known.resolve(fact.links[0]) == _target_path(link):
        return replace(draft, done=(*draft.done, Done(note.path, fact.key, fact.value, fact.value)))
    return _changed(note, fact, link, said, draft)


def _new_fact(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    key = said.keys[0]
    of_somebody = is_relation_key(key)
    if (of_somebody and not fitting.is_name(said.value)) or not fitting.is_key(key):
        return None
    if of_somebody or said.is_named:
        links: list[str] = []
        for name in fitting.items(said.value) if fitting.is_plural(key) else [said.value]:
            link, draft = _link_to(name, key.removesuffix("s") if fitting.is_plural(key) else key, note.path, draft)
            links.append(link)
        value = ", ".join(links)
        return draft.swapped(edit.added_relation(note, key, value), Done(note.path, key, None, value))
    asks = not said.is_asked and not said.is_change and fitting.may_be_passing(key, said.value)
    return draft.swapped(edit.added_fact(note, key, said.value), Done(note.path, key, None, said.value, asks))


def _added(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    if not facts:
        return None if said.must_stand or not said.keys else _new_fact(said, note, draft)
    fact = facts[-1]
    if any(fitting.item_in(one, said.value) for one in facts):
        return replace(draft, done=(*draft.done, Done(note.path, fact.key, fact.value, fact.value)))
    if fact.links:
        if not fitting.is_name(said.value):
            return None
        link, draft = _link_to(said.value, fact.key, note.path, draft)
        if fact.key == fact.section or (said.is_named and len(fact.links) == 1 and not fitting.is_plural(fact.key)):
            swap = edit.added_beside(note, fact, link)
        else:
            swap = edit.changed_value(note, fact, f"{fact.value}, {link}")
        return draft.swapped(swap, Done(note.path, fact.key, None, link))
    if said.is_named:
        return _new_fact(said, note, draft)
    if not fact.line.rstrip().endswith(fact.value) and not fact.line.rstrip().endswith("|"):
        return None
    if not fitting.takes_items(fact):
        return _set(said, note, [fact], draft) if said.is_asked else None
    value = ", ".join((fact.value, *fitting.items(said.value)))
    return draft.swapped(edit.changed_value(note, fact, value), Done(note.path, fact.key, fact.value, value))


def _removed(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
    facts = [fact for fact in facts if fact in note.facts]
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


def _replaced(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft, reads: Reads) -> Draft | None:
    facts = [fact for fact in facts if fitting.item_in(fact, said.old)]
    if len(facts) != 1:
        return None
    fact = facts[0]
    new = said.value
    if fact.links:
        if not fitting.is_name(new):
            return None
        new, draft = _link_to(new, fact.key, note.path, draft)
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
    path = draft.known.resolve(old.strip("[]"))
    if path and path not in draft.known.notes and path not in draft.known.missing:
        reads.first[path] = None
    before = draft.note(path) if path else None
    for fact in before.facts if before else ():
        if before and [draft.known.resolve(link) for link in fact.links] == [note.path] and not _PAST.search(fact.key):
            draft = draft.swapped(edit.without_fact(before, fact), Done(before.path, fact.key, fact.value, None))
            break
    return replace(draft, subject=new.strip("[]"))


def _link_to(name: str, key: str, owner: str, draft: Draft) -> tuple[str, Draft]:
    """Return a link to the note of that name, and the draft with that note where there was none."""
    name = re.sub(r"^(?:an?|the) (?=[A-Z])", "", name.strip(" \"'“”"))
    marked = mark_names(f"about {name}", draft.known)
    meant = marked.paths[1] if re.fullmatch(r"about @\d+", marked.text) else None
    path = draft.links.get(name) or note_named(name, draft.known) or meant or edit.entity_path(name)
    if path in draft.known.listed or path in draft.known.notes or name in draft.links or path in draft.texts:
        return f"[[{path}]]", draft
    text = edit.entity_text(name, key, owner, draft.cards.get(path, ""))
    return f"[[{path}]]", replace(draft, texts={**draft.texts, path: text}, latest=path)


def _target_path(link: str) -> str:
    return link.strip("[]")


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


def is_relation_key(key: str) -> bool:
    """Say whether a key names somebody with a note of their own: "employer", "sister"."""
    words = words_of(key)
    return bool(words) and best_likeness(words[-1], _RELATIONS) >= 0.85


_NO_NAME = re.compile(r"\d+(?!\w)|['’]|(?:s|add|remember|has|have|is|was|are|in|on|at|to|now|again)\b", re.IGNORECASE)
"""What no name begins with: a sentence that was not understood must not become a note."""
_PARTS_OF_NAME = (("surname",), ("last name",), ("family name",), ("first name",), ("given name",))
_PAST = re.compile(r"\b(?:former|previous|past|old|until)\b", re.IGNORECASE)
_RELATIONS = words_of(
    "employer company spouse wife husband partner boss manager colleague friend mother father sister brother son "
    "daughter doctor dentist lawyer teacher school university landlord neighbour client team coach assistant mentor "
    "girlfriend boyfriend fiance flatmate roommate cousin aunt uncle niece nephew grandmother grandfather accountant "
    "supplier tutor trainer therapist nephew pet dog cat"
)
