"""Noun phrases: "the owner of the company that built my boat" as a tree of who is related to whom. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something that is named; ``mark`` is the name's, such as ``@2``."""

    mark: str


@dataclass(frozen=True, slots=True)
class Related:
    """What somebody has or is to somebody: "doctor" of ``of``."""

    words: str
    of: "Phrase"


@dataclass(frozen=True, slots=True)
class Acting:
    """The ``kind`` that ``agent`` does something to: "the person that I supervise"."""

    kind: str
    verb: str
    agent: "Phrase"


@dataclass(frozen=True, slots=True)
class ActedOn:
    """The ``kind`` that does something to ``target``: "the company that built my boat"."""

    kind: str
    verb: str
    target: "Phrase"


@dataclass(frozen=True, slots=True)
class Kind:
    """Something of a kind, such as "the hospital"."""

    words: str


@dataclass(frozen=True, slots=True)
class Described:
    """The ``kind`` that says some words of itself: "the ticket about a loud kettle"."""

    kind: str
    words: str


Phrase = Named | Related | Acting | ActedOn | Kind | Described


@lru_cache(maxsize=1024)
def noun_phrases(text: str) -> tuple[Phrase, ...]:
    """Return every reading of a text as a noun phrase, none where it is none."""
    return tuple(_readings(_DETERMINER.sub("", text.strip(" ,"))))


def _readings(text: str) -> Iterator[Phrase]:
    if _MARK.fullmatch(text):
        yield Named(text)
    elif text.startswith("@"):
        yield from _possessives(text)
    elif match := _FIRST_LINK.match(text):
        head, link, rest = match["head"].strip(), (match["link"] or ""), match["rest"].strip()
        if link in _RELATIVE or not link:
            yield from _clauses(head, rest)
        else:
            yield from (Related(head, of) for of in noun_phrases(rest))
    elif " 's " in text:
        yield from _owned_by_a_kind(text)
    elif match := _DESCRIBED.fullmatch(text):
        yield Described(match["kind"], match["words"])
    elif _KIND.fullmatch(text):
        yield Kind(text)


def _possessives(text: str) -> Iterator[Phrase]:
    """Read "my mother 's doctor" from the left; what follows the last 's may be longer than a word."""
    mark, *owned = text.split(" 's ")
    phrase: Phrase = Named(mark)
    if not _MARK.fullmatch(mark) or not owned or any(not _KIND.fullmatch(part) for part in owned):
        return
    for part in owned:
        phrase = Related(part, phrase)
    yield phrase


def _owned_by_a_kind(text: str) -> Iterator[Phrase]:
    """Read "the car 's next inspection": what is owned of something of a kind."""
    head, *owned = text.split(" 's ")
    if any(not _KIND.fullmatch(part) for part in (head, *owned)):
        return
    phrase: Phrase = Kind(head)
    for part in owned:
        phrase = Related(part, phrase)
    yield phrase


def _clauses(head: str, clause: str) -> Iterator[Phrase]:
    for agent, verb in subjects(clause) if clause.startswith(("@", "the ")) else ():
        passive = verb.endswith(" by")
        yield ActedOn(head, verb, agent) if passive else Acting(head, verb, agent)
    match = _VERB_THEN_OBJECT.match(clause)
    if match and not clause.startswith("@"):
        for target in noun_phrases(match["object"]):
            passive = re.search(r"\bby$", match["verb"])
            yield Acting(head, match["verb"], target) if passive else ActedOn(head, match["verb"], target)


def subjects(clause: str, *, determined: bool = False) -> Iterator[tuple[Phrase, str]]:
    """Cut a clause into its subject and what it does, at every place where a subject may end.

    ``determined`` allows articles in what it does: "have a dog".
    """
    words = clause.split()
    for cut in range(max(1, len(words) - MOST_VERB_WORDS), len(words)):
        if (
            not (_NO_VERB - _ARTICLES if determined else _NO_VERB).isdisjoint(words[cut:])
            or words[cut - 1] == "'s"
            or "@" in " ".join(words[cut:])
        ):
            continue
        for subject in noun_phrases(" ".join(words[:cut])):
            yield subject, " ".join(words[cut:])


MOST_VERB_WORDS = 4
_ARTICLES = frozenset(("the", "a", "an"))
_NO_VERB = frozenset(("'s", "the", "a", "an", "that", "which", "who", "whom", "whose"))
_KIND = re.compile(
    r"(?!(?:the|that|which|who|whom|of|for|is|are|do|does)\b)[^\s@]+"
    r"(?: (?!(?:the|that|which|who|whom|of|for|a|do|does|is|are|than|or)\b)[^\s@]+){0,3}"
)
_DESCRIBED = re.compile(
    r"(?P<kind>[^\s@]+(?: [^\s@]+)?) (?:about|on|regarding) (?:an? )?(?P<words>[^\s@]+(?: [^\s@]+){0,4})"
)
_MARK = re.compile(r"@\d+")
_DETERMINER = re.compile(r"^(?:(?:the|a|an|any|this|that)\s+)+")
_RELATIVE = frozenset(("that", "which", "who", "whom", "where", "whose"))
_FIRST_LINK = re.compile(
    r"(?P<head>[^@]+?)\s+(?:(?P<link>that|which|who|whom|where|of|at|in|for|on|from|to|with)\s+|(?=@))"
    r"(?P<rest>.*(?:@|\b(?:the|this|that) ).*)$"
)
_VERB_THEN_OBJECT = re.compile(r"(?P<verb>[^@\s]+(?: [^@\s]+){0,3}?)\s+(?P<object>(?:@|the |this |that |a |an ).*)$")
