"""The cells of a table as numbers to compare and add up: amounts, prices over a time, minutes, dates. Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.answering.asking_rows import MONTHS, Bound, period_of
from commonplace.models.reader.language.amounts import measure


def measured(head: str, cell: str, row: Sequence[str] = ()) -> float | None:
    """Return a cell as a number: of minutes, of a year's price, of the place in a year, or as it stands.

    ``row`` has the other cells, which may tell what time a price is for.
    """
    minutes = _minutes(head, cell)
    if minutes is not None:
        return minutes
    day = _day_of_year(cell)
    if day is not None:
        return day
    value = measure(cell)
    return None if value is None else value * _A_YEAR.get(_period(cell, row), 1)


def bounded(head: str, cell: str, bound: Bound) -> bool:
    """Say whether a cell is over or under a bound; one that is no number is neither."""
    value, number = measured(head, cell), bound.number
    if value is None:
        return False
    if _minutes(head, cell) is not None:
        number *= _MINUTES.get(_unit_of_time(bound.unit) or _unit_of_time(cell) or _unit_of_time(head) or "minute", 1)
    elif is_day(cell) and number == int(number):
        value = int(value)
    elif period_of(cell):
        value /= _A_YEAR[period_of(cell)]
    return bound.sense * value > bound.sense * number or (bound.reached and value == number)


def is_money(cell: str) -> bool:
    """Say whether a cell tells an amount of money."""
    return _MONEY.search(cell) is not None


def is_day(cell: str) -> bool:
    """Say whether a cell tells a day, a month or a year."""
    return _day_of_year(cell) is not None or _IS_DATE.search(cell) is not None


def is_time(head: str, cell: str, unit: str) -> bool:
    """Say whether a cell tells a time that a unit measures."""
    return _unit_of_time(unit) != "" and _minutes(head, cell) is not None


def total(cells: Sequence[str], rows: Sequence[Sequence[str]], period: str) -> str | None:
    """Return what some cells come to, with the unit that they share; None where they do not share one.

    ``period`` is the time over which it is asked for, "" where that is not said.
    """
    values = [measure(cell) for cell in cells]
    known = [value for value in values if value is not None]
    affixes = {_affix(cell) for cell in cells}
    if len(known) < len(values) or len(affixes) > 1 or any(map(is_day, cells)):
        return None
    periods = [_period(cell, row) for cell, row in zip(cells, rows, strict=True)]
    before, after = affixes.pop()
    if not any(periods):
        return f"{before}{sum(known):,.10g}{after}"
    if not all(periods):
        return None
    over = period or (periods[0] if len(set(periods)) == 1 else "year")
    whole = sum(value * _A_YEAR[each] / _A_YEAR[over] for value, each in zip(known, periods, strict=True))
    return f"{before}{round(whole, 2):,.10g}{after} a {over}"


def _period(cell: str, row: Sequence[str]) -> str:
    return period_of(cell) or next(
        (period for other in row if len(other.split()) < 3 and (period := period_of(other))), ""
    )


def _affix(cell: str) -> tuple[str, str]:
    """Return what stands before and after the number of a cell, without the time that it is for."""
    plain = _EACH.sub("", cell.strip())
    number = re.search(r"\d[\d,. ]*(?<=\d)", plain)
    return (plain[: number.start()], plain[number.end() :].rstrip()) if number else ("", "")


def _minutes(head: str, cell: str) -> float | None:
    clock = re.fullmatch(r"(\d+):(\d\d)(?: ?h)?", cell.strip())
    if clock and re.search(r"duration|length|takes|time taken|minutes|hours", head, re.IGNORECASE):
        return int(clock[1]) * 60 + int(clock[2])
    parts = [
        (float(number), _unit_of_time(unit))
        for number, unit in re.findall(r"(\d+(?:\.\d+)?)\s?([a-z]+)", cell.casefold())
    ]
    if parts and all(unit for _, unit in parts):
        return sum(number * _MINUTES[unit] for number, unit in parts)
    unit, number = _unit_of_time(head), re.fullmatch(r"\d+(?:\.\d+)?", cell.strip())
    return float(number[0]) * _MINUTES[unit] if unit and number else None


def _unit_of_time(text: str) -> str:
    found = _TIME.search(text.casefold())
    return {"m": "minute", "h": "hour", "s": "second"}[found[0][0]] if found else ""


def _day_of_year(cell: str) -> float | None:
    """Return the place in a year of a day or a month that is told without its year."""
    found = _DAY.fullmatch(cell.strip().casefold())
    if found is None:
        return None
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(found["month"][:3]))
    return month + (int(found["before"] or found["after"] or 1) - 1) / 31


_A_YEAR = {"week": 365.25 / 7, "month": 12.0, "year": 1.0}
"""How often a time passes in a year."""
_MINUTES = {"second": 1 / 60, "minute": 1.0, "hour": 60.0}
_TIME = re.compile(r"\b(?:min(?:ute)?s?|h(?:(?:ou)?rs?)?|sec(?:ond)?s?)\b")
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = re.compile(rf"(?:(?P<before>\d{{1,2}})(?:st|nd|rd|th)? )?{_MONTH}(?: (?P<after>\d{{1,2}})(?:st|nd|rd|th)?)?")
_IS_DATE = re.compile(r"\b(?:1[89]|20)\d\d(?:-\d\d(?:-\d\d)?)?\b")
_EACH = re.compile(
    r"\s*(?:/|\b(?:a|per|each|every)\b)\s*(?:week|month|year|w|m|mo|y|yr)\b|\s+(?:weekly|monthly|yearly|annually)\b",
    re.IGNORECASE,
)
_MONEY = re.compile(
    r"[$€£¥₹]|\d\s?(?:kr|kron[aeo]r?|dollars?|euros?|pounds?|pence|cents?|francs?|yen|eur|usd|gbp|nok|sek|dkk|chf|zł)\b",
    re.IGNORECASE,
)
