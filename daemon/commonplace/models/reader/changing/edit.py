"""Changes as text: the lines to swap in a note, each in the note's own style. Pure."""

import json
import re
from collections import Counter
from collections.abc import Sequence

from commonplace.models.reader.block_text import Swap
from commonplace.models.reader.language.doings import DOINGS
from commonplace.models.reader.notes.facts import FRONTMATTER, Fact, NoteText, title_of_path
from commonplace.models.reader.notes.paths import snake


def changed_value(note: NoteText, fact: Fact, value: str) -> Swap:
    """Return the swap that gives a fact another value and leaves the rest of its line alone."""
    return _swap(note, fact.number, [_with_value(fact, value)])


def without_fact(note: NoteText, fact: Fact) -> Swap:
    """Return the swap that takes a fact's line out of its note."""
    return _swap(note, fact.number, [], at_least_before=1)


def without_line(note: NoteText, number: int) -> Swap:
    """Return the swap that takes a line out of its note."""
    return _swap(note, number, [], at_least_before=1)


def with_lines(note: NoteText, number: int, lines: list[str]) -> Swap:
    """Return the swap that puts some lines in the place of one, given by its number."""
    return _swap(note, number, lines)


def added_fact(note: NoteText, key: str, value: str) -> Swap:
    """Return the swap that adds a fact after the last of the note's own facts, in their style.

    The note's own facts are those of the section that holds most of them, relations aside.
    """
    plain = [fact for fact in note.facts if not fact.links and fact.section != FRONTMATTER and not _is_row(note, fact)]
    sections = Counter(fact.section for fact in plain)
    others = [fact for fact in note.facts if fact.section != FRONTMATTER and not _is_row(note, fact)]
    if not others and any(fact.section == FRONTMATTER for fact in note.facts):
        return _added_to_frontmatter(note, key, value)
    if not sections and others:
        return _swap(note, others[-1].number, [others[-1].line, f"- {snake(key)}: {value}"])
    if not sections:
        return _added_to_bare_note(note, f"- {snake(key)}: {value}")
    section = max(sections, key=lambda name: sections[name])
    last = [fact for fact in plain if fact.section == section][-1]
    line = (
        last.line[: last.line.index(last.key)] + styled_key(key, plain) + _after_key(last) + value + _after_value(last)
    )
    return _swap(note, last.number, [last.line, line])


def _added_to_frontmatter(note: NoteText, key: str, value: str) -> Swap:
    """Add a property to a note that keeps all its facts as such; what YAML would take for something else is quoted."""
    last = note.facts[-1]
    number = last.number
    lines = note.text.split("\n")
    while lines[number + 1].startswith((" ", "-")) and lines[number + 1] != "---":
        number += 1
    said = json.dumps(value, ensure_ascii=False) if _NEEDS_QUOTES.search(value) else value
    return _swap(note, number, [lines[number], f"{styled_key(key, note.facts)}: {said}"])


def added_relation(note: NoteText, key: str, link: str) -> Swap:
    """Return the swap that adds a relation after the note's last one, or after its facts."""
    relations = [fact for fact in note.facts if fact.links and fact.key != fact.section]
    if not relations or relations[-1].section == FRONTMATTER:
        return added_fact(note, key, link)
    last = relations[-1]
    line = (
        last.line[: last.line.index(last.key)]
        + styled_key(key, relations)
        + _after_key(last)
        + link
        + _after_value(last)
    )
    return _swap(note, last.number, [last.line, line])


def added_beside(note: NoteText, fact: Fact, link: str) -> Swap:
    """Return the swap that adds a line like a relation's below it, with another link."""
    return _swap(note, fact.number, [fact.line, _with_value(fact, link)])


def merged(path: str, before: str, after: str) -> Swap:
    """Return the one swap that makes a text into another: what differs, and as many lines before as tell it apart."""
    old, new = before.split("\n"), after.split("\n")
    start = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    if start in (len(old) - end, len(new) - end):
        start = max(0, start - 1)
    while start > 0 and before.count("\n".join(old[start : len(old) - end])) != 1:
        start -= 1
    return Swap(path, "\n".join(old[start : len(old) - end]), "\n".join(new[start : len(new) - end]))


