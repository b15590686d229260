"""Answering a question: look where the question's words lead, until a note says it or none is left. Pure."""

import re
from collections.abc import Sequence
from dataclasses import replace

from commonplace.models.reader import blocks
from commonplace.models.reader.answering import answer, saying
from commonplace.models.reader.answering.asking import readings
from commonplace.models.reader.answering.calling import ENOUGH
from commonplace.models.reader.answering.choosing_rows import answer_about_rows
from commonplace.models.reader.answering.introducing import introduced
from commonplace.models.reader.answering.last_resort import last_resort
from commonplace.models.reader.answering.naming import look_for_named
from commonplace.models.reader.answering.readings import Counted, Having, Most, Summed
from commonplace.models.reader.answering.resolving import Answer, resolve
from commonplace.models.reader.answering.search import BY_NAME, Finding, Lead, findings, leads
from commonplace.models.reader.answering.unowned import unowned
from commonplace.models.reader.conversation import Conversation
from commonplace.models.reader.language.matching import is_agent
from commonplace.models.reader.language.verbs import is_verb
from commonplace.models.reader.language.words import Word, best_likeness, make_word, wordings_of, words_of
from commonplace.models.reader.message.names import mark_names
from commonplace.models.reader.message.question import Question, read_question
from commonplace.models.reader.message.splitting import parts_of
from commonplace.models.reader.move import Move
from commonplace.models.reader.notes.facts import Fact
from commonplace.models.reader.notes.memory import Hop, KnownNotes
from commonplace.models.reader.notes.scene import Scene
from commonplace.models.reader.withholding.filters import forbids

MOST_LOOKS = 7
MOST_NOTES_AT_ONCE = 8
FEW_NOTES = 8
MANY_NOTES = 40
"""Unread notes up to which all are read for a question that only the whole memory answers."""
MOST_LIKELY = 3
MOST_WORDS = 24
CLEAR = 0.8
"""The score of an answer that needs no further looking."""
WELL_ACCOUNTED = 0.75
"""The share of the question's words from which an answer needs no further looking."""


def answer_question(conversation: Conversation, known: KnownNotes) -> Move:
    """Decide on the next look, or on the answer."""
    parts = parts_of(conversation.question)
    if len(parts) > 1:
        return _answer_each(parts, conversation, known)
    named = look_for_named(conversation, known) if len(conversation.steps) < MOST_LOOKS else None
    introduction = named or introduced(conversation, known)
    if introduction:
        return introduction
    unclear = mark_names(conversation.question, known).unclear
    if unclear:
        return Move("The name fits more than one note, so I ask.", reply=saying.which(unclear))
    told = _told_of_nested(conversation.question, known)
    if told and not forbids(conversation.filters, known.notes[told.note], told):
        note = known.notes[told.note]
        return Move(f"{note.path} says it under whom it is of.", reply=answer.sentence(note, told, told.value))
    question = read_question(conversation.question)
    scene, understood = understand(conversation.question, known)
    if understood and understood.score >= CLEAR and not scene.needs_all:
        return _understood(understood, conversation)
    found = findings(question, known)
    best = next(
        (one for one in found[:MOST_LIKELY] if one.is_sure and _heeds_whose(one, conversation.question, known)), None
    )
    if best and best.accounted > WELL_ACCOUNTED and not understood and not _wanted(scene, known):
        return _told(best, question, conversation)
    if len(conversation.steps) < MOST_LOOKS:
        needs_all = scene.needs_all or not (understood or best)
        look = _wanted(scene, known) or _next_look(question, known, conversation, needs_all=needs_all)
        if look:
            return look
    if understood and not _is_surpassed(understood, question, scene):
        return _understood(understood, conversation)
    unreadable = blocks.unreadable(conversation.steps)
    if unreadable:
        return Move("A note that may say it cannot be read, so I ask.", reply=answer.ask_back_unread(unreadable))
    if best:
        return _told(best, question, conversation)
    return last_resort(question, conversation, known)


