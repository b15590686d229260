"""A person's words to an FTS5 expression. Pure."""

import re

_WORD = re.compile(r"[^\W_]+")
MOST_WORDS = 12


def words_of(query: str) -> list[str]:
    """The words of a query, each once, case folded; the first dozen."""
    return list(dict.fromkeys(word.casefold() for word in _WORD.findall(query)))[:MOST_WORDS]


def all_of(words: list[str]) -> str:
    """The expression for notes that hold every word, the last one as a beginning."""
    return " AND ".join([*map(_quoted, words[:-1]), f"{_quoted(words[-1])}*"])


def any_of(words: list[str]) -> str:
    """The expression for notes that hold one of the words."""
    return " OR ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
