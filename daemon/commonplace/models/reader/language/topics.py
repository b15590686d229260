"""What a remark of everyday life has to do with a fact that none of its words says: milk with "lactose: intolerant".

Written for this reader from the facts about people that a remark is likely to contradict.
"""

import re
from collections.abc import Iterable, Sequence

from commonplace.models.reader.language.words import words_of

TOPICS = tuple(
    frozenset(word.stem for word in words_of(line))
    for line in """
    holiday vacation away absent absence leave sabbatical abroad travels trip off around attend present christmas easter
    lactose dairy milk cream cheese latte butter yoghurt yogurt cappuccino custard vegan
    gluten coeliac celiac wheat bread pasta cake biscuit pizza flour toast sandwich croissant pastry
    vegetarian vegan halal kosher pork meat steak ham bacon sausage burger beef lamb chicken roast barbecue schnitzel
    shellfish seafood fish prawn shrimp crab lobster mussel oyster scampi sushi tuna
    nut nuts peanut almond hazelnut walnut cashew pecan pistachio marzipan nougat
    egg eggs omelette mayonnaise meringue
    alcohol teetotal teetotaller sober wine beer whisky whiskey gin champagne cocktail pub drunk drinks
    smoker smokes nonsmoker cigarette cigar tobacco pipe
    caffeine decaf coffee espresso
    diabetes diabetic sugar sweets candy chocolate lemonade cake
    cash coins banknote payment pays
    pollen hayfever hay meadow blossom
    wheelchair crutches stairs ladder climb climbs climbing hike hiking marathon jog jogging sprint
    blind eyesight deaf hearing
    vertigo heights tower cliff
    flying flight plane aeroplane airport
    driving drives drove licence
    night nights shift late evening
    penicillin antibiotic antibiotics
    """.strip().splitlines()
)
"""The stems of words that are about one thing, a set a topic."""


def topics_of(stems: Iterable[str]) -> frozenset[int]:
    """Return the topics that some stems are of, by number."""
    said = frozenset(stems)
    return frozenset(number for number, topic in enumerate(TOPICS) if not topic.isdisjoint(said))


def keys_touched(remark: str) -> Sequence[str]:
    """Return the keys that a remark of everyday life may bear on, the likeliest first: "my shift" on a job."""
    return [key for pattern, keys in _REMARKS if pattern.search(remark) for key in keys.split()]


def doing_of(remark: str) -> str:
    """Return what somebody does for its own sake by a remark: "been climbing all weekend" gives "climbing"; or ""."""
    found = _DOING.search(remark)
    doing = (found["doing"] or found["played"]).casefold() if found else ""
    return "" if doing in _NO_PASTIMES else doing


PASTIMES = "hobby sport sports pastime leisure interests exercise training instrument instruments"
_DOING = re.compile(
    r"\b(?:(?:been|went|go|going|gone|back from|home from|enjoyed?|loved?|tried|out|started|spent [\w ]{3,30}?)"
    r" (?:(?:a|an|some|the|my|day of|session of|bit of|spot of|hour of|day|evening|afternoon|morning) ){0,3}"
    r"(?P<doing>(?!playing|doing|practi)[a-z]{2,}ing)"
    r"|(?:play|played|playing|practise|practised|practising|practice|practiced|practicing)"
    r" (?:(?:a|an|some|the|my|game of|round of|match of) ){0,3}(?P<played>[a-z]{3,}))\b",
    re.IGNORECASE,
)
_NO_PASTIMES = frozenset(
    """
    working going being having doing getting thinking feeling sitting waiting trying looking coming living saying
    talking sleeping wondering meaning hoping asking telling using making moving meeting wedding something anything
    nothing everything morning evening building shopping cleaning with for against well today
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
_REMARKS = tuple(
    (re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE), keys)
    for pattern, keys in (
        (
            r"shift|(?:at|from|to|after|off) work|working|overtime|my (?:desk|boss|office|colleagues?|clients?"
            r"|patients?|students?|pupils|customers?|team|apprentices?)|the office|payday|promotion|resign(?:ed|ing)?",
            "job occupation profession role employer company workplace works",
        ),
        (r"birthdays?|candles|turn(?:s|ed|ing)? \d+|years old", "birthday age"),
        (
            r"unpack\w*|landlord|landlady|new (?:flat|house|apartment|place|neighbours?|street|home)"
            r"|our (?:flat|house|apartment|garden|kitchen|balcony|street)|moving (?:house|boxes|in|out)",
            "address city home residence lives location",
        ),
        (
            r"wedding|anniversary|honeymoon|engaged|divorced?|separated",
            "spouse partner fiance fiancee girlfriend boyfriend",
        ),
        (r"puppy|kitten|leash|walk(?:ed|ing|s)? (?:the|my|our) dog|litter tray", "dog cat pet pets"),
        (r"drove|driving|parked|petrol|car park|motorway|the garage", "car vehicle licence"),
        (
            r"lectures?|seminars?|exams?|thesis|semester|homework|coursework|graduat\w+",
            "studies university school degree course",
        ),
        (r"novel|chapters?|reading|the book", "favorite_book book reading books"),
        (r"lunch|dinner|breakfast|supper|restaurant|recipe|cook(?:ed|ing)|steak", "diet food dish meal cuisine"),
        (r"concert|album|songs?|gig", "music band song artist"),
        (r"film|movie|cinema|episode", "film movie series"),
        (r"headaches?|pills|surgery|check-?up|prescription", "medication health doctor condition"),
        (r"(?:kids?|twins|school run|nursery|baby)", "children kids son daughter twins"),
        (r"(?-i:[A-Z])[a-z]+ (?:class|classes|lessons?)", "languages language"),
        (r"new (?:phone|number|sim)", "phone mobile"),
    )
)
"""What people say of a part of their lives, and the keys under which notes keep it."""