def _told_of_nested(message: str, known: KnownNotes) -> Fact | None:
    """Return the fact that stands indented under whom a question names, where it says all that is asked."""
    asked = [word for word in words_of(message) if word.weight > 0.5]
    for note in known.notes.values():
        for fact in note.nested:
            own = words_of(fact.key.partition("'s ")[2])
            named = [word for name in fact.of for word in words_of(name) if best_likeness(word, asked) >= 1]
            rest = [word for word in asked if best_likeness(word, named) < 1]
            if named and rest and own and all(best_likeness(word, own) >= 0.85 for word in rest):
                return fact
    return None


def _is_surpassed(understood: Answer, question: Question, scene: Scene) -> bool:
    """Say whether keys of other notes say the whole question: "office hour" is no hour of the office."""
    found = unowned(question, scene)
    evidence = {match.fact for match in understood.evidence}
    return found is not None and found.says_all and evidence.isdisjoint(match.fact for match in found.matches)


def _answer_each(parts: Sequence[str], conversation: Conversation, known: KnownNotes) -> Move:
    """Answer several questions in one reply, once nothing is left to look at for any."""
    moves = [answer_question(replace(conversation, question=part), known) for part in parts]
    look = next((move for move in moves if move.code), None)
    if look:
        return look
    return Move(moves[0].thought, reply=" ".join(dict.fromkeys(move.reply for move in moves)))


def _heeds_whose(finding: Finding, message: str, known: KnownNotes) -> bool:
    """Say whether a finding is about whom the question names: not my own address where my mother's is asked for."""
    marked = mark_names(message, known)
    about = {finding.note.path, *(hop.target for hop in finding.way)}
    about |= {path for target in finding.fact.links if (path := known.resolve(target))}
    if not about.issuperset(marked.paths[1:]):
        return False
    whose = re.search(r"@0 's ([^\s@]+)(?= [^\s@])", marked.text)
    words = words_of(whose[1]) if whose else ()
    keys = (*finding.fact.key_words, *(word for hop in finding.way for word in _hop_words(hop, known)))
    said = words_of(message)
    hops = [hop for hop in finding.way if hop.relation.key]
    if any(not any(best_likeness(word, said) for word in _hop_words(hop, known)) for hop in hops):
        return False
    if _only_names_whom(finding, marked.text) or _is_turned_round(finding, marked.text):
        return False
    return all(best_likeness(word, keys) > 0 for word in words if word.weight > 0.5)


def _only_names_whom(finding: Finding, marked: str) -> bool:
    """Say whether a finding tells no more than of whom the question asks something else: "what does my sister do"."""
    asks = _ASKS_OF_SOMEBODY.match(marked)
    if not asks or not finding.fact.links or finding.way:
        return False
    asked = [word for word in words_of(asks["rest"]) if word.text not in ("where", "when")]
    if best_likeness(make_word("location"), finding.fact.key_words) or not asked:
        return False
    return all(best_likeness(word, finding.fact.key_words) > 0 or word.weight < 0.5 for word in asked)


def _is_turned_round(finding: Finding, marked: str) -> bool:
    """Say whether whom somebody supervises is told for their supervisor."""
    asked = re.search(r"@\d+ 's ([^@ ]+)$", marked)
    does = answer.spoken_key(finding.fact.key).split()[:1]
    return asked is not None and is_agent(asked[1]) and bool(does) and is_verb(does[0])


def _hop_words(hop: Hop, known: KnownNotes) -> Sequence[Word]:
    return (*hop.relation.key_words, *known.called(hop.target), *known.roles(hop.target))


def understand(message: str, known: KnownNotes) -> tuple[Scene, Answer | None]:
    """Return the best answer among the readings of a question, with the notes that it would still need."""
    marked = mark_names(message, known)
    whole, best = Scene(known, marked.paths), None
    for reading in readings(marked.text):
        scene = Scene(known, marked.paths)
        found = resolve(reading, scene)
        whole.wanted |= scene.wanted
        if isinstance(reading, Having) and _ASKS_FOR_A_NAME.match(message):
            continue
        if found and found.score >= ENOUGH and (best is None or best.score < found.score):
            unread = isinstance(reading, Most | Having | Summed | Counted) and bool(scene.wanted.keys() - known.missing)
            whole.needs_all, best = scene.needs_all or unread, found
    of_rows = answer_about_rows(message, whole)
    if of_rows and (best is None or best.score <= of_rows.score):
        whole.needs_all, best = False, of_rows
    for path in marked.paths[1:]:
        if path not in known.notes:
            whole.wanted.setdefault(path, BY_NAME)
    return whole, best


