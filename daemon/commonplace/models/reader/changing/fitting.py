"""Values as they are written: whether a text can be one, whether it fits the place of another, and in which form."""

import re

from commonplace.models.reader.changing.change import fitted
from commonplace.models.reader.language.words import stem_of, tokens, words_of
from commonplace.models.reader.notes.facts import Fact, without_links

MOST_VALUE_WORDS = 9


def is_value(text: str, *, is_asked: bool = False) -> bool:
    """Say whether a text can be a value: no sentence, no pronoun, nothing that only today knows."""
    if _RELATIVE.search(text):
        return False
    words = text.split()
    return 0 < len(words) <= (3 if is_asked else 1) * MOST_VALUE_WORDS and not _NO_VALUE.search(text)


def is_key(text: str) -> bool:
    """Say whether some words can be a key."""
    return 0 < len(text.split()) <= 4 and _NO_KEY.search(text) is None and text[:1].isalpha()


def may_be_passing(key: str, value: str) -> bool:
    """Say whether "my KEY is VALUE" may tell of a moment, as "my back is sore" does, rather than of a lasting fact."""
    lasting = any(word.groups or word.weight < 0.5 for word in words_of(key))
    return not lasting and value == value.casefold() and not re.search(r"\d", value)


def is_name(text: str) -> bool:
    """Say whether a text can be the name of somebody or something."""
    words = re.sub(r"^(?:the|an?) (?=[A-Z])", "", text).split()
    proper = [word for word in words if word.casefold() not in ("of", "the", "and", "de", "van", "von", "for", "&")]
    return (
        0 < len(words) <= 6 and all(word[:1].isupper() or word[:1].isdigit() for word in proper) and not text.isdigit()
    )


def is_plural(key: str) -> bool:
    """Say whether a key names several."""
    return re.search(r"[^s\W_]s$", key.casefold()) is not None


def items(text: str) -> list[str]:
    """Cut a list into its items, without their articles."""
    parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", text)
    return [re.sub(r"^(?:an?|the|some) ", "", part.strip(" \"'.")) for part in parts if part.strip(" \"'.")]


def items_of(fact: Fact) -> list[str]:
    """Return the items of a fact's value as they stand: its links, or what commas divide."""
    if fact.links:
        return re.findall(r"\[\[[^\]]+\]\]", fact.value)
    return [part.strip() for part in re.split(r",\s+|;\s+|\s+and\s+", fact.value) if part.strip()]


def takes_items(fact: Fact) -> bool:
    """Say whether a fact is, or may become, a list."""
    return is_plural(fact.key) or len(items_of(fact)) > 1 or fact.key.casefold() in ("repertoire", "diet", "staff")


def item_in(fact: Fact, wanted: str) -> str:
    """Return the item of a fact's value that some words mean, or ""."""
    said = _stems(wanted)
    if not said:
        return ""
    if not fact.links and _stems(fact.value) == said:
        return fact.value
    key = {word.stem for word in fact.key_words}
    if not fact.links and said > key and _stems(fact.value) == said - key:
        return fact.value
    for item in items_of(fact):
        stems = _stems(without_links(item))
        if stems == said or (stems and said > key and said - key == stems):
            return item
        if fact.links and stems and said <= stems:
            return item
    return ""


def is_called(fact: Fact, words: str) -> bool:
    """Say whether some words call what a fact tells of by its key or by what it is: "the pickup" of a green pickup."""
    said = _stems(words)
    last = stem_of((tokens(fact.value) or [""])[-1])
    by_value = last in said and said < _stems(fact.value)
    return by_value or (bool(said) and said == {word.stem for word in fact.key_words})


def is_numbered_alike(old: str, new: str) -> bool:
    """Say whether two values differ in their numbers only: "room 4" and "room 7"."""
    return (
        old.casefold() != new.casefold() and re.search(r"[^\W\d]", old) is not None and _numbers(old) == _numbers(new)
    )


def item_numbered_like(fact: Fact, value: str) -> str:
    """Return what of a fact's value differs from a value in its numbers only: all of it, an item of it, or ""."""
    alike = [one for one in (fact.value, *items_of(fact)) if is_numbered_alike(one, value)]
    return alike[0] if alike and _numbers("") != _numbers(value) else ""


