"""How a request is wrapped: what asks for it goes, and the clauses of what is said remain. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Request:
    """What a message says without what asks for it. ``hint`` is the key that its end names: "update its status"."""

    said: str
    is_asked: bool
    hint: str = ""
    removes: bool = False
    """Whether its end asks to take out what was said."""


def read_request(message: str) -> Request:
    """Take off what only asks: "please remember that ...", "..., can you update it"."""
    text = _APPOSITION.sub(r"\1 ", " ".join(spelled_out(message).split()).strip())
    bare = _POLITE.sub("", text)
    bare = _WISHES.sub("", bare)
    asked = bare != _POLITE.sub("", text)
    keeping = _KEEPING.match(bare)
    if keeping:
        bare, asked = bare[keeping.end() :], True
    tail = _TAIL.search(bare)
    hint, removes = "", False
    if tail and tail.start() > 0:
        is_removal = tail["verb"].casefold() in _REMOVES if tail["verb"] else False
        if not (is_removal and _WHOLE_NOTE.match(tail["key"] or "")):
            bare, asked, removes, hint = bare[: tail.start()], True, is_removal, tail["key"] or ""
    bare = _THANKS.sub("", bare)
    return Request(bare.strip(" ,;:-–—"), asked, hint, removes)


def is_kept(message: str) -> bool:
    """Say whether a message asks, at its beginning, to remember what it says."""
    bare = _WISHES.sub("", _POLITE.sub("", " ".join(spelled_out(message).split())))
    return _KEEPING.match(bare) is not None


def is_supposed(text: str) -> bool:
    """Say whether a sentence tells what may be, was said by others, or is no more than a wish."""
    return _SUPPOSED.search(_NAMED.sub(" ", _QUOTED.sub("", text))) is not None


def segmentations(said: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to cut a message into clauses, those with the most clauses first."""
    cuts = [(found.start(), found.end()) for found in _CONNECTOR.finditer(said)][:MOST_CUTS]
    chosen = sorted(range(1 << len(cuts)), key=lambda mask: -mask.bit_count())
    for mask in chosen:
        parts, start = list[str](), 0
        for index, (left, right) in enumerate(cuts):
            if mask >> index & 1:
                parts.append(said[start:left])
                start = right
        clauses = tuple(part.strip(" ,;.!?") for part in (*parts, said[start:]))
        if all(clauses):
            yield clauses


def spelled_out(message: str) -> str:
    """Return a message with its contractions in full: "don't" is "do not"."""
    text = message.replace("’", "'")
    for pattern, full in _CONTRACTIONS:
        text = pattern.sub(full, text)
    return text


