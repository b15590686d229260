"""Kinds of value: the words that name them in a rule, the keys under which they stand, what they look like.

The patterns are for recall: an invented or badly written number is hidden as well as a valid one, so none checks a
checksum or a numbering plan. They are read by ``regex``, which can say of half a text what it may become; the group
``value`` is what is hidden where a pattern also holds the words that tell it. None looks back further than two
characters.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of value."""

    name: str
    """As a person is told it."""
    words: frozenset[str]
    """A rule that holds one of these means this kind."""
    keys: frozenset[str]
    """A fact whose key holds one of these has such a value, whatever it looks like."""
    patterns: tuple[str, ...] = ()
    infers: frozenset[str] = frozenset()
    """Keys of facts that are no such value and let one infer it, or stand for it beside others of the kind.

    A mask cannot know what a value is asked for; a model that understood the question does.
    """


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[\s-](?:{_SMALL}))?"
    rf"|{_SMALL}|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)"
)
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:(?:1[89]|20)\d\d[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2,4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?\.?\s(?:of\s)?{_MONTH}(?:,?\s(?:1[89]|20)\d\d)?"
    rf"|{_MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s(?:1[89]|20)\d\d)?|{_MONTH}\s(?:1[89]|20)\d\d"
    r"|\d{1,2}\.\s?\d{1,2}\.|(?:1[89]|20)\d\d|'\d\d)"
)
_BORN = r"\b(?:born|birth\w*|b-day|dob|b\.(?=\s?\d))(?!\w)"
_NEAR = r"(?:[^\n]|\n(?![\s>]*(?:\n|[-*+#|]))){0,40}?"
"""Words of the same sentence or fact, which may go on in the next line."""
_TENS = "twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties|teens"
_DIGIT_WORD = "(?:double\\s|triple\\s)?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_LOCAL = r"(?<![\w.+%-])[\w+%-](?:[\w.+%-]{0,62}[\w+%-])?"
_CODES = "USD|EUR|GBP|NOK|SEK|DKK|CHF|JPY|PLN|CZK|INR|CNY|AUD|CAD|NZD|BTC|ETH"
_CURRENCY = (
    rf"(?:{_CODES}|kr|kron[aeo]r?|dollars?|euros?|pounds?(?!\sof\b)|cents?|francs?|yen|yuan|rupees?|rubles?|zł|bucks|quid"
    "|grand(?!\\s(?:pianos?|prix|finale|slam))|[$€£¥₹])"
)
_AMOUNT = r"\d+(?:[,.' ]\d+)*(?:\s?(?:k|m|bn|hundred|thousand|million|billion|lakh|crore)(?!\w))?"
_STREET = (
    "Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Court|Square|Place|Terrace|Way|Boulevard|Blvd|Quay|Close|Gate|Row"
    "|Hill|Walk|Crescent|Wharf|Embankment"
)
_CAPITAL = r"(?-i:[A-ZÆØÅÄÖÜÉ])[\w'’-]*"
_TOWN = rf"(?:,?\s(?:\d{{3,6}}\s)?{_CAPITAL})?"

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "e-mail address",
            _words("email emails mail mails"),
            _words("email mail"),
            (
                rf"{_LOCAL}@[\w-]+(?:\.[\w-]+)*",
                rf"{_LOCAL}\s?[\[({{](?:at|@)[\])}}]\s?[\w-]+"
                r"(?:(?:\.|\s?[\[({](?:dot|\.)[\])}]\s?)[\w-]+)*",
                rf"{_LOCAL}\s?@\s?[\w-]{{1,40}}(?:(?:\.|\s\.\s)[\w-]{{2,40}})+",
                rf"{_LOCAL}[\s_]at[\s_][\w-]{{1,40}}?[\s_]dot[\s_][a-z]{{2,12}}(?!\w)",
            ),
        ),
        Kind(
            "phone number",
            _words("phone phones telephone mobile cellphone cell fax tel"),
            _words("phone telephone mobile cellphone cell fax tel"),
            (
                r"(?<![\w:/.,-])(?<![$€£¥])(?<![$€£¥]\s)(?!\d{4}-\d\d-\d\d(?!\d))(?!\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d))"
                r"(?!(?:1[89]|20)\d\d\s?[-–/]\s?(?:1[89]|20)\d\d(?!\d))(?!97[89][-\s]?\d)"
                r"(?!\d{1,3}(?:\s000)+(?!\s?\d))(?!\d{1,2}\.\d{5,}(?!\d))"
                r"(?:\+\s?)?\(?\d(?:[\s().\-/\u2010-\u2015\u00a0]{0,3}\d){6,14}(?!\w|\s?(?:kr|km|kg|m²)\b|\s?[€$£])",
                r"(?:\bwa\.me/|\btel:)\+?(?P<value>\d(?:[\s().-]?\d){5,14})(?!\w)",
                rf"(?<!\w){_DIGIT_WORD}(?:[\s,-]{{1,2}}{_DIGIT_WORD}){{5,14}}(?!\w)",
                r"\b(?:phone|telephone|tel|mobile|cell|call|ring|dial|fax)\b[^\d\n]{0,20}"
                r"(?P<value>\+?\d(?:[\s-]?\d){2,14})(?!\w)",
            ),
            _words("pager extension"),
        ),
        Kind(
            "age or date of birth",
            _words("age ages old birthday birthdays birthdate birth born dob zodiac"),
            _words("age birthday birthdate birth born dob zodiac"),
            (
                rf"(?<!\w)(?:\d{{1,3}}|{_NUMBER})(?=[\s-]?(?:years?|yrs?)[\s-]?(?:old|young|of\sage)\b)",
                r"(?<!\w)\d{1,3}(?=\s?(?:yo|y/o|y\.o\.)(?!\w)|(?:st|nd|rd|th)\sbirthday\b)",
                r"\b(?:i'?m|(?:he|she)'?s|i\sam|(?:he|she)\sis)\s(?:now\s|already\s|only\s)?(?P<value>\d{1,3})"
                r"(?=\s?(?:[;!?)\n]|[.,](?!\d)|$)|\s(?:now|and|this|today|already)\b)",
                rf"\bin\s(?:my|his|her|their)\s(?P<value>(?:(?:early|mid|late)[\s-])?(?:{_TENS}))(?!\w)",
                r"\b(?:age|aged|turns?|turned|turning)\b[^\w\n]{1,3}(?:(?:is|of|was|now|about|at)\s)?"
                rf"(?P<value>\d{{1,3}}|{_NUMBER})(?!\w|\s(?:degrees|percent|pages|times|people|minutes|hours|days|points)\b)",
                rf"{_BORN}{_NEAR}(?P<value>{_DATE})(?!\w)",
                rf"(?<![\w/.-]){_DATE}(?!\w)(?=[^.\n]{{0,40}}{_BORN})",
            ),
            _words("old star sign"),
        ),
        Kind(
            "address",
            _words("address addresses street postcode zip residence"),
            _words("address street postcode zip residence"),
            (
                rf"(?<!\w)\d{{1,5}}[a-z]?,?\s(?:{_CAPITAL}\s){{1,4}}(?:{_STREET})\b\.?{_TOWN}",
                rf"(?<!\w)(?:{_CAPITAL}\s){{1,3}}(?:Street|Road|Avenue|Lane|gate|gata|vei|veg|plass|all[eé]e|weg)\s"
                rf"\d{{1,4}}[a-z]?\b{_TOWN}",
                r"(?<!\w)\d{1,5}[a-z]?,?\s[\w'-]+\s(?:street|road|avenue|lane|boulevard|crescent)"
                r"(?=\s?(?:[,.;!?)\n]|$)|\s(?:in|at|and|is)\b)",
                rf"(?<!\w)\d{{1,4}}(?:\sbis)?,?\s(?:rue|avenue|boulevard|place|quai|chemin)\s(?:\w+\s){{0,3}}{_CAPITAL}",
                r"(?<!\w)(?-i:[A-ZÆØÅÄÖÜ])\w+(?:gata|gaten|gate|vegen|veien|straße|strasse|gatan|straat|laan)\s"
                rf"\d{{1,4}}[a-z]?\b{_TOWN}",
                rf"(?<!\w)(?:rue|via|calle|avenida)\s(?:\w+\s){{1,4}}\d{{1,4}}\b{_TOWN}",
                r"(?<!\w)P\.?\s?O\.?\s?Box\s\d+",
                r"(?<!\w)(?-i:[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2})(?!\w)",
            ),
            _words("home city town living lives"),
        ),
        Kind(
            "amount of money",
            _words(
                "money salary salaries income wage wages price prices cost costs financial finance finances budget "
                "rent revenue debt debts amounts savings"
            ),
            _words("salary income wage price cost budget rent revenue debt savings fee loan mortgage worth"),
            (
                rf"(?<!\w)(?:{_CODES}|kr|[A-Z]{{0,2}}[$€£¥₹])\.?\s?{_AMOUNT}(?!\w)",
                r"(?<![\w.,])\d+(?:[,.' ]\d+)*,-(?!\w)",
                rf"(?<![\w.,]){_AMOUNT}\s?{_CURRENCY}(?!\w)",
                rf"(?<!\w)(?:half\s)?(?:an?|{_NUMBER})(?:[\s-](?:hundred|thousand|million|billion|and|{_NUMBER})){{0,8}}"
                rf"\s{_CURRENCY}(?!\w)",
            ),
            _words(
                "money financial finance bank rate owe pay earnings grant fund funding spent spending saved invoice "
                "pension tax account amount refund fine bonus paid charges"
            ),
        ),
        Kind(
            "account or identity number",
            _words("account accounts iban card cards credit ssn passport identity licence license tax bank pin"),
            _words("account iban card ssn passport identity licence license tax pin"),
            (
                r"(?<!\w)(?-i:[A-Z]{2})\d{2}(?:\s?(?-i:[A-Z0-9]{2,4})){3,8}(?!\w)",
                r"(?<!\w)[a-z]{2}\d{2}(?:\s?\d{4}){2,7}(?:\s?\d{1,4})?(?!\w)",
                r"(?<![\w-])(?!97[89]-)\d(?:[ -]?\d){12,18}(?![\w-])",
                r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])",
                r"(?<![\w.])\d{4}[ .]\d{2}[ .]\d{5}(?!\w)",
                r"(?<!\w)\d{6} ?\d{5}(?!\w)",
                r"(?<!\w)[a-z]{1,3}\d{6,9}(?!\w)",
                r"\b(?:account|iban|card|ssn|passport|licen[cs]e|identity|pin|sort\scode)\b[^\d\n]{0,20}"
                r"(?P<value>\d(?:[ -]?\d){3,18})(?!\w)",
            ),
            _words("identification id registration record student insurance security visa"),
        ),
        Kind(
            "health",
            _words(
                "health medical illness illnesses disease diseases diagnosis diagnoses medication allergy allergies"
            ),
            _words(
                "health medical illness disease diagnosis medication medicine allergy allergies allergic blood doctor "
                "condition therapy"
            ),
            infers=_words(
                "drug dose disability pressure symptom injury medical surgery operation vaccination vaccinations "
                "prescription therapist clinic hospital pacemaker"
            ),
        ),
    )
}

GROUPS: Mapping[str, tuple[str, ...]] = {
    "contact": ("e-mail address", "phone number", "address"),
    "financial": ("amount of money", "account or identity number"),
    "personal": ("e-mail address", "phone number", "age or date of birth", "address", "account or identity number"),
}
"""Words for several kinds at once."""
