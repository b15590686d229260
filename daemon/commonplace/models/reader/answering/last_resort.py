"""What is said where no reading of a question fits. Pure.

A fact whose owner is left out, a sentence of a note, or a question back that names what was found by looking.
"""

import re
from collections.abc import Sequence

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer, saying
from commonplace.models.reader.answering.asking import readings
from commonplace.models.reader.answering.calling import facts_called
from commonplace.models.reader.answering.nearest import nearest
from commonplace.models.reader.answering.phrase import ActedOn, Acting, Kind, Named, Phrase, Related, subjects
from commonplace.models.reader.answering.quoting import Quote, quote
from commonplace.models.reader.answering.readings import Counted, Reading, Things, Value
from commonplace.models.reader.answering.relating import meant
from commonplace.models.reader.answering.unowned import Unowned, unowned
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.language.words import words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.message.question import Question
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import Fact, NoteText, stem_of_path, without_links
from commonplace.models.reader.notes.memory import KnownNotes
from commonplace.models.reader.notes.scene import Match, Meant, Scene, is_any_kind
from commonplace.models.reader.withholding.filters import forbids, forbids_asking


def last_resort(question: Question, conversation: Conversation, known: KnownNotes) -> Move:
    """Answer from what else the notes say, or ask back and name what was found by looking."""
    scene = Scene(known, mark_names(conversation.question, known).paths)
    found = unowned(question, scene)
    if found:
        return _from_fact(found, conversation)
    about = spoken_of(conversation.question, known)
    if conversation.searches and question.terms and not blocks.has_searched(conversation.steps):
        words = " ".join(term.word.text for term in question.terms)
        return Move("No fact says it: I search all notes for the words.", code=blocks.find_block(words))
    lines = blocks.lines_found(conversation.steps)
    named = _named_outside(question, lines, known)
    if named and len(conversation.steps) < MOST_STEPS:
        return Move(f"{named} is what you name: I follow a link there.", code=blocks.follow_block(named))
    held = _holding(question, lines)
    if held:
        return _from_quote(held, conversation, known)
    sentence = quote(question, known, [note.path for note in about], lines)
    if sentence:
        return _from_quote(sentence, conversation, known)
    near = nearest(question, about)
    if near and near.answers:
        return _from_fact(Unowned((Match(near.note, near.fact, near.share),)), conversation)
    dangling = _dangling(conversation.question, known)
    if dangling:
        return Move("The link leads to no note, so I ask.", reply=saying.no_such_note(*dangling))
    if forbids_asking(conversation.filters, question):
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    called = _ASKS_WHO.match(conversation.question)
    if called and not about:
        return _named_in_passing(called["name"], conversation, known)
    several = _described_by_nothing(conversation.question, known)
    if several:
        return Move("The description fits none more than the others, so I ask.", reply=saying.which(several))
    notes = tuple(known.notes.values())
    told = near.fact if near and near.names_it and not forbids(conversation.filters, near.note, near.fact) else None
    return Move(
        "No note that I can reach says it, so I ask.",
        reply=answer.ask_back(question, notes, about, told, _wanted(conversation.question, known)),
    )


def _wanted(message: str, known: KnownNotes) -> str:
    """Return the noun for what a question asks for, "" where it has none: "job" in "what is my sister's job"."""
    marked = mark_names(message, known)
    if re.match(r"how old\b", marked.text):
        return "age"
    for reading in readings(marked.text):
        match reading:
            case Value(asked=asked, verb="") if asked and not asked.startswith("how"):
                return asked
            case Counted(asked=asked):
                return f"number of {asked}"
            case Things(Related(words)):
                return words
            case _:
                pass
    named = _WHAT_IS.match(marked.text)
    return named["what"] if named else {"where": "place", "when": "date"}.get(marked.text.split(" ")[0], "")


def _named_in_passing(name: str, conversation: Conversation, known: KnownNotes) -> Move:
    """Tell whose fact names somebody who has no note."""
    found = [
        Match(note, fact, 1.0)
        for note in known.notes.values()
        for fact in note.facts
        if re.search(rf"\b{re.escape(name)}\b", without_links(fact.value))
    ]
    if not found:
        return Move(f"No note is about {name}.", reply=answer.no_note_about(name))
    return _from_fact(Unowned(tuple(found[:1])), conversation)


def _named_outside(question: Question, lines: Sequence[tuple[str, str]], known: KnownNotes) -> str | None:
    """Return the note, of those that were found and not read, whose name the question says."""
    said = {term.word.stem for term in question.terms}
    for path in dict.fromkeys(path for path, _ in lines):
        name = words_of(stem_of_path(path))
        if path not in known.notes and name and all(word.stem in said for word in name):
            return path
    return None


def _holding(question: Question, lines: Sequence[tuple[str, str]]) -> Quote | None:
    """Return the line that holds a number or a code that the question names: "whose licence is RR-1024-C"."""
    codes = [code.casefold() for code in _CODE.findall(question.text)] if _WHOSE.match(question.text) else []
    held = [(path, line) for path, line in lines if any(code in line.casefold() for code in codes)]
    return Quote(held[0][0], without_links(held[0][1].lstrip("-*+ ")), 1.0) if len(held) == 1 else None


