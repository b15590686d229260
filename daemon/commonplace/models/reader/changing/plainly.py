"""Everyday turns of phrase for a change, said in the plain words that the patterns of clauses read. Pure.

Written for this reader from how people tell of changes; it knows verbs and turns of English, and no world.
"""

import re

from commonplace.models.reader.changing.requests import spelled_out


def plainly(message: str) -> str:
    """Return a message in plainer words: "I've packed in chess" as "I have given up chess"."""
    said = spelled_out(message)
    for pattern, plain in _PLAINER:
        said = pattern.sub(plain, said)
    return _ON_SOMETHING.sub(lambda found: f"{_SUBJECTS.get(found['who'].casefold(), found['who'])} is on ", said)


_COUNT = r"(?:\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
_PLACE = r"(?:the|my|our) [a-z][a-z -]*?|(?-i:[A-Z])[\w' -]*?"
_PERSON = r"him|her|them|(?:my|our) [a-z]+|(?-i:[A-Z])\w+"
_DONE = (
    "got|been|gone|given up|left|dropped|packed|jacked|quit|moved|changed|retired|sold|bought|switched|swapped|traded"
    "|stopped|started|taken|turned|joined|become|found|had|broken|come off"
)
_OTHER_BEGINNINGS = (
    "the|my|our|his|her|their|its|i|we|they|he|she|it|you|there|this|that|what|who|add|put|set|change|note|remember"
)
_SUBJECTS = {"him": "he", "her": "she", "them": "they"}
_ON_SOMETHING = re.compile(
    rf"\b(?:they|the doctors?) (?:have |has )?(?:put|moved|switched|started) (?P<who>{_PERSON}) on(?:to)? ",
    re.IGNORECASE,
)
"""What is prescribed to somebody: "they have put her on losartan"."""
_PLAINER = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (rf"(?<=\w)'s (?=(?:{_DONE})\b)", " has "),
        (r"(?<=\w)'s (?=(?:no longer|not)\b)", " is "),
        (
            r"(?<=\w)'s (?=(?:only |now |just )?(?:up|down) to \d|(?:in|at|on) (?:the )?[a-z]+ \d|done with\b"
            r"|(?:sitting|staying|living|working|doing|playing|learning|studying|taking) )",
            " is ",
        ),
        (r",? because [^,;.]+", ""),
        (r"^(?:an? )?(?:slight |small |little |quick )?(?:change|update)s?(?: of plans?)?[,:;.] (?=\S)", ""),
        (r"\bto[ -]do(?= list)", "todo"),
        # What somebody no longer does
        (r"\b(?:packed|jacked|chucked) in\b|\b(?:got|gotten) rid of\b|\bhad enough of\b", "given up"),
        (r"\b(?:is|are|am) (?:done|finished|through) with\b", "have given up"),
        (r"\b(?:has|have|had) come off (?=[a-z]+\b(?! \w+ (?:the|a)\b))", "has given up "),
        (r"\b(gave|given) up (?:on|with)\b", r"\1 up"),
        (
            r"\bused to be (?P<old>[^,]+?),? (?:and |but )?(?P<who>he|she|it|they|i|we) (?P<be>is|are|am)\b",
            r"\g<be> no longer \g<old>, \g<who> \g<be>",
        ),
        (
            r",(?: and| since| as)? (?-i:[A-Z])\w+ (?:has |have )?(?:stepped down|moved (?:out|away|on)"
            r"|resigned|retired)(?=[.!]*$)",
            "",
        ),
        # How many there are
        (r"\b(?:only|just) (?P<has>has|have) (?=\d)", r"\g<has> "),
        (r"\bthere (?P<be>is|are) now (?P<what>[^,.;]+?)(?=[.!]*$)", r"there \g<be> \g<what> now"),
        (
            rf"\bthere (?:is|are) (?:only |just )?(?P<what>{_COUNT} [a-z -]+?) (?:at|in|on) (?P<place>{_PLACE})"
            r"(?=(?: now| these days| nowadays)?[.,!]*$)",
            r"\g<place> has \g<what>",
        ),
        (rf"\bthere (?:is|are) (?:only |just )?(?={_COUNT})", "we have "),
        (rf"\b(?:is|are|am) (?:only |now |just )?(?:down|up) to (?={_COUNT})", "now have "),
        (rf"\b(has|have) (?:only |just )?(?:got )?(?={_COUNT})", r"\1 "),
        (
            rf"\bwe (?:now )?have (?P<what>{_COUNT} [a-z -]+?) (?:at|in|on) (?P<place>{_PLACE})"
            r"(?=(?: now| these days| nowadays)?[.,!]*$)",
            r"\g<place> has \g<what>",
        ),
        (
            r"^(?P<key>(?:the|my|our|[A-Z]\w+'s) [^,.;]+?) (?:has |have )?(?:gone|went|been put) (?:up|down)"
            r"(?:,| and) (?:it is|they are) ",
            r"\g<key> is ",
        ),
        # Whose it is
        (
            rf"^(?!(?:{_OTHER_BEGINNINGS})\b)(?P<what>[a-z]+ (?:at|for|on) (?:{_PLACE})"
            r" (?:is|has|went|goes|dropped|rose|fell)\b)",
            r"the \g<what>",
        ),
        # What others did
        (
            r"\b(?:they|somebody|someone) (?:have |has )?(?:put|moved|shifted|changed|raised|lowered|cut|brought)"
            r" (?P<what>[^,.;]+?)(?: up| down| forward| back)? to (?=\S)",
            r"\g<what> has moved to ",
        ),
        # A name put right
        (r"^(?:please )?(?:fix|correct|change|update) (?:the|his|her|their) (?:name|spelling)(?: please)?[,;:.] ", ""),
        (r"^you (?:have )?(?:got|spelled|spelt|written) (?:the|his|her|their) name wrong[,;:.] ", ""),
        (
            r"\b(?P<it>it|that|(?:his|her|their|the) name) should (?:be|have been)"
            r" (?=(?-i:[A-Z])[^,.;]+,? (?:and )?not )",
            r"\g<it> is ",
        ),
        (r"\bname's (?=(?-i:[A-Z]))", "name is "),
        # Somebody new
        (r"\bhad (?=an? (?:second |third |fourth |new |little )?(?:baby|child|son|daughter)\b)", "have "),
        (
            r"(?P<has>\b(?:has|have) (?:got )?(?:an?|another) (?:[a-z]+ ){0,2}[a-z]+?)(?: now)?,"
            r" (?:and )?(?:she|he|it|they) (?:is|are) (?:called|named) ",
            r"\g<has> called ",
        ),
        (r"\bhas (?:found|met)(?: (?:him|her|them)self)? (?=an? )", "has "),
        (r"\b(?:child|baby)(?:,| -) a (?:baby )?girl\b", "daughter"),
        (r"\b(?:child|baby)(?:,| -) a (?:baby )?boy\b", "son"),
        # One more of what there are
        (
            r"\b(?:a|one|a new) (?:new |further |extra |more )?(?P<what>[a-z ]+?) (?:as well as|on top of|besides|in"
            r" addition to|beside) (?:the|those|these|her|his|their|my)(?: (?:others?|rest|ones?|\w+s))?(?=:|,| -)",
            r"another \g<what>",
        ),
        (r"\bone more (?=[a-z]+)", "another "),
    )
)
