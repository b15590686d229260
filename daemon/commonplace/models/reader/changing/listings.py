"""Lists that a note keeps as lines: the items below a heading or a key, such as "## To do" or a list of YAML. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from commonplace.models.reader.answering.relating import note_meant
from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.draft import Done, Draft
from commonplace.models.reader.changing.linking import link_to
from commonplace.models.reader.changing.statement import Does, Statement
from commonplace.models.reader.language.words import words_of
from commonplace.models.reader.notes.facts import NoteText, link_targets, says_key, without_links


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list. ``before`` is all that stands before its text: indent, bullet, box, quote."""

    number: int
    before: str
    text: str
    after: str

    def line(self, text: str) -> str:
        """Return the line of an item like this one with another text; a new task is open."""
        return self.before.replace("[x]", "[ ]").replace("[X]", "[ ]") + text + self.after


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of a note, by its heading or key, which stands in the line ``number``."""

    name: str
    number: int
    items: list[Item] = field(default_factory=list[Item])

    def item(self, words: str) -> Item | None:
        """Return the item that some words say."""
        return next((one for one in self.items if _plain(one.text) == _plain(words)), None)


def listings(note: NoteText) -> Sequence[Listing]:
    """Return the lists of a note, without those that have no item."""
    return [one for one in _all(note.text) if one.items]


def listing_called(key: str, note: NoteText) -> Listing | None:
    """Return the list of a note that goes by a name."""
    found = [one for one in _all(note.text) if _plain(one.name) == _plain(key) or says_key(key, one.name)]
    return found[0] if len(found) == 1 else None


def in_listing(said: Statement, note: NoteText, draft: Draft) -> Draft | None:
    """Add, take out or replace an item of a list of lines."""
    if said.does is Does.ADDS and said.keys:
        listing = next((found for key in said.keys if (found := listing_called(key, note))), None)
        return _added(said, listing, note, draft) if listing else None
    old = said.value if said.does is Does.REMOVES else said.old if said.does is Does.REPLACES else ""
    named = [found for key in said.keys if (found := listing_called(key, note))]
    found = [
        (listing, item)
        for listing in (named[:1] if said.keys else listings(note))
        if old and (item := listing.item(old) or _linked_item(listing, old, draft))
    ]
    if len(found) != 1:
        return None
    listing, item = found[0]
    if said.does is Does.REMOVES:
        return without_item(note, listing, item, draft, asks=not (said.is_asked or said.is_change))
    if "[[" in item.text:
        return None
    asks = not (said.is_asked or said.is_change)
    swap = edit.with_lines(note, item.number, [item.line(said.value)])
    return draft.swapped(swap, Done(note.path, listing.name, item.text, said.value, asks))


def _linked_item(listing: Listing, words: str, draft: Draft) -> Item | None:
    """Return the item that links to whom some words mean."""
    path = note_meant(words, draft.known) if any("[[" in item.text for item in listing.items) else None
    linked = ((item, list(link_targets(item.text))) for item in listing.items)
    return next((item for item, to in linked if path and [draft.known.resolve(link) for link in to] == [path]), None)


def without_item(note: NoteText, listing: Listing, item: Item, draft: Draft, *, asks: bool = False) -> Draft:
    """Return the draft in which a list no longer has an item."""
    return draft.swapped(edit.without_line(note, item.number), Done(note.path, listing.name, item.text, None, asks))


def _added(said: Statement, listing: Listing, note: NoteText, draft: Draft) -> Draft | None:
    if listing.item(said.value):
        return replace(draft, done=(*draft.done, Done(note.path, listing.name, said.value, said.value)))
    last = listing.items[-1] if listing.items else Item(listing.number, "- ", "", "")
    is_heading = note.text.split("\n")[listing.number].startswith("#")
    if not listing.items and not (is_heading and said.is_asked):
        return None
    is_of_words = _plain(listing.name) in _OF_TASKS
    texts = [said.value] if is_of_words else fitting.items(said.value)
    if "[[" in last.text:
        links = list[str]()
        for name in texts:
            if not fitting.is_name(name):
                return None
            link, draft = link_to(name, listing.name.removesuffix("s"), note.path, draft)
            links.append(link)
        texts = links
    lines = [last.line(text) for text in texts]
    above = note.text.split("\n")[last.number]
    swap = edit.with_lines(note, last.number, [above, *lines])
    return draft.swapped(swap, Done(note.path, listing.name, None, ", ".join(texts)))


def _all(text: str) -> Iterator[Listing]:
    listing, fenced = None, False
    for number, line in enumerate(text.split("\n")):
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        begins = None if fenced else _HEADING.match(line) or _KEY.match(line)
        item = None if fenced or begins else _ITEM.match(line)
        if begins:
            if listing:
                yield listing
            listing = Listing(begins["name"].strip(), number)
        elif item and listing and not _KEYED.match(item["text"]):
            listing.items.append(Item(number, item["before"], item["text"], item["after"]))
        elif line.strip() and listing:
            yield listing
            listing = None
    if listing:
        yield listing


def _plain(words: str) -> str:
    return re.sub(r"[^\w]+|_", "", re.sub(r"^(?:the|an?|my) ", "", without_links(words).strip().casefold()))


def mentioned(item: str, text: str) -> float:
    """How much of an item some text says, 0 to 1: "the gate has been mended" of "mend the north gate"."""
    said = {word.stem for word in words_of(text)}
    heavy = [word for word in words_of(without_links(item)) if word.weight > 0.5]
    return sum(word.stem in said for word in heavy) / len(heavy) if heavy else 0.0


_OF_TASKS = frozenset(("todo", "todos", "tasks", "chores", "jobs", "reminders"))
"""Lists whose items are sentences: an "and" divides none of them."""
_HEADING = re.compile(r"#{2,6}\s+(?P<name>\S.*?)\s*$")
_KEY = re.compile(r"\s*(?:[-*+]\s+)?(?:\*\*)?(?P<name>[^\W\d_][^:*\[\]{}|\n]{0,60}?)(?:\*\*)?::?(?:\*\*)?\s*$")
_ITEM = re.compile(r"(?P<before>\s*[-*+]\s+(?:\[[ xX]\]\s+)?(?P<quote>[\"']?))(?P<text>\S.*?)(?P<after>(?P=quote)\s*)$")
_KEYED = re.compile(r"[^\W\d_][^:\[\]]{0,40}::? ")
