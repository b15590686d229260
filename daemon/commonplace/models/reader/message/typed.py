"""A message as people type it, spelled as it was meant: apostrophes back, fillers gone, "Ada's left" in full. Pure."""

import re


def spelled(message: str) -> str:
    """Return the message without what only opens it, with the apostrophes and auxiliaries that were left out."""
    text = _OPENING.sub("", message.replace("’", "'"), count=1)
    text = _BARE.sub(lambda found: _APOSTROPHES[found[0].casefold()], text)
    return _DONE.sub(r"\g<who> has \g<done>", _IS.sub(r"\g<who> is ", text))


def is_named_thing(message: str) -> bool:
    """Say whether a message only names something, as people type into a search box: "Ada's phone number"."""
    return bool(_NAMED_THING.match(message)) and not _TELLS.search(message)


_OPENING = re.compile(
    r"^\W*(?:(?:(?:btw|by the way|actually|sorry|um+|er+m?|hmm+|anyway|fyi|just wondering)\b"
    r"(?: (?:but|so|then))?[\s,.:;!–—-]+"
    r"|(?:well|right|so|quick (?:one|question)|update|news|correction)\s*[,:–—-]+\s*)+)(?=\w)",
    re.IGNORECASE,
)
"""What opens a message without saying anything of it."""
_APOSTROPHES = {
    **{f"{word}s": f"{word}'s" for word in ("what", "where", "who", "how", "when", "that", "there", "he", "she")},
    **{f"{word}nt": f"{word}n't" for word in ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had")},
    **{"im": "I'm", "ive": "I've", "cant": "can't", "theyre": "they're", "theyve": "they've", "weve": "we've"},
}
_BARE = re.compile(rf"\b(?:{'|'.join(_APOSTROPHES)})\b(?!['-])", re.IGNORECASE)

_WHO = (
    r"(?P<who>(?:^|(?<=[,.;] )|(?<=and )|(?<=that ))(?!(?:let|it|that|there|what|who|where|when|how|he|she|here)\b)"
    r"(?:(?:my|our|the) )?\w+)'s"
)
_DONE = re.compile(
    rf"{_WHO} (?P<done>(?:also |just |now |recently |finally )?(?:moved|dropped|left|quit|started|stopped|taken|given"
    r"|got|become|changed|joined|switched|sold|bought|retired|married|divorced|died|been|gone|turned|passed|finished|packed"
    r"|lost|won|grown|adopted|hired|begun|had)\b)(?![^,.;]*\b(?:is|are|was|were)\b)",
    re.IGNORECASE,
)
"""After a name, what has happened: not "Ada's lost dog is called Rex"."""
_IS = re.compile(rf"{_WHO} (?=(?:no longer|not|an?|now|called|named|allergic|\d+|married to)\b)", re.IGNORECASE)
"""After a name, what is so."""

_NAMED_THING = re.compile(
    r"^\W*(?!(?:move|shift|postpone|push|bring|cancel|book|call|ring|invite|send|give|take|swap|mark|tick|clear|strike)\b)"
    r"(?:(?:the )?[\w-]+(?: [\w-]+)? of (?:my|our|the|(?-i:[A-Z]))|(?:my|our) [\w-]"
    r"|(?-i:[A-Z])[\w-]*(?: (?-i:[A-Z])[\w-]*)*'s? [\w-])[\w' -]{1,60}[\s?.,]*$",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"\b(?:is|are|was|were|am|has|have|had|will|would|can|do|does|did|new|today|tomorrow|yesterday|tonight|now|\w+ed"
    r"|went|got|says?|said|likes?|loves?|lives?|works?|needs?|wants?|comes?|goes|no longer"
    r"|\w+n['’]t|any ?more|me|us|him|them|bit|broke|fell|ran|sold|bought|lost|came|took|gave|made|quit)\b|[:!]|\d",
    re.IGNORECASE,
)
