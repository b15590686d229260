"""Values as numbers, dates and lists, so that they can be compared and counted. Pure."""

import re

from commonplace.models.reader.answering.asking import ADJECTIVES
from commonplace.models.reader.language.amounts import measure
from commonplace.models.reader.language.frames import BIGGER, DIMENSIONS, SMALLER
from commonplace.models.reader.notes.facts import Fact, without_links


def dimension_of(adjective: str) -> list[tuple[str, int]]:
    """Return the keys that an adjective compares by, each with whether more of it or less of it is more."""
    for words, more, less in DIMENSIONS:
        if adjective in words.split():
            return [*((key, BIGGER) for key in more.split()), *((key, SMALLER) for key in less.split())]
    return []


def sense_of(adjective: str) -> int:
    """Say whether an adjective means more or less of whatever it is said of: "larger budget"."""
    return SMALLER if adjective in _MEANING_LESS else BIGGER


def items(fact: Fact) -> list[str]:
    """Return the items of a value that is a list: its links, or what commas and "and" divide."""
    value = without_links(fact.value)
    if len(fact.links) > 1:
        return [part.strip() for part in re.split(r",|\band\b", value) if part.strip()]
    return [part.strip() for part in re.split(r",\s+(?:and\s+)?|\s+and\s+|;\s*", value) if part.strip()]


def is_date(value: str) -> bool:
    """Say whether a value tells when."""
    return (
        re.search(r"\d|day\b|days\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|night|morning)", value, re.I)
        is not None
    )


def is_somebody(fact: Fact) -> bool:
    """Say whether a value may be somebody: a link, or words that are neither a number, a date nor an amount."""
    value = fact.value.strip()
    return bool(fact.links) or (measure(value) is None and re.search(r"[^\W\d]", value) is not None)


_MEANING_LESS = (
    frozenset(
        [
            "young",
            "younger",
            "youngest",
            "new",
            "newer",
            "newest",
            "short",
            "shorter",
            "shortest",
            "light",
            "lighter",
            "lightest",
            "small",
            "smaller",
            "smallest",
            "cheap",
            "cheaper",
            "cheapest",
            "early",
            "earlier",
            "earliest",
            "first",
            "before",
            "fewer",
            "fewest",
            "least",
            "less",
            "lowest",
            "lower",
        ]
    )
    & ADJECTIVES
)