def _understood(found: Answer, conversation: Conversation) -> Move:
    if any(forbids(conversation.filters, match.note, match.fact) for match in found.evidence):
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    where = found.evidence[0]
    unreadable = blocks.unreadable(conversation.steps)
    said = f"{found.said} {answer.more_unread(unreadable)}" if unreadable and where.fact.links else found.said
    return Move(f'{where.note.path} says it under "{answer.spoken_key(where.fact.key)}".', reply=said)


def _wanted(scene: Scene, known: KnownNotes) -> Move | None:
    """Read what the question's words lead to."""
    wanted = [path for path in scene.wanted if path not in known.notes and path not in known.missing]
    if not wanted:
        return None
    return _follow([Lead(path, scene.wanted[path], 1.0) for path in wanted])


def _told(finding: Finding, question: Question, conversation: Conversation) -> Move:
    key = answer.spoken_key(finding.fact.key)
    if forbids(conversation.filters, finding.note, finding.fact):
        return Move("A filter forbids what was asked for.", reply=answer.FORBIDDEN)
    return Move(f'{finding.note.path} says it under "{key}".', reply=answer.tell(finding, question))


def _next_look(question: Question, known: KnownNotes, conversation: Conversation, *, needs_all: bool) -> Move | None:
    """Follow what the question names; then look for what links to it; then what the user's note links to."""
    ahead = leads(question, known)
    named = [lead for lead in ahead if lead.score > 0]
    if named:
        return _follow(named)
    if 0 < len(known.unread) <= (MANY_NOTES if needs_all else FEW_NOTES):
        paths = list(known.unread[:MOST_NOTES_AT_ONCE])
        return Move(f"I read {_listed(paths)}: they may link to what I know.", code=blocks.read_block(paths))
    if question.describes:
        return _look_for_backlinks(question, known, conversation)
    near = [lead for lead in ahead if lead.relation.note == "user.md"]
    return _follow(near) if near and len(conversation.steps) == 1 else None


def _follow(ahead: Sequence[Lead]) -> Move:
    paths = [lead.path for lead in ahead[:MOST_NOTES_AT_ONCE]]
    relation = ahead[0].relation
    why = f'"{answer.spoken_key(relation.key)}" in {relation.note} leads there' if relation.key else "you name it"
    return Move(f"I read {_listed(paths)}: {why}.", code=blocks.read_block(paths))


def _look_for_backlinks(question: Question, known: KnownNotes, conversation: Conversation) -> Move | None:
    """In a large memory, search inside the python for notes that link to the ones the question leads to."""
    hits = blocks.backlinks_found(conversation.steps)
    if hits is not None:
        paths = [path for path in hits if path not in known.notes][:MOST_NOTES_AT_ONCE]
        return Move(f"I read {_listed(paths)}, which link there.", code=blocks.read_block(paths)) if paths else None
    followed = next((finding for finding in findings(question, known) if finding.way), None)
    if followed is None or not question.describes:
        return None
    note = followed.note
    return Move(f"I look for notes that link to {note.path}.", code=blocks.backlinks_block(note.stem))


def _listed(paths: Sequence[str]) -> str:
    return " and ".join(paths) if len(paths) < 3 else f"{', '.join(paths[:-1])} and {paths[-1]}"


def search_words(message: str) -> list[str]:
    """Return what to look for in a long note: the message's words and their wordings, cut to their stems."""
    stems: dict[str, None] = {}
    for word in words_of(message):
        for wording in (word.text, *wordings_of(word)):
            stems[wording[: max(4, len(wording) - 3)]] = None
    return list(stems)[:MOST_WORDS]


_ASKS_FOR_A_NAME = re.compile(r"\W*[Ww]ho(?: is| was|['’]s) [A-Z][\w'-]*(?: [A-Z][\w'-]*)*\W*$")
"""Asks who somebody is, and not whom a fact is true of."""
_ASKS_OF_SOMEBODY = re.compile(
    r"(?:where|when|why|how(?: \w+)?|what (?:do|does|did|has|can|will)) (?:is|are|was|were|do|does|did|has|can|will)?"
    r".*@0 's (?P<rest>[^@]+)$"
)
