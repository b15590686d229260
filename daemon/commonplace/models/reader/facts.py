"""A note's text as the reader understands it: a title, sections, facts and relations. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from commonplace.models.reader.words import Word, words_of


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

    @property
    def key_words(self) -> tuple[Word, ...]:
        """The words of the key, without the ones that say nothing."""
        return words_of(self.key)


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note that was read. ``path`` is as the tools name it, such as ``entities/jane_doe.md``."""

    path: str
    text: str
    title: str
    facts: tuple[Fact, ...]
    title_facts: tuple[Fact, ...]
    """What the title says: the name, unless it only says what kind of note this is."""

    @property
    def stem(self) -> str:
        """The file name without folder and extension."""
        return stem_of_path(self.path)

    @property
    def is_user(self) -> bool:
        """Whether this is the note about the user."""
        return self.path == "user.md"


def read_note(path: str, text: str) -> NoteText:
    """Return what a note says, line by line; every line that is no fact is left alone."""
    title, section = "", ""
    title_facts: tuple[Fact, ...] = ()
    facts: list[Fact] = []
    for number, line in _lines_outside_code(text):
        heading = _HEADING.match(line)
        if heading:
            if len(heading[1]) == 1 and not title:
                title = heading[2]
                title_facts = _title_facts(path, title, line, number)
            else:
                section = heading[2]
            continue
        fact = _KEYED.match(line)
        if fact:
            value = fact["value"].strip()
            facts.append(Fact(path, section, fact["key"].strip(), value, line, number, tuple(link_targets(value))))
    return NoteText(path, text, title or _words_of_stem(stem_of_path(path)), tuple(facts), title_facts)


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


def _title_facts(path: str, title: str, line: str, number: int) -> tuple[Fact, ...]:
    if {word.text for word in words_of(title)} <= _NO_NAMES:
        return ()
    return (Fact(path, "", "Full Name", title, line, number, ()),)


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
_KEYED = re.compile(
    r"""^\s*(?:[-*+]\s+)?            # a list item or a bare line
        (?P<bold>\*\*|__)?
        (?P<key>[^\W\d_][^:*\[\]{}|\n]{0,60}?)
        (?(bold)(?:\*\*|__)?)\s*::?\s*(?(bold)(?:\*\*|__)?)
        (?<=[:\s*_])(?P<value>\S.*?)\s*$""",
    re.VERBOSE,
)
_WIKILINK = re.compile(r"\[\[([^\]|#\n]+)(?:#[^\]|\n]*)?(?:\|([^\]\n]*))?\]\]")
_NO_NAMES = frozenset(("user", "information", "profile", "memory", "notes", "note", "personal", "basic", "facts"))
