"""What is wrong with a memory, and what could be done about it. Pure: it looks at texts, not at the disk.

Nothing here judges a human's file names or how they spell their links.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from commonplace.vault import conventions, links
from commonplace.vault.conflicts import merged, original_name
from commonplace.vault.frontmatter import FrontmatterMalformed, body_start, properties
from commonplace.vault.limits import Limits
from commonplace.vault.names import folded
from commonplace.vault.notes import LARGEST_NOTE, Change
from commonplace.vault.path import NotePath

Kind = Literal[
    "structure", "dangling link", "unreachable", "same person", "size", "frontmatter", "conflict copy", "unreadable"
]
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Repair:
    """Changes that mend something, all or none; each holds only while its note has the text from before."""

    title: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong."""

    kind: Kind
    path: str
    message: str
    line: int | None = None
    """Counted from 1."""
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What the checks look at."""

    user_note: NotePath
    texts: Mapping[NotePath, str]
    """The memory's notes."""
    resolver: links.LinkResolver
    is_file: Callable[[str, NotePath], bool]
    """Whether a link's target, in its source note, is a file that is no note: an image, a canvas."""
    called: Mapping[str, Sequence[NotePath]]
    """The notes of the vault by each of their names, folded: file name, title and aliases."""
    name: Callable[[NotePath], str]
    """What the agent calls a note."""
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])
    """Where notes went that got another name."""
    outside: Mapping[NotePath, str] = field(default_factory=dict[NotePath, str])
    """Notes of the human that link to one of those."""
    copies: Mapping[NotePath, str] = field(default_factory=dict[NotePath, str])
    """The conflict copies in the vault, with their texts."""
    malformed: Mapping[NotePath, str] = field(default_factory=dict[NotePath, str])
    """Notes of the human whose properties cannot be read, with the reason."""
    unreadable: Mapping[NotePath, str] = field(default_factory=dict[NotePath, str])
    """Notes of the memory that cannot be read, with the reason."""
    sizes: Mapping[NotePath, int] = field(default_factory=dict[NotePath, int])
    """Bytes of each note of the memory."""


def examine(seen: Snapshot, limits: Limits | None = None) -> list[Finding]:
    """Everything that is wrong, by subject."""
    return [
        *_unreadable(seen),
        *_structure(seen),
        *_dangling_links(seen),
        *_unreachable(seen),
        *_same_person(seen),
        *_sizes(seen, limits or Limits()),
        *_frontmatter(seen),
        *_conflict_copies(seen),
    ]


def _unreadable(seen: Snapshot) -> Iterator[Finding]:
    for path, reason in sorted(seen.unreadable.items()):
        yield Finding("unreadable", path.value, reason)


def _structure(seen: Snapshot) -> Iterator[Finding]:
    if seen.user_note not in seen.texts and seen.user_note not in seen.unreadable:
        now = _moved(seen, seen.user_note.value)
        advice = (
            "There is no user.md, where a memory begins; tell the agent your name."
            if now is None
            else f"It is called {now} now, and a memory begins at user.md; give it that name again."
        )
        yield Finding("structure", seen.user_note.value, advice)
    for path, text in sorted(seen.texts.items()):
        if conventions.title(text) is None:
            start = body_start(text)
            title = "User Information" if path == seen.user_note else path.stem.replace("_", " ").title()
            after = f"{text[:start]}# {title}\n{text[start:]}"
            repair = Repair(f"Give {path} the title {title!r}", (Change(path, text, after),))
            yield Finding("structure", path.value, "It has no title (a line that begins with '# ').", repair=repair)


def _dangling_links(seen: Snapshot) -> Iterator[Finding]:
    """Links of the memory that lead nowhere; those of the human only where the note is known to have moved."""
    for path, text in sorted({**seen.outside, **seen.texts}.items()):
        for link in links.scan(text):
            if seen.resolver.resolve(link.target, path) is not None or seen.is_file(link.target, path):
                continue
            spelling = text[link.start : link.end]
            line = text.count("\n", 0, link.start) + 1
            meant = _moved(seen, link.target) or (_named(seen, link.target) if path in seen.texts else None)
            if meant is not None and link.kind != "markdown":
                name = meant.value if path in seen.texts else _spelled_alike(seen, link.target, meant, path)
                after = text[: link.start] + link.spelled(name) + text[link.end :]
                repair = Repair(f"Let {spelling} in {path} lead to {meant}", (Change(path, text, after),))
                message = f"{spelling} leads to no note; {meant} seems to be meant."
                yield Finding("dangling link", path.value, message, line, repair)
            elif path in seen.texts:
                yield Finding("dangling link", path.value, f"{spelling} leads to no note.", line)


def _moved(seen: Snapshot, target: str) -> NotePath | None:
    """Where the note went that had the target's name."""
    wanted = target.casefold().removesuffix(".md")
    for old, new in seen.renamed.items():
        path = old.casefold().removesuffix(".md")
        if path == wanted or path.endswith(f"/{wanted}"):
            return NotePath(new) if seen.resolver.resolve(new) == NotePath(new) else None
    return None


