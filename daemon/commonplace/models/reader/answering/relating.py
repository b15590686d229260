"""Who or what a noun phrase means in the notes, and which facts go by some words. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

from commonplace.models.reader.answering.calling import ENOUGH, SURE, facts_called
from commonplace.models.reader.answering.kinship import FAMILY, KIN_BY_WAY_OF, family_of
from commonplace.models.reader.answering.phrase import (
    ActedOn,
    Acting,
    Described,
    Kind,
    Named,
    Phrase,
    Related,
    noun_phrases,
)
from commonplace.models.reader.language.frames import CONVERSES
from commonplace.models.reader.language.matching import alike, direction, is_agent, same_action, says_all
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.notes.dealing import is_dealt_with
from commonplace.models.reader.notes.facts import Fact, without_links
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.scene import Match, Meant, Scene, is_any_kind, is_kind, is_person

SAID = 0.7
"""The likeness from which a word of a note says a word of the question."""


def meant(phrase: Phrase, scene: Scene) -> list[Meant]:
    """Return the notes that a phrase means, the best reading's only."""
    match phrase:
        case Named(mark):
            path = scene.paths[int(mark[1:])]
            return [Meant(path, 1.0)]
        case Related(words, of):
            found = [other for owner in meant(of, scene) for other in _related(words, owner, scene)]
            if not found and of == _USERS_OWN:
                found = list(_of_something_of_mine(words, scene))
            if not found and of == _USERS_OWN:
                found = [Meant(path, 0.7) for path in _called(words_of(words), scene)]
        case Acting(kind, verb, agent):
            found = [other for one in meant(agent, scene) for other in done_by(kind, verb, one, scene)]
        case ActedOn(kind, verb, target):
            found = [other for one in meant(target, scene) for other in doing_to(kind, verb, one, scene)]
        case Kind(words):
            found = _of_kind_or_relation(words, scene)
        case Described(kind, words):
            found = [Meant(path, 0.9) for path in _saying(words, kind, scene)]
    return _best(found)


def _of_something_of_mine(words: str, scene: Scene) -> Iterator[Meant]:
    """Yield who does something for what the user has: "our landlord" is the landlord of our shop."""
    asked = words_of(words)
    if not asked or not is_agent(asked[-1].text):
        return
    for hop in scene.known.hops("user.md"):
        note = scene.note(hop.target, hop.relation)
        if note and hop.relation.note == "user.md" and not is_person(note):
            for match in facts_called(words, Meant(hop.target, 0.8, hop.relation), scene):
                yield from (Meant(path, 0.75, match.fact) for path in scene.targets(match.fact))


def _called(words: Sequence[Word], scene: Scene) -> Iterator[str]:
    """Yield the notes whose names hold all of some words: what "our regatta" means where there is one."""
    if not any(word.weight > 0.5 for word in words):
        return
    for note in scene.everyone():
        if not note.is_user and all(best_likeness(word, words_of(note.title)) >= 1 for word in words):
            yield note.path


_USERS_OWN = Named("@0")


def note_meant(who: str, known: KnownNotes, within: Scene | None = None) -> str | None:
    """Return the note of whoever the user speaks of: "my employer", "Nora", "the owner of my farm"; or None.

    What would have to be read first is kept in ``within``, where one is given.
    """
    marked = mark_names(f"about {who}", known)
    if marked.unclear:
        return None
    scene = within or Scene(known, ())
    scene.paths = marked.paths
    said = marked.text.removeprefix("about ")
    texts = [said] if "@" in said else [f"@0 's {re.sub('^the ', '', said)}", said]
    for text in texts:
        for phrase in noun_phrases(text):
            if found := meant(phrase, scene):
                return max(found, key=lambda one: one.score).path
    return None


def notes_meant(who: str, known: KnownNotes) -> list[str]:
    """Return the notes of all whom a relation in the plural means: "my twins", "our parents"."""
    marked = mark_names(f"about {who}", known)
    said = marked.text.removeprefix("about ")
    if marked.unclear or not said.endswith("s"):
        return []
    scene = Scene(known, marked.paths)
    text = said if "@" in said else f"@0 's {re.sub('^the ', '', said)}"
    for phrase in noun_phrases(text):
        found = meant(phrase, scene)
        if len(found) > 1 and all(one.relation and len(one.relation.links) == len(found) for one in found):
            return [one.path for one in found]
    return []


def of_kind(words: str, scene: Scene) -> list[Meant]:
    """Return every note of a kind."""
    kind = words_of(words)
    if is_any_kind(words):
        persons = not {"person", "people", "someone", "who"}.isdisjoint(words.split())
        return [
            Meant(note.path, 1.0) for note in scene.everyone() if not note.is_user and (not persons or is_person(note))
        ]
    return [Meant(note.path, 1.0) for note in scene.everyone() if not note.is_user and is_kind(kind, note.path, scene)]


def members(group: Phrase, scene: Scene) -> list[Meant]:
    """Return every one of a group."""
    return of_kind(group.words, scene) if isinstance(group, Kind) else meant(group, scene)


