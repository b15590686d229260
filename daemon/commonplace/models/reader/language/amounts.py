"""Values as numbers. Pure."""

import re


def measure(value: str) -> float | None:
    """Return a value as a number: of days for a date, else the first number in it."""
    date = _DATE.search(value)
    if date:
        year, month, day = (int(part or 1) for part in date.groups())
        return year + (month - 1) / 12 + (day - 1) / 372
    number = _NUMBER.search(value)
    if not number:
        return None
    scale = _SCALES.get((number["scale"] or "").casefold(), 1)
    return float(number["number"].replace(",", "").replace(" ", "")) * scale


_DATE = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_NUMBER = re.compile(
    r"(?P<number>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)\s*(?P<scale>k|thousand|million|m|billion)?\b", re.I
)
_SCALES = {"k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9}
