"""A note's text as the reader understands it: a title, sections, facts and relations. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.notes.derived import Stated, derived_facts
from commonplace.models.reader.notes.lists import items_in
from commonplace.models.reader.notes.nesting import bare_item, owners_of_lines
from commonplace.models.reader.notes.sentences import sentence_facts
from commonplace.models.reader.notes.tables import Table, table_facts, tables_in


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement of a note. ``line`` is the line as it stands; ``links`` are the targets it names."""

    note: str
    section: str
    key: str
    value: str
    line: str
    number: int
    links: tuple[str, ...]
    of: tuple[str, ...] = ()
    """What somebody else is called, whose fact it is."""

    @property
    def is_item(self) -> bool:
        """Whether its line is an item of a list that says nothing else."""
        item = re.match(r"\s*[-*+]\s+(?:[^:]+::?\s+)?", self.line)
        return item is not None and self.line[item.end() :].strip() == self.value

    @property
    def key_words(self) -> tuple[Word, ...]:
        """The words of the key, without the ones that say nothing."""
        return words_of(self.key)


@dataclass(frozen=True)
class NoteText:
    """A note that was read. ``path`` is as the tools name it, such as ``entities/jane_doe.md``."""

    path: str
    text: str
    title: str
    facts: tuple[Fact, ...]
    told: tuple[Fact, ...]
    """What the title and plain sentences say; it can be answered with, and is never rewritten."""
    mentions: tuple[Fact, ...] = ()
    """Links in prose that states no fact: they lead on, and say nothing by themselves."""
    nested: tuple[Fact, ...] = ()
    """What stands indented under somebody, and is no fact of the note's own subject."""

    @cached_property
    def statements(self) -> tuple[Fact, ...]:
        """All that the note says of its subject."""
        return tuple(fact for fact in (*self.facts, *self.told) if fact.value.casefold() not in _SAYS_NOTHING)

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables that stand in it."""
        return tuple(tables_in(self.text)) if "|" in self.text else ()

    @property
    def stem(self) -> str:
        """The file name without folder and extension."""
        return stem_of_path(self.path)

    @property
    def is_user(self) -> bool:
        """Whether this is the note about the user."""
        return self.path == "user.md"


@lru_cache(maxsize=256)
def read_note(path: str, text: str) -> NoteText:
    """Return what a note says, line by line; every line that is no fact is left alone."""
    title, section = "", ""
    facts: list[Fact] = []
    told: list[Fact] = []
    mentions: list[Fact] = []
    nested: list[Fact] = []
    sections: dict[int, str] = {}
    lines = list(_lines_outside_code(text))
    owners = owners_of_lines(lines)
    items = list(items_in(lines))
    under = {item.number: item.under for item in items if item.under}
    for number, line in lines:
        heading = _HEADING.match(line)
        if number < _end_of_frontmatter(text):
            section = FRONTMATTER
        elif heading and len(heading[1]) == 1 and not title:
            title, section = heading[2], ""
            told += _title_facts(path, title, line, number)
        elif heading:
            section = heading[2]
        elif section == FRONTMATTER:
            section = ""
        sections[number] = section
        for pattern in (_KEYED, _ROW):
            said = [
                _fact(path, section, match["key"], _unquoted(match["value"], section), line, number)
                for match in pattern.finditer(line)
            ]
            facts += said if number not in owners else ()
            of = owners.get(number, ())
            nested += [replace(fact, key=f"{of[0]}'s {fact.key}", of=of) for fact in said if of]
        if _BARE_LINKS.match(line) and section and section != FRONTMATTER:
            facts.append(_fact(path, section, under.get(number, section), _BARE_LINKS.sub(r"\1", line), line, number))
        elif not heading and not _KEYED.match(line) and not line.lstrip().startswith(("|", ">")):
            stated = sentence_facts(line, title, path == "user.md")
            told += [_fact(path, section, key, value, line, number) for key, value in stated]
            item = bare_item(line, section)
            told += (
                [_fact(path, section, section, item, line, number)]
                if item and number not in owners and number not in under
                else []
            )
            if "[[" in line and not any(fact.number == number for fact in told):
                mentions.append(_fact(path, section, "", line, line, number))
    told += [_fact(path, sections[at], key, value, line, at) for at, key, value, line in table_facts(lines)]
    stated = {fact.number for fact in (*facts, *told)}
    told += [
        _fact(path, sections[item.number], item.key, item.text, item.line, item.number)
        for item in items
        if item.key and item.number not in stated and item.number not in owners
    ]
    told += _derived(facts)
    return NoteText(
        path,
        text,
        title or _words_of_stem(stem_of_path(path)),
        tuple(facts),
        tuple(told),
        tuple(mentions),
        tuple(nested),
    )


def _derived(facts: Sequence[Fact]) -> Iterator[Fact]:
    for key, value, source in derived_facts([Stated(fact.key, fact.value) for fact in facts]):
        yield replace(facts[source], key=key, value=value)


def _fact(path: str, section: str, key: str, value: str, line: str, number: int) -> Fact:
    value = value.strip()
    return Fact(path, section, key.strip(), value, line, number, tuple(link_targets(value)))


def _unquoted(value: str, section: str) -> str:
    """Return a value without the quotes that YAML needs around a link."""
    quoted = re.fullmatch(r"([\"'])([^\"']+)\1", value.strip()) if section == FRONTMATTER else None
    return quoted[2] if quoted else value


def fact_called(key: str, note: NoteText) -> Fact | None:
    """Return the fact of a note that goes by a key, in whatever wording."""
    words = words_of(key)
    heavy = [word for word in words if word.weight > 0.5]
    scored = [
        (_alike(words, fact.key_words), fact)
        for fact in note.statements
        if all(best_likeness(word, fact.key_words) >= 0.85 for word in heavy)
    ]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= 0.6 else None


def says_key(said: str, key: str) -> bool:
    """Say whether some words say a key, in whatever wording."""
    words, others = words_of(said), words_of(key)
    return bool(words) and bool(others) and _alike(words, others) >= 0.6


def nested_facts(who: str, note: NoteText) -> list[Fact]:
    """Return the facts of somebody that stand indented under them in a note about somebody else."""
    said = {word.stem for word in words_of(who)}
    return [
        fact for fact in note.nested if said and any(said <= {word.stem for word in words_of(name)} for name in fact.of)
    ]


def _alike(one: Sequence[Word], other: Sequence[Word]) -> float:
    """How much two keys say the same, 0 to 1: what either says beyond the other counts against it."""
    whole = sum(word.weight for word in (*one, *other))
    shared = sum(word.weight * best_likeness(word, other) for word in one)
    shared += sum(word.weight * best_likeness(word, one) for word in other)
    return shared / whole if whole else 0.0


def link_targets(text: str) -> Iterator[str]:
    """Yield what the wikilinks in a text point at, without alias and heading."""
    for match in _WIKILINK.finditer(text):
        yield match[1].strip()


def without_links(value: str) -> str:
    """Return a value as a person reads it: a link becomes its alias or the name of its note."""
    return _WIKILINK.sub(lambda match: (match[2] or _words_of_stem(stem_of_path(match[1]))).strip(), value)


def stem_of_path(path: str) -> str:
    """Return a path's or a link's bare name: ``entities/jane_doe.md`` gives ``jane_doe``."""
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def title_of_path(path: str) -> str:
    """Return a name for a note that was not read: ``entities/jane_doe.md`` gives "Jane Doe"."""
    return _words_of_stem(stem_of_path(path))


def _title_facts(path: str, title: str, line: str, number: int) -> Iterator[Fact]:
    if not {word.text for word in words_of(title)} <= _NO_NAMES:
        yield Fact(path, "", "Full Name", title, line, number, ())


@lru_cache(maxsize=64)
def _end_of_frontmatter(text: str) -> int:
    """Return the number of the line after the frontmatter, 0 where there is none."""
    lines = text.split("\n")
    return lines.index("---", 1) + 1 if lines[0] == "---" and "---" in lines[1:] else 0


def _words_of_stem(stem: str) -> str:
    return stem.replace("_", " ").strip().title()


def _lines_outside_code(text: str) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(text.split("\n")):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield number, line


_HEADING = re.compile(r"^(#{1,6})\s+(.*\S)\s*$")
FRONTMATTER = "---"
"""The section of the facts between the two lines of dashes that a note may begin with."""
_KEYED = re.compile(
    r"""^\s*(?:[-*+]\s+)?            # a list item or a bare line
        (?P<bold>\*\*|__)?
        (?P<key>[^\W\d_][^:*\[\]{}|\n]{0,60}?)
        (?(bold)(?:\*\*|__)?)\s*::?(?(bold)(?:\*\*|__)?)\s+
        (?P<value>\S.*?)\s*$""",
    re.VERBOSE,
)
_ROW = re.compile(r"^\s*\|\s*(?P<key>[^\W\d_][^|\n]{0,60}?)\s*\|\s*(?P<value>[^|\s-][^|\n]*?)\s*\|\s*$")
_BARE_LINKS = re.compile(r"^\s*[-*+]\s+(\[\[[^\]\n]+\]\](?:,? (?:and )?\[\[[^\]\n]+\]\])*)\s*$")
"""A list item that is nothing but links: its heading says what they are."""
_WIKILINK = re.compile(r"\[\[([^\]|#\n]+)(?:#[^\]|\n]*)?(?:\|([^\]\n]*))?\]\]")
_SAYS_NOTHING = ("entity", "note")
"""Types that every note is of."""
_NO_NAMES = frozenset(("user", "information", "profile", "memory", "notes", "note", "personal", "basic", "facts"))
