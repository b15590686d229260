"""What a sentence says has changed: the words for the new value, found beside the words for the old one. Pure.

English marks the new value in few ways: "from OLD to NEW", "NEW, not OLD", "no longer OLD, but NEW",
"instead of OLD", or a verb of becoming. What speaks of the old value is blanked first; the new value then
follows the strongest cue that is left, up to where the sentence goes on to say when or why.
"""

import re
from collections.abc import Iterable, Iterator, Sequence


def new_values(sentence: str, old_names: Sequence[str], key_words: Sequence[str] = ()) -> Iterator[str]:
    """Yield what may be the new value, the likeliest first.

    Args:
        sentence: what the user wrote, without the part that only asks for the change.
        old_names: how the old value may be called; what is said of them is no new value.
        key_words: words of the sentence that name the fact, as "title" in "my title is ...".

    """
    moved = trimmed(_from_to(sentence, old_names))
    if moved and not _SHOWING.match(moved):
        yield moved
    left = without_old(sentence, old_names)
    for quote in QUOTED.finditer(left):
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
            yield name if re.search(r"[ \d]", name) else _with_nouns(name, left[match.start() :])
    for verb in verbs:
        for match in re.finditer(rf"\b{re.escape(verb)}\b", left, re.IGNORECASE):
            yield _noun_phrase(left[match.end() :])
    for value in new_values(sentence, old_names):
        yield _noun_phrase(value)


def without_old(sentence: str, old_names: Sequence[str]) -> str:
    """Blank the parts of a sentence that speak of how it was."""
    text = sentence
    for name in sorted(old_names, key=len, reverse=True):
        whole = rf"(?<![\w-])(?:the )?{re.escape(name)}(?![\w-]){_NO_LONGER_LIST}"
        text = re.sub(whole, _GONE, text, flags=re.IGNORECASE)
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


def _any_of(phrases: Iterable[str]) -> str:
    """Join phrases into one alternative; the longer come first, and spaces may be any white space."""
    ordered = sorted(phrases, key=len, reverse=True)
    return "(?:" + "|".join(phrase.replace(" ", r"\s+") for phrase in ordered) + ")"


_GONE = "\N{REPLACEMENT CHARACTER}"
_NO_LONGER_LIST = r"(?!,? and (?-i:(?!I\b)[A-Z])|, (?-i:(?!I\b)[A-Z]))"
"""An old list at the beginning of a longer one is part of the new value."""

QUOTED = re.compile(r"\"([^\"]+)\"|“([^”]+)”|(?<!\w)'([^']{3,})'(?!\w)|‘([^’]{3,})’")

_FROM_TO = re.compile(
    r"\bfrom (?:(?:\w+ing|with|as|on|a|an|the|my) )*(?P<old>.+?),? (?:to|into) (?P<new>.+)", re.IGNORECASE
)
_SHOWING = re.compile(r"(?:reflect|show|indicate|say|match|be)\b")

_CLAUSE_END = r"(?=[,.]|\b(?:but|and|since|because|as i|as i've|as i'm)\b|$)"
_TO_OLD = rf"[^,.{_GONE}]*{_GONE}"
_ABOUT_OLD = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:,|\band\b|\bbut\b)? ?\b(?:is|was|are|am)? ?\bnot {_TO_OLD}[^,.]*",
        rf"\b(?:instead of|rather than|in place of|over) {_TO_OLD}[^,.]*?{_CLAUSE_END}",
        rf"\b(?:to )?replac(?:e[sd]?|ing) {_TO_OLD}(?: (?=with\b|by\b)|[^,.]*?{_CLAUSE_END})",
        r"(?-i:\b(?:[A-Z][\w.'’-]* )+)(?:is|are|was|were) no longer [^,.]*",
        rf"\b(?:no longer|stopped|moved (?:on|away) from|given up|gave up|used to|previously) [^,.]*?{_CLAUSE_END}",
        rf"\b(?:transferred|switched|moved|changed|graduated) (?:away )?from {_TO_OLD}",
        r", not [^,.]*",
        r"\bas (?:currently|previously) [^,.]*",
        r"\bwhich (?:has|have|should|will|would)? ?(?:now )?(?:been )?replace[sd]? [^,.]*",
    )
)

