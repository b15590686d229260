"""Questions that ask for two things at once: "the locker and the phone number of Nora". Pure."""

import re


def parts_of(message: str) -> tuple[str, ...]:
    """Return the questions that a question holds; itself alone where it holds one."""
    text = message.strip()
    two = _TWO_QUESTIONS.match(text)
    if two:
        other = f"{two['other'][0].upper()}{two['other'][1:].strip(' ?')}?"
        group = _GROUP.match(two["one"])
        if group:
            other = re.sub(r"\btheir\b (?P<what>[^?]+)", rf"the \g<what> of {group['group'].strip(' ,')}", other)
        return f"{two['one'].strip(' ,')}?", other
    both = _TWO_THINGS.match(text)
    if both:
        opening, of = "What is", both["of"] or ""
        owner = "" if of else both["owner"] or ""
        other = both["other"]
        if owner and not re.match(r"(?:my|our|his|her|their|the)\b", other, re.IGNORECASE):
            other = f"{owner}{other}"
        return f"{opening} {owner}{both['one'].strip()}{of}?", f"{opening} {other.strip()}{of}?"
    return (message,)


_ASKS = r"(?:what|which|who|whose|when|where|how)\b"
_TWO_QUESTIONS = re.compile(
    rf"(?P<one>{_ASKS}.+?),? and (?P<other>{_ASKS}(?! (?:have|has|is it|are they)\b).+)$", re.IGNORECASE | re.DOTALL
)
_GROUP = re.compile(r"who (?:is|are) (?:(?:in|on|at|among) )?(?P<group>(?:my|our|the) .+)", re.IGNORECASE)
"""Whom "their" means after "who is in my study group"."""
_NOUN = r"(?:the |my |our )?[\w-]+(?: [\w-]+){0,2}?"
_TWO_THINGS = re.compile(
    rf"what (?:is|are|was|were) (?P<owner>(?:my|our|the|[\w.'’ -]+?['’]s?) )?(?P<one>{_NOUN})"
    rf" and (?P<other>{_NOUN})(?P<of> of [^?]+)?\W*$",
    re.IGNORECASE,
)
