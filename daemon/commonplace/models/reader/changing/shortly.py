"""Short answers to what was asked back. Pure."""

import re

from commonplace.models.reader.changing.fitting import is_value


def read_short_answer(message: str) -> str:
    """Return the value that an answer gives: "It's a baker" gives "baker"; "" where it is a sentence, or none."""
    value = _OPENING.sub("", message).strip(" .!,;\"'“”")
    return value if is_value(value, is_asked=True) and not _NO_ANSWER.search(value) else ""


_OPENING = re.compile(
    r"^\W*(?:(?:it's|it is|they are|they're|that's|that is|i am|i'm|its|he is|she is|he's|she's)\b\s*(?:an? )?)?",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"^(?:ok(?:ay)?|lol|ha(?:ha)*|hm+|oh|ah|wow|huh|well|weird|strange|funny|nice|cool|fine|good|great|sorry|whatever"
    r"|maybe|perhaps|later|why|what|nothing|secret|a secret|private|skip|pass|next|stop|dunno|no clue|guess"
    r"|(?:mind|none of) your (?:own )?business"
    r"|(?:compare|show|find|look|search|check|count|explain|help|open|read|say|tell|give|list|try)\b.*)$",
    re.IGNORECASE,
)
"""What people say who do not answer, and how they begin another request."""
