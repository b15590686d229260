"""What a message tells outright: a key and a value, as in "My job title is ..., can you add that". Pure."""

import re
from dataclasses import dataclass

from commonplace.models.reader.phrases import QUOTED, trimmed


@dataclass(frozen=True, slots=True)
class Telling:
    """A fact that the user states.

    ``owner`` says whose it is in the user's words ("employer", "Blue Fern Bakery"), "" for the user's own;
    ``key`` is in plain words, such as "job title".
    """

    owner: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class ListChange:
    """Something that is to join a list, or to leave it: "add chess to my hobbies"."""

    items: tuple[str, ...]
    owner: str
    key: str
    joins: bool


def read_telling(message: str) -> Telling | None:
    """Return the fact that a message states outright, or None."""
    plain = _REMEMBER.sub("", message)
    for pattern, fixed_key in _TELLINGS:
        match = pattern.search(plain)
        if not match:
            continue
        groups = match.groupdict()
        owner, _, key = re.sub(r"['’]s\s", "\0", groups.get("key") or fixed_key).rpartition("\0")
        owner = groups.get("owner") or owner
        value = _value(match["value"])
        if value and key.strip():
            return Telling(_plain(owner), " ".join(key.split()).casefold(), value)
    return None


def read_list_change(message: str) -> ListChange | None:
    """Return what is to be added to a list or taken out of it, or None."""
    match = _LIST_CHANGE.search(message)
    if not match:
        return None
    items = [
        re.sub(r"^(?:an?|the) ", "", item.strip(" \"'")) for item in re.split(r",\s*(?:and )?|\band\b", match["item"])
    ]
    owner, _, key = re.sub(r"['’]s\s", "\0", match["key"]).rpartition("\0")
    owner = _plain(match["of"] or owner)
    return ListChange(tuple(items), owner, key.strip().casefold(), match["verb"].casefold() == "add")


def read_short_answer(message: str) -> str:
    """Return the value of an answer to a question that was asked back: "It's a baker" gives "baker"."""
    return _value(_SHORT.sub("", message))


def _value(text: str) -> str:
    quoted = QUOTED.match(text.strip())
    if quoted:
        return next(group for group in quoted.groups() if group)
    value = _REQUEST_TAIL.sub("", text)
    kept = trimmed(value)
    return value.strip(" .!,;") if value.strip(" .!,;").casefold() == kept.casefold() else kept


def _plain(owner: str) -> str:
    return re.sub(r"^(?:my|the|of)\s+", "", owner.strip(), flags=re.IGNORECASE)


_KEY = r"(?P<key>[^\W\d][\w'’ -]{1,50}?)"
_OWNER = r"(?P<owner>[\w .'’-]{2,40}?)"
_WHO = r"(?P<owner>(?!my\b|i\b|it\b)(?:the )?[\w][\w .'’-]{1,40}?)"
_CHANGE = r"(?:change|update|set|correct|edit|fix)"
_TELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), key)
    for pattern, key in (
        (rf"\b{_CHANGE} (?:the )?{_KEY} of {_OWNER} to (?P<value>.+)", ""),
        (rf"\b{_CHANGE} (?:my |the )?{_KEY}(?: from .+?)?(?: to\b|[:=]) ?(?P<value>.+)", ""),
        (rf"^{_WHO} (?:is|turned) (?P<value>\d{{1,3}})(?: years old)?(?: now)?(?=[,.!]|$)", "age"),
        (rf"^{_WHO} weighs (?P<value>\d.+)", "weight"),
        (rf"^{_WHO} (?:now )?has (?P<value>\d[\d,.]*) (?P<key>[a-z][a-z ]*?)(?: now)?(?=[,.;!]|$)", ""),
        (
            rf"^{_WHO} (?:is|are)(?: now)? (?P<value>[^,]+?)(?: now| again)?, "
            rf"(?:please )?{_CHANGE} (?:its|his|her|their) (?P<key>[\w ]+)",
            "",
        ),
        (rf"\b{_CHANGE} {_WHO}['’]s {_KEY}: (?:it|he|she|that) (?:is|has)(?: now)? (?P<value>.+)", ""),
        (rf"\bthe {_KEY} of {_OWNER} (?:is|are)(?: now)? (?P<value>.+)", ""),
        (rf"\bmy {_KEY} (?:is|are|should be|=)(?: now| actually)*:? (?P<value>.+)", ""),
        (r"(?P<key>(?-i:[A-Z])[\w .-]{1,30}?['’]s [\w -]{2,40}?) (?:is|are)(?: now)? (?P<value>.+)", ""),
        (r"\b(?:i am|i'm) called (?P<value>.+)", "name"),
        (r"\bcall me (?P<value>.+)", "name"),
        (r"\bi (?:am|'m) (?P<value>\d{1,3}) years? old\b", "age"),
        (r"\bi was born on (?P<value>.+)", "birth date"),
        (r"\bi was born in (?P<value>.+)", "birth location"),
        (r"\bi (?:now )?live in (?P<value>.+)", "living location"),
        (r"\bi (?:now )?work as (?P<value>.+)", "job title"),
        (r"\bi (?:now )?work (?:at|for) (?P<value>.+)", "employer"),
        (r"\bi speak (?P<value>.+)", "languages"),
        (rf"\b(?:add|save|record|store|note|set)(?: the)? {_KEY}[:=] ?(?P<value>.+)", ""),
    )
)
_LIST_CHANGE = re.compile(
    r"\b(?P<verb>add|remove|delete|drop) (?P<item>.{2,80}?) (?:to|from) (?:my |the )?(?:list of )?"
    r"(?P<key>[\w '’]{2,40}?)(?: list)?(?: of (?P<of>[\w .'’-]{2,40}?))?\W*$",
    re.IGNORECASE,
)
_SHORT = re.compile(r"^\W*(?:(?:it's|it is|they are|that's|that is|i am|i'm|its)\b\s*(?:an? )?)?", re.IGNORECASE)
_REMEMBER = re.compile(
    r"^\W*(?:please |can you |could you )*(?:remember|note|record|save|add|keep in mind|know)(?: down)? (?:that )?"
    r"(?=(?:my|the|[A-Z]\w*)\b)"
    r"(?!my [\w ]+$)",
    re.IGNORECASE,
)
_REQUEST_TAIL = re.compile(
    r"[\s,.;!-]*\b(?:(?:can|could|would|will) you|please|so (?:add|note)"
    r"|(?:and )?(?:add|note|remember|save) (?:that|it|this))\b.*$",
    re.IGNORECASE | re.DOTALL,
)
