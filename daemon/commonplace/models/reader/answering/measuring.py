"""Answers that compare or add up what notes say in numbers: the most of a group, the older of two. Pure."""

from collections.abc import Iterator

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer
from commonplace.models.reader.answering.calling import facts_called
from commonplace.models.reader.answering.phrase import Phrase, Related
from commonplace.models.reader.answering.quantities import dimension_of, sense_of
from commonplace.models.reader.answering.readings import Compared, Most
from commonplace.models.reader.answering.relating import meant, members
from commonplace.models.reader.language.amounts import measure
from commonplace.models.reader.notes.scene import Match, Meant, Scene, is_any_kind


def most(reading: Most, scene: Scene) -> Answer | None:
    """Say which of a group is most; None where fewer than two of them give the same measure."""
    measured = [
        m
        for member in members(reading.group, scene)
        for m in _measures(reading.adjective, reading.asked, member, scene)[:1]
    ] or list(_measured_around(reading, scene))
    signs = [sign for _, _, sign in measured]
    measured = [one for one in measured if one[2] == max(signs, key=signs.count)]
    keys = {match.fact.key.casefold() for match, _, _ in measured}
    if len(measured) < 2:
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


def summed(asked: str, group: Phrase, scene: Scene) -> Answer | None:
    """Add up what each of a group has of something; None where one of them does not say it."""
    everyone = members(group, scene)
    found = [facts_called(asked, member, scene)[:1] for member in everyone]
    matches = [match for one in found for match in one]
    amounts = [measure(match.fact.value) for match in matches]
    known = [amount for amount in amounts if amount is not None]
    if len(everyone) < 2 or len(known) < len(everyone):
        return None
    return Answer(saying.summed(sum(known), asked, matches), tuple(matches), 0.9)


def compared(reading: Compared, scene: Scene) -> Answer | None:
    """Say which of two is more, or whether the first is."""
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
