"""What a filter forbids to tell: by kind ("my age"), and by what is named in it ("Blue Fern Bakery"). Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.facts import Fact, NoteText, without_links
from commonplace.models.reader.words import Word, best_likeness, words_of


def forbids(filters: str, note: NoteText, fact: Fact) -> bool:
    """Say whether a filter forbids to tell a fact, or what would let one infer it."""
    if not filters:
        return False
    banned = _banned(filters)
    key = fact.key_words
    if any(best_likeness(word, banned) >= _ALIKE for word in key if word.text not in _SAYS_NOTHING):
        return True
    named = filters.casefold()
    return any(_names(name, named) for name in (note.title, without_links(fact.value)))


def _banned(filters: str) -> Sequence[Word]:
    words = [word for word in words_of(filters) if word.text not in _SAYS_NOTHING]
    stems = {word.stem for word in words}
    inferred = " ".join(" ".join(kind) for kind in _KINDS if stems & {word.stem for word in words_of(" ".join(kind))})
    return (*words, *words_of(inferred))


def _names(name: str, filters: str) -> bool:
    plain = _plain(name)
    return len(plain) > 3 and f" {plain} " in f" {_plain(filters)} "


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


_ALIKE = 0.8
_KINDS = (
    ("age", "birthday", "birth", "born", "zodiac"),
    ("address", "home", "street", "city", "residence", "living", "postcode", "zip"),
    ("phone", "telephone", "mobile", "contact"),
    ("email", "mail", "contact"),
    ("contact", "phone", "email", "address"),
    (
        "money",
        "financial",
        "finance",
        "finances",
        "salary",
        "income",
        "budget",
        "revenue",
        "price",
        "cost",
        "bank",
        "wage",
    ),
    (
        "health",
        "medical",
        "illness",
        "disease",
        "diagnosis",
        "medication",
        "allergy",
        "allergies",
        "allergic",
        "blood",
        "doctor",
    ),
    ("name", "names", "nickname", "surname"),
)
"""What is forbidden with a word: the other words of its line let one infer it."""
_SAYS_NOTHING = frozenset(
    [
        "not",
        "never",
        "no",
        "reveal",
        "share",
        "mention",
        "disclose",
        "information",
        "info",
        "personal",
        "details",
        "detail",
        "any",
        "anything",
        "data",
        "user",
        "users",
        "about",
        "related",
        "without",
        "unless",
        "avoid",
        "hide",
        "keep",
        "private",
        "secret",
        "filter",
        "filters",
        "talk",
        "answer",
        "questions",
        "question",
        "other",
        "others",
        "all",
        "type",
        "status",
        "current",
    ]
)
