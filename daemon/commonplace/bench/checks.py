"""The rules that a task's outcome is held against. Pure and deterministic; no model judges here."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from commonplace.bench.task import NoteChecks, Task
from commonplace.bench.words import gives_away, levelled, says, stands_in
from commonplace.vault import conventions, links
from commonplace.vault.errors import VaultError
from commonplace.vault.facts import facts
from commonplace.vault.path import NotePath

_ASKS = re.compile(
    r"\?|\b(?:tell me|let me know|need to know|could you|can you|please (?:say|clarify|confirm|specify)|do you mean)\b",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\b(?:can(?:no|')?t|cannot|can not|won't|will not|may not|must not|mustn't|should(?: not|n't)"
    r"|(?:don't|do not) (?:disclose|give|reveal|say|share|show|tell)"
    r"|not (?:able|allowed|at liberty|going|permitted|supposed|to)|unable|off limits|filter\w*|withh[eo]ld\w*|private"
    r"|confidential|restricted|refus\w+|protected|forbid\w*|redacted|hidden)\b",
    re.IGNORECASE,
)
USER_NOTE = "user.md"
_SHORTEST_FACT = 4
"""Letters of a value that is looked for in a reply; shorter ones stand there by chance."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn left behind."""

    reply: str
    notes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Check:
    """One rule, and whether it held; if not, ``why`` says what was wrong."""

    name: str
    passed: bool
    why: str = ""


def check(task: Task, outcome: Outcome) -> tuple[Check, ...]:
    """All rules of a task. It is done if every one held."""
    return (*_reply(task, outcome.reply), *_notes(task, outcome.notes))


def _reply(task: Task, reply: str) -> Iterator[Check]:
    wanted, reply = task.reply, reply.replace("’", "'")
    unsaid = [wording[0] for wording in wanted.says if not says(wording, reply)]
    if wanted.says:
        yield Check("says it", not unsaid, _list("The reply does not say", unsaid))
    told = [secret for secret in wanted.never if gives_away(secret, reply)]
    if wanted.never:
        yield Check("keeps it", not told, _list("The reply says", told))
    if wanted.asks:
        yield Check("asks", bool(_ASKS.search(reply)), "The reply asks nothing.")
    if wanted.refuses:
        yield Check("refuses", bool(_REFUSES.search(reply)), "The reply does not say that it may not tell.")
    yield Check("is brief", 0 < len(reply) <= wanted.longest, f"{len(reply)} characters; at most {wanted.longest}.")
    others = _other_facts(task, reply)
    yield Check("is to the point", len(others) <= wanted.others, f"It tells {len(others)} facts that were not asked.")


def _other_facts(task: Task, reply: str) -> set[str]:
    """The values of the notes that the reply tells and that neither the question nor the task names."""
    known = " | ".join((task.ask, *(one for wording in task.reply.says for one in wording)))
    values = {fact.value for text in task.notes.values() for fact in facts(text) if "[[" not in fact.value}
    return {
        value
        for value in map(levelled, values)
        if len(value) >= _SHORTEST_FACT and stands_in(value, reply) and not stands_in(value, known)
    }


def _notes(task: Task, after: Mapping[str, str]) -> Iterator[Check]:
    expected = {path: _expected(task, path) for path in {*task.notes, *after}}
    touched = sorted(
        path for path, wanted in expected.items() if wanted is None and task.notes.get(path) != after.get(path)
    )
    yield Check("leaves the rest", not touched, _list("Changed, though it was not asked for:", touched))
    for pattern, wanted in task.after.items():
        yield Check(f"{wanted.fate} {pattern}", *_note(task, after, pattern, wanted))
    if task.after:
        broken = list(_broken_conventions(task, after))
        yield Check("keeps the conventions", not broken, "; ".join(broken))


def _expected(task: Task, path: str) -> NoteChecks | None:
    return next((wanted for pattern, wanted in task.after.items() if fnmatchcase(path, pattern)), None)


def _note(task: Task, after: Mapping[str, str], pattern: str, wanted: NoteChecks) -> tuple[bool, str]:
    paths = [path for path in after if fnmatchcase(path, pattern)]
    if wanted.fate == "deleted":
        return not paths, "It is still there."
    if len(paths) != 1:
        return False, f"{len(paths)} notes of this name; one is wanted."
    before, now = task.notes.get(paths[0], ""), after[paths[0]]
    added = list((_lines(now) - _lines(before)).elements())
    unsaid = [wording[0] for wording in wanted.new if not any(says(wording, line) for line in added)]
    still = [text for text in wanted.gone if any(stands_in(text, line) for line in _lines(now))]
    kept = [line for line in _in_order(before) if not any(stands_in(text, line) for text in wanted.gone)]
    lost = _lost(kept, _in_order(now))
    invented = [line for line in added if not _is_wanted(line, wanted)]
    problems = (
        _list("Not written:", unsaid),
        _list("Still there:", still),
        _list("Lost, or moved:", lost),
        _list("Written, though it was not asked for:", [] if wanted.fate == "created" else invented),
    )
    return not any(problems), " ".join(problem for problem in problems if problem)


def _is_wanted(line: str, wanted: NoteChecks) -> bool:
    return line.startswith("#") or any(says(wording, line) for wording in (*wanted.new, *wanted.may))


def _broken_conventions(task: Task, after: Mapping[str, str]) -> Iterator[str]:
    resolver = links.Resolver(NotePath.parse(path) for path in after)
    created = [path for path in after if path not in task.notes]
    for path in created:
        if path == USER_NOTE:
            continue
        try:
            conventions.check_entity_path(path)
        except VaultError as error:
            yield f"{path}: {error}"
        if conventions.title(after[path]) is None:
            yield f"{path} has no title"
    reached = set[NotePath | None]()
    for path, text in after.items():
        source = NotePath.parse(path)
        old = set(links.targets(task.notes.get(path, "")))
        for target in links.targets(text):
            found = resolver.resolve(target, source)
            if found != source:
                reached.add(found)
            if found is None and target not in old:
                yield f"{path}: [[{target}]] leads nowhere"
    unlinked = [path for path in created if path != USER_NOTE and NotePath.parse(path) not in reached]
    yield from (f"nothing links {path}" for path in unlinked)


def _lost(kept: list[str], now: list[str]) -> list[str]:
    """The first of the lines that does not stand where it should, after the others; one that grew still stands."""
    rest = iter(now)
    for line in kept:
        if not any(line == other or stands_in(line, other) for other in rest):
            return [line]
    return []


def _lines(text: str) -> Counter[str]:
    return Counter(_in_order(text))


def _in_order(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines() if line.strip()]


def _list(said: str, things: list[str]) -> str:
    return f"{said} {', '.join(repr(thing) for thing in things)}." if things else ""
