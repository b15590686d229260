"""What a question asks of the rows of a table: which of them, how many, the most, the sum. Pure.

The words are those of ``names``: lower case, with marks for the names and for the user.
"""

import re
from dataclasses import dataclass

from commonplace.models.reader.answering.asking import ADJECTIVES
from commonplace.models.reader.answering.quantities import sense_of


@dataclass(frozen=True, slots=True)
class Bound:
    """A number that a cell must be over, ``sense`` 1, or under, -1; ``unit`` and ``adjective`` may be ""."""

    sense: int
    number: float
    unit: str = ""
    adjective: str = ""
    reached: bool = False
    """Whether the number itself counts: "at least"."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as far as it is one of rows. ``words`` are those that the table must account for."""

    opening: str
    words: tuple[str, ...]
    marks: tuple[int, ...]
    most: str = ""
    """The superlative, "" where none is."""
    least: bool = False
    """Whether the superlative is turned round: "least expensive"."""
    bound: Bound | None = None
    sums: bool = False
    negated: bool = False
    either: bool = False
    period: str = ""
    """Over what time a sum is asked for: "week", "month" or "year"."""


def read_asked(marked: str) -> Asked | None:
    """Read a question, None where its opening asks for no rows."""
    text = _THOUSANDS.sub(r"\1\2", marked)
    opening = _OPENING.match(text)
    if opening is None:
        return None
    rest = text[opening.end() :]
    first = " ".join((opening["wh"] or opening["list"] or "which").split())
    sums = _SUM.search(rest) is not None
    period = _PERIOD.search(rest) if first == "how much" or sums else None
    rest = _SUM.sub(" ", rest)
    rest = rest.replace(period[0], " ") if period else rest
    bound = _BOUND.search(rest)
    if bound:
        rest = rest.replace(bound[0], " ")
    most, least, rest = _superlative(rest) if not bound else ("", False, rest)
    tokens = re.findall(r"@\d+|(?<!')[^\W_]+(?:[-.:][^\W_]+)*", rest)
    return Asked(
        first,
        tuple(token for token in tokens if not token.startswith("@") and token not in _SAY_NOTHING),
        tuple(int(token[1:]) for token in tokens if token.startswith("@")),
        most,
        least,
        _bound(bound) if bound else None,
        sums,
        _NEGATION.search(rest) is not None,
        re.search(r"\b(?:or|and)\b", rest) is not None,
        _period_said(period) if period else "",
    )


def bound_in(text: str) -> tuple[Bound, str] | None:
    """Return the bound that a text tells, and the rest of its words; None where it tells none."""
    found = _BOUND.search(_THOUSANDS.sub(r"\1\2", text))
    bound = _bound(found) if found else None
    return (bound, text.replace(found[0], " ").strip()) if bound and found else None


def period_of(text: str) -> str:
    """Return the time that a price is for: "year" of "90 a year" and of "annually", "" where none is told."""
    found = _PERIOD.search(f" {text.casefold().replace('/', ' per ')} ")
    return _period_said(found) if found else ""


def _period_said(found: re.Match[str]) -> str:
    return _PERIODS[found["each"] or found["adverb"]]


def number_in(words: str) -> float | None:
    """Return a number in digits or in a few words, a month by its place in the year."""
    if words in MONTHS:
        return MONTHS.index(words) + 1.0
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words):
        return int(day[1]) + (int(day[2]) - 1) / 12 + (int(day[3]) - 1) / 372
    plain = words.removeprefix("a ").removeprefix("an ")
    if plain in _NUMBERS:
        return _NUMBERS[plain]
    return float(plain) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else None


def _superlative(text: str) -> tuple[str, bool, str]:
    found = _MOST.search(text)
    if found is None:
        return "", False, text
    adjective = found["of"] or found["word"]
    return adjective, bool(found["of"]) and found["word"] == "least", text.replace(found[0], " ")


