"""What kind of message it is: a question, a wish to change or to forget, something told, or none of these."""

import re
from enum import Enum, auto

from commonplace.models.reader.language.words import tokens


class Intent(Enum):
    """What the user wants with a message."""

    QUESTION = auto()
    CHANGE = auto()
    """An explicit request to write: "update my age", "please add that"."""
    FORGET = auto()
    TOLD = auto()
    """A fact in plain words, "My name is Vera": told to be kept."""
    MENTIONED = auto()
    """Something said in passing, which may or may not be meant to be kept."""
    YES = auto()
    NO = auto()
    GREETING = auto()
    WHO_ARE_YOU = auto()
    UNDO = auto()
    """A wish to have the last turn taken back, which is the user's to do."""
    NOTHING = auto()


def read_intent(message: str) -> Intent:
    """Tell what a message wants; whatever is no question and asks for nothing was mentioned in passing."""
    if not tokens(message):
        return Intent.NOTHING
    for intent, pattern in _PATTERNS:
        if pattern.search(message.replace("’", "'")):
            return intent
    return Intent.MENTIONED


def _one_of(phrases: str) -> str:
    """Return the alternative of phrases that are divided by commas."""
    return "(?:" + "|".join(re.escape(phrase.strip()) for phrase in phrases.split(",")) + ")"


_POLITE = (
    rf"^\W*(?:{_one_of('hey, hi, hello, ok, okay, so, and, also, now, please, oh, well, great, thanks')}\b[\s,.!]*)*"
)
_WISH = _one_of(
    "i need to, i want to, i wish to, i have to, i would like to, i need you to, i want you to, i would like you to,"
    "i'd like to, i'd like you to, please, can you, could you, would you, will you, let's, let us"
)
_WRITE = _one_of(
    "update, correct, change, edit, revise, fix, adjust, amend, add, set, record, save, store, remember, replace,"
    "rename, note, write, put, keep, log, make"
)
_FORGET = _one_of("forget, delete, remove, erase, drop")
_ASKS = _one_of(
    "what, who, whom, whose, which, when, where, why, how, am i, are there, is my, is the, is there, do i, does, did i,"
    "have i, has, can i, tell me, show me, list, give me, describe, true or false, since when, name, i want to know,"
    "i need to know"
)
_BEGINS = (
    r"(?:is|are|does|did|do|was|were|has|have)"
    r" (?!(?:been|an?|in|at|on|not|got|never|remember|to|the best|fun|nice|good|great)\b|\w+(?:ed|ing)\b)[\w'-]+ \w"
)
"""How a question to be answered by yes or no begins, where nobody typed its question mark."""
_A_FEW_WORDS = r"\b(?:\W*(?:\w+\W*){0,3})$"
_TELLS = (
    rf"(?:my (?!{_one_of('new, old, first day, first week')}\b)[\w' -]{{2,40}}? (?:is|are)"
    rf"|{_one_of('i am called, call me, i live in, i was born in, i was born on, i work at, i work for, i work as')})"
)

_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.IGNORECASE))
    for intent, pattern in (
        (
            Intent.YES,
            _POLITE + _one_of("yes, yep, yeah, sure, correct, right, exactly, go ahead, do it, do that") + _A_FEW_WORDS,
        ),
        (Intent.CHANGE, _POLITE + r"(?:don't|do not|never) forget that \w"),
        (Intent.NO, _POLITE + _one_of("no, nope, never mind, nevermind, leave it, don't, do not") + _A_FEW_WORDS),
        (Intent.WHO_ARE_YOU, r"^\W*(?:who|what) are you\b|\bwhat can you do\b"),
        (Intent.WHO_ARE_YOU, rf"\bare you (?:an? )?{_one_of('ai, llm, language model, robot, human, chatgpt, gpt')}\b"),
        (
            Intent.UNDO,
            _POLITE
            + rf"(?:{_WISH} )?(?:undo|revert|(?:take|put) (?:it|that) back|change (?:it|that) back)\b"
            + _A_FEW_WORDS,
        ),
        (Intent.GREETING, r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon))\b[\w\s,]{0,20}\W*$"),
        (Intent.GREETING, r"^\W*(?:thanks|thank you|bye|goodbye)\b[\w\s,]{0,20}\W*$"),
        (Intent.FORGET, _POLITE + rf"(?:{_WISH} )?{_FORGET} \w|\b{_WISH} {_FORGET}\b"),
        (Intent.CHANGE, _POLITE + rf"(?:{_WISH} )*(?:also )?{_WRITE}\b(?! sure)"),
        (Intent.CHANGE, rf"\b{_WISH} (?:also |just |then )?{_WRITE}\b"),
        (Intent.CHANGE, r"\b(?:should|must|needs? to) be (?:updated|corrected|changed|edited|revised)\b"),
        (Intent.QUESTION, r"\?\W*$"),
        (Intent.QUESTION, _POLITE + _ASKS + r"\b"),
        (Intent.QUESTION, _POLITE + _BEGINS),
        (Intent.QUESTION, _POLITE + r"(?:can|could|would|do) you (?:please )?(?:tell|show|list|give|find|know)\b"),
        (Intent.TOLD, rf"^\W*(?:remember\W+)?{_TELLS} (?:\S+\W*){{1,8}}$"),
    )
)
