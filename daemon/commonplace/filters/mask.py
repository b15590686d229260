"""Values and names hidden in a text, whole or as it streams. Pure.

``regex`` is used for what ``re`` lacks: it says of a text that has not ended where a match may have begun.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from commonplace.filters.kinds import KINDS
from commonplace.filters.rule import Rule

NAME, FACT, NOTE = "name", "fact", "note"
"""What was hidden, where it is no kind of value."""
REFUSAL = "I may not answer that: the answer holds something that a filter of the user withholds ({})."
_CONTEXT = 8
"""Characters already told that a pattern may look back at."""
_TAIL = 12
"""Characters after a match that may yet become its end: ``regex`` calls it whole as soon as it is one."""


def placeholder(label: str) -> str:
    """What stands in the place of something that is hidden."""
    return f"[withheld: {label}]"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a text that is hidden."""

    start: int
    end: int
    label: str


class Mask:
    """What a set of rules hides in any text: kinds of value, and names and values letter by letter."""

    def __init__(self, rules: Iterable[Rule], names: Collection[str] = (), values: Collection[str] = ()) -> None:
        rules = tuple(rules)
        self.kinds = frozenset(kind for rule in rules for kind in rule.kinds)
        self.refused = frozenset(label for rule in rules if rule.complete for label in _labels(rule))
        """What makes an answer be refused whole."""
        self._patterns = [
            (kind, regex.compile(source, regex.IGNORECASE))
            for kind in sorted(self.kinds)
            for source in KINDS[kind].patterns
        ]
        names = {*names, *(name for rule in rules for name in rule.names)}
        self._names = _literal(names)
        self._patterns += [(NAME, self._names)] if self._names else []
        if values_pattern := _literal(values):
            self._patterns.append((FACT, values_pattern))

    @property
    def hides_nothing(self) -> bool:
        """Whether every text stays as it is."""
        return not self._patterns

    def text(self, text: str) -> str:
        """The text with everything that is hidden masked in its place."""
        return _masked(text, self.spans(text))

    def names_something(self, text: str) -> bool:
        """Whether the text holds a name that is hidden."""
        return self._names is not None and self._names.search(text) is not None

    def refusal(self, text: str) -> str | None:
        """What to answer in the place of a reply that may not be given; None where it may."""
        found = self.refused_at(text)
        return None if found is None else REFUSAL.format(found[1])

    def refused_at(self, text: str, begin: int = 0) -> tuple[int, str] | None:
        """Where, at ``begin`` or later, a reply first holds what makes it be refused whole; and what that is.

        What stands in the place of something hidden counts like the thing itself.
        """
        if not self.refused:
            return None
        spans = [span for span in self.spans(text, begin) if span.label in self.refused]
        stood_in = ((place, label) for label in self.refused if (place := text.find(placeholder(label), begin)) >= 0)
        return min([*((span.start, span.label) for span in spans), *stood_in], default=None)

    def stream(self, *, is_reply: bool = False) -> "Stream":
        """Begin a text that comes in pieces."""
        return Stream(self, is_reply=is_reply)

    def open_from(self, text: str, begin: int = 0) -> int:
        """Where something hidden may have begun, at ``begin`` or later, that the end of the text cuts off."""
        place = len(text)
        for _, pattern in self._patterns:
            for match in pattern.finditer(text, pos=begin, partial=True):
                if match.partial or match.end() > len(text) - _TAIL:
                    place = min(place, match.start())
        for label in self.refused:
            stand_in = placeholder(label)
            sizes = range(min(len(stand_in), len(text)), 0, -1)
            place = min(place, next((len(text) - size for size in sizes if stand_in.startswith(text[-size:])), place))
        return place

    def matches(self, text: str, begin: int = 0) -> list[tuple[int, int]]:
        """Where each pattern matches from ``begin`` on, with the words that tell a value for what it is."""
        return [match.span() for _, pattern in self._patterns for match in pattern.finditer(text, pos=begin)]

    def spans(self, text: str, begin: int = 0) -> list[Span]:
        """What is hidden in the text from ``begin`` on, in order."""
        found = (
            Span(*match.span("value" if "value" in pattern.groupindex else 0), label)
            for label, pattern in self._patterns
            for match in pattern.finditer(text, pos=begin)
        )
        return _united(
            sorted((span for span in found if span.end > span.start), key=lambda span: (span.start, -span.end))
        )


class Stream:
    """A text that comes in pieces: each is passed on as soon as no later one can make it part of a hidden value."""

    def __init__(self, mask: Mask, *, is_reply: bool = False) -> None:
        self._mask = mask
        self._is_reply = is_reply
        self._told = ""
        """The end of what was passed on, as it came: patterns look back at it."""
        self._held = ""
        self._refused = False

    @property
    def holds(self) -> bool:
        """Whether a part of the text waits."""
        return bool(self._held)

    def feed(self, piece: str) -> str:
        """Take a piece; what may be passed on now."""
        self._held += piece
        whole = self._told + self._held
        return self._pass(whole, self._safe(whole))

    def end(self) -> str:
        """The rest, when the text has ended."""
        whole = self._told + self._held
        return self._pass(whole, len(whole))

    def _safe(self, whole: str) -> int:
        begin = len(self._told)
        place = self._mask.open_from(whole, begin)
        matches = self._mask.matches(whole, begin)
        while inside := [start for start, end in matches if start < place < end]:
            place = min(inside)
        return max(place, begin)

    def _pass(self, whole: str, until: int) -> str:
        begin = len(self._told)
        self._held = whole[until:]
        self._told = whole[max(0, until - _CONTEXT) : until]
        if self._refused or until <= begin:
            return ""
        found = self._mask.refused_at(whole, begin) if self._is_reply else None
        spans = [span for span in self._mask.spans(whole, begin) if span.end <= until]
        if found is None or found[0] >= until:
            return _masked(whole[:until], spans, begin)
        self._refused = True
        told = _masked(whole[: found[0]], [span for span in spans if span.end <= found[0]], begin).rstrip()
        return f"{told}\n\n{REFUSAL.format(found[1])}".lstrip()


def _labels(rule: Rule) -> Iterator[str]:
    yield from rule.kinds
    if rule.phrases or rule.kinds:
        yield FACT
    if rule.names or rule.phrases:
        yield NAME
    if rule.folders or rule.tags or rule.names:
        yield NOTE


def _literal(texts: Collection[str]) -> "regex.Pattern[str] | None":
    """Finds the texts whatever their case, and whatever stands between their words."""
    words = {tuple(re.findall(r"[^\W_]+", text.casefold())) for text in texts} - {()}
    spelled = sorted((r"[\W_]{1,3}".join(map(regex.escape, each)) for each in words), key=len, reverse=True)
    return regex.compile(rf"(?<![^\W_])(?:{'|'.join(spelled)})(?![^\W_])", regex.IGNORECASE) if spelled else None


def _united(spans: Sequence[Span]) -> list[Span]:
    united: list[Span] = []
    for span in spans:
        if united and span.start < united[-1].end:
            before = united[-1]
            united[-1] = Span(before.start, max(before.end, span.end), before.label)
        else:
            united.append(span)
    return united


def _masked(text: str, spans: Iterable[Span], begin: int = 0) -> str:
    pieces: list[str] = []
    position = begin
    for span in spans:
        pieces += [text[position : span.start], placeholder(span.label)]
        position = span.end
    return "".join([*pieces, text[position:]])