def _bound(found: re.Match[str]) -> Bound | None:
    how, number = found["how"], number_in(found["number"])
    sense = 1 if how in _OVER else -1 if how in _UNDER else sense_of(how)
    adjective = how if how in ADJECTIVES and how not in ("before", "after") else ""
    unit = (found["unit"] or "").removesuffix("s")
    unit = "hour" if found["number"].endswith("hour") else unit
    return Bound(sense, number, unit, adjective, how in _REACHED) if number is not None else None


MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBERS = {
    **{"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0},
    **{"nine": 9.0, "ten": 10.0, "twelve": 12.0, "dozen": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0},
    **{"forty": 40.0, "fifty": 50.0, "sixty": 60.0, "hundred": 100.0, "thousand": 1000.0},
    **{"hour": 1.0, "half an hour": 0.5},
}
_OVER = ("more", "greater", "over", "above", "at least", "exceeding", "after", "since", "no less", "later")
_UNDER = ("less", "fewer", "under", "below", "at most", "up to", "before", "until", "no more", "earlier", "within")
_REACHED = ("at least", "at most", "up to", "no less", "no more", "since", "until", "within")
_COMPARATIVES = sorted(word for word in ADJECTIVES if word.endswith("er") and word not in ("after", "under", "over"))
_PLAIN_NUMBERS = "|".join(word for word in _NUMBERS if " " not in word)
_NUMBER = rf"(?:\d{{4}}-\d\d-\d\d|\d+(?:\.\d+)?|half an hour|(?:an? )?(?:{_PLAIN_NUMBERS})|{'|'.join(MONTHS)})\b"
_HOW = "|".join((*_OVER, *_UNDER, *_COMPARATIVES))
_BOUND = re.compile(rf"\b(?P<how>{_HOW})(?: than)? (?P<number>{_NUMBER})(?: (?P<unit>[a-z][a-z0-9]*))?")
_SUPERLATIVES = "|".join(word for word in ADJECTIVES if word.endswith("est") or word in ("first", "last"))
_MOST = re.compile(rf"\b(?P<word>most|least|fewest|best|worst|{_SUPERLATIVES})\b(?: (?P<of>{'|'.join(ADJECTIVES)})\b)?")
_SUM = re.compile(
    r"\b(?:in total|altogether|all together|together|combined|in all|all in all|added up|total|the sum of)\b"
)
_PERIOD = re.compile(
    r"\b(?:(?:a|per|each|every) (?P<each>week|month|year)|(?P<adverb>weekly|monthly|yearly|annually|annual))\b"
)
_PERIODS = {
    **{"weekly": "week", "week": "week", "monthly": "month", "month": "month"},
    **{"yearly": "year", "year": "year", "annually": "year", "annual": "year"},
}
_THOUSANDS = re.compile(r"(\d) , (\d{3})\b")
_OPENING = re.compile(
    r"(?:(?:please|and|so|ok|hey) )*(?:(?:(?:can|could) you )?(?:tell|show|give) @0 |do you know )?"
    r"(?:(?P<wh>how many|how much|which|what|whose|who|when|where)\b(?: (?:is|are|was|were))?"
    r"|(?P<list>list|names? of|name|show)\b|(?=(?:the |@\d+ 's )?(?:most|least|cheap|dear|[a-z]+est)\b))"
)
_NEGATION = re.compile(r"\b(?:not|except|other than|apart from|no longer|never)\b")
SPENDING = frozenset(("cost", "costs", "pay", "spend", "spent", "spending", "paid"))
"""Words that ask for money."""
_SAY_NOTHING = frozenset(
    """
    a an the of to in on at by for with from as is are was were be been being am do does did have has had got get it its
    this that these those there here can could will would shall should might must than then also just about into any
    some all every each both one ones and or not except other apart so if me my our they them their which what who whom
    still need needs come comes go goes use uses take takes took out up gave give gives
    done make makes please now currently whole right off list
    """.split()  # noqa: SIM905  # words read better in a row
)
"""Words that no table need account for."""
