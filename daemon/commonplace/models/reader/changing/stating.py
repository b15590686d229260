"""What a clause states: every reading of it as a statement about somebody's facts, the likeliest first. Pure."""

import re
from collections.abc import Iterator
from dataclasses import replace

from commonplace.models.reader.changing.clauses import clause as pattern_of
from commonplace.models.reader.changing.clauses import parts_of
from commonplace.models.reader.changing.declaring import SENTENCES
from commonplace.models.reader.changing.everyday import EVERYDAY
from commonplace.models.reader.changing.requesting import REQUESTS
from commonplace.models.reader.changing.statement import ANYONE, Does, Statement


def statements(clause: str, *, is_asked: bool = False, is_change: bool = False, hint: str = "") -> Iterator[Statement]:
    """Yield the readings of a clause.

    Args:
        clause: a clause of a message, without what only asks to keep it.
        is_asked: whether the message asks to write.
        is_change: whether the message says that it was otherwise before.
        hint: the key that the message names beside the clause, "" where it names none.

    """
    changes = is_asked or is_change or says_change(clause)
    joins = _JOINS.search(clause) is not None
    plain = _ANY_MORE.sub(_no_longer, clause)
    plain = " ".join(_ADVERBS.sub(" ", plain).split()).replace(" ,", ",").replace(" :", ":").strip(" ,.;!")
    forgotten = _FORGET_THAT.match(plain)
    if forgotten:
        yield from _forgotten(forgotten["clause"])
        return
    for pattern, read in (*REQUESTS, *EVERYDAY, *SENTENCES):
        match = pattern.match(plain)
        for one in read(parts_of(match)) if match else ():
            was = one.does is Does.SETS and not (is_asked or one.is_asked) and _WAS.search(plain) is not None
            one = replace(one, must_stand=True) if was else one
            said = replace(one, is_change=one.is_change or changes, is_asked=one.is_asked or is_asked)
            if hint and said.does is Does.SETS and said.owner != ANYONE:
                yield replace(said, keys=(hint,), verb=hint, must_stand=True)
            yield replace(said, does=Does.ADDS) if joins and said.does is Does.SETS else said


def says_change(text: str) -> bool:
    """Say whether a text tells, in so many words, that something was otherwise before."""
    return _SAYS_CHANGE.search(text) is not None


def _forgotten(text: str) -> Iterator[Statement]:
    for said in statements(text, is_asked=True):
        if said.does in (Does.SETS, Does.ADDS):
            yield replace(said, does=Does.REMOVES, must_stand=True)


def _no_longer(match: re.Match[str]) -> str:
    """Say "no longer" for "not ... any more"."""
    verb = match["verb"] if match["verb"].casefold() in ("is", "are", "am", "was") else ""
    return f"{verb} no longer {match['what']}".strip()


_SAYS_CHANGE = re.compile(
    r"\b(?:now|no longer|any ?more|anymore|from now on|these days|nowadays|instead|as of|has changed)\b",
    re.I,
)
_JOINS = re.compile(r"\b(?:also|too|as well)\b", re.I)
_ANY_MORE = re.compile(r"\b(?P<verb>is|are|am|was|do|does) not (?P<what>[^,]+?),? any ?more\b", re.I)
_ADVERBS = re.compile(
    r"\b(?:now|currently|actually|recently|just|finally|also|too|again|as well|already|instead(?! of)|really|in fact"
    r"|from now on|these days|nowadays|as of (?:now|today)|since (?:last|this) \w+|(?:last|this) (?:week|month|year"
    r"|spring|summer|autumn|fall|winter)|at last|after all|by the way|yesterday|today|this morning|last night"
    r"|the other day)\b(?!['-])",
    re.I,
)
_WAS = re.compile(r"\b(?:was|were)\b(?! (?:born|promoted|made|hired|named|called|renamed|\w+ed to)\b)", re.I)
"""What was is no new fact: "the party was fun"."""
_FORGET_THAT = pattern_of(r"FORGET that (?P<clause>.+)")
