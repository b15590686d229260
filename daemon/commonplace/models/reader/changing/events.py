"""What happens to people and things, and the keys of the facts that it changes.

Written for this reader from the ways in which English tells of changes in a life; a table of a few verbs, not of a
world.
"""

from commonplace.models.reader.changing.statement import Does

HOME = (
    "city",
    "living location",
    "home",
    "residence",
    "location",
    "town",
    "lives in",
    "lives at",
    "address",
    "country",
)
SCHOOLS = ("school", "university", "college")
_EMPLOYER = ("employer", "company", "workplace", "works at", "work")
JOB = ("occupation", "job", "profession", "job title", "position", "role")
_PASTIMES = ("hobbies", "interests", "pastime", "sports")
LOVE = ("spouse", "wife", "husband", "partner", "girlfriend", "boyfriend", "fiance", "fiancee")

EVENTS: tuple[tuple[str, tuple[str, ...], Does, bool, bool], ...] = (
    (
        r"(?:moved|relocated) to"
        r"(?= [^,]*\b(?:Street|Road|Lane|Avenue|Square|Row|Quay|Close|Drive|Terrace|Court)(?:,|\W*$))",
        ("address", "home address", "street", "location", "residence"),
        Does.SETS,
        False,
        True,
    ),
    (r"(?:moved|relocated)(?: back| house| home| away)? to(?= (?-i:(?:the )?[A-Z\d]))", HOME, Does.SETS, False, True),
    (r"(?:live|lives|living) (?:in|at)(?= (?-i:(?:the )?[A-Z\d]))", HOME, Does.SETS, False, False),
    (r"(?:works?|working) (?:at|for)", _EMPLOYER, Does.SETS, True, False),
    (
        r"(?:changed jobs and )?(?:joined|started (?:working |work )?(?:at|for)|begun (?:working )?(?:at|for)"
        r"|began (?:working )?(?:at|for)|been hired by|was hired by|got (?:an? (?:new )?)?job (?:at|with))",
        _EMPLOYER,
        Does.SETS,
        True,
        True,
    ),
    (r"(?:works?|working) as", JOB, Does.SETS, False, False),
    (
        r"(?:got|found|took|taken|started|begun|began|has|have) (?:an? )?(?:new )?(?:job|position|post|role) as",
        JOB,
        Does.SETS,
        False,
        True,
    ),
    (
        r"(?:became|become|started (?:working )?as|was promoted to|were promoted to|been promoted to|got promoted to)",
        JOB,
        Does.SETS,
        False,
        True,
    ),
    (r"(?:got )?married(?: to)?", ("spouse", "wife", "husband", "partner"), Does.SETS, True, True),
    (
        r"(?:(?:got )?divorced(?: from)?|(?:split|broke|broken) up with|separated from|left)",
        LOVE,
        Does.REMOVES,
        False,
        True,
    ),
    (r"(?:was|were) born on", ("birth date",), Does.SETS, False, False),
    (r"(?:was|were) born in", ("birthplace", "birth location"), Does.SETS, False, False),
    (r"(?:comes?|am|is|are) (?:originally )?from", ("hometown",), Does.SETS, False, False),
    (r"(?:speaks?)", ("languages",), Does.ADDS, False, False),
    (r"(?:learned|learnt|mastered)(?: to speak)?(?= (?-i:[A-Z]))", ("languages",), Does.ADDS, False, True),
    (r"(?:am|is|are) allergic to", ("allergies",), Does.ADDS, False, False),
    (
        r"(?:took up|taken up|got into|gotten into|started|begun|began)(?: playing| doing| practi[sc]ing)?",
        _PASTIMES,
        Does.ADDS,
        False,
        True,
    ),
    (r"(?:quit|given up|gave up|stopped|dropped)", (), Does.REMOVES, False, True),
)
"""Verbs after a subject; the keys that may hold what follows; what happens to the fact; whether what follows has a
name; whether the verb itself says that it was otherwise before."""

MEASURED: dict[str, tuple[str, ...]] = {
    "tall": ("height",),
    "high": ("height",),
    "long": ("length",),
    "wide": ("width",),
    "deep": ("depth",),
    "heavy": ("weight",),
    "weigh": ("weight",),
    "weighs": ("weight",),
    "cost": ("price", "cost"),
    "costs": ("price", "cost"),
    "measure": ("size",),
    "measures": ("size",),
}
"""What a measure is of."""

WHAT_ONE_IS = ("occupation", "job", "profession", "role", "position", "job title", "diet", "status")
"""The keys of "she is a potter"."""
