"""The user's rules about what may be said, in the form that the weights were trained with."""

import re
from collections.abc import Sequence


def with_filters(question: str, filters: Sequence[str]) -> str:
    """The user message: the question, then the filters at its end; blank filters are none.

    Text that looks like a filter tag loses its bracket, so that neither a question nor a filter can add,
    close or drop one.
    """
    asked = _TAG.sub(_HARMLESS, question)
    rules = _TAG.sub(_HARMLESS, "\n".join(rule.strip() for rule in filters if rule.strip()))
    if not rules:
        return asked
    return "\n".join([asked, "", "<filter>", rules, "</filter>"])


_UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
"""Characters without width: a tag that hides one is still read as that tag."""
_TAG = re.compile(rf"[<\uff1c](?=[\s/{_UNSEEN}]*{f'[{_UNSEEN}]*'.join('filter')}\b)", re.IGNORECASE)
_HARMLESS = "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}"
