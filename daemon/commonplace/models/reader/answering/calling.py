"""Which facts of a note go by some words, or by the wording of a question. Pure."""

import re

from commonplace.models.reader.language.frames import FRAMES
from commonplace.models.reader.language.matching import alike, direction, framed, is_agent, says_all
from commonplace.models.reader.language.words import Word, words_of
from commonplace.models.reader.notes.dealing import says_role
from commonplace.models.reader.notes.scene import Match, Meant, Scene

SURE = 0.85
"""The likeness from which nothing else is looked for."""
ENOUGH = 0.6
"""The likeness of a key to what is asked from which it is taken for the same."""


def facts_called(words: str, owner: Meant, scene: Scene, free: tuple[Word, ...] = ()) -> list[Match]:
    """Return the facts of a note whose key says some words, the best first.

    ``free`` are words that the key may say besides: those that led to the note.
    """
    note = scene.note(owner.path, owner.relation)
    asked = words_of(words)
    if note is None or not asked:
        return []
    found = [
        Match(note, fact, alike(asked, fact.key_words, free))
        for fact in note.statements
        if says_all(asked, fact.key_words) and (not is_agent(asked[-1].text) or direction(fact.key) != "forth")
    ]
    if is_agent(asked[-1].text):
        found += [Match(note, fact, SURE) for fact in note.statements if says_role(words, fact)]
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
            share, rank = framed(fact.key_words, wanted)
            if share >= 0.6 and note:
                found.append(Match(note, fact, 0.9 * share - 0.01 * rank))
        break
    return sorted(found, key=lambda match: -match.score)
