"""Who is family, and who is kin through others. Pure."""

from collections.abc import Iterator

from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.notes.memory import Hop
from commonplace.models.reader.notes.scene import Scene


def family_of(path: str, scene: Scene) -> Iterator[Hop]:
    """Yield who is kin to somebody, and to those in turn: a wife's sister is family."""
    found, kin = [path], words_of(_KIN)
    for end in found:
        for hop in scene.known.hops(end):
            is_kin = any(best_likeness(word, kin) >= _SAME for word in hop.relation.key_words)
            if is_kin and hop.target not in found:
                found.append(hop.target)
                yield hop


_SAME = 0.85
FAMILY = frozenset(("family", "relatives", "relations", "kin", "folks"))
_KIN = (
    "spouse partner child parent sibling grandmother grandfather grandparent grandchild grandson granddaughter "
    "uncle aunt cousin niece nephew family"
)
KIN_BY_WAY_OF: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sister-in-law", ("spouse sister", "sibling wife")),
    ("brother-in-law", ("spouse brother", "sibling husband")),
    ("mother-in-law", ("spouse mother",)),
    ("father-in-law", ("spouse father",)),
    ("daughter-in-law", ("child wife",)),
    ("son-in-law", ("child husband",)),
    ("grandmother", ("parent mother",)),
    ("grandfather", ("parent father",)),
    ("grandparent", ("parent parent",)),
    ("grandchild", ("child child",)),
    ("grandson", ("child son",)),
    ("granddaughter", ("child daughter",)),
    ("aunt", ("parent sister",)),
    ("uncle", ("parent brother",)),
    ("niece", ("sibling daughter",)),
    ("nephew", ("sibling son",)),
    ("cousin", ("parent sibling child",)),
)
"""Kin through others: the relations that lead there, one after the other."""
