"""Facts whose owner a question leaves out: "the wifi password", "when is the harbour trial due". Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from commonplace.models.reader.language.frames import ANY_KIND
from commonplace.models.reader.language.words import Word, best_likeness, words_of
from commonplace.models.reader.message.question import Question
from commonplace.models.reader.notes.facts import FRONTMATTER, Fact, NoteText
from commonplace.models.reader.notes.scene import Match, Scene

ALIKE = 0.85
"""The likeness from which a word of a key says a word of the question."""
ENOUGH = 0.72
"""The share of the question and of the key that each must find in the other."""


@dataclass(frozen=True, slots=True)
class Unowned:
    """The facts that go by the question's words as well as any."""

    matches: tuple[Match, ...]

    @property
    def says_all(self) -> bool:
        """Whether their key says all that is asked and nothing else."""
        return all(match.score >= 1 for match in self.matches)

    @property
    def notes(self) -> tuple[NoteText, ...]:
        """The notes that they stand in, each once."""
        return tuple({match.note.path: match.note for match in self.matches}.values())


def unowned(question: Question, scene: Scene) -> Unowned | None:
    """Return the facts that a question asks for by words of their key, their section and their note.

    A question that says whose it asks for, "my" or "that I use", leaves nothing out.
    """
    asked = [term.word for term in question.terms if term.word.text not in ANY_KIND | {"when", "where"}]
    if question.about_user or question.describes or not any(word.weight > 0.5 for word in asked):
        return None
    found = [
        Match(note, fact, share)
        for note in scene.everyone()
        for fact in note.statements
        if (share := _share(asked, fact, note, scene)) >= ENOUGH and _has_form(fact, question)
    ]
    best = max((match.score for match in found), default=0.0)
    alike = [match for match in found if match.score >= (1 if best >= 1 else best - 0.05)]
    return Unowned(tuple(alike)) if alike else None


def _share(asked: Sequence[Word], fact: Fact, note: NoteText, scene: Scene) -> float:
    """How much of the question the fact accounts for, and of its key the question, 0 to 1."""
    key = fact.key_words
    around = _around(fact, note, scene)
    by_key = [word for word in asked if best_likeness(word, key) >= ALIKE]
    rest = [word for word in asked if word not in by_key]
    by_place = [word for word in rest if best_likeness(word, around) >= ALIKE]
    if not any(word.weight > 0.5 for word in by_key) or any(
        word.weight > 0.5 and word not in by_place for word in rest
    ):
        return 0.0
    told = _weight(by_key) + 0.9 * _weight(by_place)
    unasked = [word for word in key if not best_likeness(word, asked) and not best_likeness(word, around)]
    return told / (_weight(asked) + 0.5 * _weight(unasked))


def _around(fact: Fact, note: NoteText, scene: Scene) -> tuple[Word, ...]:
    """Return the words that say where a fact stands: its section, its note's names, kinds and relations."""
    section = words_of(fact.section) if fact.section != FRONTMATTER else ()
    known = scene.known
    if note.is_user:
        return section
    return (*section, *known.called(note.path), *known.roles(note.path), *known.linked_as(note.path))


def _has_form(fact: Fact, question: Question) -> bool:
    return question.wants is None or bool(question.wants.match(fact.value))


def _weight(words: Sequence[Word]) -> float:
    return sum(word.weight for word in words)
