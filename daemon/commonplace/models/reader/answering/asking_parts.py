"""Parts of the patterns that questions are read by. Pure."""

from collections.abc import Callable, Iterator

from commonplace.models.reader.answering.readings import Reading

Read = Callable[[dict[str, str], str], Iterator[Reading]]
"""Reads the groups of a pattern that matched, and the whole text."""
IS = r"(?:is|are|was|were|am)"
DO = r"(?:do|does|did|has|have|had|can|could|will|would|should|may|might|must|am)"
AUX = rf"(?:{IS}|{DO})"
OTHER = r"(?!(?:is|are|was|were|am|do|does|did|has|have|had|can|will|should|of|the|that|which|who)\b)[^@ ]+"
NOUN = rf"{OTHER}(?: {OTHER}){{0,3}}?"
PREP = r"(?:(?:in|on|at|from|for|to|with|of|by|under)\s+)?"
FORMS = {"where": "place", "when": "date", "until": "date", "since": "date", "who": "name"}
"""What a value must look like, by the word that asks for it."""
