"""What kind of message it is: a question, a wish to change or to forget, something told, or none of these."""

import re
from enum import Enum, auto

from commonplace.models.reader.words import tokens


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
    NOTHING = auto()


def read_intent(message: str) -> Intent:
    """Tell what a message wants; whatever is no question and asks for nothing was mentioned in passing."""
    if not tokens(message):
        return Intent.NOTHING
    for intent, pattern in _PATTERNS:
        if pattern.search(message):
            return intent
    return Intent.MENTIONED


_WRITE = (
    r"(?:update|correct|change|edit|revise|fix|adjust|amend|add|set|record|save|store|remember|replace|rename|note"
    r"|write|put|keep|log|make)"
)
_WISH = r"(?:i (?:need|want|wish|have|would like) (?:you )?to|i'd like (?:you )?to|please|can you|could you|would you|will you|let's|let us)"
_POLITE = r"^\W*(?:(?:hey|hi|hello|ok|okay|so|and|also|now|please|oh|well|great|thanks)\b[\s,.!]*)*"
_FORGET = r"(?:forget|delete|remove|erase|drop)"

_PATTERNS: tuple[tuple[Intent, re.Pattern[str]], ...] = tuple(
    (intent, re.compile(pattern, re.IGNORECASE))
    for intent, pattern in (
        (
            Intent.YES,
            _POLITE
            + r"(?:yes|yep|yeah|sure|correct|right|exactly|go ahead|do it|do that|please do)\b(?:\W*(?:\w+\W*){0,3})$",
        ),
        (Intent.NO, _POLITE + r"(?:no|nope|never mind|nevermind|leave it|don't|do not)\b(?:\W*(?:\w+\W*){0,3})$"),
        (
            Intent.WHO_ARE_YOU,
            r"^\W*(?:who|what) are you\b|\bare you (?:an? )?(?:ai|llm|language model|robot|human|chatgpt|gpt)\b|\bwhat can you do\b",
        ),
        (
            Intent.GREETING,
            r"^\W*(?:hi|hello|hey|good (?:morning|evening|afternoon)|thanks|thank you|bye|goodbye)\b[\w\s,]{0,20}\W*$",
        ),
        (Intent.FORGET, _POLITE + rf"(?:{_WISH} )?{_FORGET} \w|\b{_WISH} {_FORGET}\b"),
        (Intent.CHANGE, _POLITE + rf"(?:{_WISH} )*(?:also )?{_WRITE}\b(?! sure)"),
        (
            Intent.CHANGE,
            rf"\b{_WISH} (?:also |just |then )?{_WRITE}\b|\b(?:should|must|needs? to) be (?:updated|corrected|changed|edited|revised)\b",
        ),
        (Intent.QUESTION, r"\?\W*$"),
        (
            Intent.QUESTION,
            _POLITE
            + r"(?:what|who|whom|whose|which|when|where|why|how|am i|are there|is my|is the|is there|do i|does|did i"
            r"|have i|has|can i|tell me|show me|list|give me|describe|true or false|since when|i (?:want|need) to know"
            r"|(?:can|could|would|do) you (?:please )?(?:tell|show|list|give|find|know)|name)\b",
        ),
        (
            Intent.TOLD,
            r"^\W*(?:remember\W+)?(?:my (?!new\b|old\b|first (?:day|week))[\w' -]{2,40}? (?:is|are)|i am called|call me|i'm called|i (?:live|was born) (?:in|on)|i work (?:at|for|as)) (?:\S+\W*){1,8}$",
        ),
    )
)
