"""Those of a group whose age, price or length is over or under a number: "which of my friends are over 60". Pure."""

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer
from commonplace.models.reader.answering.asking_rows import Bound
from commonplace.models.reader.answering.calling import facts_called
from commonplace.models.reader.answering.quantities import dimension_of, sense_of
from commonplace.models.reader.answering.readings import Having
from commonplace.models.reader.answering.relating import members
from commonplace.models.reader.language.amounts import measure
from commonplace.models.reader.language.words import make_word, words_of
from commonplace.models.reader.notes.facts import Fact
from commonplace.models.reader.notes.scene import Match, Meant, Scene


def within(reading: Having, bound: Bound, rest: str, scene: Scene) -> Answer | None:
    """Return those of a group whose measure is over or under a number, and of whom no age is told."""
    everyone = members(reading.group, scene)
    measured = [one for member in everyone for one in _measure(bound, rest, member, scene)]
    true = [match for match, value in measured if _is_within(value, bound)]
    if not measured:
        return None
    unsure = _only_born({match.note.path for match, _ in measured}, measured[0][0], everyone, scene)
    facts = [match.fact for match, _ in measured]
    if reading.counted:
        told = saying.counted([match.note.title for match in true], reading.counted, facts)
    elif true:
        told = saying.measured(true)
    else:
        told = saying.none_of([match for match, _ in measured])
    told = f"{told} {saying.not_measured(unsure)}" if unsure else told
    return Answer(told, (*(true or [match for match, _ in measured]), *unsure), 0.85)


def _only_born(known: set[str], one: Match, everyone: list[Meant], scene: Scene) -> list[Match]:
    """Return the birthdays of those whose age is not told: what day it is stands in no note."""
    if not any(word.text == "age" for word in one.fact.key_words):
        return []
    others = [member for member in everyone if member.path not in known]
    return [match for member in others for match in facts_called("birthday", member, scene)[:1]]


def _measure(bound: Bound, rest: str, member: Meant, scene: Scene) -> list[tuple[Match, float]]:
    """Return the fact of a note that a bound is held against, by the words said, by the adjective or by the unit."""
    said = " ".join(word.text for word in words_of(rest) if word.text not in _OF_AN_AGE)
    note = scene.note(member.path, member.relation)
    if said:
        found = facts_called(said, member, scene)
    elif bound.adjective:
        keys = [key for key, sign in dimension_of(bound.adjective) if sign == sense_of(bound.adjective)]
        found = [match for key in keys for match in facts_called(key.replace("_", " "), member, scene)]
    elif bound.unit and bound.unit != "year":
        found = [Match(note, fact, 0.8) for fact in note.statements if _has_unit(bound.unit, fact)] if note else []
    else:
        found = facts_called("age", member, scene)
    values = [(match, value) for match in found if (value := measure(match.fact.value)) is not None]
    return values[:1]


def _has_unit(unit: str, fact: Fact) -> bool:
    return any(word.stem == make_word(unit).stem for word in (*fact.key_words, *words_of(fact.value)))


def _is_within(value: float, bound: Bound) -> bool:
    return bound.sense * value > bound.sense * bound.number or (bound.reached and value == bound.number)


_OF_AN_AGE = frozenset(("old", "aged", "age", "years", "do", "does", "one", "go"))
"""Words beside a number that ask for an age, or for nothing."""
