"""Which words are for what people do for a living, by the ways in which English makes such words. Pure."""

import re


def is_occupation(words: str) -> bool:
    """Say whether some words end in one for an occupation: "head chef" and "potter", and not "widow"."""
    noun = _WHERE.split(words.casefold())[0]
    last = noun.split()[-1] if noun.split() else ""
    if last in OUT_OF_WORK:
        return True
    return last not in _NO_OCCUPATIONS and (last in _OCCUPATIONS or _DOES.search(last) is not None)


OUT_OF_WORK = frozenset(("retired", "unemployed", "self-employed"))
"""What is said of people in the place of an occupation."""
_WHERE = re.compile(r",| (?:in|at|for|of|with|from|on|and|who|by)\b")
_DOES = re.compile(r"\w\w(?:er|or|ist|ian|man|woman|person|eer|ant|ent|ect|ic|smith|wright|herd|ess|yst|ier|maid)$")
_OCCUPATIONS = frozenset(
    """
    nurse cook chef pilot doula vet judge clerk priest nun monk poet guide coach aide apprentice intern trainee dean
    fellow host crew guard scribe spy diplomat md cfo ceo cto head lead
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
_NO_OCCUPATIONS = frozenset(
    """
    father mother brother sister daughter grandfather grandmother godfather godmother stepfather stepmother parent
    grandparent widower teenager adult person man woman member owner partner lover smoker vegetarian patient stranger
    loner beginner runner citizen christian resident character winner loser believer fan diabetic alcoholic insomniac
    """.split()  # noqa: SIM905  # as above
)
