"""Keys that are verbs, "supervises" or "married_to", and how a sentence says them of somebody. Pure.

The tables were written for this reader from what people note down of each other.
"""

import re

from commonplace.models.reader.language.words import stem_of


def is_verb(token: str) -> bool:
    """Say whether a word is what somebody does: "supervises", and not "friends"."""
    return token.endswith("s") and not token.endswith("ss") and stem_of(token) in _VERBS


def predicate(key: str, *, of_user: bool, plural: bool = False) -> str | None:
    """Return a key that is a verb as a sentence has it after its subject: "supervise", "is married to"; else None."""
    first, *rest = key.split() or [""]
    if is_verb(first) and not (rest and rest[-1] not in _PREPOSITIONS):
        return " ".join((_base(first) if of_user or plural else first, *rest))
    if of_user and rest and rest[-1] in _PREPOSITIONS and stem_of(first) in _VERBS:
        return key
    be = "are" if of_user or plural else "is"
    if not rest or rest[-1] not in _PREPOSITIONS or len(rest) > 1:
        return None
    if first in _PAST:
        return key
    if first in _MEMBERS:
        return f"{be} {_MEMBERS[first]} {key}"
    if re.search(r"(?:ed|born|built|known|made|en)$", first) or first in _ADJECTIVES:
        return f"{'was' if first == 'born' and be == 'is' else 'were' if first == 'born' else be} {key}"
    return None


def _base(verb: str) -> str:
    """Return the verb as "you" take it: "supervises" gives "supervise", "teaches" gives "teach"."""
    if verb.endswith("ies") and len(verb) > 4:
        return f"{verb[:-3]}y"
    if re.search(r"(?:ch|sh|ss|x|zz|go|do)es$", verb):
        return verb[:-2]
    return "have" if verb == "has" else verb[:-1]


_PREPOSITIONS = frozenset("at by for from in into of on to under with".split())  # noqa: SIM905  # words read better in a row
_PAST = frozenset("graduated studied worked moved grew came joined retired".split())  # noqa: SIM905
_ADJECTIVES = frozenset("allergic fond afraid responsible good friends close loyal next based".split())  # noqa: SIM905
_MEMBERS = {"member": "a", "part": "a", "owner": "the", "head": "the", "founder": "the", "chair": "the"}
_VERBS = frozenset(
    stem_of(verb)
    for verb in """
    supervise manage oversee own teach drive use speak work live play lead run head direct coach train lecture
    tutor mentor operate captain steer pilot maintain repair support assist help collaborate study learn
    attend like love enjoy prefer hate eat drink read write produce make sell buy supply grow brew employ
    contain include sponsor fund host organize organise collect keep breed treat prescribe wear need want know
    fear avoid follow build design edit publish sing dance paint cook bake sail ride climb swim fish hunt farm
    rent lease belong sit sleep stand serve report deliver volunteer conduct compose research represent defend
    protect feed walk care look visit meet share belong specialize specialise store hold carry fly guard
    patrol inspect monitor clean guide advise
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
