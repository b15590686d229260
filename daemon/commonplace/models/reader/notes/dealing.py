"""What those are called with whom something is done: whom one rents from is a landlord, whom one works for an employer.

Pure.
"""

import re
from functools import lru_cache

from commonplace.models.reader.language.frames import DEALINGS
from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.notes.facts import Fact


@lru_cache(maxsize=1024)
def roles_of(doing: str) -> tuple[str, ...]:
    """Return what those are called with whom something is done, in a verb and a preposition: "works for"."""
    verb, _, preposition = doing.strip().rpartition(" ")
    return tuple(
        role
        for verbs, prepositions, role in DEALINGS
        if re.fullmatch(verbs, verb) and preposition in prepositions.split("|")
    )


def is_dealt_with(doing: str, fact: Fact) -> bool:
    """Say whether a fact names whom something is done with: "employer" says whom one works for."""
    return any(best_likeness(words_of(role)[0], fact.key_words) >= _SAME for role in roles_of(doing))


def says_role(role: str, fact: Fact) -> bool:
    """Say whether a key tells what is done with whoever has a role: "rented from" names a landlord."""
    asked = words_of(role)
    called = roles_of(fact.key.replace("_", " ").casefold())
    return bool(asked) and any(best_likeness(asked[-1], words_of(one)) >= _SAME for one in called)


_SAME = 0.85
