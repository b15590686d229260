"""What is to be remembered and fits no fact: kept under the verb that says it, or in its own words. Pure."""

import re
from dataclasses import replace

from commonplace.models.reader.changing import edit, fitting
from commonplace.models.reader.changing.clauses import value_of
from commonplace.models.reader.changing.draft import Done, Draft, Reads
from commonplace.models.reader.changing.drafting import drafted
from commonplace.models.reader.changing.owners import owner_of
from commonplace.models.reader.changing.planning import planned
from commonplace.models.reader.changing.requests import is_kept, is_supposed, read_request, spelled_out
from commonplace.models.reader.changing.statement import Does, Statement
from commonplace.models.reader.message.names import mark_names


def kept_freely(message: str, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft that keeps what a message asks to remember; None where it asks for no such thing.

    "I owe Tom 40 pounds" is kept as "owes tom: 40 pounds", what is yet to be done as "to do", and what has no such
    parts in its own words.
    """
    errand = _ERRAND.match(spelled_out(message).strip(" .!"))
    if errand:
        return _noted("to do", errand["what"], "user.md", draft)
    return _kept(read_request(message).said, draft, reads) if is_kept(message) else None


def proposed_to_keep(message: str, draft: Draft, reads: Reads) -> Draft | None:
    """Return the draft that would keep what a remark says of the user or of somebody with a note, to be asked about."""
    kept = None if is_kept(message) or message.count(".") > 1 else _kept(read_request(message).said, draft, reads)
    if kept is None:
        return None
    return replace(kept, done=tuple(replace(done, is_asked_first=True) for done in kept.done))


def _kept(text: str, draft: Draft, reads: Reads) -> Draft | None:
    said = text.strip(" .!")
    if not _SENTENCE.match(said) or mark_names(f"about {said}", draft.known).unclear:
        return None
    duty = _DUTY.match(said)
    if duty:
        return _noted("to do", duty["what"], "user.md", draft)
    if is_supposed(said) or len(said.split()) > MOST_WORDS or "\n" in said:
        return None
    each = _clauses_of_others(said, draft, reads)
    for clause in each:
        kept = planned(f"remember that {clause}", draft, reads) or _kept_clause(clause, draft, reads)
        if kept is None:
            return None
        draft = kept
    return draft if each else _kept_clause(said, draft, reads)


def _clauses_of_others(said: str, draft: Draft, reads: Reads) -> list[str]:
    """Cut "Ann likes tea and Ben hates it" where another subject with a note begins."""
    parts = re.split(r",? and (?=[A-Z]\w+ [a-z])", said)
    named = [owner_of(part.split()[0], draft, reads) for part in parts]
    return parts if len(parts) > 1 and all(named) else []


def _kept_clause(said: str, draft: Draft, reads: Reads) -> Draft | None:
    named = _NAMED.fullmatch(said)
    if named and fitting.is_key(named["key"]) and fitting.is_value(named["value"], is_asked=True):
        value = _NOW.sub("", named["value"])
        stated = Statement(Does.SETS, "", (named["key"].casefold(),), value, is_asked=True)
        return drafted(stated, draft, reads)
    words = _ADVERBS.sub(" ", said).split()
    for cut in range(1, min(len(words) - 1, MOST_SUBJECT_WORDS + 1)):
        who, verb, rest = " ".join(words[:cut]), words[cut], words[cut + 1 :]
        owner = "" if who.casefold() in ("i", "we") else who
        path = owner_of(owner, draft, reads)
        if path is None or draft.note(path) is None or not verb.islower():
            continue
        if verb in _HELPERS or not verb.isalpha() or verb.endswith("ly"):
            return _noted("note", said, path, draft)
        key, value = _parts(verb, rest)
        value = _NOW.sub("", value_of(value))
        stated = Statement(Does.SETS, owner, (key,), value, is_asked=True)
        if fitting.is_key(key) and fitting.is_value(value, is_asked=True) and (kept := drafted(stated, draft, reads)):
            return kept
        return _noted("note", said, path, draft)
    return _noted("note", said, "user.md", draft)


def _parts(verb: str, rest: list[str]) -> tuple[str, str]:
    """Cut what follows a verb into the end of the key and the value: an amount at the end is the value."""
    done = verb if _PAST.search(verb) or verb in _IRREGULAR else _third_person(verb)
    if len(rest) > 1 and rest[0] in _PREPOSITIONS:
        return f"{done} {rest[0]}", " ".join(rest[1:])
    amount = next((at for at, word in enumerate(rest) if word[:1].isdigit() or word[:1] in "£$€"), 0)
    if 0 < amount <= MOST_KEY_WORDS and len(rest) - amount <= MOST_AMOUNT_WORDS:
        return " ".join((done, *rest[:amount])).casefold(), " ".join(rest[amount:])
    return done, " ".join(rest)


def _third_person(verb: str) -> str:
    if verb.endswith("s"):
        return verb
    if re.search(r"(?:[sxo]|sh|ch)$", verb):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


def _noted(key: str, said: str, path: str, draft: Draft) -> Draft | None:
    note = draft.note(path)
    return draft.swapped(edit.added_fact(note, key, said), Done(path, key, None, said)) if note else None


_NOW = re.compile(r"^now (?=\S)|(?<=\S) now$", re.IGNORECASE)
"""What says that a value is new, and is none of it."""
MOST_WORDS = 40
MOST_SUBJECT_WORDS = 4
MOST_KEY_WORDS = 2
MOST_AMOUNT_WORDS = 3
_SENTENCE = re.compile(
    r"(?!(?:he|she|it|they|this|that|these|those|his|her|its|their|to|how|what|who|when|where)\b)\S+ \S+ \S+",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"(?:i|we) (?:still )?(?:have to|has to|need to|must|should|ought to|am supposed to) (?P<what>.+)", re.IGNORECASE
)
_NAMED = re.compile(r"(?:the|our) (?P<key>[a-z][\w -]{1,40}?) (?:is|are) (?P<value>.+)", re.IGNORECASE)
_ADVERBS = re.compile(r" (?:still|also|just|now|already|currently) (?=[a-z])")
_ERRAND = re.compile(
    r"(?:please |can you |could you )*(?:remind me to|remember to|do not forget to"
    r"|(?:set|add|make|create) (?:me )?(?:a )?(?:reminder|to-?do)(?: for me)? to) (?P<what>.+)",
    re.IGNORECASE,
)
_PAST = re.compile(r"(?:ed|ent|old|ought|ept)$")
_IRREGULAR = frozenset(
    """
    got went saw came took gave made had found left lost bought met kept won ran ate drank wrote read began broke fell
    flew drove sang swam wore grew knew drew fed hid hurt cut put set let hit quit paid said heard chose stole threw
    became
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
"""What is past already and takes no ending."""
_HELPERS = frozenset(
    """
    is are am was were be been have has had do does did can not no never always often sometimes usually hardly
    """.split()  # noqa: SIM905  # a table of words reads better than a list of strings
)
_PREPOSITIONS = frozenset(
    ("at", "by", "for", "from", "in", "of", "on", "to", "under", "with", "about", "into", "up", "out")
)