_MOVED = _any_of(
    [
        "promoted",
        "transferred",
        "reassigned",
        "assigned",
        "moved",
        "switched",
        "changed",
        "transitioned",
        "shifted",
        "updated",
        "upgraded",
        "converted",
        "corrected",
        "set",
        "renamed",
        "relocated",
        "replaced",
        "graduated",
        "advanced",
        "gone",
    ]
)
_IS = r"(?:is|are|am|be|was|being|(?<=['’])[ms])\b(?: (?:now|actually|really|in fact|currently))*"
_CUES = tuple(
    re.compile(rf"\b(?:{cue})\b[ :]*", re.IGNORECASE)
    for cue in (
        rf"{_MOVED} (?:on |over |up )?(?:to|with|by)(?: the (?:role|position) of)?",
        _any_of(("became", "become", "becoming", "working as", "work as")),
        _any_of(
            (
                *("passionate about", "gotten into", "got into", "really into", "into", "took up", "taken up"),
                *("interested in", "enjoy", "known for", "fond of", "prefer", "favor"),
                *("born in", "graduated from", "comes? from", "originally from", "from", "moved to", "live in"),
                *(
                    "calling me",
                    "call me",
                    "call",
                    "called",
                    "consider myself at",
                    "consider myself",
                    "go by",
                    "going by",
                ),
                *("joined", "obtained", "received", "earned", "completed", "awarded", "acquired", "finished"),
                *("specializing in", "specialize in", "volunteering with", "certified by", "speak", "studying"),
            )
        ),
        "turned|have|has|got|with",
        _IS,
        "to|as",
    )
)

_LEADING = re.compile(
    r"^(?:[\s,:]|(?:a|an|the|my|our|new|now|actually|really|been|being|recently|just|brand-new|rather|it's|it is"
    r"|primarily|mainly|mostly)\b(?!-))+"
)
_GERUND = re.compile(
    r"^(?:(?:being|becoming|working|serving|pursuing|focusing|incorporating|specializing|volunteering|practicing|using|doing)\s"
    r"(?:(?:as|in|on|with|for|a|an|the|mostly|mainly|primarily)\s)*)+"
)
_ADJECTIVES_BEFORE_NAME = re.compile(r"((?:[a-z]+ )+)[A-Z]\w*(?: [A-Z][\w-]*)+$")

_GOES_ON = _any_of(
    (
        *("instead", "not", "rather than", "but", "which", "where", "while", "because", "since", "due to", "thanks to"),
        *(
            "after",
            "so",
            "lately",
            "nowadays",
            "currently",
            "recently",
            "ago",
            "today",
            "please",
            "should",
            "if",
            "when",
        ),
        *(
            "starting",
            "effective",
            "over the",
            "in my",
            "in our",
            "on my",
            "on our",
            "at the",
            "at my",
            "at our",
            "my home",
            "my go-to",
        ),
        *("as my", "as the", "as i", "as of", "as currently", "as previously", "as well", "as listed", "as recorded"),
        *("for my", "for our", "for all", "for the", "for over", r"for (?:\w+ )?(?:reasons|purposes)"),
        *("with my", "with our", "with the", "from my", "from the", "from now", "that i", "that is", "that has"),
        *("and i", "and i'm", "and i've", "and i'd", "and want", "and would", "and am", "and have", "and love"),
        *("and now", "and that", "and to", "and it's", "and given", "and gave"),
        *("to better", "to focus", "to accommodate", "to continue", "to reflect", "to replace", "to support"),
        *("to pursue", "to include", "to ensure", "to help"),
        r"(?:last|this|next) (?:week|month|year|spring|summer|fall|autumn|winter)",
        r"in (?:the|our|my|your) (?:system|records?|profile|last|past|field|notes?)",
        r"now(?=\W*$|[.,])",
    )
)
_STOP = re.compile(
    rf"""\s*(?:
        [;!?] | {_GONE}
        | (?<!Dr)(?<!Mr)(?<!Ms)(?<!Mrs)(?<!St)\.(?=\s+(?-i:[A-Z])|\s*$)
        | \s[-–—]\s(?!\d)
        | ,?\s\b{_GOES_ON}\b
        | ,\s(?:and\s)?(?:can|could|please|would|i|i've|i'm)\b
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_EMPTY = re.compile(r"(?:to|a|an|the|in|on|my|now|been|not|it|this|that|so|\W)*", re.IGNORECASE)

_RELATING = re.compile(
    r"^(?:(?:to |been )?(?:\w+ing|operate|use|manage|lead|share|help|assist|supervise|monitor|inspect|maintain"
    r"|oversee|work|run)\b(?: (?:with|on|in|at|as|of|for|to|the|a|an|new))*)+ "
)
_SHARE = re.compile(r"^(?:ownership|responsibility|part|member|use|care) (?:of|for) (?:the |a |an )?|^(?:the|a|an) ")
_PREPOSITION = re.compile(r"\s(?:with|for|in|at|on|to|as|during|from|by)\s")
_WORD = r"(?:Dr\.|Mr\.|Mrs\.|Ms\.|Prof\.|St\.|[A-Z][\w'’&]*(?:-\w+)*|\d[\w-]*)"
_NAME = re.compile(
    rf"(?<![\w'])(?!I\b|I'){_WORD}(?:\s(?:(?:of|for|the|and|de|von|van|al)\s)*{_WORD})*(?:,?\s(?:Inc|Ltd)\.?)?"
)
_NO_NAMES = frozenset(("I", "My", "The", "We", "It", "This", "Please", "Can", "Could", "He", "She", "They", "A", "An"))
