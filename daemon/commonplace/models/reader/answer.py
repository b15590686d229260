"""How a finding is told: the value, with just enough around it to be a sentence, and where it stands."""

from collections.abc import Sequence

from commonplace.models.reader.facts import NoteText, without_links
from commonplace.models.reader.search import Finding


def tell(finding: Finding, titles: dict[str, str], *, yes_or_no: bool = False) -> str:
    """Return the sentence that answers with a fact."""
    value = without_links(finding.fact.value)
    key = spoken_key(finding.fact.key)
    owner = "Your" if finding.note.is_user else f"{finding.note.title}:"
    if yes_or_no and value.casefold() in _SPOKEN:
        return f"{_SPOKEN[value.casefold()]}: {key} is {value} ({finding.note.path})."
    if finding.note.is_user:
        verb = "are" if _is_plural(finding.fact.key) else "is"
        return f"{owner} {key} {verb} {value} ({finding.note.path})."
    return f"{owner} {key} is {value} ({finding.note.path})."


def ask_back(asked: str, looked_at: Sequence[NoteText]) -> str:
    """Return the question for what no note says, naming where it was looked for."""
    return f"I found nothing about that in {_places(looked_at)}. Can you tell me: {asked}?"


def _places(notes: Sequence[NoteText]) -> str:
    if len(notes) <= 2:
        return " and ".join(note.path for note in notes)
    return f"{notes[0].path} and {len(notes) - 1} other notes"


def spoken_key(key: str) -> str:
    """Return a key as words of a sentence: ``job_title`` gives "job title"."""
    spoken = " ".join(key.replace("_", " ").split()).casefold()
    return spoken.removeprefix("entity ")


def _is_plural(key: str) -> bool:
    last = key.split()[-1:] or [""]
    return last[0].casefold().endswith("s") and not last[0].casefold().endswith("ss")


_SPOKEN = {"true": "Yes", "yes": "Yes", "false": "No", "no": "No"}