def styled_key(key: str, neighbours: Sequence[Fact]) -> str:
    """Write a key as its neighbours write theirs: ``job_title``, ``Job Title``, ``job title``."""
    words = key.replace("_", " ").split()
    keys = [fact.key for fact in neighbours]
    if any(re.search(r"[a-z][A-Z]", other) for other in keys):
        return words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:])
    if any("_" in other for other in keys):
        joined = "_".join(words)
        return joined.title() if keys[0][:1].isupper() else joined
    if keys and keys[0][:1].isupper():
        later = [word for other in keys for word in re.split(r"[\s-]", other)[1:]]
        if any(word.islower() for word in later) or not later:
            return " ".join(words)[:1].upper() + " ".join(words)[1:]
        return " ".join(word[:1].upper() + word[1:] for word in words)
    return " ".join(words) if any(" " in other for other in keys) else "_".join(words)


def entity_text(name: str, key: str, owner: str = "user.md", card_of: str = "") -> str:
    """Return a new entity's first text: a title, and what it is to its owner.

    ``card_of`` is a link to the user's own note about the same person or thing, where there is one.
    """
    card = f"- note: {card_of}\n" if card_of else ""
    other_end = _other_end(key)
    relation = f"- {other_end}: [[{owner}]]\n" if other_end else ""
    return f"# {name}\n\n{card}{relation}"


def _other_end(key: str) -> str:
    """Return the key of a relation in the note that it leads to: "supervised_by"; "" where there is none."""
    *others, last = re.findall(r"[^\W_]+", key.casefold())
    if last == "of":
        return "_".join(others)
    if last in _PREPOSITIONS:
        return ""
    done = None if others else DOINGS.get(last)
    return f"{done}_by" if done else f"{snake(key)}_of"


def link(path: str, name: str) -> str:
    """Return a link to a note, with its name where its path does not tell it: "Fell & Dale"."""
    return f"[[{path}]]" if title_of_path(path).casefold() == name.casefold() else f"[[{path}|{name}]]"


def _is_row(note: NoteText, fact: Fact) -> bool:
    """Say whether a fact stands in a table of other things, under heads of its own: prices, not properties."""
    lines, number = note.text.split("\n"), fact.number
    if not lines[number].lstrip().startswith("|"):
        return False
    while number and lines[number - 1].lstrip().startswith("|"):
        number -= 1
    heads = {cell.strip().casefold() for cell in lines[number].strip().strip("|").split("|")}
    return not heads <= _HEADS_OF_PROPERTIES


def _with_value(fact: Fact, value: str) -> str:
    start = fact.line.rindex(fact.value)
    return fact.line[:start] + value + fact.line[start + len(fact.value) :]


def _after_key(fact: Fact) -> str:
    """What stands between a fact's key and its value: ": ", ":: ", "**: "."""
    start = fact.line.index(fact.key) + len(fact.key)
    return fact.line[start : fact.line.rindex(fact.value)]


def _after_value(fact: Fact) -> str:
    """What closes the line: " |" in a table."""
    return fact.line[fact.line.rindex(fact.value) + len(fact.value) :]


_HEADS_OF_PROPERTIES = frozenset(("", "key", "value", "field", "property", "fact", "what"))
_NEEDS_QUOTES = re.compile(r"^[\[{&*#!|>%@`'\",?-]|: | #|:$")
"""What a plain value of YAML may not begin with or hold."""
_PREPOSITIONS = frozenset(("at", "by", "for", "from", "in", "on", "to", "under", "with"))
NEW_USER_NOTE = "# User Information\n"
"""What ``user.md`` says before anything is known."""


def _added_to_bare_note(note: NoteText, line: str) -> Swap:
    lines = note.text.split("\n")
    number = next((index for index, text in enumerate(lines) if text.startswith("# ")), 0)
    return _swap(note, number, [lines[number], "", line])


def _swap(note: NoteText, number: int, replacement: list[str], at_least_before: int = 0) -> Swap:
    """Swap one line, with as many lines before it as it takes to be unmistakable."""
    lines = note.text.split("\n")
    start = max(0, number - at_least_before)
    while start > 0 and note.text.count("\n".join(lines[start : number + 1])) != 1:
        start -= 1
    before = lines[start:number]
    return Swap(note.path, "\n".join([*before, lines[number]]), "\n".join([*before, *replacement]))
