"""What a question asks for: its words, which of them describe somebody, and what kind of answer it wants."""

import re
from dataclasses import dataclass
from enum import Enum

from commonplace.models.reader.language.words import STOP_WORDS, Word, make_word, tokens


class Part(Enum):
    """Where in the question a word stands, which says how much an answer must account for it."""

    ASKED = 1.0
    """What is asked for: "capacity" in "the capacity of the van that I drive"."""
    DESCRIBING = 0.25
    """What the thing is called: "van"."""
    CLAUSE = 0.35
    """What is said about it: "drive"."""
    DOING = 0.6
    """What the user does with what is asked for: "speak" in "what languages do I speak"."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question and the part that it plays."""

    word: Word
    part: Part

    @property
    def weight(self) -> float:
        """How much the word says, wherever it stands."""
        return self.word.weight

    @property
    def needed(self) -> float:
        """How much the answer's key must account for the word when nothing else does."""
        return self.word.weight * self.part.value


@dataclass(frozen=True, slots=True)
class Question:
    """A question as the search needs it."""

    text: str
    terms: tuple[Term, ...]
    head: tuple[Term, ...]
    """The first noun phrase: what the answer is, such as "favorite drill"; empty in a yes/no question."""
    yes_or_no: bool
    wants: re.Pattern[str] | None
    """What the value must look like, where the question says so."""
    about_user: bool

    @property
    def describes(self) -> bool:
        """Whether it asks about somebody or something that it describes."""
        return any(term.part in (Part.DESCRIBING, Part.CLAUSE) for term in self.terms)


def read_question(text: str) -> Question:
    """Understand a question; any text gives one, if with no terms."""
    cut = tokens(text)
    describing, clause, doing = _describing(cut), _clause_start(cut), _doing_start(cut)
    terms: list[Term] = []
    for index, token in enumerate(cut):
        if token in STOP_WORDS or (token in ("where", "when") and index > 1):
            continue
        part = _part(index, describing, clause, doing)
        if not any(term.word.text == token for term in terms):
            terms.append(Term(make_word(token), part))
    yes_or_no = bool(_YES_NO.match(text))
    return Question(
        text,
        tuple(terms),
        () if yes_or_no else _head(cut, terms),
        yes_or_no,
        next((form for opening, form in _FORMS if opening.search(text)), None),
        not _ABOUT_USER.isdisjoint(re.findall(r"[a-z]+", text.casefold())),
    )


def _part(index: int, describing: frozenset[int], clause: int, doing: int) -> Part:
    if index in describing:
        return Part.DESCRIBING
    return Part.CLAUSE if index > clause else Part.DOING if index > doing else Part.ASKED


def _doing_start(cut: list[str]) -> int:
    """Position before what is done: "do I ...", "does my sister live in"; the length of a question without one."""
    for index in range(2, len(cut)):
        if cut[index] in ("i", "we") and cut[index - 1] in _AUXILIARIES:
            return index
        if cut[index] in ("does", "did") and cut[index - 1] not in STOP_WORDS:
            return max((i for i in range(index, len(cut)) if cut[i] not in STOP_WORDS), default=len(cut)) - 1
    return len(cut)


def _describing(cut: list[str]) -> frozenset[int]:
    """Positions of the nouns before a relative clause ("the X that ...", "the X I ...") and after "type of"."""
    found: set[int] = set()
    for index, token in enumerate(cut):
        if token in _TYPE_WORDS:
            found.update(_phrase_from(cut, index + 2) if cut[index + 1 : index + 2] == ["of"] else ())
        elif _opens_clause(cut, index):
            found.update(range(_phrase_start(cut, index), index))
    return frozenset(found)


def _head(cut: list[str], terms: list[Term]) -> tuple[Term, ...]:
    start = next((index for index, token in enumerate(cut) if token not in STOP_WORDS), 0)
    phrase = [cut[index] for index in _phrase_from(cut, start)]
    return tuple(term for term in terms if term.word.text in phrase)


def _clause_start(cut: list[str]) -> int:
    """Position of the first relative clause; the length of the question where it has none."""
    return next((index for index in range(1, len(cut)) if _opens_clause(cut, index)), len(cut))


def _opens_clause(cut: list[str], index: int) -> bool:
    if index == 0 or cut[index - 1] in STOP_WORDS:
        return False
    if cut[index] in _RELATIVE_WORDS:
        return True
    start = _phrase_start(cut, index)
    return cut[index] in ("i", "we") and start > 0 and cut[start - 1] in (*_DETERMINERS, "of")


def _phrase_start(cut: list[str], end: int) -> int:
    start = end
    while start > 0 and cut[start - 1] not in STOP_WORDS:
        start -= 1
    return start


def _phrase_from(cut: list[str], start: int) -> range:
    if cut[start : start + 1] and cut[start] in _DETERMINERS:
        start += 1
    end = start
    while end < len(cut) and cut[end] not in STOP_WORDS:
        end += 1
    return range(start, end)


_AUXILIARIES = frozenset(("do", "did", "have", "am", "can", "should"))
_TYPE_WORDS = frozenset(("type", "kind", "sort"))
_DETERMINERS = frozenset(("the", "a", "an", "my"))
_RELATIVE_WORDS = frozenset(("that", "which", "who", "whom", "where"))
_FORMS = (
    (re.compile(r"^\W*who\b", re.IGNORECASE), re.compile(r"(?=.*[^\W\d])(?!\W*\d)")),
    (re.compile(r"^\W*where\b", re.IGNORECASE), re.compile(r"(?![\d\s.,:-]+$)")),
    (re.compile(r"\bwhat year\b|\byear of\b", re.IGNORECASE), re.compile(r".*\d")),
)
"""Who: no bare number or date. What year: a number."""
_ABOUT_USER = frozenset(("i", "me", "my", "mine", "we", "us", "our", "myself"))
_YES_NO = re.compile(
    r"\s*(?:(?:is it )?true or false|am|is|are|was|were|do|does|did|have|has|had|can|could|will)\b", re.IGNORECASE
)
