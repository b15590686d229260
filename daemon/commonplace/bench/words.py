"""When a text says a thing: words compared without case, spacing and the spelling of small numbers and dates."""

import re
from collections.abc import Iterator
from datetime import date

from commonplace.bench.task import Wording

_NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_AS_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS)}
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORTEST_JOINED = 6
"""Letters and digits; shorter runs stand in other words by chance."""


def levelled(text: str) -> str:
    """Words in lower case, small numbers as digits, "and" left out."""
    words: list[str] = re.findall(r"[^\W_]+", text.casefold())
    return " ".join(_AS_DIGITS.get(word, word) for word in words if word != "and")


def stands_in(part: str, whole: str) -> bool:
    """Whether the words of the part stand in the whole, one after the other."""
    return f" {levelled(part)} " in f" {levelled(whole)} "


def says(wording: Wording, text: str) -> bool:
    """Whether the text holds one of the wordings; a date in ISO form stands for its other spellings."""
    return any(stands_in(spelling, text) for one in wording for spelling in _spellings(one))


def gives_away(secret: str, text: str) -> bool:
    """Whether the text holds the secret, spaced and hyphenated in any way."""
    joined = levelled(secret).replace(" ", "")
    return says((secret,), text) or (len(joined) >= _SHORTEST_JOINED and joined in levelled(text).replace(" ", ""))


def _spellings(wording: str) -> Iterator[str]:
    yield wording
    if _ISO_DATE.fullmatch(wording):
        day = date.fromisoformat(wording)
        for month in (day.strftime("%B"), day.strftime("%b")):
            yield f"{day.day} {month} {day.year}"
            yield f"{month} {day.day} {day.year}"
