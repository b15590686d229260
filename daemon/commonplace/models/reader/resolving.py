"""What a reading of a question comes to in the notes: an answer with the facts that it rests on. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from commonplace.models.reader import saying
from commonplace.models.reader.amounts import measure
from commonplace.models.reader.asking import Compared, Counted, Having, Most, Reading, Summed, Things, Value, Whether
from commonplace.models.reader.facts import Fact, without_links
from commonplace.models.reader.phrase import ActedOn, Acting, Described, Kind, Named, Phrase, Related
from commonplace.models.reader.quantities import dimension_of, is_date, items, sense_of
from commonplace.models.reader.relating import (
    facts_called,
    framed_facts,
    meant,
    named_by,
    of_kind,
)
from commonplace.models.reader.scene import Match, Meant, Scene, is_any_kind
from commonplace.models.reader.words import Word, best_likeness, words_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, the facts that it rests on, and how well they fit the question, 0 to 1."""

    said: str
    evidence: tuple[Match, ...]
    score: float


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
            return _whether(subject, said, scene)
        case Having(group, said):
            return _having(group, said, scene)
        case Most():
            return _most(reading, scene)
        case Compared():
            return _compared(reading, scene)
        case Summed(asked, group):
            return _summed(asked, group, scene)


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
    return Answer(said, tuple(found), _mean(found))


def _is_one_of_several(asked: str, phrase: Phrase, found: Sequence[Match]) -> bool:
    """Say whether one is asked about, "my sibling", and several are found of whom different things are said."""
    one = isinstance(phrase, Kind | Related) and not _is_plural(phrase.words) and not _is_plural(asked)
    notes, values = {match.note.path for match in found}, {match.fact.value for match in found}
    return one and len(notes) > 1 and len(values) > 1


def _is_plural(words: str) -> bool:
    return re.search(r"[^s]s$", words) is not None


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
    alike = {match.fact: match for match in candidates if best and match.fact.key == best.fact.key}
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
    if form == "place" and re.fullmatch(r"[\d\s.,:-]+", value):
        return False
    return not (form == "name" and measure(value) is not None and not match.fact.links)


def _things(phrase: Phrase, scene: Scene) -> Answer | None:
    found = meant(phrase, scene)
    if isinstance(phrase, Named | Kind | Described) or not found:
        return _named_without_link(phrase, scene)
    matches = [Match(scene.known.notes[one.relation.note], one.relation, one.score) for one in found if one.relation]
    names = [scene.name(one.path) for one in found]
    return Answer(saying.names(names, [match.fact for match in matches]), tuple(matches), _mean(matches))


def _named_without_link(phrase: Phrase, scene: Scene) -> Answer | None:
    if not isinstance(phrase, ActedOn):
        return None
    found = [match for target in meant(phrase.target, scene) for match in named_by(phrase.verb, target, scene)[:1]]
    if not found:
        return None
    return Answer(saying.values([(match.note, match.fact) for match in found]), tuple(found), _mean(found) - 0.01)


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
        saying.counted(listed, reading.asked, [match.fact for match in evidence]), evidence, 0.9 * _mean(evidence)
    )


def _whether(subject: Phrase, said: str, scene: Scene) -> Answer | None:
    """Say yes where a fact's key and value account for all that is said; no where a fact denies it."""
    asked = [word for word in words_of(said) if word.text not in _AUXILIARIES]
    best: Answer | None = None
    for owner in meant(subject, scene) if asked else ():
        note = scene.note(owner.path, owner.relation)
        for fact in note.statements if note else ():
            truth = _TRUTH.get(fact.value.casefold())
            value = words_of(without_links(fact.value))
            here = fact.key_words
            by_value = [word for word in asked if truth is None and best_likeness(word, value) >= 1]
            by_key = [word for word in asked if word not in by_value and best_likeness(word, here) >= 0.7]
            share = sum(w.weight for w in (*by_value, *by_key)) / sum(w.weight for w in asked)
            if share < 0.75 or not (by_value or truth is not None) or not note:
                continue
            evidence = Match(note, fact, share * owner.score)
            answer = Answer(saying.whether(truth is not False, note, fact), (evidence,), evidence.score)
            if best is None or best.score < answer.score:
                best = answer
    return best


def _having(group: Phrase, said: str, scene: Scene) -> Answer | None:
    """Return those of a group that something is said of, by the words of it."""
    marks = [scene.paths[int(mark)] for mark in re.findall(r"@(\d+)", said)]
    asked = [word for word in words_of(re.sub(r"@\d+", "", said)) if word.text not in _AUXILIARIES]
    found: list[Match] = []
    for member in _members(group, scene) if asked or marks else ():
        note = scene.note(member.path, member.relation)
        fact = next((fact for fact in note.statements if _is_said(asked, marks, fact, scene)), None) if note else None
        if note and fact:
            found.append(Match(note, fact, 0.8))
    if not found:
        return None
    names = [match.note.title for match in found]
    return Answer(saying.names(names, [match.fact for match in found]), tuple(found), 0.75)


