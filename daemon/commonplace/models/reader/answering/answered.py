"""An answer, before it is known whether it may be told. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from commonplace.models.reader.notes.scene import Match


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, the facts that it rests on, and how well they fit the question, 0 to 1."""

    said: str
    evidence: tuple[Match, ...]
    score: float


def mean(matches: Iterable[Match]) -> float:
    """Return the score of an answer that rests on some facts."""
    scores = [match.score for match in matches]
    return sum(scores) / len(scores) if scores else 0.0
