"""Which fact a message wants changed, and to what. Pure; nothing is written here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commonplace.models.reader.changing.phrases import new_names, new_values, without_old
from commonplace.models.reader.language.words import best_likeness, make_word, tokens, words_of
from commonplace.models.reader.notes.facts import Fact, NoteText, says_key, without_links
from commonplace.models.reader.notes.memory import KnownNotes


@dataclass(frozen=True, slots=True)
class Change:
    """A fact of a note and what it shall say; for a relation ``new`` is the name of its new end."""

    note: NoteText
    fact: Fact
    new: str


def read_change(message: str, known: KnownNotes) -> Change | None:
    """Return the change of a fact about the user that a message describes, or None.

    It is the likeliest fact, by its key and by its old value being mentioned, for which the message has a
    new value.
    """
    topic, body = split_request(message)
    ranked = sorted(_candidates(topic, body, known), key=lambda candidate: -candidate.score)
    for candidate in [one for one in ranked if one.fact.key != one.fact.section][:3]:
        new = _new(candidate, body) if candidate.score >= _ENOUGH else ""
        if new:
            return Change(candidate.note, candidate.fact, new)
    return None


def _new(candidate: "_Candidate", body: str) -> str:
    """Return the first new value that says something else than the old one, or ""."""
    fact = candidate.fact
    naming = [token for token in tokens(body) if best_likeness(make_word(token), fact.key_words) > 0]
    if fact.value.casefold() in _TRUTH:
        return _new_truth(fact.value, body, candidate.whole_names)
    if fact.links:
        found = new_names(body, candidate.names, naming)
    elif _is_number(fact.value):
        found = iter(_NUMBER.findall(without_old(body, ())))
    else:
        found = (fitted(value, fact, body) for value in new_values(body, candidate.whole_names, naming))
    old = {name.casefold() for name in (fact.value, *candidate.names)}
    key = {word.stem for word in fact.key_words}
    for value in found:
        said = {word.stem for word in words_of(value) if word.weight > 0.5 or word.text.isdigit()}
        if value and value.casefold() not in old and said - key:
            return value
    return ""


def _new_truth(old: str, body: str, old_names: Sequence[str]) -> str:
    """Return the other truth value, or the name of what took its place: "the Night Watch"."""
    named = next((value for value in new_values(body, old_names) if value[:1].isupper() and " " in value), "")
    if named:
        return named
    now = "false" if _DENIES.search(body) else "true"
    return "" if now == old.casefold() else _in_case_of(now, old)


def split_request(message: str) -> tuple[str, str]:
    """Cut a message into the part that says what to change and the part that says how it is now."""
    match = _REQUEST_END.search(message)
    if match and _REQUEST.search(message[: match.start()]):
        return message[: match.start()], message[match.end() :]
    return message, message


def fitted(value: str, fact: Fact, body: str = "") -> str:
    """Give a new value the form of the old one.

    A noun at its end that the key says already goes; words that the old value begins with and that stand
    before the new one in ``body`` stay; the first letter is as large as the old one's.
    """
    old = fact.value
    *words, last = value.split() or [""]
    says_key = any(word.stem in {w.stem for w in fact.key_words} for word in words_of(last))
    if words and last.islower() and says_key and not old.casefold().endswith(last.casefold()):
        value = " ".join(words)
    loose = re.match(r"(?:at|in|on|by) (?=\S)", value)
    if loose and not old.casefold().startswith(loose[0]):
        value = value[loose.end() :]
    return _in_case_of(_with_beginning_of(old, value, body), old)


def _with_beginning_of(old: str, value: str, body: str) -> str:
    words = old.split()
    for count in range(len(words) - 1, 0, -1):
        beginning = " ".join(words[:count])
        if re.search(rf"\b{re.escape(beginning)} (?:a |an |the )?{re.escape(value)}", body, re.IGNORECASE):
            return f"{beginning} {value}"
    return value


@dataclass(frozen=True, slots=True)
class _Candidate:
    note: NoteText
    fact: Fact
    names: tuple[str, ...]
    score: float

    @property
    def whole_names(self) -> tuple[str, ...]:
        """How the value may be called as a whole: a list also with "and" before its last part."""
        value = self.fact.value.strip("\"'“”")
        *parts, last = re.split(r",\s*(?:and\s+)?|\s+and\s+", value)
        if not parts:
            return (value,)
        listed = ", ".join(parts)
        return (value, f"{listed} and {last}", f"{listed}, and {last}")


def _candidates(topic: str, body: str, known: KnownNotes) -> Iterator[_Candidate]:
    user = known.user
    for fact in user.facts if user else ():
        if says_key("name", fact.key) and not _OWN.search(f"{topic} {body}"):
            continue
        names = tuple(_names(fact, known))
        score = 2 * _said(fact, topic) + _said(fact, body) + 2 * _mentioned(fact, names, body)
        if user:
            yield _Candidate(user, fact, names, score)


def _names(fact: Fact, known: KnownNotes) -> Iterator[str]:
    """Yield how the value may be called: as it stands, a link by its note's title, a list by its parts."""
    if not fact.links:
        yield fact.value
        yield from (part.strip() for part in re.split(r",| and ", fact.value) if len(part.strip()) > 2)
        return
    for target in fact.links:
        path = known.resolve(target)
        if path and path in known.notes:
            yield known.notes[path].title
    yield without_links(fact.value)


def _said(fact: Fact, text: str) -> float:
    key, said = fact.key_words, words_of(text)
    whole = sum(word.weight for word in key)
    return sum(word.weight * best_likeness(word, said) for word in key) / whole if whole else 0.0


def _mentioned(fact: Fact, names: tuple[str, ...], text: str) -> float:
    if fact.value.casefold() in _TRUTH:
        return 1.6 if fact.key_words and _said(fact, text) > 0.9 else 0.0
    plain = f" {_plain(text)} "
    if f" {_plain(names[0])} " in plain or (fact.links and any(f" {_plain(name)} " in plain for name in names)):
        return 0.4 if _is_number(fact.value) else 1.0
    if any(f" {_plain(name)} " in plain for name in names):
        return 0.8
    old = {word.stem for word in words_of(" ".join(names))}
    return 0.6 * len(old & {word.stem for word in words_of(text)}) / len(old) if old else 0.0


def _is_number(value: str) -> bool:
    return re.fullmatch(r"\d+(?:[.,]\d+)*", value) is not None


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.replace("’", "'").casefold().removeprefix("the ")))


def _in_case_of(value: str, old: str) -> str:
    return value[:1].upper() + value[1:] if old[:1].isupper() and value[:1].islower() else value


_OWN = re.compile(r"\b(?:my|our|i|me|myself)\b", re.IGNORECASE)
"""Without one of these a name that is told is somebody else's."""
_TRUTH = ("true", "false")
_DENIES = re.compile(r"\b(?:no longer|not|never|stopped|isn't|aren't|don't)\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?!\w)")
_ENOUGH = 0.9
_VERBS = r"(?:update|correct|change|edit|revise|fix|adjust|amend)"
_REQUEST = re.compile(rf"\b{_VERBS}\b", re.IGNORECASE)
_REQUEST_END = re.compile(r"\s[-–—]\s|:\s|(?<=[a-z])\.\s")
