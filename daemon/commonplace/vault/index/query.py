"""A query's words as FTS5 expressions. Pure."""

from collections.abc import Sequence


def all_of(words: Sequence[str]) -> str:
    """The expression for notes that hold every word, the last one as a beginning."""
    return " AND ".join([*map(_quoted, words[:-1]), f"{_quoted(words[-1])}*"])


def any_of(words: Sequence[str]) -> str:
    """The expression for notes that hold one of the words."""
    return " OR ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