def spoken_of(message: str, known: KnownNotes) -> list[NoteText]:
    """Return the notes that a question is about, other than the user's: whose blood type is asked for.

    Those that lead to one come after it: "the kettle of the ticket" is about both.
    """
    marked = mark_names(message, known)
    for reading in readings(marked.text):
        scene, phrase = Scene(known, marked.paths), _owner(reading)
        found: dict[str, NoteText] = {}
        while phrase is not None:
            if not isinstance(phrase, Named) or found:
                paths = [one.path for one in meant(phrase, scene) if one.path in known.notes and one.path != "user.md"]
                found |= {path: known.notes[path] for path in paths}
            phrase = _inside(phrase)
        if found:
            return list(found.values())
    scene = Scene(known, marked.paths)
    doing = _DOING.match(marked.text)
    for subject, _ in subjects(doing["rest"], determined=True) if doing else ():
        others = [one.path for one in meant(subject, scene) if one.path in known.notes and one.path != "user.md"]
        if others:
            return [known.notes[path] for path in others]
    return [known.notes[path] for path in marked.paths[1:] if path in known.notes]


def _owner(reading: Reading) -> Phrase | None:
    match reading:
        case Value() | Counted():
            return reading.of
        case Things(phrase):
            return _inside(phrase)
        case _:
            return None


def _inside(phrase: Phrase) -> Phrase | None:
    """Return what a phrase says its own of: the lecturer, in "the office hour of the lecturer"."""
    match phrase:
        case Related(of=of) | Acting(agent=of) | ActedOn(target=of):
            return of
        case _:
            return None


def _described_by_nothing(message: str, known: KnownNotes) -> list[str]:
    """Return what could be meant by a description that no note bears out: "the supervisor who signs this form"."""
    marked = mark_names(message, known)
    for reading in readings(marked.text):
        phrase = _owner(reading)
        while isinstance(phrase, Related):
            phrase = phrase.of
        if not isinstance(phrase, Acting | ActedOn) or not phrase.kind or is_any_kind(phrase.kind):
            continue
        scene = Scene(known, marked.paths)
        if meant(phrase, scene):
            continue
        own = facts_called(phrase.kind, Meant("user.md", 1.0), scene)
        paths = [path for match in own for path in scene.targets(match.fact)]
        paths = paths or [one.path for one in meant(Kind(phrase.kind), scene)]
        named = [known.notes[path] for path in dict.fromkeys(paths) if path in known.notes]
        if len(named) > 1:
            return [f"{note.title} ({note.path})" for note in named]
    return []


def _dangling(message: str, known: KnownNotes) -> tuple[NoteText, Fact] | None:
    """Return the fact that a question goes through and that links to no note."""
    marked = mark_names(message, known)
    scene = Scene(known, marked.paths)
    for reading in readings(marked.text):
        phrase = _owner(reading)
        for owner in meant(phrase.of, scene) if isinstance(phrase, Related) else ():
            for match in facts_called(phrase.words, owner, scene) if isinstance(phrase, Related) else ():
                if match.fact.links and not list(scene.targets(match.fact)) and known.lists_all:
                    return match.note, match.fact
    return None


def _from_fact(found: Unowned, conversation: Conversation) -> Move:
    if any(forbids(conversation.filters, match.note, match.fact) for match in found.matches):
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    if len(found.notes) > 1:
        named = [f"{note.title} ({note.path})" for note in found.notes]
        return Move("Several notes say one, so I ask which is meant.", reply=saying.which(named))
    first = found.matches[0]
    values = {match.fact.value for match in found.matches}
    is_list = all(match.fact.is_item for match in found.matches) and len(values) > 1
    if is_list:
        said = saying.values([(match.note, match.fact) for match in found.matches])
    else:
        said = saying.contradiction(found.matches) if len(values) > 1 else _said(first)
    return Move(f'{first.note.path} says it under "{answer.spoken_key(first.fact.key)}".', reply=said)


def _said(match: Match) -> str:
    return answer.sentence(match.note, match.fact, without_links(match.fact.value).rstrip("."))


def _from_quote(found: Quote, conversation: Conversation, known: KnownNotes) -> Move:
    note = known.notes.get(found.path)
    fact = Fact(found.path, "", found.text, found.text, found.text, found.number, ())
    stand_in = note or NoteText(found.path, found.text, found.path, (), ())
    if forbids(conversation.filters, stand_in, fact):
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    return Move(f"A sentence in {found.path} holds the words.", reply=saying.quoted(found.path, found.text))


_DOING = re.compile(r"(?:what|who|where|when|how)(?: \w+)? (?:do|does|did|has|have|had|is|are|was|were) (?P<rest>.+)")
_ASKS_WHO = re.compile(r"\W*[Ww]ho(?: is| was|['’]s) (?P<name>[A-Z][\w'-]*(?: [A-Z][\w'-]*)*)\W*$")
_WHAT_IS = re.compile(
    r"(?:what|who) (?:is|are|was|were) (?:the |@\d+ 's )(?P<what>[^@]+?)(?: (?:in|of|at|for|on|with)\b.*)?$"
)
_CODE = re.compile(r"(?<!\w)(?=[\w-]*\d)[\w-]{4,}(?!\w)")
_WHOSE = re.compile(r"\W*(?:whose|who|which|what)\b", re.IGNORECASE)
MOST_STEPS = 8
"""Blocks of a turn from which no other note is followed."""