def _spelled_alike(seen: Snapshot, target: str, meant: NotePath, source: NotePath) -> str:
    """The note's name as a human spelled its former one: without folders, without the ending."""
    name = meant.value if "/" in target else meant.name
    name = name if target.lower().endswith(".md") else name.removesuffix(".md")
    return name if seen.resolver.resolve(name, source) == meant else meant.value


def _named(seen: Snapshot, target: str) -> NotePath | None:
    """The one note that people call so."""
    found = seen.called.get(folded(target.rpartition("/")[2].removesuffix(".md")), ())
    return found[0] if len(found) == 1 else None


def _unreachable(seen: Snapshot) -> Iterator[Finding]:
    if seen.user_note not in seen.texts:
        return
    reached: set[NotePath] = set()
    ahead = [seen.user_note]
    while ahead:
        path = ahead.pop()
        if path in reached:
            continue
        reached.add(path)
        for target in links.targets(seen.texts.get(path, "")):
            if (found := seen.resolver.resolve(target, path)) is not None and found in seen.texts:
                ahead.append(found)
    for path in sorted(set(seen.texts) - reached):
        advice = f"No path of links leads from user.md to it; add [[{seen.name(path)}]] where it belongs."
        yield Finding("unreachable", path.value, advice)


def _same_person(seen: Snapshot) -> Iterator[Finding]:
    """Two notes under one name; a card in the memory that links the human's note is as it should be."""
    told: set[frozenset[NotePath]] = set()
    for card, text in sorted(seen.texts.items()):
        if card == seen.user_note:
            continue
        linked = {seen.resolver.resolve(target, card) for target in links.targets(text)}
        names = [name for name in map(folded, conventions.names_of(card, text)) if len(name) >= _SHORTEST_NAME]
        others = {path for name in names for path in seen.called.get(name, ())}
        for other in sorted(others - linked - {card, seen.user_note}):
            pair = frozenset((card, other))
            is_copy = original_name(other.name) is not None or original_name(card.name) is not None
            if pair in told or is_copy or _links(seen, other, card):
                continue
            told.add(pair)
            # Which of the two names led here depends on how far the index has read; what is told does not.
            first, second = sorted(pair) if other in seen.texts else (card, other)
            name = conventions.names_of(first, seen.texts[first])[-1]
            advice = "merge them" if other in seen.texts else f"add '- note: {links.canonical(other)}' to it"
            yield Finding("same person", first.value, f"{second} seems to be about {name} as well; {advice}.")


def _links(seen: Snapshot, source: NotePath, target: NotePath) -> bool:
    text = seen.texts.get(source)
    return text is not None and any(seen.resolver.resolve(name, source) == target for name in links.targets(text))


def _sizes(seen: Snapshot, limits: Limits) -> Iterator[Finding]:
    folders: dict[str, int] = {}
    for path, size in sorted(seen.sizes.items()):
        if size > LARGEST_NOTE:
            yield Finding("size", path.value, f"It has {size:,} bytes; the agent reads notes up to {LARGEST_NOTE:,}.")
        if path != seen.user_note:
            folder = path.value.rpartition("/")[0]
            folders[folder] = folders.get(folder, 0) + size
    for folder, size in folders.items():
        if size > limits.folder:
            told = f"Its notes have {size:,} bytes; the agent adds to folders up to {limits.folder:,}."
            yield Finding("size", f"{folder}/", told)
    if (size := sum(seen.sizes.values())) > limits.memory:
        told = f"The memory has {size:,} bytes; the agent adds to it up to {limits.memory:,}."
        yield Finding("size", seen.user_note.value, told)


def _frontmatter(seen: Snapshot) -> Iterator[Finding]:
    malformed = dict(seen.malformed)
    for path, text in seen.texts.items():
        try:
            properties(text)
        except FrontmatterMalformed as error:
            malformed[path] = str(error)
    for path, reason in sorted(malformed.items()):
        yield Finding("frontmatter", path.value, f"Its properties cannot be read: {reason}.")


def _conflict_copies(seen: Snapshot) -> Iterator[Finding]:
    for path, text in sorted(seen.copies.items()):
        name = original_name(path.name) or ""
        original = NotePath(f"{path.parent}/{name}" if path.parent else name)
        message = f"It is a conflict copy of {original} that a sync program made; take from it what is missing there."
        repair = None
        if original == seen.user_note and (standing := seen.texts.get(original)) is not None:
            changes: Sequence[Change] = (Change(original, standing, merged(standing, text)), Change(path, text, None))
            repair = Repair(f"Add to {original} the lines that only {path} has, and delete the copy", tuple(changes))
        yield Finding("conflict copy", path.value, message, repair=repair)
