"""Those of a group that something is true of: "which of my friends live in Bonn". Pure."""

import re
from collections.abc import Sequence

from commonplace.models.reader.answering import saying
from commonplace.models.reader.answering.answered import Answer
from commonplace.models.reader.answering.asking_rows import bound_in
from commonplace.models.reader.answering.bounding import within
from commonplace.models.reader.answering.readings import Having
from commonplace.models.reader.answering.relating import members
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.notes.facts import Fact, without_links
from commonplace.models.reader.notes.scene import Match, Scene


def having(reading: Having, scene: Scene) -> Answer | None:
    """Return those of a group that something is said of, by the words of it, or how many they are."""
    bound = bound_in(reading.said)
    if bound:
        return within(reading, *bound, scene)
    said = reading.said
    marks = [scene.paths[int(mark)] for mark in re.findall(r"@(\d+)", said)]
    asked = [word for word in words_of(re.sub(r"@\d+", "", said)) if word.text not in NOT_SAID]
    found: list[Match] = []
    for member in members(reading.group, scene) if asked or marks else ():
        note = scene.note(member.path, member.relation)
        fact = next((fact for fact in note.statements if _is_said(asked, marks, fact, scene)), None) if note else None
        if note and fact:
            found.append(Match(note, fact, 0.8))
    if not found:
        return None
    names, facts = [match.note.title for match in found], [match.fact for match in found]
    told = saying.counted(names, reading.counted, facts) if reading.counted else saying.names(names, facts)
    return Answer(told, tuple(found), 0.75)


def _is_said(asked: Sequence[Word], marks: Sequence[str], fact: Fact, scene: Scene) -> bool:
    """Say whether a fact says what is asked: its links all that are named, its value and key all the words."""
    if marks:
        key = fact.key_words
        return set(marks) <= set(scene.targets(fact)) and all(best_likeness(w, key) for w in asked if w.weight > 0.5)
    value = words_of(without_links(fact.value))
    by_value = [word for word in asked if best_likeness(word, value) >= 0.85]
    rest = [word for word in asked if word not in by_value]
    return bool(by_value) and all(best_likeness(word, fact.key_words) or word.weight < 0.5 for word in rest)


NOT_SAID = frozenset(("do", "does", "one", "named", "called", "both", "go", "goes", "went"))
"""Words that say nothing of anybody."""
