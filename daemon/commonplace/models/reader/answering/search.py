"""Which fact a question means: every way through the known notes is weighed by the words it accounts for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.message.question import Part, Question, Term
from commonplace.models.reader.notes.facts import Fact, NoteText
from commonplace.models.reader.notes.memory import Hop, KnownNotes

LONGEST_WAY = 3
BY_NAME = Fact("", "", "", "", "", 0, ())
"""The relation to a note that the question itself names."""
SURE = 0.58


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that may be the answer. ``way`` is how one gets from the start note to its note."""

    note: NoteText
    fact: Fact
    way: tuple[Hop, ...]
    score: float
    certainty: float
    """The share, 0 to 1, of what was asked that the fact's key accounts for."""
    accounted: float
    """The share, 0 to 1, of all the question's words that the way and the key account for."""
    on_topic: bool
    """Whether it is the kind of thing that was asked for, of whom it was asked: see ``weigh``."""

    @property
    def is_sure(self) -> bool:
        """Whether the question asks for this fact rather than for something like it."""
        return self.certainty >= SURE and self.on_topic


@dataclass(frozen=True, slots=True)
class Lead:
    """A note that was not read yet and may hold the answer, with the relation that leads there."""

    path: str
    relation: Fact
    score: float


def findings(question: Question, known: KnownNotes) -> list[Finding]:
    """Return every fact within reach, the likeliest first."""
    found = [
        weigh(question, known, known.notes[end], fact, way)
        for end, way in _ways(question, known)
        if end in known.notes
        for fact in (*known.notes[end].facts, *known.notes[end].told)
        if _says_something(fact) and not _leads_back(fact, way, known)
    ]
    return sorted(found, key=lambda finding: -finding.score)


def leads(question: Question, known: KnownNotes) -> list[Lead]:
    """Return the unread notes that known links lead to, the likeliest first."""
    best: dict[str, Lead] = {}
    for end, way in _ways(question, known):
        if end in known.notes or not way:
            continue
        score = sum(term.weight * _on_the_way(term, way, known) for term in question.terms)
        if end not in best or best[end].score < score:
            best[end] = Lead(end, way[-1].relation, score)
    return sorted(best.values(), key=lambda lead: -lead.score)


def weigh(question: Question, known: KnownNotes, note: NoteText, fact: Fact, way: tuple[Hop, ...]) -> Finding:
    """Weigh one fact: what of the question does it, and the way to it, account for?"""
    key = fact.key_words
    accounts = [_account(term, question, fact, key, way, known) for term in question.terms]
    needed = [account for account in accounts if account.by_key > 0 or account.by_way < 0.5]
    unasked = _unasked(key, [term.word for term in question.terms])
    naming = [account.term for account in accounts if account.may_name_the_way]
    unnamed = [_unnamed(hop, naming, known) for hop in way]
    return Finding(
        note,
        fact,
        way,
        score=sum(account.gain for account in accounts) - 0.4 * unasked - sum(unnamed),
        certainty=_share(
            sum(account.term.needed * account.by_key for account in needed),
            sum(account.term.needed for account in needed) + 0.5 * unasked,
        ),
        accounted=_share(
            sum(account.term.weight * account.best for account in accounts),
            sum(account.term.weight for account in accounts),
        ),
        on_topic=(
            _has_head(question, key)
            and _is_followed(accounts)
            and (bool(way) or not _asks_for_a_type(accounts))
            and max(unnamed, default=0.0) < _UNNAMED
            and (question.wants is None or bool(question.wants.match(fact.value)))
        ),
    )


@dataclass(frozen=True, slots=True)
class _Account:
    """How well a fact's key, and the way to its note, account for one word of the question; each 0 to 1."""

    term: Term
    by_key: float
    by_way: float

    @property
    def best(self) -> float:
        return max(self.by_key, self.by_way)

    @property
    def gain(self) -> float:
        return self.term.weight * (1.5 * self.best - 0.5)

    @property
    def may_name_the_way(self) -> bool:
        """A word that the key accounts for says nothing about the way to the note."""
        return self.by_key < 0.5 or self.term.part is not Part.ASKED


