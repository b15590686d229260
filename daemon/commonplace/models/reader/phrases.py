"""What a sentence says has changed: the words for the new value, found beside the words for the old one. Pure.

English marks the new value in few ways: "from OLD to NEW", "NEW, not OLD", "no longer OLD, but NEW",
"instead of OLD", or a verb of becoming. What speaks of the old value is blanked first; the new value then
follows the strongest cue that is left, up to where the sentence goes on to say when or why.
"""

import re
from collections.abc import Iterator, Sequence


def new_values(sentence: str, old_names: Sequence[str], key_words: Sequence[str] = ()) -> Iterator[str]:
    """Yield what may be the new value, the likeliest first.

    Args:
        sentence: what the user wrote, without the part that only asks for the change.
        old_names: how the old value may be called; what is said of them is no new value.
        key_words: words of the sentence that name the fact, as "title" in "my title is ...".

    """
    moved = trimmed(_from_to(sentence, old_names))
    if moved and not _VERB_OF_SHOWING.match(moved):
        yield moved
    left = without_old(sentence, old_names)
    for quote in _QUOTED.finditer(left):
        yield next(group for group in quote.groups() if group)
    named = [re.compile(rf"\b{re.escape(word)}\b[:=]? {_IS}[ :]*", re.IGNORECASE) for word in key_words]
    for cue in (*named, *_CUES):
        for match in cue.finditer(left):
            value = trimmed(left[match.end() :])
            if value and not _EMPTY.fullmatch(value):
                yield value


def new_names(sentence: str, old_names: Sequence[str], verbs: Sequence[str]) -> Iterator[str]:
    """Yield what the new end of a relation may be called, the likeliest first.

    ``verbs`` are the words of the sentence that name the relation, such as "sharing": a name without
    capitals follows one of them.
    """
    left = _from_to(sentence, old_names) or without_old(sentence, old_names)
    for match in _NAME.finditer(left):
        name = _LEADING.sub("", match[0]).strip(" ,.-")
        if name and name not in _NO_NAMES and not name.isdigit():
            yield name if " " in name else _with_nouns(name, left[match.start() :])
    for verb in verbs:
        for match in re.finditer(rf"\b{re.escape(verb)}\b", left, re.IGNORECASE):
            yield _noun_phrase(left[match.end() :])
    for value in new_values(sentence, old_names):
        yield _noun_phrase(value)


def without_old(sentence: str, old_names: Sequence[str]) -> str:
    """Blank the parts of a sentence that speak of how it was."""
    text = sentence
    for name in sorted(old_names, key=len, reverse=True):
        text = re.sub(
            rf"(?<![\w-])(?:the )?{re.escape(name)}(?![\w-]){_NO_LONGER_LIST}", _GONE, text, flags=re.IGNORECASE
        )
    for pattern in _ABOUT_OLD:
        text = pattern.sub(" , ", text)
    return text


def trimmed(text: str) -> str:
    """Cut the words after a cue to the value itself."""
    text = _GERUND.sub("", _LEADING.sub("", text))
    end = _STOP.search(text)
    value = text[: end.start()] if end else text
    value = _LEADING.sub("", value).strip(" ,;:-–—").removesuffix(".").removesuffix(" and").strip("\"'“”‘’ ")
    proper = _ADJECTIVES_BEFORE_NAME.match(value)
    return value[proper.end(1) :].strip() if proper else value


def _from_to(sentence: str, old_names: Sequence[str]) -> str:
    for match in _FROM_TO.finditer(sentence):
        told = match[0].casefold()
        old = match["old"].casefold()
        if any(name.casefold() in told or old in name.casefold() for name in old_names):
            return match["new"]
    return ""


def _with_nouns(name: str, text: str) -> str:
    """Return a name of one word with the nouns that belong to it: "X-ray imaging system"."""
    phrase = _noun_phrase(text)
    return phrase if phrase.startswith(name) else name


def _noun_phrase(text: str) -> str:
    value = _RELATING.sub("", trimmed(text) + " ").strip()
    preposition = _PREPOSITION.search(value)
    return _SHARE.sub("", value[: preposition.start()] if preposition else value).strip(" ,.")


_NO_LONGER_LIST = r"(?!,? and (?-i:(?!I\b)[A-Z])|, (?-i:(?!I\b)[A-Z]))"
"""An old list at the beginning of a longer one is part of the new value."""
_GONE = "\N{REPLACEMENT CHARACTER}"

_FROM_TO = re.compile(
    r"\bfrom (?:(?:\w+ing|with|as|on|a|an|the|my) )*(?P<old>.+?),? (?:to|into) (?P<new>.+)", re.IGNORECASE
)

