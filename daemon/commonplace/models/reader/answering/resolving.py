"""What a reading of a question comes to in the notes: an answer with the facts that it rests on. Pure."""

import re
from collections.abc import Iterator, Sequence

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer, mean
from commonplace.models.reader.answering.calling import facts_called, framed_facts
from commonplace.models.reader.answering.groups import having
from commonplace.models.reader.answering.measuring import compared, most, summed
from commonplace.models.reader.answering.phrase import ActedOn, Acting, Described, Kind, Named, Phrase, Related
from commonplace.models.reader.answering.quantities import is_date, is_somebody, items
from commonplace.models.reader.answering.readings import (
    Compared,
    Counted,
    Having,
    Most,
    Reading,
    SaysWho,
    Summed,
    Things,
    Value,
    Whether,
)
from commonplace.models.reader.answering.relating import meant, named_by
from commonplace.models.reader.answering.truth import whether, whether_same
from commonplace.models.reader.language.amounts import measure
from commonplace.models.reader.language.words import words_of
from commonplace.models.reader.notes.scene import Match, Meant, Scene


def resolve(reading: Reading, scene: Scene) -> Answer | None:
    """Return what a reading comes to, or None where no note that was read says it."""
    match reading:
        case Value():
            return _value(reading, scene)
        case Things(phrase):
            return _things(phrase, scene)
        case Counted():
            return _counted(reading, scene)
        case Whether(subject, said):
            return whether(subject, said, scene)
        case SaysWho(one, other):
            return whether_same(one, other, scene)
        case Having():
            return having(reading, scene)
        case Most():
            return most(reading, scene)
        case Compared():
            return compared(reading, scene)
        case Summed(asked, group):
            return summed(asked, group, scene)


def _value(reading: Value, scene: Scene) -> Answer | None:
    found: list[Match] = []
    owners = meant(reading.of, scene)
    for owner in owners:
        parts = _name_in_parts(owner, scene) if reading.asked in ("name", "full name") else ()
        if parts:
            return Answer(saying.name_in_parts(parts), parts, 0.95)
        found += _best_facts(reading, owner, scene)
    if not found and isinstance(reading.of, Related) and _OF_A_CASE.match(reading.frame):
        return _value(Value("", reading.of.of, reading.frame), scene)
    if not owners and isinstance(reading.of, Related):
        inner = reading.of
        outer = Value(f"{reading.asked} {inner.words}", inner.of, "", reading.form, reading.verb)
        return _value(outer, scene)
    if not found:
        return None
    if _is_one_of_several(reading.asked, reading.of, found):
        said = saying.which([f"{match.note.title} ({match.note.path})" for match in found])
    elif _contradict(found):
        said = saying.contradiction(found)
    else:
        said = saying.values([(match.note, match.fact) for match in found])
    return Answer(said, tuple(found), mean(found))


def _is_one_of_several(asked: str, phrase: Phrase, found: Sequence[Match]) -> bool:
    """Say whether one is asked about, "my sibling", and several are found of whom different things are said."""
    one = isinstance(phrase, Kind | Related) and not _is_plural(phrase.words) and not _is_plural(asked)
    notes, values = {match.note.path for match in found}, {match.fact.value for match in found}
    return one and len(notes) > 1 and len(values) > 1


def _is_plural(words: str) -> bool:
    return re.search(r"[^s]s$|\b(?:children|people)$", words) is not None


def _contradict(found: Sequence[Match]) -> bool:
    """Say whether one note gives one thing two measures, of which only one can be right."""
    values = {match.fact.value.casefold() for match in found}
    one_note = len({match.note.path for match in found}) == 1
    return one_note and len(values) > 1 and all(_is_measure(match) for match in found)


def _is_measure(match: Match) -> bool:
    return not match.fact.links and re.fullmatch(r"[\d\s.,:/-]+(?: ?[a-z%°]+)?", match.fact.value, re.I) is not None


def _best_facts(reading: Value, owner: Meant, scene: Scene) -> list[Match]:
    """Return the facts of one owner that answer, those of the best key only."""
    candidates = [Match(m.note, m.fact, m.score * owner.score) for m in _candidates(reading, owner, scene)]
    candidates = [match for match in candidates if _has_form(match, reading.form)]
    best = max(candidates, key=lambda match: match.score, default=None)
    if best is None:
        return []
    named = any(word.weight > 0.5 for word in words_of(reading.asked))
    kinds_of_it = named and _is_plural(reading.asked) and best.score < _SAME
    alike = {
        match.fact: match
        for match in candidates
        if match.fact.key == best.fact.key or (kinds_of_it and match.score >= best.score - 0.05)
    }
    return list(alike.values())


