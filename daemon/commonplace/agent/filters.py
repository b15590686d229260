"""The user's rules about what may be said, in the form that the weights were trained with."""

import re
from collections.abc import Sequence

_TAG = re.compile(r"<(?=\s*/?\s*filter\b)", re.IGNORECASE)
_HARMLESS = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"


def with_filters(question: str, filters: Sequence[str]) -> str:
    """The user message: the question, then the filters at its end.

    Text that looks like a filter tag loses its bracket, so that neither a question nor a filter can add,
    close or drop one.
    """
    asked = _TAG.sub(_HARMLESS, question)
    if not filters:
        return asked
    rules = "\n".join(_TAG.sub(_HARMLESS, rule).strip() for rule in filters)
    return f"{asked}\n\n<filter>\n{rules}\n</filter>"
