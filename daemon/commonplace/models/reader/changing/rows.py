"""Rows of tables that a message adds or changes: which table, which row, which cell takes which value. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.draft import Done, Draft, Reads
from commonplace.models.reader.changing.owners import near, owner_of
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.facts import NoteText, without_links
from commonplace.models.reader.notes.tables import Table, tables_in


@dataclass(frozen=True, slots=True)
class _Place:
    """A table of a note, and the row that a message speaks of; -1 for a new one."""

    note: NoteText
    table: Table
    row: int = -1


def with_row(message: str, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with the row that a message adds or changes; None where it speaks of none or leaves a doubt."""
    if not _OF_A_TABLE.search(message):
        return None
    said = " ".join(message.replace("’", "'").split()).strip(" .!")
    found = [
        changed
        for place in _places(said, draft, reads)
        if (changed := _added(said, place, draft) if place.row < 0 else _changed(said, place, draft))
    ]
    if len(found) != 1:
        return None
    return _and_in_a_note(said, found[0], reads)


def asks_for_a_row(message: str) -> bool:
    """Say whether a message asks for a new row in so many words: nothing else can be meant."""
    return _NEW_ROW.search(message) is not None


def _places(said: str, draft: Draft, reads: Reads) -> Iterator[_Place]:
    """Yield the tables that may be meant, in the notes that are named or else in those that the user's links to."""
    named = [path for path in mark_names(f"about {said}", draft.known).paths if path != "user.md"]
    for path in named:
        if path not in draft.known.notes and path not in draft.known.missing:
            reads.first[path] = None
    adds = _ADDS.search(said)
    for note in (draft.known.notes[path] for path in named if path in draft.known.notes):
        yield from _in_note(said, note, adds=adds)
    for note in (draft.known.notes[path] for path in near(draft, reads) if path not in named):
        yield from _in_note(said, note, adds=adds)


def _in_note(said: str, note: NoteText, *, adds: "re.Match[str] | None") -> Iterator[_Place]:
    words = words_of(said)
    for table in tables_in(note.text):
        about = words_of(f"{table.heading} {table.heads[0]}")
        if adds and any(best_likeness(word, words_of(adds["table"])) >= _SAME for word in about):
            yield _Place(note, table)
        for number, (_, cells) in enumerate(table.rows):
            name = words_of(without_links(cells[0]))
            if not adds and name and all(best_likeness(word, words) >= 1 for word in name) and _says(words, table):
                yield _Place(note, table, number)


def _says(words: Sequence[Word], table: Table) -> bool:
    return any(best_likeness(word, words) >= _SAME for word in words_of(f"{table.heading} {' '.join(table.heads)}"))


def _added(said: str, place: _Place, draft: Draft) -> Draft | None:
    """Add a row for which every cell is said, after the last one."""
    note, table = place.note, place.table
    given = _by_head(said, table)
    values = [
        given.get(number) or _by_shape(said, table, number, given, note.title) for number in range(len(table.heads))
    ]
    if not table.rows or not all(values) or not _says_no_more(said, values, table, note):
        return None
    known = [cells[0].casefold() for _, cells in table.rows]
    if values[0].casefold() in known:
        return _changed(said, _Place(note, table, known.index(values[0].casefold())), draft)
    last, _ = table.rows[-1]
    swap = edit.with_lines(note, last, [note.text.split("\n")[last], table.line(values)])
    return draft.swapped(swap, Done(note.path, _name(table, values[0]), None, ", ".join(values[1:])))


def _changed(said: str, place: _Place, draft: Draft) -> Draft | None:
    """Change the cells of a row for which the message gives a value of their own shape."""
    note, table = place.note, place.table
    line, old = table.rows[place.row]
    given = _by_head(said, table)
    new = [
        cell if number == 0 else _fit(given.get(number) or _by_shape(said, table, number, given, note.title, old), cell)
        for number, cell in enumerate(old)
    ]
    if new == list(old) or not _says_no_more(said, [*new, old[0]], table, note):
        return None
    swap = edit.with_lines(note, line, [table.line(new)])
    differs = [number for number in range(len(old)) if new[number] != old[number]]
    before, after = ", ".join(old[number] for number in differs), ", ".join(new[number] for number in differs)
    return draft.swapped(swap, Done(note.path, _name(table, old[0]), before, after))


def _fit(value: str, cell: str) -> str:
    return value if value and value != cell else cell


