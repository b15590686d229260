"""Relations pointed at notes: the link to whoever is named, and a new note where nobody of that name stands. Pure."""

import re
from dataclasses import replace

from commonplace.models.reader.changing import edit
from commonplace.models.reader.changing.draft import Done, Draft
from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.facts import Fact, NoteText
from commonplace.models.reader.notes.memory import note_named
from commonplace.models.reader.notes.nesting import RELATIONS
from commonplace.models.reader.notes.paths import entity_path


def pointed(note: NoteText, fact: Fact, new: str, draft: Draft) -> Draft | None:
    """Return the draft in which a fact says something else; a relation points at a note of that name."""
    if fact.links:
        if _NO_NAME.match(new):
            return None
        new, draft = link_to(new, fact.key, note.path, draft)
    if fact.value not in fact.line:
        return None
    return draft.swapped(edit.changed_value(note, fact, new), Done(note.path, fact.key, fact.value, new))


def link_to(name: str, key: str, owner: str, draft: Draft) -> tuple[str, Draft]:
    """Return a link to the note of that name, and the draft with that note where there was none."""
    name = re.sub(r"^(?:an?|the) (?=[A-Z])", "", name.strip(" \"'“”"))
    marked = mark_names(f"about {name}", draft.known)
    meant = marked.paths[1] if re.fullmatch(r"about @\d+", marked.text) else None
    path = draft.links.get(name) or note_named(name, draft.known) or meant or entity_path(name)
    if path in draft.known.listed or path in draft.known.notes or name in draft.links or path in draft.texts:
        return f"[[{path}]]", draft
    link = edit.link(path, name)
    text = edit.entity_text(name, key, owner, draft.cards.get(path, ""))
    return link, replace(draft, texts={**draft.texts, path: text}, latest=path)


def target_path(link: str) -> str:
    """Return the path that a link of this module leads to."""
    return link.strip("[]").partition("|")[0]


def is_relation_key(key: str) -> bool:
    """Say whether a key names somebody with a note of their own: "employer", "sister"."""
    words = words_of(key)
    return bool(words) and best_likeness(words[-1], RELATIONS) >= 0.85


_NO_NAME = re.compile(r"\d+(?!\w)|['’]|(?:s|add|remember|has|have|is|was|are|in|on|at|to|now|again)\b", re.IGNORECASE)
"""What no name begins with: a sentence that was not understood must not become a note."""
