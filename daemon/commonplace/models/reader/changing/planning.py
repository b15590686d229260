"""What a whole message comes to: its clauses are read one after the other until all of them fit the notes. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from commonplace.models.reader.changing import fitting
from commonplace.models.reader.changing.clauses import whose
from commonplace.models.reader.changing.describing import Description, stated_of, without_descriptions
from commonplace.models.reader.changing.draft import Draft, Reads
from commonplace.models.reader.changing.drafting import drafted
from commonplace.models.reader.changing.linking import is_relation_key
from commonplace.models.reader.changing.owners import owner_of
from commonplace.models.reader.changing.plainly import plainly
from commonplace.models.reader.changing.requests import Request, is_supposed, read_request, segmentations
from commonplace.models.reader.changing.statement import ANYONE, OURS, Does, Statement
from commonplace.models.reader.changing.stating import says_change, statements
from commonplace.models.reader.changing.striking import struck
from commonplace.models.reader.notes.facts import Fact, fact_called


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause that was understood: its draft, the one before it, and how it was read."""

    text: str
    draft: Draft
    before: Draft
    said: Statement


def planned(message: str, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with all that a message states, or None where a part of it does not fit.

    ``reads`` gathers the notes that would have to be read to understand it.
    """
    request = read_request(plainly(message))
    if not _IMPERATIVE.match(request.said) and is_supposed(request.said):
        return None
    taken = struck(plainly(message), draft, reads)
    if taken:
        return taken
    if request.removes and not _IMPERATIVE.match(request.said):
        return _removing(request, draft, reads)
    bare, said_of = without_descriptions(request.said)
    if said_of:
        found = _all_that_is_said(replace(request, said=bare), message, draft, reads)
        found = found and with_descriptions(said_of, found, reads)
        if found:
            return found
    return _all_that_is_said(request, message, draft, reads)


def _all_that_is_said(request: Request, message: str, draft: Draft, reads: Reads) -> Draft | None:
    asked = request.is_asked
    for clauses in segmentations(request.said):
        found = _all_of(clauses, request, draft, reads)
        if found and (asked or not message.rstrip().endswith("!") or not _overwrites(found)):
            return found
    return _last_request(request, draft, reads)


def with_descriptions(said_of: Sequence[Description], draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft with what is said beside names; None where one of them is in no note or does not fit."""
    for one in said_of:
        path = owner_of(one.name, draft, reads)
        note = draft.note(path) if path else None
        for said in stated_of(one, note, draft.known) if note else ():
            described = drafted(replace(said, is_change=bool(path) and draft.created(path)), draft, reads)
            if described is None:
                return None
            draft = described
        if note is None:
            return None
    return draft


def _overwrites(draft: Draft) -> bool:
    return any(done.old is not None and done.old != done.new for done in draft.done)


def _removing(request: Request, draft: Draft, reads: Reads) -> Draft | None:
    """ "I don't supervise Luca any more, please remove him": only what leaves is taken out."""
    subject = _SUBJECT.match(request.said)
    of = _OF_NOTE.fullmatch(request.hint)
    if of:
        gone = Statement(Does.REMOVES, of["owner"], (of["key"],), is_asked=True, must_stand=True)
        return drafted(gone, draft, reads)
    if request.hint and subject:
        gone = Statement(Does.REMOVES, subject[0].strip(), (request.hint,), is_asked=True, must_stand=True)
        return drafted(gone, draft, reads)
    for clauses in segmentations(request.said):
        found = _all_of(clauses, request, draft, reads)
        if found and all(len(done.new or "") < len(done.old or "") for done in found.done):
            return found
    return None


def _last_request(request: Request, draft: Draft, reads: Reads) -> Draft | None:
    """ "I moved, please change my address to ...": what comes before a whole request is why."""
    for clauses in segmentations(request.said):
        if len(clauses) == 2 and _ASKS.match(clauses[1]) and not is_supposed(clauses[0]):
            inner = read_request(clauses[1])
            return _all_of((inner.said,), replace(request, is_asked=True), draft, reads)
    return None


def _all_of(clauses: Sequence[str], request: Request, draft: Draft, reads: Reads) -> Draft | None:
    done: list[_Clause] = []
    for number, text in enumerate(clauses):
        before = done[-1] if done else None
        standing = before.draft if before else draft
        understood = _understood(text, before, request, standing, reads)
        if understood is None and (named := _by_name(text, standing, reads)):
            understood = _understood(named, before, request, standing, reads)
        if understood is None and (introduced := _introduced(text, standing, reads)):
            understood = _understood(introduced[0], before, request, introduced[1], reads)
        if understood is None and number == 0 and len(clauses) > 1 and _says_now(clauses[1:], request):
            understood = _circumstance(text, standing, reads)
        if understood is None:
            return None
        done.append(understood)
    return done[-1].draft if done[-1].draft.done else None


def _says_now(clauses: Sequence[str], request: Request) -> bool:
    return request.is_asked or any(says_change(text) or _NEW.search(text) for text in clauses)


def _by_name(text: str, draft: Draft, reads: Reads) -> str:
    """ "My brother Emlyn moved": "Emlyn moved", where there is a note about Emlyn; else ""."""
    kin = _WHOSE.match(text)
    name = _SUBJECT.match(text[kin.end() :]) if kin else None
    if kin is None or name is None or owner_of(name[0].strip(), draft, reads) in (None, "user.md"):
        return ""
    return text[kin.end() :]


def _introduced(text: str, draft: Draft, reads: Reads) -> tuple[str, Draft] | None:
    """ "My daughter Eve is 12": what is said of Eve, and the draft with her, where no note is about her."""
    kin = _WHOSE.match(text)
    name = _SUBJECT.match(text[kin.end() :]) if kin else None
    if kin is None or name is None or owner_of(name[0].strip(), draft, reads) is not None or reads.first:
        return None
    key = kin[0].split(maxsplit=1)[1].strip()
    if not is_relation_key(key) or not fitting.is_key(key):
        return None
    begun = drafted(Statement(Does.ADDS, "", (key,), name[0].strip(), is_named=True), draft, reads)
    if begun is None:
        return None
    joins_another = any(done.key == key and done.old is None for done in begun.done) and draft.known.user is not None
    if joins_another and draft.known.user and fact_called(key, draft.known.user):
        begun = replace(begun, done=tuple(replace(done, is_asked_first=True) for done in begun.done))
    return text[kin.end() :], begun


def _circumstance(text: str, draft: Draft, reads: Reads) -> _Clause | None:
    """ "Runa grew, she is 136 cm tall now": the first clause says who, and what stands in no note."""
    if _VAGUE_NEWS.match(text) and not re.search(r"\d", text):
        return _Clause(text, draft, draft, Statement(Does.SETS))
    subject = _SUBJECT.match(text)
    if subject is None or _IMPERATIVE.match(text) or len(text.split()) > 8:
        return None
    owner = "" if subject[0].casefold() in ("i", "we") else subject[0].strip()
    path = owner_of(owner, draft, reads)
    said = Statement(Does.SETS, owner)
    return _Clause(text, replace(draft, subject=path), draft, said) if path else None


def _understood(text: str, before: _Clause | None, request: Request, draft: Draft, reads: Reads) -> _Clause | None:
    for wording in _wordings(text, before):
        inner = read_request(wording)
        asked = request.is_asked or inner.is_asked or bool(_IMPERATIVE.match(inner.said))
        for said in statements(inner.said, is_asked=asked, is_change=says_change(request.said), hint=request.hint):
            if before and _continues(before.said, said):
                swap = replace(
                    said,
                    does=Does.REPLACES,
                    keys=said.keys if _is_own_key(said) else (),
                    old=before.said.value,
                    owner=before.said.owner,
                    verb="",
                    is_change=True,
                )
                for one in (swap, replace(swap, keys=())):
                    if found := drafted(one, before.before, reads):
                        return _Clause(wording, found, before.before, one)
            if found := drafted(said, draft, reads):
                return _Clause(wording, found, draft, said)
    return None


def _continues(before: Statement, said: Statement) -> bool:
    """Say whether one thing leaves and, in the next clause, another takes its place."""
    return (
        before.does is Does.REMOVES
        and bool(before.value)
        and said.does in (Does.ADDS, Does.SETS)
        and not (said.does is Does.ADDS and said.is_named)
        and (said.owner == before.owner or said.owner.casefold() in ("he", "she", "it", "they"))
    )


def _is_own_key(said: Statement) -> bool:
    return len(said.keys) == 1


def _wordings(text: str, before: _Clause | None) -> Iterator[str]:
    """Yield a clause, and the clause with what it leaves to the one before: the subject, or a request's verb."""
    request = _IMPERATIVE.match(before.text) if before else None
    if before and request:
        if _POSSESSED.match(text):
            yield f"{request[0].strip()} {text}"
        yield text
        listed = _TO_A_LIST.search(before.text)
        if listed and re.match(r"(?:add|put) (?!.* (?:to|in|on) )", text):
            yield f"{text} to {listed[1]}"
        if listed and re.match(r"(?:remove|delete|drop|take out) (?!.* from )", text):
            yield f"{text} from {listed[1]}"
        return
    yield text
    subject = _SUBJECT.match(before.text) if before else None
    if before and subject and not _SUBJECT.match(text) and not _ASKS.match(text) and not _NO_VERB.match(text):
        yield f"{subject[0].strip()} {text}"


def wanted_changed(message: str) -> str:
    """Return what a request wants changed without saying to what: "the closing of the entries"; "" where it says."""
    wanted = _VAGUE_OF.match(read_request(message).said)
    return wanted["what"] if wanted else ""


def vaguely(message: str, draft: Draft, reads: Reads) -> Fact | None:
    """Return the fact that a request wants changed without saying to what: "move my next visit"."""
    wanted = _VAGUE.match(read_request(message).said)
    if wanted is None:
        return None
    owner, key = whose(wanted["key"])
    path = owner_of("" if owner in (ANYONE, OURS) else owner, draft, reads)
    note = draft.note(path) if path else None
    return fact_called(key, note) if note else None


_NEW = re.compile(r"\bnew\b", re.IGNORECASE)
_VAGUE_NEWS = re.compile(
    r"(?:(?:they|somebody|someone) (?:have |has )?(?:changed|moved|shifted) (?:the )?[a-z]+"
    r"|the (?:date|day|time|plan|price|number|name)s? (?:have |has )?(?:been )?(?:changed|moved)"
    r"|(?:(?:good|bad|some) )?news)$",
    re.IGNORECASE,
)
"""What only says that something is otherwise: the clause after it says what."""
_OF_NOTE = re.compile(r"(?P<key>[\w -]+?) (?:from|of|in|out of|off) (?P<owner>\S.+?)(?:['’]s (?:note|page|file))?")
_TO_A_LIST = re.compile(
    r" (?:to|from|on|off|out of) ((?:my|our|the|his|her|their|its) [\w' -]+|[A-Z][\w' -]+'s [\w -]+)$"
)
_VAGUE = re.compile(
    r"(?:move|change|update|postpone|push back|bring forward|correct|fix|edit|set|adjust|reschedule|shift|extend"
    r"|shorten)"
    r" (?P<key>(?:my|our|the|his|her|their) [\w' -]{2,50}|[A-Z][\w' -]*'s [\w -]{2,40})\W*$",
    re.IGNORECASE,
)
_VAGUE_OF = re.compile(
    r"(?:move|change|update|postpone|delay|push back|put off|bring forward|correct|fix|edit|adjust|reschedule|shift"
    r"|extend|shorten|raise|lower|increase|reduce) (?P<what>(?!.*\b(?:to|by|into|from)\b)[^\d,;:]{4,80}?)\W*$",
    re.IGNORECASE,
)
_VERBS = (
    r"(?:change|update|set|correct|edit|fix|adjust|amend|revise|switch|add|put|remove|delete|drop|erase|take|forget"
    r"|move|replace|swap|rename|record|save|store|note|log|strike|cross|write)"
)
_IMPERATIVE = re.compile(rf"^(?:please )?{_VERBS}\b ", re.IGNORECASE)
_ASKS = re.compile(
    rf"^(?:(?:so|please|can you|could you|i want to|i need to|i would like to)\s+)*{_VERBS}\b", re.IGNORECASE
)
_NO_VERB = re.compile(r"(?:in|on|at|by|from|near|to|with|of|for|an?|the)\b", re.IGNORECASE)
"""How no clause goes on that leaves out its subject."""
_POSSESSED = re.compile(r"(?:my|our|his|her|its|their|the)\b|[A-Z]\S*(?: [A-Z]\S*)*'s\b", re.IGNORECASE)
_WHOSE = re.compile(r"(?:[Mm]y|[Oo]ur) [a-z][a-z -]*? (?=[A-Z])")
_SUBJECT = re.compile(
    r"(?:i|we|he|she|it|they|(?:my|our|the|his|her|their|its) (?:[a-z-]+ ){0,3}?[a-z-]+"
    r"|(?-i:[A-Z])[\w'-]*(?: (?-i:[A-Z\d])[\w'-]*)*)"
    r"(?= (?:have|has|is|are|am|was|were|do|does|no longer|now|just|[a-z]+\b))",
    re.IGNORECASE,
)