_CLAUSE_END = r"(?=[,.]|\b(?:but|and|since|because|as i|as i've|as i'm)\b|$)"
_ABOUT_OLD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:,|\band\b|\bbut\b)? ?\b(?:is|was|are|am)? ?\bnot [^,.{_GONE}]*{_GONE}[^,.]*",
        rf"\b(?:instead of|rather than|in place of) [^,.{_GONE}]*{_GONE}[^,.]*?{_CLAUSE_END}",
        rf"\breplac(?:e[sd]?|ing) [^,.{_GONE}]*{_GONE}(?: (?=with\b|by\b)|[^,.]*?{_CLAUSE_END})",
        rf"\b(?:no longer|stopped|moved (?:on|away) from|given up|gave up|used to|previously) [^,.]*?{_CLAUSE_END}",
        rf"\b(?:transferred|switched|moved|changed) (?:away )?from [^,.{_GONE}]*{_GONE}",
        r", not [^,.]*",
        r"\bas (?:currently|previously) [^,.]*",
        r"\bwhich (?:has|have|should|will|would)? ?(?:now )?(?:been )?replace[sd]? [^,.]*",
    )
)
_QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|(?<!\w)'([^']{3,})'(?!\w)|‘([^’]{3,})’")

_IS = r"(?:is|are|am|be|was|being|(?<=['’])[ms])\b(?: (?:now|actually|really|in fact|currently))*"
_CUES = tuple(
    re.compile(rf"\b(?:{words})\b[ :]*", re.IGNORECASE)
    for words in (
        r"(?:promoted|transferred|reassigned|assigned|moved(?: on)?|switched|changed|transitioned|shifted|updated|upgraded"
        r"|converted|corrected|set|renamed|relocated|replaced) (?:over )?(?:to|with|by)(?: the (?:role|position) of)?",
        r"became|become|becoming|working as|work as",
        r"passionate about|(?:gotten|got|really) into|into|took up|taken up|interested in|enjoy|known for|born in|comes? from"
        r"|originally from|from|calling me|call|called|joined|obtained|received|earned|completed|awarded|specializ(?:e|ing) in"
        r"|volunteering with|certified by|speak",
        r"turned|have|has|got|with",
        _IS,
        r"to|as",
    )
)
_LEADING = re.compile(
    r"^(?:[\s,:]|(?:a|an|the|my|our|new|now|actually|really|been|being|recently|just|brand-new|rather)\b(?!-))+"
)
_GERUND = re.compile(
    r"^(?:(?:being|becoming|working|pursuing|focusing|incorporating|specializing|volunteering|practicing|using|doing)\s"
    r"(?:(?:as|in|on|with|for|a|an|the)\s)*)+"
)
_VERB_OF_SHOWING = re.compile(r"(?:reflect|show|indicate|say|match|be)\b")
_ADJECTIVES_BEFORE_NAME = re.compile(r"((?:[a-z]+ )+)[A-Z]\w*(?: [A-Z][\w-]*)+$")
_STOP = re.compile(
    r"""\s*(?:
        [;!?] | \.(?=\s+(?-i:[A-Z])|\s*$)(?<!Dr\.)(?<!Mr\.)(?<!Ms\.)(?<!St\.) | \s[-–—]\s(?!\d) | \N{REPLACEMENT CHARACTER}
        | ,?\s\b(?:
            instead | not | rather\sthan | but | which | where | while | because | since | due\sto | thanks\sto | after
            | so | lately | nowadays | currently | recently | ago | today | please | should | if | when | starting | effective
            | as\s(?:my|the|i|of|currently|previously|well|listed|recorded)
            | over\sthe | in\s(?:the|our|my|your)\s(?:system|records?|profile|last|past|field) | in\smy | in\sour
            | for\s(?:my|our|all|the|over) | on\s(?:my|our) | with\s(?:my|our|the) | from\s(?:my|the|now) | my\shome
            | and\s(?:i|i'm|i've|i'd|want|would|am|have|love|now|that|to|it's|given|gave) | that\s(?:i|is|has)
            | to\s(?:better|focus|accommodate|continue|reflect|replace|support|pursue|include)
            | (?:last|this)\s(?:week|month|year|spring|summer|fall|winter) | now(?=\W*$|[.,])
        )\b
        | ,\s(?:and\s)?(?:can|could|please|would|i|i've|i'm)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY = re.compile(r"(?:to|a|an|the|in|on|my|now|been|not|it|this|that|so|\W)*", re.IGNORECASE)
_RELATING = re.compile(
    r"^(?:(?:to |been )?(?:\w+ing|operate|use|manage|lead|share|help|assist|supervise|monitor|inspect|maintain|oversee|work)\b"
    r"(?: (?:with|on|in|at|as|of|ownership of|for|to|the|a|an|new))*)+ "
)
_SHARE = re.compile(r"^(?:ownership|responsibility|part|member|use|care) (?:of|for) (?:the |a |an )?|^(?:the|a|an) ")
_PREPOSITION = re.compile(r"\s(?:with|for|in|at|on|to|as|during|from|by)\s")
_WORD = r"(?:Dr\.|Mr\.|Mrs\.|Ms\.|Prof\.|St\.|[A-Z][\w'’&]*(?:-\w+)*|\d[\w-]*)"
_NAME = re.compile(
    rf"(?<![\w'])(?!I\b|I'){_WORD}(?:\s(?:(?:of|for|the|and|de|von|van|al)\s)*{_WORD})*(?:,?\s(?:Inc|Ltd)\.?)?"
)
_NO_NAMES = frozenset(("I", "My", "The", "We", "It", "This", "Please", "Can", "Could", "He", "She", "They", "A", "An"))
