"""What rules name, as it is found in notes: keys, headings, names, folders, tags. Pure."""

import re
from collections.abc import Iterable, Iterator

from commonplace.filters.rule import Rule, stems_in, stems_of
from commonplace.kinds import KINDS
from commonplace.vault.frontmatter import FrontmatterMalformed, properties
from commonplace.vault.names import folded


class Subjects:
    """What a set of rules names."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._key_stems = [
            frozenset(stem for key in KINDS[kind].keys for stem in stems_of(key))
            for kind in sorted({kind for rule in self.rules for kind in rule.kinds})
        ]
        phrases = [phrase for rule in self.rules for phrase in rule.phrases]
        self._phrases = [stems for phrase in phrases if (stems := stems_of(phrase))]
        self._joined = {joined for phrase in phrases if " " in phrase and (joined := folded(phrase))}
        self._named = {folded(name) for rule in self.rules for name in rule.names} | set(_parts_of(phrases))
        self._folders = [folder.casefold() for rule in self.rules for folder in rule.folders]
        self._tags = frozenset(tag for rule in self.rules for tag in rule.tags)
        self._every_stem = self._joined.union(*self._key_stems, *self._phrases)

    def occur_in(self, text: str) -> bool:
        """Whether any line of a text may hold what is withheld; where not, none needs to be looked at."""
        if not self._every_stem.isdisjoint(stems_in(text)):
            return True
        letters = folded(text) if self._joined else ""
        return any(joined in letters for joined in self._joined)

    def keyed(self, key: str) -> bool:
        """Whether a fact of this key, or what stands under this heading, is withheld."""
        stems = stems_of(key)
        if not stems:
            return False
        kinds = any(stems & keys for keys in self._key_stems)
        phrases = any(stems <= phrase or phrase <= stems for phrase in self._phrases)
        return kinds or phrases or folded(key) in self._joined

    def is_key(self, text: str) -> bool:
        """Whether a text says nothing but what a withheld fact is called."""
        stems = stems_of(text)
        kinds = any(stems <= keys for keys in self._key_stems)
        return bool(stems) and (kinds or stems in self._phrases or folded(text) in self._joined)

    def told_in(self, line: str) -> bool:
        """Whether a line of prose speaks of a fact that is withheld."""
        stems = stems_of(line)
        if any(phrase <= stems for phrase in self._phrases) or not stems.isdisjoint(self._joined):
            return True
        return _STATES.search(line) is not None and any(self.keyed(match[1]) for match in _STATED.finditer(line))

    def in_folder(self, name: str) -> bool:
        """Whether a note or folder lies in a withheld folder, or is one."""
        inside = f"/{name.casefold()}/"
        return any(f"/{folder}/" in inside for folder in self._folders)

    def called(self, names: Iterable[str]) -> bool:
        """Whether one of a note's names is withheld."""
        return any(folded(name) in self._named for name in names)

    def tagged(self, text: str) -> bool:
        """Whether a note carries a withheld tag, in its text or its properties; a tag's own tags count."""
        if not self._tags or not ("#" in text or "tag" in text):
            return False
        if "\\" not in text and not any(own in text.casefold() for own in self._tags):
            return False
        tags = {tag.casefold() for tag in (*_TAG.findall(text), *_property_tags(text))}
        return any(tag == own or tag.startswith(f"{own}/") for tag in tags for own in self._tags)


def _parts_of(phrases: Iterable[str]) -> Iterator[str]:
    """The phrases and the runs of two or more of their words, as names are compared."""
    for phrase in phrases:
        words = phrase.split()
        yield folded(phrase)
        for size in range(2, min(len(words), 6)):
            yield from (folded("".join(words[at : at + size])) for at in range(len(words) - size + 1))


def _property_tags(text: str) -> Iterator[str]:
    try:
        found = properties(text)
    except FrontmatterMalformed:
        return
    for key in ("tags", "tag"):
        value: object = found.get(key)
        yield from re.findall(r"[\w/-]+", str(value)) if value else ()


_TAG = re.compile(r"(?<![\w/#])#([\w][\w/-]*)")
_VERB = r"(?:\b(?:is|are|was|were)\b|:|=)\s"
_STATES = re.compile(_VERB, re.IGNORECASE)
_STATED = re.compile(rf"(?<![\w'’-])((?:[\w'’-]+\s){{0,2}}[\w'’-]+)\s*{_VERB}", re.IGNORECASE)
