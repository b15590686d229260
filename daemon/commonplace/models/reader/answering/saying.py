"""Sentences for what was found in more than one fact: names, counts, yes and no, comparisons. Pure."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from commonplace.models.reader.answering import answer
from commonplace.models.reader.notes.facts import Fact, NoteText, without_links

if TYPE_CHECKING:
    from commonplace.models.reader.notes.scene import Match


def values(found: Sequence[tuple[NoteText, Fact]]) -> str:
    """Say one fact, or the same fact of several notes."""
    if len({note.path for note, _ in found}) == 1:
        note, fact = found[0]
        if len({fact.key for _, fact in found}) > 1:
            told = [answer.sentence(note, fact, without_links(fact.value).rstrip(".")) for _, fact in found]
            return answer.joined(told, note.path)
        joined = ", ".join(dict.fromkeys(without_links(fact.value).rstrip(".") for _, fact in found))
        return answer.sentence(note, fact, joined)
    said = dict.fromkeys(f"{_title(note)}: {without_links(fact.value)}" for note, fact in found)
    return f"{'; '.join(said)} ({_notes([fact for _, fact in found])})."


def contradiction(found: Sequence["Match"]) -> str:
    """Ask which of two values is right."""
    said = " and ".join(f"{answer.spoken_key(m.fact.key)}: {without_links(m.fact.value)}" for m in found)
    return f"{found[0].note.path} says {said}. Which is right?"


def which(named: Sequence[str]) -> str:
    """Ask which of several notes is meant."""
    return f"Two or more could be meant: {', '.join(named)}. Which do you mean?"


def quoted(path: str, sentence: str) -> str:
    """Say what a note says in its own words."""
    return f'{path} says: "{sentence}"'


def no_such_note(note: NoteText, fact: Fact) -> str:
    """Ask about what a link leads to that has no note."""
    whose = "Your" if note.is_user else f"{note.title}'s"
    said = f"{whose} {answer.spoken_key(fact.key)} is {without_links(fact.value)} ({note.path})"
    return f"{said}, which has no note. {answer.CAN_YOU_TELL}"


def name_in_parts(parts: Sequence["Match"]) -> str:
    """Say a name of which the note has the parts."""
    note = parts[0].note
    whose = "Your name" if note.is_user else f"{note.title}: name"
    return f"{whose} is {' '.join(match.fact.value for match in parts)} ({note.path})."


def names(called: Sequence[str], facts: Sequence[Fact]) -> str:
    """Say the names of what was meant, and where that stands."""
    return f"{', '.join(dict.fromkeys(called))} ({_notes(facts)})."


def counted(listed: Sequence[str], asked: str, facts: Sequence[Fact]) -> str:
    """Say how many there are, and which."""
    noun = answer.singular(asked) if len(listed) == 1 else asked
    return f"{len(listed)} {noun}: {', '.join(listed)} ({_notes(facts)})."


def measured(found: Sequence["Match"]) -> str:
    """Say who is over or under a number, each with what was held against it."""
    return f"{'; '.join(map(_measured, found))} ({_notes([match.fact for match in found])})."


def not_measured(found: Sequence["Match"]) -> str:
    """Say of whom a note tells when they were born and not how old they are."""
    return f"No age is told of {'; '.join(map(_measured, found))} ({_notes([match.fact for match in found])})."


def none_of(found: Sequence["Match"]) -> str:
    """Say that none is over or under a number, with what was held against it."""
    return f"None: {measured(found)}"


def no_row(called: str, among: int, note: NoteText) -> str:
    """Say that nothing of a table is so."""
    return f"None of the {among} {called} ({note.path})."


def summed(total: float, asked: str, found: Sequence["Match"]) -> str:
    """Say what there is of something all together, and what each has of it."""
    each = ", ".join(f"{_title(match.note)} {without_links(match.fact.value)}" for match in found)
    return f"{total:,.10g} {asked} together: {each} ({_notes([match.fact for match in found])})."


def whether(true: bool, note: NoteText, fact: Fact) -> str:
    """Say yes or no, and the fact that it rests on."""
    return f"{'Yes' if true else 'No'}: {answer.sentence(note, fact, without_links(fact.value))}"


def not_said(note: NoteText, fact: Fact) -> str:
    """Say that no note says what was asked, and what stands there instead."""
    return f"No note says so: {answer.sentence(note, fact, without_links(fact.value))}"


def most(note: NoteText, fact: Fact, among: int) -> str:
    """Say which of a group is most."""
    measured = f"{answer.spoken_key(fact.key)} {without_links(fact.value)}"
    return f"{_title(note)}: {measured}, among {among} that say it ({note.path})."


def compared(winner: "Match", loser: "Match", *, equal: bool) -> str:
    """Say which of two is more, with both values."""
    if equal:
        return f"Both are equal: {_measured(winner)}, {_measured(loser)} ({_notes([winner.fact, loser.fact])})."
    return f"{_measured(winner)}; {_measured(loser)} ({_notes([winner.fact, loser.fact])})."


def asserted(true: bool, one: "Match", other: "Match") -> str:
    """Say whether the first is more than the second, with both values."""
    said = f"{_measured(one)}; {_measured(other)}"
    return f"{'Yes' if true else 'No'}: {said} ({_notes([one.fact, other.fact])})."


def _measured(match: "Match") -> str:
    return f"{_title(match.note)}, {answer.spoken_key(match.fact.key)} {without_links(match.fact.value)}"


def _title(note: NoteText) -> str:
    return "You" if note.is_user else note.title


def _notes(facts: Sequence[Fact]) -> str:
    return " and ".join(list(dict.fromkeys(fact.note for fact in facts))[:3])
