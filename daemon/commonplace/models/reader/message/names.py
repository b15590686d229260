"""Which notes a message names: it becomes words in which each name is a mark such as ``@3``. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.models.reader.language.words import STOP_WORDS
from commonplace.models.reader.notes.facts import NoteText, stem_of_path
from commonplace.models.reader.notes.memory import KnownNotes

USER = "@0"
"""The mark for the user: "I" and "me"; "my" is ``@0 's``."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A message in lower case, its names marked; ``paths`` has the note of each mark."""

    text: str
    paths: tuple[str, ...]
    unclear: tuple[str, ...] = ()
    """Notes of which a name could mean any."""


def mark_names(message: str, known: KnownNotes) -> Marked:
    """Replace the names of notes by marks, the longest first, and the words for the user by theirs."""
    paths = ["user.md"]
    text = message.replace("’", "'")
    unclear: tuple[str, ...] = ()
    for name, bearers in _whole_names(known):
        pattern = re.compile(rf"(?<![\w@])(?:the )?{name}(?![\w-])", re.IGNORECASE)
        found = pattern.search(text)
        if found is None or (" " not in found[0] and _is_a_word_for_a_kind(found, text)):
            continue
        first, *others = bearers
        if others:
            unclear = bearers
        text = pattern.sub(f"@{len(paths)}", text)
        paths.append(first)
    for found in reversed(list(_CAPITALISED.finditer(text))):
        bearers = () if found[0].casefold() in STOP_WORDS else _bearers(found[0], known)
        if len(bearers) == 1:
            text = f"{text[: found.start()]}@{len(paths)}{text[found.end() :]}"
            paths.append(bearers[0])
        elif len(bearers) > 1:
            unclear = bearers
    return Marked(_plain(text), tuple(paths), unclear)


def names_of(note: NoteText) -> tuple[str, ...]:
    """Return what a note is called: its title, its aliases and its file's name."""
    told = [fact.value for fact in note.facts if fact.key.casefold() in ("aliases", "alias")]
    aliases = [alias for value in told for alias in re.split(r"\s*,\s+", value)]
    return (note.title, *aliases, note.stem.replace("_", " "))


def _whole_names(known: KnownNotes) -> list[tuple[str, tuple[str, ...]]]:
    """Return each name as a pattern, with the notes that bear it, the longest name first."""
    names: dict[str, tuple[str, ...]] = {}
    for path in known.listed:
        called = names_of(known.notes[path]) if path in known.notes else (stem_of_path(path).replace("_", " "),)
        for name in called:
            words = re.findall(r"[^\W_]+", name)
            if path != "user.md" and words and not {word.casefold() for word in words} <= STOP_WORDS:
                pattern = _BETWEEN.join(words).casefold().removeprefix("the" + _BETWEEN)
                names[pattern] = tuple(dict.fromkeys((*names.get(pattern, ()), path)))
    return sorted(names.items(), key=lambda item: -len(item[0]))


def _is_a_word_for_a_kind(found: re.Match[str], text: str) -> bool:
    """Say whether a name of one word is meant as the word: "my house" where a note is called House."""
    return (
        found[0].islower() and re.search(r"\b(?:my|our|the|a|an|what|which|'s)\s$", text[: found.start()]) is not None
    )


def _bearers(word: str, known: KnownNotes) -> tuple[str, ...]:
    """Return the notes that have a word as part of their name, as a first name."""
    said = word.casefold()
    return tuple(path for path in known.listed if path != "user.md" and said in _parts(path, known))


def _parts(path: str, known: KnownNotes) -> Sequence[str]:
    title = known.notes[path].title if path in known.notes else ""
    parts = re.findall(r"[^\W_]+", f"{title} {stem_of_path(path).replace('_', ' ')}".casefold())
    return parts if len(parts) > 1 else ()


def _plain(text: str) -> str:
    """Return the words in lower case, as the grammar of questions expects them."""
    plain = text.casefold()
    for pattern, replacement in _SPELLINGS:
        plain = pattern.sub(replacement, plain)
    return " ".join(re.findall(r"@\d+|'s|[^\W_]+(?:[-.:][^\W_]+)*|,", plain)).strip(" ,")


_BETWEEN = r"[\s_.-]+"
_CAPITALISED = re.compile(r"(?<!^)(?<![\w@.])(?!I\b)[A-ZÀ-Þ][\w-]+")
_SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\b(what|who|where|when|how|which)'s\b", r"\1 is"),
        (r"\b(it|that|there)'s\b", r"\1 is"),
        (r"\bi'm\b", "i am"),
        (r"\b(\w+)'(?:ve|d|ll)\b", r"\1"),
        (r"n't\b", " not"),
        (r"(?<=s)'(?=\s)", " 's"),
        (r"'s\b", " 's"),
        (r"\b(?:my|our)\b(?: own\b)?", f"{USER} 's"),
        (r"\b(?:mine)\b", f"{USER}"),
        (r"\b(?:i|me|we|us|myself)\b", USER),
    )
)
