"""Questions about everyday dealings: whom one rents from, what one pays, what still is to do. Pure."""

from collections.abc import Iterator

from commonplace.models.reader.answering.asking_parts import FORMS, IS, NOUN, Read
from commonplace.models.reader.answering.phrase import ActedOn, Related, noun_phrases
from commonplace.models.reader.answering.readings import Reading, Things, Value
from commonplace.models.reader.language.frames import IN_CHARGE
from commonplace.models.reader.notes.dealing import roles_of


def _dealt_with(part: dict[str, str], _: str) -> Iterator[Reading]:
    """ "Who do we rent the van from": whoever is called the landlord of it, or of oneself where nothing is named."""
    for of in noun_phrases(part["target"] or part["who"]):
        for role in roles_of(f"{part['verb']} {part['prep']}"):
            yield Things(Related(role, of))
            yield Value(role, of, form="who")


def _done_to(part: dict[str, str], _: str) -> Iterator[Reading]:
    """ "When can we visit Ada": what her note says of it."""
    for target in noun_phrases(part["target"]):
        yield Value(part["verb"], target, f"{part['wh']} {part['verb']}", FORMS.get(part["wh"], ""))


def _paid_for(part: dict[str, str], _: str) -> Iterator[Reading]:
    for target in noun_phrases(part["target"]):
        yield Value(part["noun"], target, f"how much {part['verb']}", "number")


def _listed(part: dict[str, str], _: str) -> Iterator[Reading]:
    """ "What is on the shopping list": the list is the key, of whatever it is for."""
    for of in noun_phrases(part["of"] or part["whose"].removesuffix(" 's").replace("the", "@0")):
        yield Value(part["list"], of)
        yield Value(f"{part['list']} list", of)


def _in_charge(part: dict[str, str], _: str) -> Iterator[Reading]:
    for of in noun_phrases(part["of"]):
        yield Things(ActedOn("", "manage", of))
        yield from (Value(role, of, form="who") for role in IN_CHARGE)


def _to_do(part: dict[str, str], _: str) -> Iterator[Reading]:
    for of in noun_phrases(part["of"] or "@0"):
        yield Value("todo", of, "what needs doing")


_IS_TO_DO = (
    r"(?:has|have|needs?|remains?|is left|there is|is) (?:still )?"
    r"(?:doing|to be done|left to do|to do|left|outstanding)"
    r"|(?:is|are) the (?:to-?do list|chores|todos?|tasks)"
)
_HAS_TO_DO = r"(?:do|does|should|must|can) @\d+ (?:still )?(?:(?:have|need|got) )?(?:to )?do"
DEALING_PATTERNS: tuple[tuple[str, Read], ...] = (
    (
        r"who (?:do|does|did|is|are|was|were) (?P<who>@\d+) (?P<verb>[^@ ]+(?: lessons)?)(?: (?P<target>.+?))?"
        r" (?P<prep>from|for|under|with|to)",
        _dealt_with,
    ),
    (
        rf"who {IS} (?P<who>(?P<target>(?:@|the ).+?)) (?P<verb>rented|leased|bought|hired|borrowed|insured)"
        r" (?P<prep>from|with|to)",
        _dealt_with,
    ),
    (
        r"what is (?:on|in) (?P<whose>@\d+ 's|the) (?P<list>[^@]+?) list"
        r"(?: (?:for|of|at|in|on) (?P<of>(?:@|the ).+))?",
        _listed,
    ),
    (r"who (?:is|are) (?:in charge of|responsible for|looking after|running) (?P<of>(?:@|the ).+)", _in_charge),
    (
        r"(?:how much|what) (?:do|does|did) @\d+ (?P<verb>pay|spend|give|gave|paid) (?:for|in|on)"
        r" (?P<noun>(?!the )[^@ ]+(?: [^@ ]+)?) (?:(?:at|of|on|for|in|with) )?(?P<target>(?:@|the ).+)",
        _paid_for,
    ),
    (r"(?P<wh>when|where) (?:can|could|may|should|do) @0 (?P<verb>[^@ ]+) (?P<target>(?:@|the ).+)", _done_to),
    (
        rf"how much (?P<noun>{NOUN} )?(?:do|does|did) @\d+ (?P<verb>[^@ ]+) (?:(?:for|on|to) )?"
        r"(?P<target>(?:@|the ).+)",
        _paid_for,
    ),
    (
        rf"what (?:still |else )?(?:{_IS_TO_DO}|{_HAS_TO_DO})(?: (?:at|in|on|for|with|of) (?P<of>(?:@|the ).+))?",
        _to_do,
    ),
)
"""What such questions look like, and how each is read."""
