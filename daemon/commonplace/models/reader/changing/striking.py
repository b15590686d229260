"""What is struck off a list because of what was just told: "the gate has been mended, take it off the list". Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.clauses import readings_of
from commonplace.models.reader.changing.draft import Draft, Reads
from commonplace.models.reader.changing.listings import Item, Listing, listing_called, mentioned, without_item
from commonplace.models.reader.changing.owners import anyone, owner_of
from commonplace.models.reader.changing.rewriting import removed
from commonplace.models.reader.changing.statement import ANYONE, OURS, Does, Statement
from commonplace.models.reader.notes.facts import Fact, NoteText, fact_called


@dataclass(frozen=True, slots=True)
class _Place:
    """An item that may be meant, and where it stands: in a list of lines, or in the value of a fact."""

    note: NoteText
    text: str
    share: float
    line: tuple[Listing, Item] | None = None
    fact: Fact | None = None


def struck(message: str, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft without the one item that the first part of a message speaks of; None where that is unclear."""
    asked = _STRUCK.match(message.strip())
    if asked is None:
        return None
    found = [place for place in _places(asked["list"], asked["why"], draft, reads) if place.share >= ENOUGH]
    best = [place for place in found if place.share == max(one.share for one in found)]
    if len(best) != 1:
        return None
    place = best[0]
    if place.line:
        return without_item(place.note, *place.line, draft)
    said = Statement(Does.REMOVES, "", (), place.text, is_asked=True, must_stand=True)
    return removed(said, place.note, [place.fact], draft) if place.fact else None


def _places(named: str, why: str, draft: Draft, reads: Reads) -> Iterator[_Place]:
    for owner, key in readings_of(named):
        path = None if owner in (ANYONE, OURS) else owner_of(owner, draft, reads)
        paths = [path] if path else list(anyone(draft, reads)) if owner in (ANYONE, OURS) else []
        notes = [note for one in paths if (note := draft.note(one))]
        for note in notes:
            fact = fact_called(key, note)
            listing = listing_called(key, note)
            if listing and listing.items:
                for item in listing.items:
                    yield _Place(note, item.text, mentioned(item.text, why), line=(listing, item))
            elif fact:
                for one in fitting.items_of(fact):
                    yield _Place(note, one, mentioned(one, why), fact=fact)
        if notes:
            return


ENOUGH = 0.5
"""The share of an item's words that must have been said."""
_STRUCK = re.compile(
    r"(?P<why>.{3,120}?)(?:\s*[,.;:–—-]+\s*|\s+(?=so\s|and\s))"
    r"(?:(?:so|and|please|can you|could you|you can|you could|just)\s+)*"
    r"(?:take|cross|strike|remove|drop|delete|scratch|tick)\s+(?:it|them|that|this|him|her)(?:\s+(?:off|out))?"
    r"(?:\s+(?:of|from|on|off))?\s+(?P<list>(?:the|my|our|his|her|their|its|[A-Z])\b.*?)(?:,?\s+please)?\W*$",
    re.IGNORECASE | re.DOTALL,
)
