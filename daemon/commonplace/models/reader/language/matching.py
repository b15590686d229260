"""How keys and the words of a question are held against each other, and what a key says of its two ends. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from commonplace.models.reader.language.wordings import STOP_WORDS
from commonplace.models.reader.language.words import Word, best_likeness, likeness, make_word


@lru_cache(maxsize=65536)
def alike(asked: tuple[Word, ...], key: tuple[Word, ...], free: tuple[Word, ...]) -> float:
    """How much two sets of words say the same, 0 to 1; opposites say nothing in common."""
    key = tuple(word for word in key if not free or best_likeness(word, asked) or not best_likeness(word, free))
    if any({one.text, other.text} in _OPPOSITES for one in asked for other in key):
        return 0.0
    whole = sum(word.weight for word in (*asked, *key))
    shared = sum(word.weight * best_likeness(word, key) for word in asked)
    shared += sum(word.weight * best_likeness(word, asked) for word in key)
    return shared / whole if whole else 0.0


def says_all(asked: Sequence[Word], key: Sequence[Word]) -> bool:
    """Say whether a key says every word that matters."""
    return all(best_likeness(word, key) > 0 for word in asked if word.weight > 0.5)


@lru_cache(maxsize=65536)
def framed(key: tuple[Word, ...], wanted: tuple[Word, ...]) -> tuple[float, int]:
    """Return the share of a key that a frame wants, and how late the frame names it."""
    whole = sum(word.weight for word in key)
    stems = [word.stem for word in wanted]
    ranks = [stems.index(word.stem) for word in key if word.stem in stems]
    said = sum(word.weight for word in key if word.stem in stems)
    return (said / whole if whole else 0.0), min(ranks, default=0)


@lru_cache(maxsize=4096)
def direction(key: str) -> str:
    """Say whether a key tells what the note does ("owns"), what is done to it ("owned_by", "owner"), or neither."""
    tokens = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).casefold())
    if not tokens:
        return ""
    nouns = [token for token in tokens if token not in STOP_WORDS]
    if "by" in tokens or (nouns and is_agent(nouns[-1])):
        return "back"
    verb = tokens[0]
    return "forth" if verb.endswith(("s", "ing")) and not verb.endswith(("ss", "us")) and len(tokens) < 4 else ""


def is_agent(token: str) -> bool:
    """Say whether a word is one for a doer, such as "owner", "supervisor" or "boss"."""
    if token in _AGENTS:
        return True
    return re.search(r"\w{3}(?:er|or|ist)s?$", token) is not None and token.removesuffix("s") not in _NO_AGENTS


@lru_cache(maxsize=65536)
def same_action(one: Word, other: Word) -> float:
    """How much two words tell of the same doing; "singer" tells of singing."""
    return max(likeness(a, b) for a in _forms(one.text) for b in _forms(other.text))


@lru_cache(maxsize=4096)
def _forms(token: str) -> tuple[Word, ...]:
    """Return a word, and the verbs that it may be made of."""
    if not is_agent(token):
        return (make_word(token),)
    plain = token.removesuffix("s")
    return tuple(make_word(form) for form in dict.fromkeys((token, plain[:-2], plain[:-1])))


_AGENTS = frozenset(("boss", "bosses", "chief", "superior", "coach", "guide", "guardian", "landlady", "landlord"))
"""Words for a doer that end in no way of their own."""
_NO_AGENTS = frozenset(
    [
        "brother",
        "sister",
        "mother",
        "father",
        "daughter",
        "number",
        "order",
        "member",
        "partner",
        "color",
        "colour",
        "water",
        "weather",
        "paper",
        "letter",
        "computer",
        "scooter",
        "neighbor",
        "neighbour",
        "center",
        "matter",
        "corner",
        "summer",
        "winter",
        "door",
        "floor",
        "power",
    ]
)
"""Words that end as those for a doer do."""
_OPPOSITES = (
    {"first", "last"},
    {"next", "last"},
    {"current", "previous"},
    {"current", "former"},
    {"minimum", "maximum"},
    {"min", "max"},
    {"start", "end"},
)
