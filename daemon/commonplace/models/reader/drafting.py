"""What statements come to in the notes: the texts as they are to be, or nothing where one does not fit. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from commonplace.models.reader import edit, fitting
from commonplace.models.reader.draft import Done, Draft, Reads
from commonplace.models.reader.facts import Fact, NoteText, fact_called
from commonplace.models.reader.matching import direction, same_action
from commonplace.models.reader.memory import note_named
from commonplace.models.reader.names import mark_names
from commonplace.models.reader.relating import note_meant
from commonplace.models.reader.scene import Scene
from commonplace.models.reader.statement import ANYONE, OURS, Does, Statement
from commonplace.models.reader.words import best_likeness, make_word, words_of


def drafted(said: Statement, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with one statement more, or None where it does not fit the notes."""
    if said.value and not fitting.is_value(said.value, is_asked=said.is_asked):
        return None
    if said.does is Does.RENAMES:
        return _renamed(said, draft, reads)
    if said.owner == ANYONE:
        return next((found for path in _anyone(draft, reads) if (found := _in_note(said, path, draft, reads))), None)
    if said.owner == OURS:
        standing = replace(said, owner=ANYONE, must_stand=True)
        found = drafted(standing, draft, reads)
        return found if found or reads.late else drafted(replace(said, owner=""), draft, reads)
    path = owner_of(said.owner, draft, reads)
    if path is None or draft.note(path) is None:
        return None
    found = _in_note(said, path, replace(draft, subject=path), reads)
    if found is None and path == "user.md" and said.must_stand and not said.keys:
        near = [found for other in _near(draft, reads) if (found := _in_note(said, other, draft, reads))]
        return near[0] if len(near) == 1 else None
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


def owner_of(owner: str, draft: Draft, reads: Reads) -> str | None:
    """Return the note of whose fact it is; one that is not read yet is wanted."""
    if not owner:
        return "user.md"
    if owner.casefold() in _PRONOUNS:
        return draft.subject if draft.subject != "user.md" else None
    scene = Scene(draft.known, ())
    path = note_meant(owner, draft.known, scene)
    if path is None and (own := re.match(r"(?:my|our) [a-z -]+ (?=[A-Z])", owner)):
        path = note_meant(owner[own.end() :], draft.known, scene)
    if path is None:
        path = next((new for new in draft.texts if draft.created(new) and _is_called(owner, draft.note(new))), None)
    if path is None and not draft.known.lists_all and fitting.is_name(owner):
        guessed = edit.entity_path(owner)
        path = guessed if guessed in draft.known.notes or guessed not in draft.known.missing else None
    for unread in (*scene.wanted, *([path] if path else ())):
        if unread not in draft.known.notes and unread not in draft.known.missing and not draft.created(unread):
            reads.first[unread] = None
    return path


def _is_called(name: str, note: NoteText | None) -> bool:
    return bool(note) and name.casefold() == note.title.casefold()


def _anyone(draft: Draft, reads: Reads) -> Iterator[str]:
    yield "user.md"
    holding = list(_near(draft, reads))
    yield from holding


def _near(draft: Draft, reads: Reads) -> Iterator[str]:
    """Yield the notes that the user's note links to."""
    user = draft.known.user
    for fact in user.facts if user else ():
        for target in fact.links:
            path = draft.known.resolve(target)
            if path and path in draft.known.notes:
                yield path
            elif path and path not in draft.known.missing:
                reads.late[path] = None


def _in_note(said: Statement, path: str, draft: Draft, reads: Reads) -> Draft | None:
    note = draft.note(path)
    if note is None:
        return None
    facts = _facts_meant(said, note)
    match said.does:
        case Does.REMOVES:
            return _removed(said, note, facts, draft)
        case Does.REPLACES:
            return _replaced(said, note, facts, draft)
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
    if len(facts) != 1 or (not said.value and not said.is_asked):
        return None
    fact = facts[0]
    left = fitting.with_item(fact, said.value, "") if said.value else ""
    asks = not (said.is_asked or said.is_change)
    if left:
        return draft.swapped(edit.changed_value(note, fact, left), Done(note.path, fact.key, fact.value, left, asks))
    return draft.swapped(edit.without_fact(note, fact), Done(note.path, fact.key, fact.value, None, asks))


def _replaced(said: Statement, note: NoteText, facts: Sequence[Fact], draft: Draft) -> Draft | None:
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
    if not fact.links and len(fitting.items_of(fact)) == 1:
        value = fitting.fit(new, fact)
    return _changed(note, fact, value, said, draft) if value else None


def _link_to(name: str, key: str, owner: str, draft: Draft) -> tuple[str, Draft]:
    """Return a link to the note of that name, and the draft with that note where there was none."""
    name = re.sub(r"^(?:an?|the) (?=[A-Z])", "", name.strip(" \"'“”"))
    marked = mark_names(f"about {name}", draft.known)
    meant = marked.paths[1] if re.fullmatch(r"about @\d+", marked.text) else None
    path = draft.links.get(name) or note_named(name, draft.known) or meant or edit.entity_path(name)
    if path in draft.known.listed or path in draft.known.notes or name in draft.links or path in draft.texts:
        return f"[[{path}]]", draft
    text = edit.entity_text(name, key, owner, draft.cards.get(path, ""))
    return f"[[{path}]]", replace(draft, texts={**draft.texts, path: text})


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
    done = Done(path, "name", note.title, said.value, not (said.is_asked or said.is_change))
    return replace(draft, renamed=(path, said.value), done=(*draft.done, done), subject=path)


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
_PRONOUNS = frozenset(("he", "she", "it", "they", "his", "her", "its", "their", "him", "them"))
_RELATIONS = words_of(
    "employer company spouse wife husband partner boss manager colleague friend mother father sister brother son "
    "daughter doctor dentist lawyer teacher school university landlord neighbour client team coach assistant mentor "
    "girlfriend boyfriend fiance flatmate roommate cousin aunt uncle niece nephew grandmother grandfather accountant "
    "supplier tutor trainer therapist nephew pet dog cat"
)
