"""Patterns of English clauses, written as they are read: a word in capitals stands for a part of the clause. Pure."""

import re
from collections.abc import Callable, Iterator

from commonplace.models.reader.changing.statement import ANYONE, OURS, Statement

Parts = dict[str, str]
"""The parts of a clause by their names in small letters: "who", "value", "key"; "" for one that is not there."""
Read = Callable[[Parts], Iterator[Statement]]


def clause(pattern: str) -> re.Pattern[str]:
    """Return the regular expression of a pattern, in which brackets only group."""
    text = re.sub(r"\((?!\?)", "(?:", pattern)
    for name, part in _PARTS.items():
        text = re.sub(rf"\b{name}\b", lambda _, part=part: part, text)
    return re.compile(text + r"\W*$", re.IGNORECASE | re.DOTALL)


def parts_of(match: re.Match[str]) -> Parts:
    """Return the parts of a clause that a pattern matches."""
    return {name: (part or "").strip(" ,.;") for name, part in match.groupdict().items()}


def whose(phrase: str) -> tuple[str, str]:
    """Cut "my sister's phone", "the phone of Ann" and "my phone" into whose it is and what."""
    plain = _LIST.sub("", phrase.strip(" \"'"))
    of = re.fullmatch(
        r"(?:(?:the|a|an) )?(?P<key>[\w -]+?) of (?P<owner>(?:my|our|the|his|her|their|its)? ?\S.*)", plain
    )
    if of and of["key"].casefold() not in ("date", "place", "year", "number", "name"):
        return _owner(of["owner"]), key_of(of["key"])
    owner, mark, key = re.sub(r"(?<=\w)'s |(?<=s)' ", "\0", plain).rpartition("\0")
    if mark:
        return _owner(owner.replace("\0", "'s ")), key_of(key)
    possessive, _, key = plain.partition(" ")
    match possessive.casefold():
        case "my":
            return "", key_of(key)
        case "our":
            return OURS, key_of(key)
        case "his" | "her" | "its" | "their":
            return possessive.casefold(), key_of(key)
        case "the":
            return ANYONE, key_of(key)
        case _:
            return ANYONE, key_of(plain)


def readings_of(phrase: str) -> Iterator[tuple[str, str]]:
    """Yield whose a phrase may be and what: "the rent for the workshop" is the workshop's first, then anybody's."""
    listed = re.match(r"(?:the |my |our )?list of ", phrase, re.IGNORECASE)
    if listed:
        yield whose(phrase[listed.end() :])
    plain = _LIST.sub("", phrase.strip(" \"'"))
    kept = _KEPT_AT.fullmatch(_LIST.sub("", re.sub(r" list(?= (?:for|at|of|on|in) )", "", plain)))
    if kept:
        yield _owner(kept["owner"]), key_of(kept["key"])
    yield whose(phrase)


def _owner(words: str) -> str:
    return "" if words.casefold() in ("me", "mine", "myself", "us") else words


def key_of(words: str) -> str:
    """Return a key without what only says that it is new."""
    return re.sub(r"^(?:own|new|current) ", "", words.strip()).casefold()


def subject_of(words: str) -> str:
    """Return the owner that the subject of a clause is: "" for the user."""
    return "" if words.casefold() in ("i", "we", "me", "us") else words


def value_of(text: str) -> str:
    """Return a value as a note would say it: without quotes, article and full stop."""
    quoted = re.fullmatch(r"[\"“'‘](.+)[\"”'’]", text.strip())
    if quoted:
        return quoted[1]
    plain = text.strip(" ,;!").removesuffix(".") if not re.search(r"\b\w\.$", text) else text.strip(" ,;!")
    return re.sub(r"^(?:an?|the|in fact) (?!\w$)", "", plain)


_LIST = re.compile(
    r"^(?:the |my )?list of (?=my |the |our )|\s+list$|\s+in (?:the|my|your) (?:notes?|records?|system|profile)$", re.I
)
_KEPT_AT = re.compile(
    r"(?:(?:the|my|our) )?(?P<key>[a-z][\w -]*?) (?:on|for|at|in) (?P<owner>(?:the|my|our) [a-z].*|(?-i:[A-Z]).*)", re.I
)
_POSSESSIVE = r"(?:my|our|his|her|its|their|the)"
_PARTS = {
    "WHO": r"(?P<who>(?!(?:that|this|there|what|which|who|it is)\b)[^,;:]{1,60}?)",
    "OWNED": rf"(?P<key>(?:{_POSSESSIVE}\s[^,;:]{{2,60}}?|[A-Z][^,;:]{{0,60}}?(?:'s|s')\s[^,;:]{{2,40}}?))",
    "KEY": r"(?P<key>[^:]{2,60}?)",
    "NOUN": r"(?P<key>(?!(?:an?|the)\b)[a-z][a-z -]*?)",
    "ROLE": rf"(?P<key>{_POSSESSIVE} [^,]+?|[^,]+?'s [^,]+?)",
    "SUBJECT": r"(?P<key>[^,;:]{1,60}?)",
    "VALUE": r"(?P<value>.+)",
    "SOME": r"(?P<value>[^,]+)",
    "SOMETHING": r"(?P<value>[^,]+?)",
    "FIRST": r"(?P<value>.+?)",
    "NUMBER": r"(?P<number>\d[\d.,]*(?: (?:million|thousand))?)",
    "AMOUNT": r"(?P<value>\d.*)",
    "NAME": r"(?P<value>(?-i:[A-Z\"“'])[^,]+)",
    "NAMES": r"(?P<value>(?-i:[A-Z])[^.;:]+)",
    "SOMEBODY": r"(?P<value>(?-i:[A-Z])[^,]{0,40}?)",
    "OLD": r"(?P<old>.+?)",
    "OLDEST": r"(?P<old>[^,]+?)",
    "OLDER": r"(?P<old>.+)",
    "VERB": r"(?P<verb>[a-z]+)",
    "DOING": r"(?P<verb>[a-z]+ing)",
    "DONE": r"(?P<verb>[a-z]+(?:ed|en|n|t))",
    "BE": r"(?:is|are|am|was|were)",
    "HAVE": r"(?:(?:has|have) (?:been )?)?",
    "CHANGE": r"(?:change|update|set|correct|edit|fix|adjust|amend|revise|make|switch|move|turn|put)",
    "FORGET": r"(?:forget|delete|remove|erase|drop)",
    "PREPOSITION": r"(?:in|on|at|to|by|for|with|from|of|as|about|under)",
    "POSSESSIVE": _POSSESSIVE,
    "PRONOUN": r"(?:it|he|she|that|they)",
}
"""The longer of two that match alike takes what it can: SOME up to a comma, VALUE to the end."""