def done_by(kind: str, verb: str, agent: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield what somebody does something to: the ends of "uses", the notes that say "used by"."""
    note = scene.note(agent.path, agent.relation)
    for fact in note.statements if note else ():
        score = max(_does(verb, kind, fact, forth=True), SURE if is_dealt_with(verb, fact) else 0.0)
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
    by_key = [
        Meant(path, owner.score * match.score, match.fact)
        for match in facts_called(words, owner, scene)
        for path in scene.targets(match.fact)
    ]
    yield from by_key
    if any(one.score >= SURE for one in by_key):
        return
    if words in FAMILY:
        yield from (Meant(hop.target, 0.9 * owner.score, hop.relation) for hop in family_of(owner.path, scene))
        return
    asked = words_of(words)
    if not asked:
        return
    for hop in scene.known.hops(owner.path):
        if scene.note(hop.target, hop.relation) and all(is_kind((word,), hop.target, scene) for word in asked):
            yield Meant(hop.target, owner.score * 0.75, hop.relation)
    if len(asked) == 1 and asked[0].weight > 0.5:
        does = doing_to if is_agent(asked[0].text) else done_by
        for other in does("", asked[0].text, owner, scene):
            yield Meant(other.path, 0.8 * other.score, other.relation)
    yield from _converse(asked, owner, scene)
    yield from _by_way_of(words, owner, scene)


def _converse(asked: Sequence[Word], owner: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield the notes that say the other end of a relation: whose wife I am is my spouse."""
    ends = [words_of(there) for here, there in (*CONVERSES, *((b, a) for a, b in CONVERSES)) if _all_like(asked, here)]
    for hop in scene.known.hops(owner.path) if ends else ():
        said = hop.relation.key_words
        if hop.relation.note == hop.target and said and any(best_likeness(end[0], said) >= 0.85 for end in ends):
            yield Meant(hop.target, owner.score * 0.8, hop.relation)


def _by_way_of(words: str, owner: Meant, scene: Scene) -> Iterator[Meant]:
    """Yield who is kin through others: a sister-in-law is a spouse's sister or a brother's wife."""
    for relation, ways in KIN_BY_WAY_OF if owner.score > 0.5 else ():
        if words.removesuffix("s") not in (relation, relation.replace("-", " ")):
            continue
        for way in ways:
            ends = [owner]
            for part in way.split():
                ends = [other for end in ends for other in _related(part, end, scene)]
            yield from (Meant(end.path, 0.8 * owner.score, end.relation) for end in ends if end.path != owner.path)


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
    described = [Meant(path, 0.9) for path in _described(kind, scene)]
    return iter(theirs or described or [Meant(n.path, 0.9) for n in scene.everyone() if is_kind(kind, n.path, scene)])


def _described(words: Sequence[Word], scene: Scene) -> Iterator[str]:
    """Yield the notes that all words of a description go by: "the moss paper"."""
    if len(words) < 2 or not any(word.weight > 0.5 for word in words):
        return
    for note in scene.everyone():
        if not note.is_user and all(is_kind((word,), note.path, scene) for word in words):
            yield note.path


def _saying(words: str, kind: str, scene: Scene) -> Iterator[str]:
    """Yield the notes of a kind that say all of some words, in their title or in their facts."""
    asked = [word for word in words_of(words) if word.weight > 0.5]
    for one in of_kind(kind, scene) if asked else ():
        note = scene.known.notes[one.path]
        said = words_of(" ".join((note.title, *(without_links(fact.value) for fact in note.statements))))
        if all(best_likeness(word, said) >= SAID for word in asked):
            yield one.path


def _does(verb: str, kind: str, fact: Fact, *, forth: bool) -> float:
    """How well a key says that something is done, from the note to the value (``forth``) or back."""
    key, words = fact.key_words, words_of("own" if verb in _HAVING else verb)
    way = direction(fact.key)
    if not key or way == ("back" if forth else "forth"):
        return 0.0
    said = [max(same_action(word, other) for other in key) for word in words]
    if said and max(said) and all(share or word.weight < 0.5 for share, word in zip(said, words, strict=True)):
        return max(said)
    nouns = words_of(kind)
    named = alike(nouns, key, ()) if nouns and says_all(nouns, key) else 0.0
    return 0.9 * named if not any(word.weight > 0.5 for word in words) else 0.0


def _kind_score(kind: str, path: str, scene: Scene, relation: Fact | None = None) -> float:
    """How well a note fits a kind: one that says another kind does not, one that says none may."""
    words = words_of(kind)
    if not words or is_any_kind(kind):
        return 1.0
    if relation and alike(words, relation.key_words, ()) >= ENOUGH:
        return 1.0
    if is_kind(words, path, scene):
        return 1.0
    if scene.note(path, relation) is None:
        return 0.9
    return 0.3 if path == "user.md" or scene.known.says_kind(path) else 0.65


_HAVING = ("have", "has", "had", "got")
"""Owning, in words that say nothing else."""


def _all_like(asked: Sequence[Word], word: str) -> bool:
    return bool(asked) and best_likeness(asked[-1], words_of(word)) >= 0.85


def _best(found: Iterable[Meant]) -> list[Meant]:
    """Keep the likeliest, each note once."""
    best: dict[str, Meant] = {}
    for one in found:
        if one.path not in best or best[one.path].score < one.score:
            best[one.path] = one
    top = max((one.score for one in best.values()), default=0.0)
    return [one for one in best.values() if one.score >= max(0.45, top - 0.05)]
