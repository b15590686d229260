"""Facts that follow from others of a note: when the next service is due, how much of a budget is left. Pure."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from commonplace.models.reader.language.amounts import measure
from commonplace.models.reader.language.words import words_of


class Stated(NamedTuple):
    """A fact as far as it matters here."""

    key: str
    value: str


class Derived(NamedTuple):
    """A fact that follows, and the place among the stated ones of the fact that it follows from."""

    key: str
    value: str
    source: int


def derived_facts(stated: Sequence[Stated]) -> Iterator[Derived]:
    """Yield what follows from the facts of one note."""
    yield from _next_times(stated)
    yield from _what_is_left(stated)
    yield from _days_of_things(stated)


def _next_times(stated: Sequence[Stated]) -> Iterator[Derived]:
    """ "last service: 2026-09-02" and "service every: 12 months" give the next one."""
    for every in stated:
        span = _SPAN.search(every.value) if _EVERY.search(every.key) else None
        doing = {word.stem for word in words_of(_EVERY.sub(" ", every.key))}
        for index, last in enumerate(stated) if span else ():
            day = _ISO.fullmatch(last.value.strip())
            said = {word.stem for word in words_of(_LAST.sub(" ", last.key))}
            if day and span and doing and said == doing:
                then = _later(date.fromisoformat(day[0]), int(span["count"]), span["unit"])
                yield Derived(f"next {_LAST.sub(' ', last.key).strip()} due", then.isoformat(), index)


def _days_of_things(stated: Sequence[Stated]) -> Iterator[Derived]:
    """ "bins: paper on Tuesday, glass on Thursday" says a day of each."""
    for index, one in enumerate(stated):
        parts = [_ON_A_DAY.fullmatch(part.strip()) for part in one.value.split(",")]
        for part in parts if len(parts) > 1 and all(parts) else ():
            if part:
                yield Derived(f"{part['thing']} {one.key} day", part["day"], index)


def _what_is_left(stated: Sequence[Stated]) -> Iterator[Derived]:
    """A budget less what was spent of it."""
    amounts: Mapping[str, tuple[int, float]] = {
        one.key.casefold(): (index, value)
        for index, one in enumerate(stated)
        if _AMOUNT.fullmatch(one.value.strip()) and (value := measure(one.value)) is not None
    }
    for whole, part, left in _PARTS:
        if whole in amounts and part in amounts:
            index, all_of_it = amounts[whole]
            yield Derived(left, f"{all_of_it - amounts[part][1]:,.10g}", index)


def _later(day: date, count: int, unit: str) -> date:
    if unit.startswith("day"):
        return day + timedelta(days=count)
    if unit.startswith("week"):
        return day + timedelta(weeks=count)
    months = count * (12 if unit.startswith("year") else 1) + day.month - 1
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_ON_A_DAY = re.compile(
    r"(?P<thing>[^,]{2,40}?) on (?P<day>(?:mon|tues|wednes|thurs|fri|satur|sun)days?)", re.IGNORECASE
)
_AMOUNT = re.compile(r"[^\w\s]?\s?\d[\d,]*(?:\.\d+)?(?: [^\W\d]+)?")
_EVERY = re.compile(r"\b(?:every|interval|due every)\b", re.IGNORECASE)
_LAST = re.compile(r"\b(?:last|latest|previous)\b", re.IGNORECASE)
_SPAN = re.compile(r"(?P<count>\d{1,4})\s*(?P<unit>day|week|month|year)s?\b", re.IGNORECASE)
_PARTS = (
    ("budget", "spent", "budget left"),
    ("savings goal", "saved", "savings goal left"),
    ("ordered", "delivered", "ordered not delivered"),
    ("pages", "read", "pages left"),
    ("capacity", "booked", "capacity left"),
    ("seats", "taken", "seats left"),
)
"""What is a whole, what is a part of it, and what the rest is called."""
