"""Facts that plain sentences state: "She lives in Fenwick" says "lives in: Fenwick". Pure."""

import re
from collections.abc import Iterator

MOST_KEY_WORDS = 5


def sentence_facts(line: str, title: str, is_user: bool) -> Iterator[tuple[str, str]]:
    """Yield a key and a value for each sentence about the note's subject that states one."""
    subjects = (_USER, _NAMED) if is_user else (_named(title), _OTHERS, _NAMED)
    for sentence in _SENTENCES.split(_ITEM.sub("", line)):
        subject = next((match for pattern in subjects if (match := pattern.match(sentence))), None)
        fragment = None if subject else _FRAGMENT.match(sentence)
        if fragment:
            yield fragment["key"].casefold(), fragment["value"]
        if subject:
            yield from ((kin["key"], kin["link"]) for kin in _BESIDE.finditer(sentence))
        if not subject:
            continue
        sentence = _FROM.sub(r"\1 and comes from ", sentence)
        first, *others = _COORDINATED.split(_WORKING.sub(_AS_AND_AT, sentence[subject.end() :].strip()))
        for part, of in ((first, subject["of"] or ""), *((other, "") for other in others)):
            if stated := _stated(part, of):
                yield stated


def _stated(predicate: str, of: str) -> tuple[str, str] | None:
    for pattern, key in _PREDICATES:
        match = pattern.match(predicate)
        if match and not (key and of):
            named = " ".join(part for part in (of, key or match["key"]) if part).casefold()
            value = match["value"].strip(" ,;")
            return (named, value) if named and value and len(named.split()) <= MOST_KEY_WORDS else None
    return None


def _named(title: str) -> re.Pattern[str]:
    """Match the subject of a sentence that calls the note by its title, or by the first word of it."""
    whole = title.removeprefix("The ")
    names = {re.escape(whole), re.escape(whole.split(" ")[0])}
    return re.compile(rf"(?:The )?(?:{'|'.join(sorted(names, key=len, reverse=True))})(?P<of>)(?= )")


_FRAGMENT = re.compile(
    r"(?P<key>(?:Allergic|Afraid|Born|Married|Based|Founded|Employed|Retired|Fond|Interested)"
    r" (?:to|of|in|on|at|by|since))"
    r" (?P<value>[^.!?]+)[.!?]?$"
)
"""A sentence without its subject, which the note is about."""
_BESIDE = re.compile(r"\b(?:her|his|their|its|my|our) (?P<key>[a-z]+(?: [a-z]+)?) (?P<link>\[\[[^\]]+\]\])")
"""Somebody linked beside what they are to the subject: "lives with her sister [[Petra]]"."""
_FROM = re.compile(r"(\b(?:is|am|are|was) an? [a-z][a-z ]*?) from (?=[A-Z])")
"""Whence somebody is, beside what they are: "a baker from Cray Island"."""
_COORDINATED = re.compile(
    r",? and (?=(?:work|live|play|speak|study|teach|drive|own|come)(?:s|es)?\b|(?:was|were|is|am|are) "
    r"|(?:moved|grew|studied|trained|joined|lived|worked|married)\b)"
)
"""What is said beside, of the same subject."""
_WORKING = re.compile(r"\b(works?) as (?:an? )?([^\[\].,]+?) (at|for) ")
_AS_AND_AT = r"\1 as \2 and \1 \3 "
"""Two things that one verb says: "works as a nurse at St Anne"."""
_ITEM = re.compile(r"^\s*(?:[-*+]\s+)?")
_SENTENCES = re.compile(r"(?<=[.!?])(?<!Dr\.)(?<!Mr\.)(?<!St\.)\s+(?=[A-Z\[])")
_IS = r"(?:is|am|are|was|were)"
_VERBS = rf"(?:{_IS}|has|have|holds?)"
_NOUN = rf"(?P<of>[a-z][\w'-]*(?: (?!{_VERBS}\b)[a-z][\w'-]*){{0,3}})"
_USER = re.compile(rf"(?:(?:My|Our|The) {_NOUN}|(?:I|We)\b)(?= )")
_OTHERS = re.compile(rf"(?:(?:Her|His|Their|Its|The) {_NOUN}|(?:He|She|It|They)\b)(?= )")
_NAMED = re.compile(rf"(?P<of>[A-Z][a-z]+)(?= {_IS} )")
_VALUE = r"(?P<value>\S.*?)[.!?]?$"
_PREPOSITION = r"(?:in|on|at|to|by|for|with|from|of|since|as|about|until)"
_PREDICATES = tuple(
    (re.compile(pattern), key)
    for pattern, key in (
        (rf"{_IS} (?P<value>\d+) years old\b.*$", "age"),
        (r"(?:has|have) (?P<value>\d[\d,.]*) (?P<key>[a-z][\w ]*?)[.!?]?$", ""),
        (rf"{_IS} (?P<key>\w+ {_PREPOSITION}) {_VALUE}", ""),
        (rf"(?P<key>[a-z]+ (?:up|down|out|over|away) {_PREPOSITION}) {_VALUE}", ""),
        (rf"{_IS} (?:an?|the) {_VALUE}", "occupation"),
        (rf"works? as (?:an? )?{_VALUE}", "occupation"),
        (rf"{_IS} (?P<key>)(?:{_PREPOSITION} )?{_VALUE}", ""),
        (rf"\w+ (?:[a-z]+ )?(?P<key>[a-z]+) (?:called|named) {_VALUE}", ""),
        (rf"(?P<key>[a-z]+(?: [a-z]+){{0,3}}?(?: {_PREPOSITION})?) (?P<value>(?:the )?\[\[.*?)[.!?]?$", ""),
        (rf"(?P<key>[a-z]+(?: {_PREPOSITION})?) (?:an? )?{_VALUE}", ""),
    )
)
"""What is said of the subject, and the key that it stands under where its own words are none."""
