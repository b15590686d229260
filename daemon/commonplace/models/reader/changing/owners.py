"""Whose fact a statement is about: a name, a relation, a pronoun, or whoever has such a fact. Pure."""

import re
from collections.abc import Iterator

from commonplace.models.reader.answering.relating import note_meant
from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.draft import Draft, Reads
from commonplace.models.reader.changing.statement import LATEST
from commonplace.models.reader.notes.facts import NoteText
from commonplace.models.reader.notes.paths import entity_path
from commonplace.models.reader.notes.scene import Scene


def owner_of(owner: str, draft: Draft, reads: Reads) -> str | None:
    """Return the note of whose fact it is; one that is not read yet is wanted."""
    if not owner:
        return "user.md"
    if owner == LATEST:
        return draft.latest or None
    if owner.casefold() in PRONOUNS:
        path = spoken_of(owner, draft)
        return path if path != "user.md" else None
    scene = Scene(draft.known, ())
    path = note_meant(owner, draft.known, scene)
    if path is None and (own := re.match(r"(?:my|our) [a-z -]+ (?=[A-Z])", owner)):
        path = note_meant(owner[own.end() :], draft.known, scene)
    where = _WHERE_ONE.fullmatch(owner)
    if path is None and where:
        kinds = _BY_DOING[where["does"].casefold()]
        path = next((found for kind in kinds if (found := note_meant(f"my {kind}", draft.known, scene))), None)
    if path is None:
        path = next((new for new in draft.texts if draft.created(new) and _is_called(owner, draft.note(new))), None)
    if path is None and not draft.known.lists_all and fitting.is_name(owner):
        guessed = entity_path(owner)
        path = guessed if guessed in draft.known.notes or guessed not in draft.known.missing else None
    for unread in (*scene.wanted, *([path] if path else ())):
        if unread not in draft.known.notes and unread not in draft.known.missing and not draft.created(unread):
            reads.first[unread] = None
    return path


def spoken_of(pronoun: str, draft: Draft) -> str:
    """Return the note that a pronoun means, "" where nobody was spoken of."""
    return (draft.thing if pronoun.casefold() in ("it", "its") else "") or draft.subject


def _is_called(name: str, note: NoteText | None) -> bool:
    return bool(note) and name.casefold() == note.title.casefold()


def anyone(draft: Draft, reads: Reads) -> Iterator[str]:
    """Yield the notes whose fact it may be where that is not said: the user's, then those that it links to."""
    yield "user.md"
    holding = list(near(draft, reads))
    yield from holding


def near(draft: Draft, reads: Reads) -> Iterator[str]:
    """Yield the notes that the user's note links to."""
    user = draft.known.user
    targets = [target for fact in user.facts for target in fact.links] if user else []
    for path in dict.fromkeys(map(draft.known.resolve, targets)):
        if path and path in draft.known.notes:
            yield path
        elif path and path not in draft.known.missing:
            reads.late[path] = None


_BY_DOING = {
    "work": ("employer", "company", "workplace"),
    "study": ("university", "school", "college"),
    "go": ("school", "university", "college"),
    "bank": ("bank",),
    "live": ("flatmate", "partner", "spouse"),
}
"""What the user's note calls whom or what one works for, studies at, banks or lives with."""
_WHERE_ONE = re.compile(
    r"the [a-z ]+?(?: (?:that|which|where|who))? (?:i|we) (?P<does>work|study|go|bank|live)(?: (?:at|for|in|to|with))?",
    re.I,
)
PRONOUNS = frozenset(("he", "she", "it", "they", "his", "her", "its", "their", "him", "them"))