_APPOSITION = re.compile(
    r"^([A-Z][\w-]*(?: [A-Z][\w-]*)*), (?:my|our|the|[A-Z][\w-]*'s) [^,]{2,40}, (?=has\b|is\b|[a-z]+ed\b)"
)
"""Who somebody is, beside their name: "Maya, Anika's friend, has moved"."""
_REMOVES = frozenset(("remove", "delete", "forget"))
_WHOLE_NOTE = re.compile(r"(?:whole |entire |own )?(?:note|page|file|entry)\b", re.IGNORECASE)
"""What is no key at the end of a request, but the note itself: "delete its note"."""
MOST_CUTS = 4
_CONTRACTIONS = tuple(
    (re.compile(pattern, re.IGNORECASE), full)
    for pattern, full in (
        (r"\b(i)'m\b", r"\1 am"),
        (r"\b(you|we|they)'re\b", r"\1 are"),
        (
            r"\b(he|she|it|that|there|who|what)'s "
            r"(?=(?:got|been|moved|become|taken|started|stopped|changed|given|left|dropped|packed|quit|gone|retired|sold"
            r"|bought|switched|swapped|traded|had|found|joined|turned)\b)",
            r"\1 has ",
        ),
        (r"\b(he|she|it|that|there|who|what)'s\b", r"\1 is"),
        (r"\b(i|you|we|they|he|she|it)'ve\b", r"\1 have"),
        (r"\b(i|you|we|they|he|she|it)'d\b", r"\1 would"),
        (r"\b(i|you|we|they|he|she|it)'ll\b", r"\1 will"),
        (r"\bcan't\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"\b(\w+)n't\b", r"\1 not"),
    )
)
_POLITE = re.compile(
    r"^\W*(?:(?:hey|hi|hello|ok|okay|so|and|also|please|oh|well|great|thanks|btw|by the way"
    r"|one more thing|fyi)\b[\s,.!:]*)*",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"^(?:(?:i (?:need|want|wish|have|would like)(?: you)? to|(?:can|could|would|will) you|let us|please|also"
    r"|just)\s+)*(?=(?:also |just |please )?(?:update|correct|change|edit|revise|fix|adjust|amend|add|set"
    r"|record|save|store|remember|replace|rename|note|write|put|keep|log|make|forget|delete|remove|erase|drop|take|strike|swap|know)\b)",
    re.IGNORECASE,
)
_PLACE = r"(?:\s+(?:to|in|into|on)\s+(?:my|the|your|our)\s+(?:notes?|memory|records?|files?|vault|list))?"
_KEEPING = re.compile(
    r"(?:do not|never) forget that\s+"
    rf"|(?:remember|note|keep in mind|know|record|make a note|take note){_PLACE}(?:\s+down)?"
    rf"(?:\s*:\s*|\s+that\s+|,?\s+)(?!(?:to|of|in)\b)"
    rf"|(?:add|save|store|write|put|log)(?:\s+down)?{_PLACE}\s+that\s+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"""(?:[\s]*[,.;:!–—-]+\s*|\s+(?=and\s|so\s|please\W*$))
    (?:(?:and|so|then)\s+)?
    (?:(?:(?:can|could|would|will)\s+you|please|kindly)\s*)*
    (?:(?:also|just|then)\s+)?
    (?:(?P<verb>update|correct|change|note|save|add|record|remember|fix|rename|edit|remove|delete|keep|store|adjust|forget
        |write|put)
       (?:\s+(?:it|that|this|both|all|him|her|them
          |(?:its|his|her|their|my|the|our)\s+(?P<key>(?:(?!\sto\s)[\w -]){2,40}?)))?
       (?:\s+(?:everywhere|accordingly|down|please|for\s+me|too|there|now|in\s+(?:my|the|your)\s+\w+))*
     |(?<=please\s)|(?<=please))
    \W*$""",
    re.IGNORECASE | re.VERBOSE,
)
_THANKS = re.compile(r"[\s,.!]*\b(?:thanks|thank you|please)\W*$", re.IGNORECASE)
_CONNECTOR = re.compile(
    r"(?:\s*[.;]\s+|\s*,\s+(?:and\s+|but\s+|so\s+)?|\s+(?:and|but)\s+(?:also\s+)?|\s*:\s+)", re.IGNORECASE
)
_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
_NAMED = re.compile(r"(?<=[\w,;] )[A-Z][a-z]\w*")
"""A word with a capital inside a sentence: a name, whatever it means."""
_SUPPOSED = re.compile(
    r"\b(?:maybe|perhaps|possibly|might|may (?!\d)(?-i:[a-z])|could|would|should|if|unless|hope|hopes|hoping|wish"
    r"|wishes|want|wants|wanted|plan|plans|planning|almost|nearly|says|said|say|thinks?|thought|thinking|believes?|guess|probably|soon"
    r"|going to|will|used to|heard|told|apparently|supposedly|wonder|dream|dreamt|dreamed|considering|unsure"
    r"|not sure|next (?:week|month|year|spring|summer|autumn|fall|winter)|tomorrow|jokes?|joking|pretend\w*|claims?"
    r"|tried|trying|about to|as if|until)\b",
    re.IGNORECASE,
)
"""Words of a sentence that does not tell what is."""
