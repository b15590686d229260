"""What a remark of everyday life has to do with a fact that none of its words says: milk with "lactose: intolerant".

Written for this reader from the facts about people that a remark is likely to contradict.
"""

from collections.abc import Iterable

from commonplace.models.reader.words import words_of

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
