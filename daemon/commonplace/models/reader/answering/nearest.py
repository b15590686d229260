"""The fact that comes nearest to a question: it answers where it says nearly all, else it is named. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from commonplace.models.reader.language.words import best_likeness, words_of
from commonplace.models.reader.message.question import Part, Question
from commonplace.models.reader.notes.facts import Fact, NoteText, without_links

SAYS_IT = 0.7
"""The share of the question's words from which a fact answers it."""
FEWEST = 2
"""Words of the question that an answer must hold."""
SAME = 0.85


@dataclass(frozen=True, slots=True)
class Near:
    """A fact, and how much of the question its key and its value say, 0 to 1."""

    note: NoteText
    fact: Fact
    share: float
    said: int
    """The words of the question that the fact says."""
    by_key: int
    """Those of them that its key says."""
    names_it: bool
    """Whether its value says, word for word, something of what was asked for."""

    @property
    def answers(self) -> bool:
        """Whether it says so much of the question that it is an answer, and more than the question says."""
        return self.share >= SAYS_IT and self.said >= FEWEST and self.by_key > 0


def nearest(question: Question, about: Iterable[NoteText]) -> Near | None:
    """Return the fact of some notes that says most of a question, None where none says anything of it."""
    best: Near | None = None
    for note in about:
        names = words_of(f"{note.title} {note.stem}")
        asked = [t.word for t in question.terms if t.weight > 0.5 and best_likeness(t.word, names) < SAME]
        for_what = [t.word for t in question.terms if t.part is Part.ASKED and t.word in asked]
        for fact in note.statements if asked else ():
            if fact.links:
                continue
            value = words_of(without_links(fact.value))
            by_key = [word for word in asked if best_likeness(word, fact.key_words) >= SAME]
            by_value = [word for word in asked if word not in by_key and best_likeness(word, value) >= SAME]
            said = len(by_key) + len(by_value)
            names_it = any(best_likeness(word, value) >= 1 for word in for_what)
            one = Near(note, fact, said / len(asked), said, len(by_key), names_it)
            if said and (best is None or (one.share, one.by_key) > (best.share, best.by_key)):
                best = one
    return best
