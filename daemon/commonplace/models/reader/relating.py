"""Who or what a noun phrase means in the notes, and which facts go by some words. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from commonplace.models.reader.facts import Fact, NoteText, title_of_path
from commonplace.models.reader.frames import ANY_KIND, CONVERSES, FRAMES
from commonplace.models.reader.memory import KnownNotes
from commonplace.models.reader.phrase import ActedOn, Acting, Kind, Named, Phrase, Related
from commonplace.models.reader.words import Word, best_likeness, likeness, make_word, words_of

ENOUGH = 0.6
"""The likeness of a key to what is asked from which it is taken for the same."""


@dataclass(frozen=True, slots=True)
class Meant:
    """A note that a phrase means. ``relation`` is what leads there, where something does."""

    path: str
    score: float
    relation: Fact | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A fact that goes by what was asked."""

    note: NoteText
    fact: Fact
    score: float


@dataclass(slots=True)
class Scene:
    """The notes that a message is understood in; it keeps what else would have to be read."""

    known: KnownNotes
    paths: Sequence[str]
    wanted: dict[str, Fact] = field(default_factory=dict[str, Fact])
    """Unread notes that a phrase led to, with the relation that leads there."""
    needs_all: bool = False
    """Whether a phrase can only be told from the whole memory."""

    def note(self, path: str, relation: Fact | None = None) -> NoteText | None:
        """Return a note, or remember that it is wanted."""
        note = self.known.notes.get(path)
        if note is None and relation is not None:
            self.wanted.setdefault(path, relation)
        return note

    def everyone(self) -> Iterable[NoteText]:
        """Return every note that was read; the others are wanted."""
        self.needs_all = self.needs_all or bool(self.known.unread) or not self.known.lists_all
        return self.known.notes.values()

    def name(self, path: str) -> str:
        """Return what a note is called, read or not."""
        note = self.known.notes.get(path)
        if note is None:
            return title_of_path(path)
        return (_name_said(note) or "You") if note.is_user else note.title

    def targets(self, fact: Fact) -> Iterator[str]:
        """Yield the notes that a fact links to."""
        for target in fact.links:
            if path := self.known.resolve(target):
                yield path


def meant(phrase: Phrase, scene: Scene) -> list[Meant]:
    """Return the notes that a phrase means, the best reading's only."""
    match phrase:
        case Named(mark):
            path = scene.paths[int(mark[1:])]
            return [Meant(path, 1.0)]
        case Related(words, of):
            found = [other for owner in meant(of, scene) for other in _related(words, owner, scene)]
        case Acting(kind, verb, agent):
            found = [other for one in meant(agent, scene) for other in done_by(kind, verb, one, scene)]
        case ActedOn(kind, verb, target):
            found = [other for one in meant(target, scene) for other in doing_to(kind, verb, one, scene)]
        case Kind(words):
            found = _of_kind_or_relation(words, scene)
    return _best(found)


def of_kind(words: str, scene: Scene) -> list[Meant]:
    """Return every note of a kind."""
    kind = words_of(words)
    if _is_any(words):
        persons = not {"person", "people", "someone", "who"}.isdisjoint(words.split())
        return [
            Meant(note.path, 1.0) for note in scene.everyone() if not note.is_user and (not persons or _is_person(note))
        ]
    return [Meant(note.path, 1.0) for note in scene.everyone() if not note.is_user and _is_kind(kind, note.path, scene)]


def facts_called(words: str, owner: Meant, scene: Scene, free: tuple[Word, ...] = ()) -> list[Match]:
    """Return the facts of a note whose key says some words, the best first.

    ``free`` are words that the key may say besides: those that led to the note.
    """
    note = scene.note(owner.path, owner.relation)
    asked = words_of(words)
    if note is None or not asked:
        return []
    found = [Match(note, fact, _alike(asked, fact.key_words, free)) for fact in note.statements]
    return sorted((match for match in found if match.score >= ENOUGH), key=lambda match: -match.score)


def framed_facts(question: str, owner: Meant, scene: Scene) -> list[Match]:
    """Return the facts of a note that the wording of a question asks for, as "where ... live" does."""
    note = scene.note(owner.path, owner.relation)
    found: list[Match] = []
    for pattern, keys in FRAMES if note else ():
        if not re.match(pattern, question):
            continue
        wanted = words_of(keys)
        for fact in note.statements if note else ():
            share, rank = _framed(fact.key_words, wanted)
            if share >= 0.6 and note:
                found.append(Match(note, fact, 0.9 * share - 0.01 * rank))
        break
    return sorted(found, key=lambda match: -match.score)