def _by_head(said: str, table: Table) -> Mapping[int, str]:
    """Return the values that stand beside the heads of their columns: "peak flow 210", "16 of 20 points"."""
    given: dict[int, str] = {}
    for number, head in enumerate(table.heads):
        name = re.escape(head)
        share = re.search(rf"\b({_NUMBER}) (?:of|out of) ({_NUMBER}) {name}", said, re.IGNORECASE)
        whole = next((n for n, other in enumerate(table.heads) if other.casefold() in _WHOLE), None)
        after = re.search(rf"\b{name}(?:\s?[:=]| is| was| of| no\.)? ({_VALUE})", said, re.IGNORECASE)
        if share and whole not in (None, number):
            given |= {number: share[1], whole or 0: share[2]}
        elif after and number not in given and not (head.casefold() in _WHOLE and whole == number):
            value = after[1].strip()
            if fitting.same_shape(table.rows[0][1][number] if table.rows else value, value):
                given[number] = value
    return given


def _by_shape(
    said: str, table: Table, number: int, given: Mapping[int, str], title: str, old: Sequence[str] = ()
) -> str:
    """Return the one value of the message that has the shape of a column and of no other; "" where that is unclear."""
    for shape in (_ISO, _PLAIN, _NAME):
        columns = [
            n for n, _ in enumerate(table.heads) if (n > 0 or not old) and n not in given and _all(shape, table, n)
        ]
        if columns == [number]:
            values = [one for one in _values(shape, said) if one not in {*given.values(), *old, title, table.heading}]
            return values[0] if len(values) == 1 else ""
    return ""


def _values(shape: "re.Pattern[str]", said: str) -> list[str]:
    text = said if shape is _ISO else _ISO.sub(" ", said)
    return list(dict.fromkeys(match[0] for match in shape.finditer(text)))


def _all(shape: "re.Pattern[str]", table: Table, number: int) -> bool:
    return bool(table.rows) and all(shape.fullmatch(cells[number]) for _, cells in table.rows)


def _says_no_more(said: str, values: Sequence[str], table: Table, note: NoteText) -> bool:
    """Say whether each number and day of the message has its cell: what is left over was not understood."""
    heard = {*_values(_ISO, said), *_values(_PLAIN, said), *_values(_NAME, said)}
    names = {note.title, table.heading}
    return heard <= {*values, *names, *_values(_PLAIN, " ".join((*values, *names, *table.heads)))}


def _and_in_a_note(said: str, draft: Draft, reads: Reads) -> Draft | None:
    """Add what a row is about to somebody's note, where that is asked for too: "add the role to her note"."""
    asked = _TO_A_NOTE.search(said)
    if asked is None:
        return draft
    path = owner_of(asked["who"], draft, reads)
    note = draft.note(path) if path else None
    name = draft.done[-1].key.partition(": ")[2]
    if note is None or not name:
        return None
    return draft.swapped(edit.added_fact(note, asked["key"], name), Done(note.path, asked["key"], None, name))


def _name(table: Table, row: str) -> str:
    return f"{table.heading or table.heads[0]}: {without_links(row)}".casefold()


_SAME = 0.85
_NUMBER = r"\d+(?:[.,]\d+)*"
_VALUE = rf"\d{{4}}-\d{{2}}-\d{{2}}|{_NUMBER}(?! (?:of|out of)\b)|[^\d,;.]+?(?=,|;|\.|\band\b|$)"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_PLAIN = re.compile(rf"(?<![\w.,-]){_NUMBER}(?![\w-])")
_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][\w'-]+)+")
_WHOLE = frozenset(("of", "out of", "total", "max", "maximum"))
"""Heads of the column that says of how much something is a part."""
_OF_A_TABLE = re.compile(
    r"\b(?:rows?|tables?|entry|line)\b|\b(?:add|put|enter|log|note|write) (?:it|that|this|them) (?:to|in|into|on) "
    r"|\badd (?:an?|another|one)\b",
    re.IGNORECASE,
)
_NEW_ROW = re.compile(
    r"\b(?:add|enter|insert|put) (?:an?|another|one|the) (?:new )?(?:row|line|entry)\b", re.IGNORECASE
)
_ADDS = re.compile(
    r"\b(?:add|enter|log|put|insert)\b(?: (?:it|that|this|an?|another|one|the|new|row|line|entry))*"
    r" (?:to|in|into|on|under) (?P<table>[^,;:]+?)(?=[,;:]| for\b| with\b|$)",
    re.IGNORECASE,
)
_TO_A_NOTE = re.compile(
    r"\badd (?:the|his|her|their) (?P<key>role|office|post|position|title|job)"
    r" to (?P<who>[^,;]+?)(?:['’]s)? (?:own )?note",
    re.IGNORECASE,
)
