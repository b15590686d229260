"""Verbs of relations that last, as they stand in keys: "supervises: [[...]]" and, at the other end, "supervised_by".

Written for this reader; "mentor" and the like, of which the plural is a noun too, make "mentor_of".
"""

import re

DOINGS = {
    "supervises": "supervised",
    "manages": "managed",
    "leads": "led",
    "runs": "run",
    "oversees": "overseen",
    "teaches": "taught",
    "trains": "trained",
    "employs": "employed",
    "owns": "owned",
    "represents": "represented",
    "treats": "treated",
    "instructs": "instructed",
    "advises": "advised",
    "captains": "captained",
    "directs": "directed",
}
"""A verb in the third person, and what the other end is then."""

DOERS = frozenset(("mentor", "coach", "tutor", "sponsor", "godparent", "boss"))
"""Words that are verbs and nouns: who mentors somebody is their mentor."""


def key_of_doing(verb: str) -> str:
    """Return the key of a relation that a verb tells of, "" where it tells of none that lasts."""
    plain = verb.casefold()
    if plain in DOERS or (plain.endswith("s") and plain.removesuffix("s").removesuffix("e") in DOERS):
        return f"{plain if plain in DOERS else plain.removesuffix('s').removesuffix('e')} of"
    return next((one for one in DOINGS if plain in (one, one.removesuffix("s"), f"{one.removesuffix('es')}")), "")


def key_of_done(done: str) -> str:
    """Return the key of a relation that a verb tells of at its other end: "supervised" is of "supervises"; else ""."""
    return next((key for key, other in DOINGS.items() if other == done.casefold()), "")


def plain_verb(verb: str) -> str:
    """Return a verb in the third person as "you" has it: "you supervise", "you teach"."""
    return re.sub(r"(?<=ch|sh)es$|(?<!s)s$", "", verb)
