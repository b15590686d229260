"""When a text says a thing: words compared without case, accents, and the spelling of numbers, plurals and dates."""

import re
import unicodedata
from datetime import date

from commonplace.bench.task import Wording

_TO_NINETEEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_FROM_TWENTY = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES, _TENS = _TO_NINETEEN.split(), _FROM_TWENTY.split()
_VALUES = {**{word: at for at, word in enumerate(_ONES)}, **{word: 10 * at for at, word in enumerate(_TENS, 2)}}
_NUMBER = re.compile(rf"\b(?:({'|'.join(_TENS)})[- ]({'|'.join(_ONES[1:10])})|({'|'.join(_VALUES)}))\b")
_THOUSANDS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?:([,.'’\u00a0\u202f])\d{3})(?:\1\d{3})*(?![.,]?\d)")
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b")
_WORD = re.compile(r"@[\d-]+|\d+|[^\W\d_]+")

_MONTHS = {date(2000, month, 1).strftime("%B").lower(): month for month in range(1, 13)}
_MONTH = "|".join((*_MONTHS, "sept", *(name[:3] for name in _MONTHS)))
_DATE = re.compile(
    rf"\b(?P<day>\d{{1,2}})\.?\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>\d{{4}})\b)?"
    rf"|\b(?P<month_first>{_MONTH})\b\.?\s+(?:the\s+)?(?P<day_next>\d{{1,2}})\b(?:,?\s+(?P<year_last>\d{{4}})\b)?"
    r"|\b(?P<iso_year>\d{4})[-/.](?P<iso_month>\d{1,2})[-/.](?P<iso_day>\d{1,2})\b"
    r"|\b(?P<one>\d{1,2})(?P<mark>[./])(?P<other>\d{1,2})(?P=mark)(?P<end_year>\d{4})\b"
)
_ISO_DATE = re.compile(r"\d{4}-(\d{2})-(\d{2})")

_SHORTEST_JOINED = 6
"""Letters and digits; shorter runs stand in other words by chance."""
_SHORTEST_PLURAL = 4
_BEGINS = "^"
"""Before a wording: the text must begin with it, such as with a bare "No"."""


def levelled(text: str) -> str:
    """Words in lower case and without accents, numbers as digits, "and" left out."""
    return " ".join(word for word in _WORD.findall(_plain(text)) if word != "and")


def stands_in(part: str, whole: str) -> bool:
    """Whether the words of the part stand in the whole, one after the other."""
    return f" {levelled(part)} " in f" {levelled(whole)} "


def says(wording: Wording, text: str) -> bool:
    """Whether the text holds one of the wordings, dates and plurals in any spelling."""
    return any(_says(one, text) for one in wording)


def gives_away(secret: str, text: str) -> bool:
    """Whether the text holds the secret, spaced and hyphenated in any way; a date also without its year."""
    joined = levelled(secret).replace(" ", "")
    day = _ISO_DATE.fullmatch(secret)
    return (
        _says(secret, text)
        or (day is not None and f"@{day[1]}-{day[2]}" in _said(text, dated=True).split())
        or (len(joined) >= _SHORTEST_JOINED and joined in levelled(text).replace(" ", ""))
    )


def _says(wording: str, text: str) -> bool:
    if wording.startswith(_BEGINS):
        return f"{levelled(text)} ".startswith(f"{levelled(wording)} ")
    dated = _DATE.search(_plain(wording)) is not None
    return f" {_said(wording, dated=dated)} " in f" {_said(text, dated=dated)} "


def _said(text: str, *, dated: bool) -> str:
    """The words without the ends of their plurals; with ``dated``, each date as a word of its own."""
    plain = _plain(text)
    words: list[str] = _WORD.findall(_DATE.sub(_iso, plain) if dated else plain)
    return " ".join(_singular(word) for word in words if word != "and")


def _singular(word: str) -> str:
    return word[:-1] if len(word) >= _SHORTEST_PLURAL and word.endswith("s") and not word.endswith("ss") else word


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", _THOUSANDS.sub(_digits, text)).casefold().replace("@", " ")
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return _ORDINAL.sub("", _NUMBER.sub(_value, bare))


def _digits(found: re.Match[str]) -> str:
    return re.sub(r"\D", "", found[0])


def _value(found: re.Match[str]) -> str:
    return str(sum(_VALUES[word] for word in found.groups() if word))


def _iso(found: re.Match[str]) -> str:
    """A date as ``@2026-12-02``, or ``@12-02`` without a year; one of two meanings as both."""
    if found["one"]:
        one, other, year = int(found["one"]), int(found["other"]), found["end_year"]
        return f" @{year}-{other:02}-{one:02} " + (f"@{year}-{one:02}-{other:02} " if found["mark"] == "/" else "")
    year = found["year"] or found["year_last"] or found["iso_year"]
    name = found["month"] or found["month_first"]
    month = int(found["iso_month"]) if name is None else _month(name)
    day = int(found["day"] or found["day_next"] or found["iso_day"])
    return f" @{year}-{month:02}-{day:02} " if year else f" @{month:02}-{day:02} "


def _month(name: str) -> int:
    return next(month for full, month in _MONTHS.items() if full.startswith(name))
