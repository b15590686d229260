"""What a request to write states: "change my phone to ...", "add chess to my hobbies", "forget my locker". Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from commonplace.models.reader.changing.clauses import (
    Parts,
    Read,
    clause,
    key_of,
    readings_of,
    subject_of,
    value_of,
    whose,
)
from commonplace.models.reader.changing.statement import ANYONE, Does, Statement


def sets(part: Parts) -> Iterator[Statement]:
    """Read "KEY is VALUE": the fact gets the value."""
    whole = whose(part["key"])
    is_new = re.search(r"\bnew\b", part["key"]) is not None
    old = part.get("old") or ""
    for owner, key in readings_of(part["key"]):
        is_part = (owner, key) != whole
        stands = is_part or owner == ANYONE or _NAMES_SOMEBODY.search(part["key"][-len(key) :]) is not None
        yield Statement(Does.SETS, owner, (key,), value_of(part["value"]), old, is_change=is_new, must_stand=stands)


def _requests(part: Parts) -> Iterator[Statement]:
    for one in sets(part):
        yield replace(one, is_asked=True)


def _corrects(part: Parts) -> Iterator[Statement]:
    owner, key = whose(part["key"])
    yield Statement(Does.SETS, owner, (key,), value_of(part["value"]), is_asked=True, must_stand=True)


def _asked_swaps(part: Parts) -> Iterator[Statement]:
    for one in swaps(part):
        yield replace(one, is_asked=True)
        yield replace(one, is_asked=True, owner=ANYONE)


def _joins(part: Parts) -> Iterator[Statement]:
    whole = whose(part["key"])
    for owner, key in readings_of(part["key"]):
        stands = owner == ANYONE or (owner, key) != whole
        yield Statement(Does.ADDS, owner, (key,), part["value"], is_asked=True, must_stand=stands)


def _leaves(part: Parts) -> Iterator[Statement]:
    for owner, key in readings_of(part["key"]):
        yield Statement(Does.REMOVES, owner, (key,), part["value"], is_asked=True, must_stand=True)
    yield Statement(
        Does.REMOVES, subject_of(part["key"]), (key_of(whose(part["value"])[1]),), is_asked=True, must_stand=True
    )


def _forgets(part: Parts) -> Iterator[Statement]:
    owner, key = whose(part["key"])
    yield Statement(Does.REMOVES, owner, (key,), is_asked=True, must_stand=True)
    if owner in ("", ANYONE):
        yield Statement(Does.REMOVES, "", (), key, is_asked=True, must_stand=True)


def _moves(part: Parts) -> Iterator[Statement]:
    """ "Move it from the open to the closed tickets": what the two lists share is said once."""
    owner, to_key = whose(part["key"])
    from_owner, from_key = whose(part["old"])
    noun = to_key.rpartition(" ")[2]
    for key in (from_key, f"{from_key} {noun}"):
        yield Statement(
            Does.MOVES, owner or from_owner, (key, to_key), value_of(part["value"]), is_asked=True, must_stand=True
        )


def _deletes(part: Parts) -> Iterator[Statement]:
    yield Statement(Does.DELETES, _MEANT.get(part["who"].casefold(), subject_of(part["who"])), is_asked=True)


def _forgets_all(part: Parts) -> Iterator[Statement]:
    """ "Forget everything about Nia": her note or, of what has none, the fact."""
    yield Statement(Does.FORGETS, _MEANT.get(part["who"].casefold(), subject_of(part["who"])), is_asked=True)
    owner, key = whose(part["who"])
    yield Statement(Does.REMOVES, owner, (key,), is_asked=True, must_stand=True)


def _leaves_a_note(part: Parts) -> Iterator[Statement]:
    """ "Take it out of his note"."""
    who = part["who"] or part["owner"]
    owner, left = _MEANT.get(who.casefold(), who), value_of(part["value"])
    yield Statement(Does.REMOVES, owner, (), left, is_asked=True, must_stand=True)
    yield Statement(Does.REMOVES, owner, (left,), is_asked=True, must_stand=True)


def _forgets_which(part: Parts) -> Iterator[Statement]:
    """ "Forget which gym he went to"."""
    yield Statement(Does.REMOVES, subject_of(part["who"]), (part["key"],), is_asked=True, must_stand=True)


def _introduces(part: Parts) -> Iterator[Statement]:
    """ "Add my neighbour Walter Fink"."""
    owner, key = whose(part["key"])
    if owner != ANYONE:
        yield Statement(Does.ADDS, owner, (key,), part["value"], is_asked=True, is_named=True)


def renames(part: Parts) -> Iterator[Statement]:
    """Read that somebody is called something else."""
    yield Statement(Does.RENAMES, subject_of(part["who"]), ("name",), value_of(part["value"]), is_change=True)
    owner, key = whose(part["who"])
    if owner != ANYONE:
        yield Statement(Does.SETS, owner, (key,), value_of(part["value"]), is_named=True)


def swaps(part: Parts) -> Iterator[Statement]:
    """Read that one thing makes room for another."""
    owner, key = whose(part["key"]) if part.get("key") else (subject_of(part.get("who") or "i"), "")
    keys = (key,) if key else ()
    yield Statement(
        Does.REPLACES, owner, keys, value_of(part["value"]), value_of(part["old"]), is_change=True, must_stand=True
    )


_MEANT = {"its": "it", "his": "he", "her": "she", "their": "they", "him": "he", "them": "they"}
_NAMES_SOMEBODY = re.compile(r" [A-Z][a-z]")
"""What a key has that is no key: "mentor Ines"."""
REQUESTS: tuple[tuple[re.Pattern[str], Read], ...] = tuple(
    (clause(pattern), read)
    for pattern, read in (
        (r"CHANGE WHO's name( from .+?)? to VALUE", renames),
        (r"CHANGE the name of WHO( from .+?)? to VALUE", renames),
        (r"rename WHO (to|as|into) VALUE", renames),
        (
            r"OWNED BE (spelled |written )?(wrong|incorrect|misspelled|outdated|not right)( spelled)?,? .*?"
            r"CHANGE (it|that|this) to VALUE",
            _corrects,
        ),
        (r"(?!move )CHANGE KEY( from OLD)? (to|into) VALUE", _requests),
        (r"move (?!it |this |that |him |her |them )KEY (to|into) VALUE", _requests),
        (
            r"CHANGE KEY\s?([:,;=]|\s[-–—])\s?((it|he|she|they|that|i|we) (BE|has|have|should be)( called)? )?VALUE",
            _requests,
        ),
        (r"OWNED\s?[:=]\s?VALUE", _requests),
        (r"(add|save|record|note|store|log|remember|write down)( the)? KEY\s?[:=]\s?VALUE", _requests),
        (
            r"(add|save|remember|note) (?P<key>(my|our) (?-i:[a-z][a-z ]*?)|[^,:]{2,40}'s (?-i:[a-z][a-z ]*?)),? NAME",
            _introduces,
        ),
        (r"(add|put|write) VALUE (to|on|in|into|onto|under) (?P<key>.+)", _joins),
        (r"(move|shift|put|take) FIRST from (?P<old>.+) (to|into|onto) (?P<key>.+)", _moves),
        (r"FORGET ((the|my) )?(whole |entire )?(note|page|file|entry) (about|on|of|for) (?P<who>.+)", _deletes),
        (
            r"FORGET ((everything|all|anything|whatever|what)( that)?( (you|we) (know|have|have noted))? )?"
            r"(about|on) WHO",
            _forgets_all,
        ),
        (r"FORGET (?P<who>its|his|her|their) (whole |own )?(note|page|file)( too| as well)?", _deletes),
        (r"FORGET (?!.* (?:from|off|out of) )WHO's (whole |own )?(note|page|file)( too| as well)?", _deletes),
        (r"FORGET (which|what) NOUN (?P<who>\S+( (?-i:[A-Z])\S+)?) ([a-z]+)( (to|at|in|with|for))?", _forgets_which),
        (
            r"(remove|delete|drop|erase|take|strike|cross) FIRST (out of|off of|off|from)"
            r" ((?P<who>his|her|their|its)|(?P<owner>.+?)'s) (note|page|file)",
            _leaves_a_note,
        ),
        (r"(remove|delete|drop|erase|take|strike|cross) FIRST (out of|off of|off|from) (?P<key>.+)", _leaves),
        (r"(replace|swap) OLD (with|by|for) FIRST (as|in|for|on|among) (?P<key>.+)", _asked_swaps),
        (r"(replace|swap) OLD (with|by|for) VALUE", _asked_swaps),
        (
            r"FORGET( about)? (?P<key>(?!(everything|all|it|that|this|him|her|them)\b)[^,;:]{2,60})",
            _forgets,
        ),
    )
)