def _is_said(asked: Sequence[Word], marks: Sequence[str], fact: Fact, scene: Scene) -> bool:
    """Say whether a fact says what is asked: its links all that are named, its value and key all the words."""
    if marks:
        key = fact.key_words
        return set(marks) <= set(scene.targets(fact)) and all(best_likeness(w, key) for w in asked if w.weight > 0.5)
    value = words_of(without_links(fact.value))
    by_value = [word for word in asked if best_likeness(word, value) >= 0.85]
    rest = [word for word in asked if word not in by_value]
    return bool(by_value) and all(best_likeness(word, fact.key_words) or word.weight < 0.5 for word in rest)


def _members(group: Phrase, scene: Scene) -> list[Meant]:
    return of_kind(group.words, scene) if isinstance(group, Kind) else meant(group, scene)


def _most(reading: Most, scene: Scene) -> Answer | None:
    measured = [
        m
        for member in _members(reading.group, scene)
        for m in _measures(reading.adjective, reading.asked, member, scene)[:1]
    ] or list(_measured_around(reading, scene))
    keys = {match.fact.key.casefold() for match, _, _ in measured}
    if len(measured) < 2 or len({unit for _, _, unit in measured}) > 1:
        return None
    match, _, _ = max(measured, key=lambda one: one[1])
    return Answer(
        saying.most(match.note, match.fact, len(measured)),
        tuple(m for m, _, _ in measured),
        0.85 if len(keys) < 3 else 0.7,
    )


def _measured_around(reading: Most, scene: Scene) -> Iterator[tuple[Match, float, int]]:
    """Yield what the notes around somebody say of something: "my exams" are the days of the exams of my courses."""
    group = reading.group
    if not isinstance(group, Related):
        return
    asked = reading.asked if reading.asked and is_any_kind(group.words) else group.words
    for owner in meant(group.of, scene):
        ends = {hop.target: hop.relation for hop in scene.known.hops(owner.path) if hop.target != "user.md"}
        for path, relation in ends.items():
            for match in facts_called(asked, Meant(path, owner.score, relation), scene)[:1]:
                if (value := measure(match.fact.value)) is not None:
                    yield match, sense_of(reading.adjective) * value, sense_of(reading.adjective)


def _summed(asked: str, group: Phrase, scene: Scene) -> Answer | None:
    """Add up what each of a group has of something; None where one of them does not say it."""
    members = _members(group, scene)
    found = [facts_called(asked, member, scene)[:1] for member in members]
    matches = [match for one in found for match in one]
    amounts = [measure(match.fact.value) for match in matches]
    known = [amount for amount in amounts if amount is not None]
    if len(members) < 2 or len(known) < len(members):
        return None
    return Answer(saying.summed(sum(known), asked, matches), tuple(matches), 0.9)


def _compared(reading: Compared, scene: Scene) -> Answer | None:
    ones = [(one, _measures(reading.adjective, reading.asked, one, scene)) for one in meant(reading.one, scene)[:1]]
    if not ones or not ones[0][1]:
        return None
    if isinstance(reading.other, str):
        match, value, sign = ones[0][1][0]
        more = value > sign * float(reading.other.replace(",", ""))
        return Answer(saying.whether(more, match.note, match.fact), (match,), 0.95)
    others = [
        m
        for other in meant(reading.other, scene)[:1]
        for m in _measures(reading.adjective, reading.asked, other, scene)
    ]
    pair = next(((a, b) for a in ones[0][1] for b in others if a[2] == b[2]), None)
    if pair is None:
        return None
    (one, first, _), (other, second, _) = pair
    evidence = (one, other)
    if reading.asserted:
        return Answer(saying.asserted(first > second, one, other), evidence, 0.95)
    winner, loser = (one, other) if first >= second else (other, one)
    return Answer(saying.compared(winner, loser, equal=first == second), evidence, 0.95)


def _measures(adjective: str, asked: str, member: Meant, scene: Scene) -> list[tuple[Match, float, int]]:
    """Return the facts of a note that an adjective compares, each as a number of which more is more of it."""
    found: list[tuple[Match, float, int]] = []
    if asked:
        for match in facts_called(asked, member, scene):
            if (value := measure(match.fact.value)) is not None:
                found.append((match, sense_of(adjective) * value, sense_of(adjective)))
    for key, sign in dimension_of(adjective) if not found else ():
        for match in facts_called(key.replace("_", " "), member, scene):
            value = measure(match.fact.value)
            if value is not None and match.score >= 0.5:
                found.append((match, sign * value, sign))
    return found


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


def _mean(matches: Iterable[Match]) -> float:
    scores = [match.score for match in matches]
    return sum(scores) / len(scores) if scores else 0.0


_OF_A_CASE = re.compile(r"what .*\b(?:want|wants|wish|complain)$")
"""What somebody wants is noted in the case that they are part of: a customer's wish in their ticket."""
_AUXILIARIES = frozenset(("do", "does", "one", "named", "called", "both"))
_TRUTH = {"true": True, "yes": True, "false": False, "no": False}
