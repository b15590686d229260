"""Values and names hidden in a text, whole or as it streams. Pure.

What is looked for is looked for in the text as it is read (``reading``). ``regex`` is used for what ``re`` lacks: it
says of a text that has not ended where a match may have begun.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from commonplace.filters.literals import Literals
from commonplace.filters.reading import read, unfinished_from
from commonplace.filters.rule import Rule
from commonplace.kinds import KINDS

NAME, FACT, NOTE = "name", "fact", "note"
"""What was hidden, where it is no kind of value."""
REFUSAL = "I may not answer that: the answer holds something that a filter of the user withholds ({})."
_CONTEXT = 24
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


@dataclass(frozen=True, slots=True)
class Finds:
    """What is hidden in a text."""

    spans: tuple[Span, ...]
    """In order, none over another."""
    whole: tuple[tuple[int, int], ...]
    """Where patterns match, with the words that tell a value for what it is."""


class Mask:
    """What a set of rules hides in any text: kinds of value, and names and values letter by letter."""

    def __init__(
        self,
        rules: Iterable[Rule],
        names: Collection[str] = (),
        values: Collection[str] = (),
        notes: Collection[str] = (),
    ) -> None:
        """``names``, ``values`` and names of ``notes`` are what the rules withhold in a vault."""
        rules = tuple(rules)
        self.kinds = frozenset(kind for rule in rules for kind in rule.kinds)
        self.refused = frozenset(label for rule in rules if rule.complete for label in _labels(rule))
        """What makes an answer be refused whole."""
        self._patterns = [
            (kind, regex.compile(source, regex.IGNORECASE))
            for kind in sorted(self.kinds)
            for source in KINDS[kind].patterns
        ]
        named = {*names, *(name for rule in rules for name in rule.names)}
        self._literals = Literals(
            {**dict.fromkeys(values, FACT), **dict.fromkeys(notes, NOTE), **dict.fromkeys(named, NAME)}
        )

    @property
    def hides_nothing(self) -> bool:
        """Whether every text stays as it is."""
        return not self._patterns and not self._literals

    def text(self, text: str) -> str:
        """The text with everything that is hidden masked in its place."""
        return masked_by(text, self.spans(text))

    def refusal(self, text: str) -> str | None:
        """What to answer in the place of a reply that may not be given; None where it may."""
        found = self.refused_at(text)
        return None if found is None else REFUSAL.format(found[1])

    def refused_at(self, text: str, begin: int = 0, found: Sequence[Span] | None = None) -> tuple[int, str] | None:
        """Where, at ``begin`` or later, a reply first holds what makes it be refused whole; and what that is.

        What stands in the place of something hidden counts like the thing itself.
        """
        if not self.refused:
            return None
        found = self.spans(text, begin) if found is None else found
        spans = [span for span in found if span.label in self.refused]
        stood_in = ((place, label) for label in self.refused if (place := text.find(placeholder(label), begin)) >= 0)
        return min([*((span.start, span.label) for span in spans), *stood_in], default=None)

    def stream(self, *, is_reply: bool = False) -> "Stream":
        """Begin a text that comes in pieces."""
        return Stream(self, is_reply=is_reply)

    def finds(self, text: str, begin: int = 0) -> "Finds":
        """What is hidden in the text from ``begin`` on, and what its end may cut off."""
        if self.hides_nothing:
            return Finds((), ())
        reading = read(text)
        first = reading.after(begin)
        whole: list[tuple[int, int]] = []
        spans: list[Span] = []
        for label, pattern in self._patterns:
            value = "value" if "value" in pattern.groupindex else 0
            for match in pattern.finditer(reading.text, pos=first):
                if match.end() > match.start():
                    whole.append(reading.span(*match.span()))
                if match.end(value) > match.start(value):
                    spans.append(Span(*reading.span(*match.span(value)), label))
        found, _ = self._literals.scan(reading.text, first)
        spans += [Span(*reading.span(each.start, each.end), each.label) for each in found]
        return Finds(tuple(united(spans)), tuple(whole))

    def open_from(self, text: str, begin: int = 0) -> int:
        """Where something hidden may have begun, at ``begin`` or later, that the end of the text cuts off."""
        unfinished = max(begin, unfinished_from(text))
        reading = read(text[:unfinished])
        first = reading.after(begin)
        _, opened = self._literals.scan(reading.text, first)
        for _, pattern in self._patterns:
            for match in pattern.finditer(reading.text, pos=first, partial=True):
                if match.partial or match.end() > len(reading.text) - _TAIL:
                    opened = min(opened, match.start())
        place = reading.span(opened, opened + 1)[0] if opened < len(reading.text) else unfinished
        for label in self.refused:
            stand_in = placeholder(label)
            sizes = range(min(len(stand_in), len(text)), 0, -1)
            place = min(place, next((len(text) - size for size in sizes if stand_in.startswith(text[-size:])), place))
        return place

    def spans(self, text: str, begin: int = 0) -> tuple[Span, ...]:
        """What is hidden in the text from ``begin`` on, in order."""
        return self.finds(text, begin).spans


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
        begin = len(self._told)
        if (place := self._mask.open_from(whole, begin)) <= begin:
            return ""
        finds = self._mask.finds(whole, begin)
        return self._pass(whole, self._safe(place, finds), finds)

    def end(self) -> str:
        """The rest, when the text has ended."""
        whole = self._told + self._held
        return self._pass(whole, len(whole), self._mask.finds(whole, len(self._told)))

    def _safe(self, place: int, finds: Finds) -> int:
        """The place, or where something begins that is hidden across it."""
        matches = [*finds.whole, *((span.start, span.end) for span in finds.spans)]
        while inside := [start for start, end in matches if start < place < end]:
            place = min(inside)
        return max(place, len(self._told))

    def _pass(self, whole: str, until: int, finds: Finds) -> str:
        begin = len(self._told)
        self._held = whole[until:]
        self._told = whole[max(0, until - _CONTEXT) : until]
        if self._refused or until <= begin:
            return ""
        found = self._mask.refused_at(whole, begin, finds.spans) if self._is_reply else None
        spans = [span for span in finds.spans if span.end <= until]
        if found is None or found[0] >= until:
            return masked_by(whole[:until], spans, begin)
        self._refused = True
        told = masked_by(whole[: found[0]], [span for span in spans if span.end <= found[0]], begin).rstrip()
        return f"{told}\n\n{REFUSAL.format(found[1])}".lstrip()


def _labels(rule: Rule) -> Iterator[str]:
    yield from rule.kinds
    if rule.phrases or rule.kinds:
        yield FACT
    if rule.names or rule.phrases:
        yield NAME
    if rule.folders or rule.tags or rule.names:
        yield NOTE


def united(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that lie over each other as one."""
    found: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if found and span.start < found[-1].end:
            before = found[-1]
            found[-1] = Span(before.start, max(before.end, span.end), before.label)
        else:
            found.append(span)
    return found


def masked_by(text: str, spans: Iterable[Span], begin: int = 0) -> str:
    """The text from ``begin`` on, with a placeholder for each span."""
    pieces: list[str] = []
    position = begin
    for span in spans:
        pieces += [text[position : span.start], placeholder(span.label)]
        position = span.end
    return "".join([*pieces, text[position:]])