def _numbers(text: str) -> str:
    """Return a text without its numbers."""
    counted = re.sub(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b", "#", text.casefold())
    plain = re.sub(r"\d+(?:[.,]\d+)*", "#", counted)
    return plain if "#" in plain else ""


def with_item(fact: Fact, old: str, new: str) -> str:
    """Return a fact's value with one item changed, or without it where ``new`` is ""; "" where nothing is left."""
    return with_value(fact, item_in(fact, old), new)


def without_item(fact: Fact, item: str) -> str:
    """Return a fact's value without an item as it stands there; "" where nothing is left."""
    return with_value(fact, item, "")


def with_value(fact: Fact, item: str, new: str) -> str:
    """Return a fact's value with another in the place of an item as it stands there."""
    if item == fact.value:
        return new
    start = fact.value.find(item)
    before, after = fact.value[:start], fact.value[start + len(item) :]
    if new:
        return before + new + after
    if after:
        return before + re.sub(r"^(?:[,;]\s*(?:and\s+)?|\s+and\s+)", "", after)
    return re.sub(r"(?:[,;]\s*(?:and\s+)?|\s+and\s+)$", "", before)


def same_shape(old: str, new: str) -> bool:
    """Say whether a value can stand where another stood: a number for a number, a day for a day."""
    if _CLOCK.search(old) and re.fullmatch(r"\d+", new):
        return False
    for shape in (_TRUTH, _WEEKDAY):
        if bool(shape.search(old)) != bool(shape.search(new)):
            return False
    if _is_day(old) != _is_day(new):
        return not re.search(r"\d", old)
    if _MEASURE.fullmatch(old):
        return _MEASURE.fullmatch(new) is not None or bool(iso_date(new))
    return re.search(r"\d", old) is not None or not _MEASURE.fullmatch(new)


def _is_day(value: str) -> bool:
    return _ISO.fullmatch(value) is not None or bool(iso_date(value))


def fit(value: str, fact: Fact) -> str:
    """Give a new value the form of the one that stands: of its date, its day, its unit, its case."""
    old = fact.value
    value = _with_article_of(old, _without_light_verb(old, value, fact))
    if _NUMBER.fullmatch(old) and value.casefold() in NUMBER_WORDS:
        return str(NUMBER_WORDS.index(value.casefold()))
    counted = re.match(r"(\d+) ", value)
    if counted and _NUMBER.fullmatch(old) and is_plural(fact.key):
        return counted[1]
    if counted and re.match(rf"(?:{'|'.join(NUMBER_WORDS)}) ", old.casefold()) and int(counted[1]) < len(NUMBER_WORDS):
        return f"{NUMBER_WORDS[int(counted[1])]}{value[len(counted[1]) :]}"
    if _ISO.fullmatch(old) and (date := iso_date(value)):
        return date
    if _WEEKDAY.fullmatch(old) and (day := _WEEKDAY.match(value)):
        return day[0]
    if _LOOSE.match(old) and _LOOSE.match(value):
        return value
    unit = re.fullmatch(r"([\d.,]+)\s+(\D+)", old)
    if unit and (same := re.match(rf"[\d.,]+ {re.escape(unit[2])}\b", value)):
        return same[0]
    truth = _TRUTH.fullmatch(old) and _TRUTH.fullmatch(value)
    if truth:
        value = value.casefold() if old.islower() else value.capitalize()
    return fitted(value, fact)


def _without_light_verb(old: str, value: str, fact: Fact) -> str:
    """Return a value without the verb that only leads to it: "studying geology" where "marine biology" stands."""
    studies = any(word.stem in _STUDIES for word in fact.key_words)
    verb = re.match(r"(?:doing|playing|studying|taking|practi[sc]ing|learning|reading) (?=\S)", value)
    if verb is None or re.match(r"\w+ing\b", old) or (verb[0] == "reading " and not studies):
        return value
    return re.sub(r"^(?:an?|the) ", "", value[verb.end() :])


def _with_article_of(old: str, value: str) -> str:
    """Return a value with an article where the old one has one: "a scooter" in the place of "a moped"."""
    article = re.match(r"(an?|the) (?=\S)", old)
    if article is None or re.match(r"(?:an?|the|my|our|his|her|their|no|some) |\d|.*[^s]s$", value) or "," in value:
        return value
    if article[1] == "the":
        return f"the {value}"
    return f"{'an' if value[:1].casefold() in 'aeiou' else 'a'} {value}"


def in_digits(number: str) -> str:
    """Return a number with a word for it, up to twelve, in digits."""
    word = number.casefold()
    return str(NUMBER_WORDS.index(word)) if word in NUMBER_WORDS else number


def iso_date(text: str) -> str:
    """Return a date in words as ``2026-07-04``, or "" where it is none."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b|\bof\b|,|\bon\b|\bthe\b", " ", text)
    for pattern in (
        r"(?P<d>\d{1,2})\s+(?P<m>[A-Za-z]+)\s+(?P<y>\d{4})",
        r"(?P<m>[A-Za-z]+)\s+(?P<d>\d{1,2})\s+(?P<y>\d{4})",
    ):
        found = re.fullmatch(pattern, " ".join(plain.split()))
        month = _MONTHS.index(found["m"].casefold()[:3]) + 1 if found and found["m"].casefold()[:3] in _MONTHS else 0
        if found and month:
            return f"{found['y']}-{month:02}-{int(found['d']):02}"
    return ""


def _stems(text: str) -> set[str]:
    return {stem_of(token) for token in tokens(text) if token not in ("a", "an", "the", "my")}


NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")
_NUMBER = re.compile(r"\d+")
_STUDIES = frozenset(stem_of(word) for word in ("subject", "course", "degree", "major", "studies"))
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LOOSE = re.compile(r"(?:at|in|on|by|under|out of) ", re.IGNORECASE)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TRUTH = re.compile(r"^(?:yes|no|true|false)$", re.IGNORECASE)
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.IGNORECASE)
_MEASURE = re.compile(r"[^\w]*\d[\d\s.,:/+-]*(?:\s?[^\W\d_]{1,12}\.?){0,4}", re.IGNORECASE)
"""A number or a date, with the words of its unit."""
_RELATIVE = re.compile(
    r"\b(?:today|tomorrow|yesterday|tonight|next (?:week|month|year)|last (?:week|month|year)|ago|soon|later)\b", re.I
)
_NO_VALUE = re.compile(
    r"\b(?:i|my|we|our|he|she|they|his|her|their|because|although|which|who|when|while|whether|is|are|was|were"
    r"|please|that|but|if|not|it|same|wrong|incorrect|misspelled|outdated|broken)\b|\?|\n|(?-i:\bhas\b|\bhave\b)",
    re.IGNORECASE,
)
_NO_KEY = re.compile(
    r"\b(?:i|is|are|was|not|that|who|which|and|or|to|it|this|thing|things|what|as|others?|another|left"
    r"|only|(?:at|in|on|for|of) (?:the|my|our))\b",
    re.IGNORECASE,
)