def _candidates(reading: Value, owner: Meant, scene: Scene) -> Iterator[Match]:
    yield from facts_called(reading.asked, owner, scene, words_of(f"{_words_in(reading.of)} {reading.verb}"))
    if reading.verb and reading.asked:
        yield from facts_called(f"{reading.asked} {reading.verb}", owner, scene)
    yield from framed_facts(reading.frame, owner, scene)


def _name_in_parts(owner: Meant, scene: Scene) -> tuple[Match, ...]:
    """Return the facts of a first and a last name where no fact gives the whole."""
    note = scene.note(owner.path, owner.relation)
    parts = [facts_called(part, owner, scene)[:1] for part in ("first name", "last name")]
    return tuple(part[0] for part in parts) if note and all(parts) else ()


def _has_form(match: Match, form: str) -> bool:
    value = match.fact.value
    if form == "date":
        return is_date(value)
    if form == "number" and measure(value) is None:
        return False
    if form == "place" and re.fullmatch(r"[\d\s.,:-]+", value):
        return False
    return form not in ("name", "who") or is_somebody(match.fact)


def _things(phrase: Phrase, scene: Scene) -> Answer | None:
    found = meant(phrase, scene)
    if isinstance(phrase, Named | Kind | Described) or not found:
        return _named_without_link(phrase, scene)
    matches = [Match(scene.known.notes[one.relation.note], one.relation, one.score) for one in found if one.relation]
    names = [scene.name(one.path) for one in found]
    if (
        len(matches) == 1
        and (len(matches[0].fact.links) == 1 or matches[0].note.path == found[0].path)
        and found[0].path != "user.md"
    ):
        return Answer(saying.values([(matches[0].note, matches[0].fact)]), tuple(matches), mean(matches))
    return Answer(saying.names(names, [match.fact for match in matches]), tuple(matches), mean(matches))


def _named_without_link(phrase: Phrase, scene: Scene) -> Answer | None:
    if not isinstance(phrase, ActedOn):
        return None
    found: list[Match] = []
    for target in meant(phrase.target, scene):
        named = [m for m in named_by(phrase.verb, target, scene) if phrase.kind or is_somebody(m.fact)]
        found += [match for match in named if match.fact.key == named[0].fact.key]
    if not found:
        return None
    return Answer(saying.values([(match.note, match.fact) for match in found]), tuple(found), mean(found) - 0.01)


def _counted(reading: Counted, scene: Scene) -> Answer | None:
    value = _value(Value(reading.asked, reading.of, reading.frame, verb=reading.verb), scene)
    if value and _contradict(value.evidence):
        return value
    if (
        value
        and len(value.evidence) == 1
        and measure(value.evidence[0].fact.value) is not None
        and len(items(value.evidence[0].fact)) == 1
    ):
        return value
    listed = [item for match in value.evidence for item in items(match.fact)] if value else []
    evidence = value.evidence if value else ()
    if not value or not all(match.score > 0.7 for match in evidence):
        verb = reading.verb or reading.asked
        things = _things(Acting(reading.asked, verb, reading.of), scene) or _things(
            Related(reading.asked, reading.of), scene
        )
        if things is None:
            return None
        evidence = things.evidence
        listed = things.said.rsplit(" (", 1)[0].split(", ") if things else []
    if not listed or any(measure(item) is not None for item in listed):
        return None
    return Answer(
        saying.counted(listed, reading.asked, [match.fact for match in evidence]), evidence, 0.9 * mean(evidence)
    )


def _words_in(phrase: Phrase) -> str:
    match phrase:
        case Named():
            return ""
        case Kind(words):
            return words
        case Described(kind, words):
            return f"{kind} {words}"
        case Related(words, of):
            return f"{words} {_words_in(of)}"
        case Acting(kind, verb, of) | ActedOn(kind, verb, of):
            return f"{kind} {verb} {_words_in(of)}"


_SAME = 0.95
"""The likeness of a key that says the word itself; "dog" and "cat" are each like "pets", and none is all of them."""
_OF_A_CASE = re.compile(r"what .*\b(?:want|wants|wish|complain)$")
"""What somebody wants is noted in the case that they are part of: a customer's wish in their ticket."""
