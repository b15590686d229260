"""What will be, read as if it were so: "will be 46 next June" as "is 46"; it is asked about, not written. Pure."""

import re

from commonplace.models.reader.changing.requests import spelled_out


def as_if_it_were_so(message: str) -> str:
    """Return a sentence about what is to come as one about what is; "" where it tells of nothing to come."""
    plain = spelled_out(message).strip().rstrip(".!")
    said = plain
    for pattern, now in _TO_BE:
        said = pattern.sub(now, said)
    said = _TO_DO.sub(_as_done, said)
    return " ".join(_WHEN.sub(" ", said).split()) if said != plain else ""


def _as_done(match: re.Match[str]) -> str:
    verb = (match["verb"] or match["doing"]).casefold()
    if verb in _IRREGULAR:
        return f" {_IRREGULAR[verb]}"
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return f" {verb[:-1]}ied"
    return f" {verb}d" if verb.endswith("e") else f" {verb}ed"


_IRREGULAR = {
    "become": "became",
    "get": "got",
    "go": "went",
    "have": "has",
    "take": "took",
    "leave": "left",
    "begin": "began",
    "quit": "quit",
    "give": "gave",
    "sell": "sold",
    "buy": "bought",
    "live": "lives",
    "work": "works",
    "turning": "turned",
    "moving": "moved",
    "joining": "joined",
    "starting": "started",
    "becoming": "became",
}
_WILL = r"(?:will|(?:is|am|are) (?:going|about|due) to|['’]ll)"
_TO_BE = (
    (re.compile(r"\bI(?: will|['’]ll| am (?:going|about) to) (?:soon )?be\b"), "I am"),
    (re.compile(rf"(?<=\w)\s?{_WILL} (?:soon )?be\b", re.IGNORECASE), " is"),
)
_TO_DO = re.compile(
    rf"\s?{_WILL} (?:soon )?(?P<verb>(?!be\b|not\b)[a-z]+)\b"
    r"| (?:is|am|are) (?P<doing>turning|moving|joining|starting|becoming)\b",
    re.IGNORECASE,
)
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME = rf"(?:(?:new )?year|week|month|spring|summer|autumn|fall|winter|weekend|{_MONTH}|{_DAY})"
_WHEN = re.compile(
    rf",? ?\b(?:(?:from |as of |starting )?(?:next|this coming|this|in|on|by|from|come) (?:the )?{_TIME}(?: \d{{4}})?"
    r"|in (?:a|two|three|four|six|\d+) (?:days?|weeks?|months?|years?)|tomorrow|soon|in \d{4}"
    rf"|on (?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH})\b",
    re.IGNORECASE,
)
"""When it is to be: no part of what stands in a note then."""
