"""Whom a filter keeps out of every reply: who is described in it ("my brother"), and all people ("no names"). Pure."""

import re
from collections.abc import Iterator

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer
from commonplace.models.reader.answering.kinship import FAMILY, family_of
from commonplace.models.reader.answering.phrase import Named, Phrase, Related
from commonplace.models.reader.answering.relating import meant
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import title_of_path
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.scene import Scene, is_person
from commonplace.models.reader.withholding.filters import ALLOWED, names


def spelled_out(filters: str, known: KnownNotes) -> str:
    """Return filters with a link to each note that they describe: "my brother [[Jon Hale]]", "my family [[...]]"."""

    def named(found: re.Match[str]) -> str:
        words = found["words"].split()
        for end in range(len(words), 0, -1):
            said, rest = " ".join(words[:end]), " ".join(words[end:])
            if words[end - 1] in _VERBS:
                continue
            owns = re.search(r"['’]s?$", said) is not None
            titles = [_name(path, known) for path in dict.fromkeys(_described(re.sub(r"['’]s?$", "", said), known))]
            if titles:
                links = " ".join(f"[[{title}]]" + ("'s" if owns else "") for title in titles)
                return f"{links if owns else f'my {said} {links}'} {rest}".rstrip()
        return found[0]

    return _DESCRIBED.sub(named, filters)


def keep_names(move: Move, conversation: Conversation, known: KnownNotes) -> Move:
    """Keep the names that a filter forbids out of a reply; a value that is told of somebody becomes theirs."""
    filters = conversation.filters
    if not move.reply or not filters:
        return move
    anonymous = _ALL_NAMES.search(ALLOWED.sub(" ", filters)) is not None
    hidden = [path for path in known.listed if _is_hidden(path, filters, known, anonymous=anonymous)]
    reply = _unnamed(move.reply, hidden, known) if anonymous else move.reply
    asked = conversation.question.casefold()
    for path in hidden:
        if any(_says(reply, called) for called in _called(path, known) if anonymous or called.casefold() not in asked):
            written = blocks.has_written(conversation.steps)
            return Move("A filter forbids the name.", reply=answer.DONE if written else answer.FORBIDDEN)
    return Move(move.thought, reply=reply)


def _is_hidden(path: str, filters: str, known: KnownNotes, *, anonymous: bool) -> bool:
    if path == "user.md":
        return False
    note = known.notes.get(path)
    return names(_name(path, known), filters) or (anonymous and (note is None or is_person(note)))


def _unnamed(reply: str, hidden: list[str], known: KnownNotes) -> str:
    """Take the owner of what is told out of a reply: "Jon Hale's age is 45 (entities/jon_hale.md)."."""
    for path in hidden:
        owner = f"{_name(path, known)}'s "
        if reply.startswith(owner):
            return f"Their {reply.removeprefix(owner).replace(f' ({path})', '')}"
    return reply


def _described(words: str, known: KnownNotes) -> Iterator[str]:
    """Yield the notes that a description in the user's own words leads to."""
    scene = Scene(known, ("user.md",))
    if words.casefold() in FAMILY:
        yield from (hop.target for hop in family_of("user.md", scene))
        return
    phrase: Phrase = Named("@0")
    for part in re.split(r"['’]s?\s+", words.casefold()):
        phrase = Related(part, phrase)
    yield from (one.path for one in meant(phrase, scene) if one.path != "user.md")


def _name(path: str, known: KnownNotes) -> str:
    return known.notes[path].title if path in known.notes else title_of_path(path)


def _called(path: str, known: KnownNotes) -> tuple[str, ...]:
    name = _name(path, known)
    return (name, name.split()[0], path)


def _says(reply: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", reply) is not None


_DESCRIBED = re.compile(r"\b(?:my|our)\s+(?P<words>(?:[a-z][\w-]*(?:['’]s?)?\s+){0,4}[a-z][\w-]*(?:['’]s?)?)", re.I)
_VERBS = frozenset(("is", "are", "was", "were", "has", "does", "lives", "works", "earns", "weighs"))
"""Words after a description that are no part of it: "how old my brother is"."""
_PEOPLE = r"(?:people|persons?|any(?:one|body)|some(?:one|body)|every(?:one|body)|others?)"
_ALL_NAMES = re.compile(
    rf"(?<!file)(?<!user)(?<!brand)(?<!company) ?\bnames\b|\bby name\b|\b{_PEOPLE}['’]?s? name\b|\bname of {_PEOPLE}"
    rf"|\bidentify {_PEOPLE}|\bwho {_PEOPLE} (?:is|are)\b|\bname {_PEOPLE}\b",
    re.IGNORECASE,
)
"""A filter that means the names of people at large."""
