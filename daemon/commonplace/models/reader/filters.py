"""What a filter forbids to tell: by kind ("my age"), and by what is named in it ("Blue Fern Bakery"). Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.facts import Fact, NoteText, without_links
from commonplace.models.reader.question import Question
from commonplace.models.reader.words import Word, best_likeness, words_of


def forbids(filters: str, note: NoteText, fact: Fact) -> bool:
    """Say whether a filter forbids to tell a fact, or what would let one infer it."""
    if not filters:
        return False
    banned = _banned(filters)
    key = fact.key_words
    if any(best_likeness(word, banned) >= _ALIKE for word in key if word.text not in _SAYS_NOTHING):
        return True
    if banned and _CURRENCY.search(fact.value) and any(word.stem == "money" for word in banned):
        return True
    named = filters.casefold()
    return any(_names(name, named) for name in (note.title, without_links(fact.value)))


def forbids_asking(filters: str, question: Question) -> bool:
    """Say whether a filter forbids the very thing that a question asks for, whether or not a note says it."""
    banned = _banned(filters) if filters else ()
    heads = [term.word for term in question.terms if term.weight > 0.5 and term.word.text not in _SAYS_NOTHING]
    return any(best_likeness(word, banned) >= _ALIKE for word in heads)


def _banned(filters: str) -> Sequence[Word]:
    words = [word for word in words_of(filters) if word.text not in _SAYS_NOTHING]
    stems = {word.stem for word in words}
    kinds = " ".join(kind for said, kind in _KINDS if stems & {word.stem for word in words_of(said)})
    heavy = [word for word in words if word.weight > 0.5]
    return (*(heavy or words), *words_of(kinds))


def _names(name: str, filters: str) -> bool:
    plain = _plain(name)
    return len(plain) > 3 and f" {plain} " in f" {_plain(filters)} "


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


_ALIKE = 0.8
_CURRENCY = re.compile(r"[€$£¥]|\b(?:euros?|dollars?|pounds?|francs?|kroner|yen|EUR|USD|GBP|CHF)\b", re.IGNORECASE)
_KINDS: tuple[tuple[str, str], ...] = (
    ("age birthday birth born old", "age birthday birth born zodiac old"),
    ("address home residence live living", "address home street city town residence living postcode zip"),
    ("phone telephone mobile", "phone telephone mobile pager"),
    ("contact", "phone telephone mobile pager email mail address contact"),
    (
        "money monetary financial finance amount",
        "money financial finance salary income budget revenue price cost bank wage rent fee rate debt loan owe pay "
        "earnings grant fund spent spending invoice mortgage pension tax account worth",
    ),
    (
        "health medical illness",
        "health medical illness disease diagnosis medication medicine drug allergy allergic blood doctor condition "
        "therapy disability pressure symptom injury",
    ),
    (
        "identity identification identifying id",
        "identity identification id passport licence license registration record student insurance security",
    ),
    ("name", "name nickname surname"),
)
"""Words of a filter, and the words of what it forbids with them, since that is of the kind or lets one infer it."""
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
