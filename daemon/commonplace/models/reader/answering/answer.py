"""What is said: the value with just enough around it to be a sentence, and the note it stands in. Pure."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from commonplace.models.reader.answering.search import Finding
from commonplace.models.reader.language.doings import DOINGS, plain_verb
from commonplace.models.reader.language.verbs import predicate
from commonplace.models.reader.message.question import Question
from commonplace.models.reader.notes.facts import Fact, NoteText, without_links

if TYPE_CHECKING:
    from commonplace.models.reader.changing.draft import Done

MOST_SAID = 400
"""Characters of a summary."""
MOST_NAMED = 3
"""Notes that a question back names."""

WHO_I_AM = (
    "I am the reader that comes with Commonplace, not a language model: I look for facts and links in your notes "
    'and answer with what stands there. Ask me "What is my ...?" or tell me "My ... is ...".'
)
GREETING = 'Hello. Ask me about your notes, or tell me something to keep, such as "My hobby is ...".'
NOTHING_ASKED = "I saw no words in that. What would you like to know or to note down?"
FIRST_RUN = 'I know nothing about you yet: there is no user.md. Tell me: "My name is ...", and I will begin it.'
BEGUN = "Done: user.md is begun. You can open it in Obsidian, and tell me more whenever you like."
ASK_WHOM = "I do not know whom you mean. Can you say the name?"
NOT_CHANGED = "Then I leave everything as it is."
HOW_TO_UNDO = (
    "I cannot take a turn back myself. Press Undo at the change, or type in a terminal: commonplace undo"
    " (your own lines stay)."
)
FORBIDDEN = "A filter forbids me to tell that."
WHAT_TO_WRITE = "A filter forbids me to tell what stands there. What shall I write?"
DONE = "Done. A filter forbids me to tell what stood there."


def tell(finding: Finding, question: Question) -> str:
    """Return the sentence that answers with a fact."""
    value = without_links(finding.fact.value).rstrip(".")
    spoken = _SPOKEN.get(value.casefold()) if question.yes_or_no else None
    return f"{f'{spoken}. ' if spoken else ''}{sentence(finding.note, finding.fact, value)}"


def sentence(note: NoteText, fact: Fact, value: str) -> str:
    """Return a value with just enough around it, and the note that it stands in."""
    key, who = spoken_key(fact.key), "You" if note.is_user else note.title
    said = predicate(key, of_user=note.is_user)
    if said:
        return f"{who} {said} {value} ({note.path})."
    if key.split()[-1:] and key.split()[-1] in _PREPOSITIONS:
        return f"{who}: {key} {value} ({note.path})."
    if _is_plural(fact.key) and _COUNT.fullmatch(value):
        return (
            f"{who} {'have' if note.is_user else 'has'} {value} {key if value != '1' else singular(key)} ({note.path})."
        )
    if key in DOINGS or key in _FEELINGS:
        return f"{f'You {plain_verb(key)}' if note.is_user else f'{note.title} {key}'} {value} ({note.path})."
    owner = "Your" if note.is_user else f"{note.title}'s"
    return f"{owner} {key} {'are' if _is_plural(fact.key) else 'is'} {value} ({note.path})."


def joined(sentences: Sequence[str], path: str) -> str:
    """Join sentences about one note, which stand in the same place: "Your son is ..., your daughter is ..."."""
    first, *others = [one.removesuffix(f" ({path}).") for one in sentences]
    more = [f"y{one[1:]}" if one.startswith("You") else one for one in others]
    return f"{', '.join((first, *more))} ({path})."


def singular(words: str) -> str:
    """Return a noun for one of what it names: "children" gives "child"."""
    for ending, one in (("children", "child"), ("people", "person"), ("wives", "wife"), ("lives", "life")):
        if words.endswith(ending):
            return words.removesuffix(ending) + one
    if words.endswith("ies") and len(words) > 4:
        return f"{words[:-3]}y"
    if re.search(r"(?:ch|sh|ss|x)es$", words):
        return words[:-2]
    return words.removesuffix("s") if not words.endswith(("ss", "us", "is")) else words


def ask_back(
    question: Question,
    looked_at: Sequence[NoteText],
    about: Sequence[NoteText] = (),
    nearest: Fact | None = None,
    wanted: str = "",
) -> str:
    """Return the question for what no note says, naming where it was looked for, whom it is about and what is near.

    ``wanted`` is what a note would call it, "" where the question has no word for that.
    """
    asks = _HOW_OR_WHY.match(question.text)
    missing = f"no {wanted}" if wanted else f"nothing that says {asks[1].casefold() if asks else 'so'}"
    if about:
        called = " and ".join(f"{note.title} ({note.path})" for note in about[:MOST_NAMED])
        near = f", only {spoken_key(nearest.key)}: {without_links(nearest.value)}" if nearest else ""
        return f"I looked at {called} and found {missing}{near}. {CAN_YOU_TELL}"
    return f"I looked in {_places(looked_at)} and found {missing}. {CAN_YOU_TELL}"


def asks_back(reply: str) -> bool:
    """Say whether a reply asked back for something that no note says."""
    return reply.endswith(CAN_YOU_TELL)


def ask_back_unread(failure: str) -> str:
    """Return the question where the note that could say it cannot be read."""
    return f"I could not read the note that may say it: {failure} {CAN_YOU_TELL}"


def more_unread(failure: str) -> str:
    """Say that a note that may say more cannot be read."""
    return f"There may be more that I could not read: {failure}"


def ask_which(candidates: str) -> str:
    """Return the question which of several notes is meant."""
    return f"I changed nothing, since several notes could be meant: {candidates}. Which one is it?"


def no_note_about(who: str) -> str:
    """Say that there is no note of that name, and ask who is meant."""
    return f"I found no note about {who}. Do you know it by another name?"


def tie(note: NoteText, relation: Fact, holder: NoteText) -> str:
    """Say how somebody is tied to whoever's note names them: "Otto Brand is your friend (user.md)."."""
    key, who = spoken_key(relation.key), "You" if holder.is_user else holder.title
    said = predicate(key, of_user=holder.is_user)
    if not said and holder.is_user and key.split()[-1] in _PREPOSITIONS:
        said = key
    if said:
        return f"{who} {said} {note.title} ({holder.path})."
    return f"{note.title} is {'your' if holder.is_user else f'{who}{_OWNS}'} {singular(key)} ({holder.path})."


