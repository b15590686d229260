"""Short answers to what was asked back. Pure."""

import re

from commonplace.models.reader.fitting import is_value


def read_short_answer(message: str) -> str:
    """Return the value that an answer gives: "It's a baker" gives "baker"; "" where it is a sentence."""
    value = _OPENING.sub("", message).strip(" .!,;\"'“”")
    return value if is_value(value, is_asked=True) else ""


_OPENING = re.compile(
    r"^\W*(?:(?:it's|it is|they are|they're|that's|that is|i am|i'm|its|he is|she is|he's|she's)\b\s*(?:an? )?)?",
    re.IGNORECASE,
)