def _account(
    term: Term, question: Question, fact: Fact, key: Sequence[Word], way: Sequence[Hop], known: KnownNotes
) -> _Account:
    by_key = best_likeness(term.word, key)
    if question.yes_or_no:
        by_key = max(by_key, 0.8 * best_likeness(term.word, words_of(fact.value)))
    return _Account(term, by_key, _on_the_way(term, way, known))


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _ways(question: Question, known: KnownNotes) -> Iterator[tuple[str, tuple[Hop, ...]]]:
    """Walk from the user, and from notes that the question names, to every note within reach."""
    named = known.named_in([term.word for term in question.terms])
    todo: list[tuple[str, tuple[Hop, ...]]] = [("user.md", ()), *((path, (Hop(BY_NAME, path),)) for path in named)]
    while todo:
        end, way = todo.pop()
        yield end, way
        if len(way) < LONGEST_WAY:
            been = {"user.md", *(hop.target for hop in way)}
            todo += [(hop.target, (*way, hop)) for hop in known.hops(end) if hop.target not in been]


def _on_the_way(term: Term, way: Sequence[Hop], known: KnownNotes) -> float:
    best = 0.0
    for hop in way:
        best = max(best, best_likeness(term.word, hop.relation.key_words))
        best = max(best, 0.9 * best_likeness(term.word, known.called(hop.target)))
        if term.part is Part.DESCRIBING:
            best = max(best, 0.9 * best_likeness(term.word, known.roles(hop.target)))
    return best


def _unasked(key: Sequence[Word], asked: Sequence[Word]) -> float:
    """How much a key says beyond the question."""
    return sum(word.weight for word in key if best_likeness(word, asked) == 0)


def _has_head(question: Question, key: Sequence[Word]) -> bool:
    """Whether the key says the noun that was asked for; light nouns ("year", "number") need not be said."""
    nouns = [term for term in question.head if term.weight > 0.5 and term.part is Part.ASKED]
    said = sum(term.weight * best_likeness(term.word, key) for term in nouns)
    return said >= 0.4 * sum(term.weight for term in nouns)


def _is_followed(accounts: Sequence[_Account]) -> bool:
    """Whether the way is the one that a relative clause describes ("the van that I use")."""
    clause = [
        account
        for account in accounts
        if account.term.part in (Part.CLAUSE, Part.DESCRIBING) and (account.by_way > 0 or account.by_key == 0)
    ]
    if not any(account.term.part is Part.CLAUSE for account in accounts):
        return True
    said = sum(account.term.weight * account.by_way for account in clause)
    return said >= 0.5 * sum(account.term.weight for account in clause)


def _asks_for_a_type(accounts: Sequence[_Account]) -> bool:
    """Whether the type of something else is asked for: "what type of van do I drive"."""
    of_what = [account for account in accounts if account.term.part is Part.DESCRIBING]
    return (
        any(account.term.word.stem == "type" for account in accounts)
        and not any(account.best > 0 for account in of_what)
        and bool(of_what)
    )


def _unnamed(hop: Hop, asked: Sequence[Term], known: KnownNotes) -> float:
    """A hop that the question does not mention counts against the way.

    Light words ("work", "person") name a relation only beside words that describe its end.
    """
    relation = hop.relation.key_words
    describes = any(term.part is Part.DESCRIBING for term in asked)
    naming = [term for term in asked if term.part is not Part.DOING or describes]
    by_relation = [term for term in naming if best_likeness(term.word, relation) > 0]
    if any(term.weight > 0.5 or term.part is not Part.ASKED for term in by_relation):
        return 0.05
    if by_relation and describes:
        return 0.1
    called = known.called(hop.target)
    named = [term for term in asked if best_likeness(term.word, called) > 0]
    if any(term.weight > 0.5 for term in named):
        return 0.3
    return 0.5 if any(term.part is Part.DESCRIBING for term in named) else _UNNAMED


_UNNAMED = 0.7


def _leads_back(fact: Fact, way: Sequence[Hop], known: KnownNotes) -> bool:
    """Say whether the fact is the relation that was just followed, seen from its other end."""
    been = {"user.md", *(hop.target for hop in way)} if way else set[str]()
    if way and fact.links and fact.key == way[-1].relation.key:
        return True
    return any(known.resolve(target) in been for target in fact.links)


def _says_something(fact: Fact) -> bool:
    return fact.value.casefold() not in ("entity", "note")