def summary(note: NoteText, told: Sequence[Fact]) -> str:
    """Return what a note says, as far as it fits into a few lines, and how much more stands there."""
    if not told:
        return f"{note.path} says nothing else."
    said, more = f"{'You' if note.is_user else note.title} ({note.path}):", len(told)
    for fact in told:
        piece = f" {spoken_key(fact.key)}: {without_links(fact.value)};"
        if len(said) + len(piece) > MOST_SAID - len(_MORE):
            break
        said, more = said + piece, more - 1
    rest = _MORE.format(more=f"{more:,}", facts="facts" if more > 1 else "fact", path=note.path) if more else "."
    return said.rstrip(":;") + rest


def propose(done: "Sequence[Done]") -> str:
    """Return the question whether what contradicts the notes shall be written."""
    return " ".join(_proposed(one) for one in done)


def _proposed(one: "Done") -> str:
    key = spoken_key(one.key)
    if one.is_whole:
        return f"{one.path} is about {_said(one.old)}. Shall I delete it, with all that it says and the links to it?"
    if one.old is None and key == "note":
        return f'Shall I note in {one.path}: "{_said(one.new)}"?'
    if one.old is None:
        return f"Shall I note {key}: {_said(one.new)} in {one.path}?"
    if one.new is None:
        return f"{one.path} says {key}: {_said(one.old)}. Shall I take it out?"
    return f"{one.path} says {key}: {_said(one.old)}. Shall I change it to {_said(one.new)}?"


def ask_value(fact: Fact) -> str:
    """Ask what a fact shall say."""
    return f"{fact.note} says {spoken_key(fact.key)}: {_said(fact.value)}. {_TO_WHAT}"


def asks_value(reply: str) -> bool:
    """Say whether a reply asked what a fact shall say."""
    return reply.endswith(_TO_WHAT)


def ask_whether(fact: Fact) -> str:
    """Name what a remark touches on, and ask whether anything is to be changed."""
    return (
        f"{fact.note} says {spoken_key(fact.key)}: {_said(fact.value)}. Is that still right, or shall I note something?"
    )


def ask_whether_as_well(fact: Fact, doing: str) -> str:
    """Name what a remark touches on, and ask whether what it tells of joins it or takes its place."""
    said = f"{fact.note} says {spoken_key(fact.key)}: {_said(fact.value)}."
    return f"{said} Should I add {doing}, or put it in its place?"