def done_by(kind: str, verb: str, agent: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield what somebody does something to: the ends of "uses", the notes that say "used by"."""
    note = scene.note(agent.path, agent.relation)
    for fact in note.statements if note else ():
        score = _does(verb, kind, fact, forth=True)
        for path in scene.targets(fact) if score else ():
            yield Meant(path, agent.score * _kind_score(kind, path, scene, fact) * score, fact)
    yield from _from_the_other_end(kind, verb, agent, scene, forth=False)


def doing_to(kind: str, verb: str, target: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield who does something to somebody: the ends of "owner", the notes that say "owns"."""
    note = scene.note(target.path, target.relation)
    for fact in note.statements if note else ():
        score = _does(verb, kind, fact, forth=False)
        for path in scene.targets(fact) if score else ():
            yield Meant(path, target.score * _kind_score(kind, path, scene, fact) * score, fact)
    yield from _from_the_other_end(kind, verb, target, scene, forth=True)


def named_by(verb: str, target: Meant, scene: Scene) -> list[Match]:
    """Return the facts of a note that name who does something to it without a link: "director: Ida Holm"."""
    note = scene.note(target.path, target.relation)
    found = [Match(note, fact, _does(verb, "", fact, forth=False)) for fact in note.statements] if note else []
    return sorted((match for match in found if match.score >= ENOUGH), key=lambda match: -match.score)


def _from_the_other_end(kind: str, verb: str, one: Meant, scene: Scene, *, forth: bool) -> Iterator[Meant]:
    for other in scene.everyone():
        for fact in other.statements if other.path != one.path else ():
            if one.path in scene.targets(fact):
                score = _does(verb, "", fact, forth=forth)
                if score:
                    yield Meant(other.path, one.score * _kind_score(kind, other.path, scene) * score, fact)


def _related(words: str, owner: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield what somebody has or is to somebody: by the key, by the kind of what is linked, from the other end."""
    for match in facts_called(words, owner, scene):
        if direction(match.fact.key) == _opposite(words):
            continue
        for path in scene.targets(match.fact):
            yield Meant(path, owner.score * match.score, match.fact)
    asked = words_of(words)
    if not asked:
        return
    for hop in scene.known.hops(owner.path):
        if scene.note(hop.target, hop.relation) and _is_kind(asked, hop.target, scene):
            yield Meant(hop.target, owner.score * 0.75, hop.relation)
    verb = asked[-1].text
    for other in doing_to("", verb, owner, scene) if _is_agent(verb) else done_by("", verb, owner, scene):
        yield Meant(other.path, 0.8 * other.score, other.relation)
    yield from _converse(asked, owner, scene)


def _converse(asked: Sequence[Word], owner: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield the notes that say the other end of a relation: whose wife I am is my spouse."""
    ends = [words_of(there) for here, there in (*CONVERSES, *((b, a) for a, b in CONVERSES)) if _all_like(asked, here)]
    for hop in scene.known.hops(owner.path) if ends else ():
        said = hop.relation.key_words
        if hop.relation.note == hop.target and said and any(best_likeness(end[0], said) >= 0.85 for end in ends):
            yield Meant(hop.target, owner.score * 0.8, hop.relation)


def _of_kind_or_relation(words: str, scene: Scene) -> Iterator[Meant]:
    """Yield what "the landlord" means: the user's own first, then somebody's, then any note of that kind."""
    own = list(_related(words, Meant("user.md", 1.0), scene))
    if own:
        return iter(own)
    theirs = [
        Meant(path, match.score * 0.9, match.fact)
        for note in scene.everyone()
        for match in facts_called(words, Meant(note.path, 1.0), scene)
        for path in scene.targets(match.fact)
    ]
    kind = words_of(words)
    return iter(theirs or [Meant(n.path, 0.9) for n in scene.everyone() if _is_kind(kind, n.path, scene)])


def _does(verb: str, kind: str, fact: Fact, *, forth: bool) -> float:
    """How well a key says that something is done, from the note to the value (``forth``) or back."""
    key, words = fact.key_words, words_of(verb)
    way = direction(fact.key)
    if not key or way == ("back" if forth else "forth"):
        return 0.0
    said = max((_same_action(word, other) for word in words for other in key), default=0.0)
    if said:
        return said
    nouns = words_of(kind)
    return (
        0.8 * best_likeness(nouns[-1], key) if nouns and not words else 0.7 * _alike(nouns, key, ()) if nouns else 0.0
    )


@lru_cache(maxsize=4096)
def direction(key: str) -> str:
    """Say whether a key tells what the note does ("owns"), what is done to it ("owned_by", "owner"), or neither."""
    tokens = re.findall(r"[^\W_]+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).casefold())
    if not tokens:
        return ""
    if "by" in tokens or _is_agent(tokens[-1]):
        return "back"
    verb = tokens[0]
    return "forth" if verb.endswith(("s", "ing")) and not verb.endswith(("ss", "us")) and len(tokens) < 4 else ""


def _opposite(words: str) -> str:
    """The direction that a noun cannot mean: a supervisor is not whom one supervises."""
    last = words.split()[-1:] or [""]
    return "forth" if _is_agent(last[0]) else ""


def _is_agent(token: str) -> bool:
    return re.search(r"(?:er|or|ist)s?$", token) is not None and token.removesuffix("s") not in _NO_AGENTS


@lru_cache(maxsize=65536)
def _same_action(one: Word, other: Word) -> float:
    """How much two words tell of the same doing; "singer" tells of singing."""
    return max(likeness(a, b) for a in _forms(one.text) for b in _forms(other.text))


@lru_cache(maxsize=4096)
def _forms(token: str) -> tuple[Word, ...]:
    """Return a word, and the verbs that it may be made of."""
    if not _is_agent(token):
        return (make_word(token),)
    plain = token.removesuffix("s")
    return tuple(make_word(form) for form in dict.fromkeys((token, plain[:-2], plain[:-1])))


def _is_person(note: NoteText) -> bool:
    kinds = [fact.value.casefold() for fact in note.facts if fact.key.casefold() in ("type", "kind", "entity type")]
    if kinds:
        return "person" in kinds
    return any(
        best_likeness(word, words_of("age birthday occupation spouse")) >= 0.85
        for fact in note.statements
        for word in fact.key_words
    )


def _name_said(note: NoteText) -> str:
    """Return the name that a note gives its subject, or ""."""
    return next(
        (fact.value for fact in note.statements if {"name"} == {word.text for word in fact.key_words} - {"full"}), ""
    )


def _kind_score(kind: str, path: str, scene: Scene, relation: Fact | None = None) -> float:
    """How well a note fits a kind: one that says another kind does not, one that says none may."""
    words = words_of(kind)
    if not words or _is_any(kind):
        return 1.0
    if relation and _alike(words, relation.key_words, ()) >= ENOUGH:
        return 1.0
    if _is_kind(words, path, scene):
        return 1.0
    if scene.note(path, relation) is None:
        return 0.9
    return 0.3 if path == "user.md" or scene.known.says_kind(path) else 0.65


def _is_any(words: str) -> bool:
    return set(words.split()) <= ANY_KIND


def _is_kind(kind: Sequence[Word], path: str, scene: Scene) -> bool:
    """Say whether a note is of a kind, by its name, type or role."""
    called = (*scene.known.called(path), *scene.known.roles(path), *scene.known.linked_as(path))
    return bool(kind) and best_likeness(kind[-1], called) >= 0.85


def _all_like(asked: Sequence[Word], word: str) -> bool:
    return bool(asked) and best_likeness(asked[-1], words_of(word)) >= 0.85


@lru_cache(maxsize=65536)
def _alike(asked: tuple[Word, ...], key: tuple[Word, ...], free: tuple[Word, ...]) -> float:
    """How much two sets of words say the same, 0 to 1; opposites say nothing in common."""
    key = tuple(word for word in key if not free or best_likeness(word, asked) or not best_likeness(word, free))
    if any({one.text, other.text} in _OPPOSITES for one in asked for other in key):
        return 0.0
    whole = sum(word.weight for word in (*asked, *key))
    shared = sum(word.weight * best_likeness(word, key) for word in asked)
    shared += sum(word.weight * best_likeness(word, asked) for word in key)
    return shared / whole if whole else 0.0


@lru_cache(maxsize=65536)
def _framed(key: tuple[Word, ...], wanted: tuple[Word, ...]) -> tuple[float, int]:
    """Return the share of a key that a frame wants, and how late the frame names it."""
    whole = sum(word.weight for word in key)
    stems = [word.stem for word in wanted]
    ranks = [stems.index(word.stem) for word in key if word.stem in stems]
    said = sum(word.weight for word in key if word.stem in stems)
    return (said / whole if whole else 0.0), min(ranks, default=0)


def _best(found: Iterable[Meant]) -> list[Meant]:
    """Keep the likeliest, each note once."""
    best: dict[str, Meant] = {}
    for one in found:
        if one.path not in best or best[one.path].score < one.score:
            best[one.path] = one
    top = max((one.score for one in best.values()), default=0.0)
    return [one for one in best.values() if one.score >= max(0.45, top - 0.05)]


_NO_AGENTS = frozenset(
    ["brother", "sister", "mother", "father", "daughter", "number", "order", "member", "partner", "color", "colour", "water", "weather", "paper", "letter", "computer", "scooter", "neighbor", "neighbour", "center", "matter", "corner", "summer", "winter", "door", "floor", "power"]
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
