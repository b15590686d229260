"""Words as the reader compares them: stems, wordings that mean the same, and how much a word says.

Stems are Snowball's English stemmer. The groups of wordings below were written for this reader from the
kinds of facts that people keep in personal notes.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import snowballstemmer  # pyright: ignore[reportMissingTypeStubs]  # the package ships no types

SAME = 1.0
ALIKE = 0.85
RELATED = 0.7


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question or of a key, with what it can be matched by. ``weight`` is 0 to 1."""

    text: str
    stem: str
    groups: frozenset[int]
    weight: float


def likeness(one: Word, other: Word) -> float:
    """How much two words mean the same: 1 for the same stem, less for another wording, else 0."""
    if one.stem == other.stem:
        return SAME
    if one.groups & other.groups:
        return ALIKE
    return RELATED if _share_a_root(one.stem, other.stem) else 0.0


def best_likeness(word: Word, others: Iterable[Word]) -> float:
    """Return the likeness of ``word`` to the nearest of ``others``."""
    return max((likeness(word, other) for other in others), default=0.0)


def words_of(text: str) -> tuple[Word, ...]:
    """Return the words of a question, a key or a title that say something, in their order."""
    return tuple(make_word(token) for token in tokens(text) if token not in STOP_WORDS)


def tokens(text: str) -> list[str]:
    """Cut a text into lowercase words; keys such as ``job_title`` and ``jobTitle`` into their parts."""
    spaced = _CAMEL.sub(" ", text.replace("’", "'")).casefold()
    for phrase, word in _PHRASES:
        spaced = phrase.sub(word, spaced)
    return [match[0] for match in _TOKEN.finditer(_CONTRACTION.sub("", spaced))]


@lru_cache(maxsize=8192)
def make_word(token: str) -> Word:
    """Return the word that a lowercase token is."""
    stem = stem_of(token)
    weight = _WEIGHTS.get(token) or (0.35 if stem in _LIGHT_STEMS else 1.0)
    return Word(token, stem, _GROUPS_OF.get(stem, frozenset()), weight)


@lru_cache(maxsize=8192)
def stem_of(token: str) -> str:
    """Return the Snowball stem of a lowercase word."""
    return _STEMMER.stemWord(token)


def _share_a_root(one: str, other: str) -> bool:
    """Say whether two stems look like forms of one word, such as "special" and "specialti"."""
    shorter, longer = sorted((one, other), key=len)
    return (
        len(shorter) >= 5 and longer.startswith(shorter[: max(5, len(shorter) - 1)]) and len(longer) - len(shorter) <= 4
    )


def _listed(text: str) -> list[str]:
    return text.split()


class _Stemmer(Protocol):
    """The one method used of a package that ships no types."""

    def stemWord(self, word: str) -> str: ...  # the package's name for it


_STEMMER = cast("_Stemmer", snowballstemmer.stemmer("english"))  # pyright: ignore[reportUnknownMemberType]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TOKEN = re.compile(r"[^\W_]+")
_CONTRACTION = re.compile(r"(?<=\w)'(?:s|m|ve|re|d|ll|t)?(?!\w)")

_PHRASES = tuple(
    (re.compile(rf"\b{phrase}\b"), word)
    for phrase, word in (
        (r"how old", "age"),
        (r"years? old", "age"),
        (r"how many", "number"),
        (r"how (?:often|frequently)", "frequency"),
        (r"how (?:tall|high)", "height"),
        (r"how long", "duration"),
        (r"how much", "amount"),
        (r"how (?:big|large)", "size"),
        (r"how heavy", "weight"),
        (r"how deep", "depth"),
        (r"how far", "distance"),
        (r"how fast", "speed"),
        (r"made (?:of|from|out of)", "material"),
        (r"what do i do(?: for (?:a living|work))?", "what occupation"),
        (r"(?:for|earn) (?:a|my) living", "occupation"),
        (r"date of birth|birth ?date|birth ?day", "birthday"),
        (r"place of birth|birth ?place|birth ?location|birth city|where was i born", "birthplace"),
        (r"when was i born", "when birthday"),
        (r"in charge of|responsible for|looks? after|take care of", "manage"),
        (r"e-?mail", "email"),
        (r"grow up|grew up", "hometown"),
        (r"brought up|come from", "origin"),
    )
)

STOP_WORDS = frozenset(
    _listed("""
    a an the entity of to in on at by for with from as and or is are was were be been being am do does did have has
    had i me my mine we our us you your it its he she his her him they them their this that these those what
    which who whom whose there here can could would will shall may might must please tell say show give know
    true false so such if then than also just about into any some since s t m ve re d ll let get got remind
    find want need currently exactly exact actually really right now
""")
)

LIGHT_WORDS = frozenset(
    _listed("""
    name full kind sort number count total amount level status main primary current favorite favourite notable
    last latest recent recently previous most person someone people place facility company organization
    organisation entity thing object one location date year years time when where information detail details
    work works working use used uses using conduct produce receive received hold held make made offer provide
    attend attended complete completed activity activities member members available annual daily average
    situation background area practice method description special
""")
)
_WEIGHTS = {"type": 0.6, "types": 0.6, "where": 0.2, "when": 0.2}
_LIGHT_STEMS = frozenset(stem_of(word) for word in LIGHT_WORDS)

_WORDINGS = """
age
job occupation profession role position title career livelihood trade
employer company firm workplace employed
serve serves served service
birthday born
birthplace born hometown
hometown origin native
home address residence live living reside lives
location where place located situated based base
date when year day time
number count total quantity amount
frequency often interval schedule
schedule timing timings hours pattern shift
spouse wife husband partner married marital
kid kids child children son daughter
parent mother father mom mum dad
sibling brother sister
phone telephone mobile cell number contact
email mail contact
hobby hobbies interest interests pastime leisure
language languages tongue speak spoken
certification certificate certified credential credentials qualification licence license
education educational degree school university college studied study alma
skill skills ability expertise
specialty specialization specialisation speciality expertise specialize field
experience
founded founding established establishment creation inception start foundation created
built build builder construction constructed
purchased purchase bought buy acquired
installed installation implementation
serviced service maintenance maintained maintain
employee employees staff personnel worker workers workforce
manufacturer maker made producer brand
price cost worth
salary pay income wage earnings
weight mass
height tall
material materials composition
award awards medal medals prize honor honour
supervise supervises oversee oversees manage manages lead leads head boss run
assist assists help helps support supports aid
work works collaborate collaborates cooperate
use uses usage utilize operate
study learn learns
talk communicate communicates contact
own owns owner possess
teach teaches teaching
type kind sort category
purpose use usage function
publication publications paper papers published
volunteer volunteering voluntary
team crew
nationality citizenship citizen country
doctor dr physician
client customer customers clients
colour color
aim goal ambition objective
illness health condition disease
"""


def _groups_of_stems() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_WORDINGS.split("\n")):
        for token in line.split():
            groups.setdefault(stem_of(token), set()).add(number)
    return {stem: frozenset(numbers) for stem, numbers in groups.items()}


_GROUPS_OF = _groups_of_stems()