def offered(reply: str) -> tuple[str, str, str] | None:
    """Return the note, the key and the value of which a reply asked whether it joins or takes the place."""
    found = _OFFER.fullmatch(reply)
    return (found["path"], found["key"], found["value"]) if found else None


def proposes(reply: str) -> bool:
    """Say whether a reply asked for leave to change something."""
    return _PROPOSAL.search(reply) is not None


def too_long(path: str) -> str:
    """Say that a note is longer than what is read at once, so that nothing new is written into it."""
    return (
        f"{path} is too long for me to read whole, and might say so already: I changed nothing."
        " Write it there by hand, or part the note in two."
    )


def known_already(one: "Done") -> str:
    """Say that what was told stands in the notes."""
    return f"I know: {spoken_key(one.key)} is {_said(one.old)} ({one.path})."


def changed(done: "Sequence[Done]") -> str:
    """Say what stands in the notes now."""
    last = {(one.path, one.key): one for one in done if one.old != one.new or one.is_whole}
    return f"Done: {'; '.join(_done(one) for one in last.values())}."


def renamed(old: str, new: str, path: str) -> str:
    """Say that a name is corrected."""
    return f"Done: {old} is called {new} now, in {path} and in every note that I found to name it."


def name_is_taken(name: str, path: str) -> str:
    """Say that a note bears a name already, and ask."""
    return f"I changed nothing, since {path} is about {name} already. Are the two the same?"


def _done(one: "Done") -> str:
    if one.is_whole:
        return f"{one.path} is deleted, and the links to it"
    if one.new is None:
        return f"{one.path} no longer says {spoken_key(one.key)}: {_said(one.old)}"
    return f"{one.path} now says {spoken_key(one.key)}: {_said(one.new)}"


def _said(value: str | None) -> str:
    return without_links(value or "").rstrip(".")


def not_read(failure: str) -> str:
    """Say that the notes could not be looked at, and why."""
    return f"I could not read your notes: {failure}"


def not_written(failure: str) -> str:
    """Say that nothing changed, and why. What a tool tells models about the user is turned to the user."""
    if "user rejected this change" in failure:
        return "I changed nothing, since you did not allow it. What shall I write instead?"
    if "session is read-only" in failure:
        return "I changed nothing, since this session is read-only."
    return f"I changed nothing: {failure}"


def ask_what() -> str:
    """Return the question what a message is meant to change."""
    return (
        "I changed nothing, since I am not sure what you want me to keep. "
        'Shall I note something? Then say it as "My ... is ..." or "Change my ... to ...".'
    )


def ask_what_to_forget() -> str:
    """Return the question what is to be forgotten."""
    return "I deleted nothing, since I found no such fact in user.md. Which line shall I take out?"


def spoken_key(key: str) -> str:
    """Return a key as words of a sentence: ``job_title`` gives "job title"."""
    return " ".join(key.replace("_", " ").split()).casefold().removeprefix("entity ").removeprefix("user ")


def _places(notes: Sequence[NoteText]) -> str:
    if len(notes) <= 2:
        return " and ".join(note.path for note in notes)
    return f"{notes[0].path} and {len(notes) - 1} other notes"


def _is_plural(key: str) -> bool:
    last = key.casefold().split()[-1:] or [""]
    return last[0] in ("children", "people") or (last[0].endswith("s") and not last[0].endswith(("ss", "us", "is")))


CAN_YOU_TELL = "Can you tell me?"
_OFFER = re.compile(
    r"(?P<path>\S.*?\.md) says (?P<key>[^:]+): .*\. Should I add (?P<value>.+), or put it in its place\?", re.DOTALL
)
_PROPOSAL = re.compile(r"\bShall I (?:change|take|note|delete)\b")
_PREPOSITIONS = frozenset({"at", "by", "for", "from", "in", "of", "on", "to", "under", "with", "until", "since"})
"""What ends a key that says how somebody is related rather than what they have: ``married_to``."""
_OWNS = "'s"
_MORE = "; {more} more {facts} in {path}."
_COUNT = re.compile(r"\d{1,3}(?:,?\d{3})*")
_HOW_OR_WHY = re.compile(
    r"\W*(how(?= (?:do|does|did|can|could|is|are|was|were|should|to)\b)|why|where|when)\b", re.IGNORECASE
)
_TO_WHAT = "To what shall I change it?"
_FEELINGS = frozenset(("owes", "hates", "loves", "likes", "knows", "wants", "needs", "speaks", "prefers"))
_SPOKEN = {"true": "Yes", "yes": "Yes", "false": "No", "no": "No"}
