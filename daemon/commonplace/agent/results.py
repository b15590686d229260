"""A block's variables as the text that goes back to the model in ``<result>``."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

LONGEST_VARIABLE = 8_000
LONGEST_RESULT = 16_000
"""Characters. The weights were trained with 4,096 tokens of prompt, so what is read must stay small."""

_SMALLEST_SHARE = 200

LISTING = (
    f"[(_k, type(_v).__name__, _v[:{LONGEST_VARIABLE}] if type(_v) is str else f'{{_v!r}}'[:{LONGEST_VARIABLE}], "
    "len(_v) if type(_v) is str else len(f'{_v!r}')) for _k, _v in locals().items()]"
)
"""Fed after the block: (name, type, text or repr, its whole length) of every top-level name."""

_NOT_DATA = frozenset({"module", "function", "type", "builtin_function_or_method", "_SpecialForm", "coroutine"})


@dataclass(frozen=True, slots=True)
class Variable:
    """A top-level name of the block: the text itself for a str, else the value's repr, perhaps cut."""

    name: str
    is_text: bool
    shown: str
    length: int
    """Characters of the whole text or repr."""


def variables(listed: object) -> tuple[Variable, ...]:
    """Read what ``LISTING`` returned; names of modules, functions and types are no data."""
    rows = cast("list[tuple[str, str, str, int]]", listed)
    return tuple(
        Variable(name, kind == "str", shown, length)
        for name, kind, shown, length in rows
        if kind not in _NOT_DATA and not name.startswith("_")
    )


def render(found: Sequence[Variable], error: str | None = None) -> str:
    """The trained form: ``{'name': value}``, or ``({'name': value}, 'error')`` when the block failed.

    Uncut values stand as their repr, cut ones as a string that says what is missing, so that plain
    values always make a Python literal.
    """
    room = LONGEST_RESULT
    pieces: list[str] = []
    for index, variable in enumerate(found):
        waiting = len(found) - index - 1
        share = max(_SMALLEST_SHARE, min(LONGEST_VARIABLE, room - waiting * _SMALLEST_SHARE))
        pieces.append(f"{variable.name!r}: {_value(variable, share)}")
        room = max(0, room - len(pieces[-1]) - 2)
    listed = "{" + ", ".join(pieces) + "}"
    return listed if error is None else f"({listed}, {error!r})"


def _value(variable: Variable, limit: int) -> str:
    if variable.length <= limit and variable.length == len(variable.shown):
        return repr(variable.shown) if variable.is_text else variable.shown
    cut = variable.shown[:limit]
    return repr(
        f"{cut} ... [cut: {len(cut):,} of {variable.length:,} characters shown; "
        "look for what you need inside python instead]"
    )
