"""A rule of the user's in their own words, read into what it names. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, cast

import Stemmer  # pyright: ignore[reportMissingTypeStubs, reportMissingModuleSource]  # the package ships no types

from commonplace.kinds import GROUPS, KINDS

LONGEST_RULE = 1_000
MOST_RULES = 100


class RuleError(Exception):
    """A rule cannot be one; the text says why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a rule withholds.

    A rule only ever withholds: one that allows something opens nothing that another closes.
    """

    text: str
    complete: bool = False
    """Whether an answer that would tell it is refused whole; else it is masked in its place."""
    kinds: frozenset[str] = frozenset()
    """Names of ``KINDS``."""
    names: tuple[str, ...] = ()
    """What is quoted, linked, or written with capitals: never told, wherever it stands."""
    phrases: tuple[str, ...] = ()
    """Words that may be a fact's key, a heading or a note's name."""
    folders: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    """Without ``#``."""

    @property
    def is_in_english(self) -> bool:
        """Whether it may be; what a rule in another language means is read by the model alone."""
        letters = [character for character in self.text if character.isalpha()]
        latin = sum(unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
        words = set(_WORD.findall(self.text.casefold()))
        speaks_english = not words.isdisjoint(_VERBS) or _NEGATION.search(self.text) is not None
        return 2 * latin >= len(letters) and (words.isdisjoint(_FOREIGN) or speaks_english)

    @property
    def is_held(self) -> bool:
        """Whether it names something that is withheld in any vault; else it depends on what the notes hold."""
        return bool(self.kinds or self.names or self.folders or self.tags)

    @property
    def rests_on_the_model(self) -> bool:
        """Whether nothing outside the model can hold it, whatever the notes hold."""
        return not self.is_held and not self.phrases


@lru_cache(maxsize=1024)
def parse_rule(text: str, *, complete: bool = False) -> Rule:
    """Read a rule.

    Raises:
        RuleError: it says nothing, or is longer than 1,000 characters.

    """
    text = " ".join(text.split())
    if not re.search(r"\w", text):
        raise RuleError('A filter that says nothing withholds nothing. Say what must not be told: "my phone number".')
    if len(text) > LONGEST_RULE:
        raise RuleError(
            f"A filter has at most {LONGEST_RULE:,} characters, and this one {len(text):,}; make it several."
        )
    withheld, exempt = _scope(text)
    if not withheld:
        return Rule(text, complete)
    rest, folders = _taken(_FOLDERS, withheld)
    rest, spelled = _taken(_SPELLED_FOLDERS, rest)
    rest, tags = _taken(_TAGS, rest)
    rest, names = _taken(_NAMED, rest)
    rest, capitals = _capitalised(rest)
    words = _words(rest)
    return Rule(
        text,
        complete or bool(re.match(r"\W*(?:refuse|decline)\b", text, re.IGNORECASE)),
        frozenset(_kinds(words)) - frozenset(_kinds(_words(exempt))),
        tuple(dict.fromkeys([*(name for name in names if _is_name(name)), *capitals])),
        tuple(dict.fromkeys(_phrases(rest))),
        tuple(dict.fromkeys(folder.strip("/ ") for folder in (*folders, *map(_without_lead, spelled)))),
        tuple(dict.fromkeys(tag.casefold() for tag in tags)),
    )


def parse_rules(texts: Sequence[str]) -> tuple[Rule, ...]:
    """Read rules; blank ones are none.

    Raises:
        RuleError: one is too long, or there are more than 100.

    """
    if len(texts) > MOST_RULES:
        raise RuleError(f"There can be {MOST_RULES} filters, and these are {len(texts):,}.")
    return tuple(parse_rule(text) for text in texts if re.search(r"\w", text))


@lru_cache(maxsize=8192)
def stems_of(text: str) -> frozenset[str]:
    """The stems of the words that say something: of a key, a heading, a phrase."""
    return stems_in(text)


def stems_in(text: str) -> frozenset[str]:
    """As ``stems_of``, of a text too long to be remembered."""
    spaced = _CAMEL.sub(r"\1 \2", text.replace("_", " "))
    return frozenset(map(_stem, set(_WORD.findall(spaced.casefold())) - _SAYS_NOTHING))


def _scope(text: str) -> tuple[str, str]:
    """The part of a rule that withholds, and what it leaves out: "tell all except X" withholds X."""
    before, found, after = _split_at_exception(text)
    if re.match(rf"\W*(?:please\s+)?(?:you\s+)?(?:{_PERMITS})\b", before, re.IGNORECASE) and not _NEGATION.search(
        before
    ):
        return after, ""
    return before, after if found else ""


def _split_at_exception(text: str) -> tuple[str, str, str]:
    found = re.search(r"\b(?:except(?:\s+for)?|other\s+than|apart\s+from|but\s+not|unless)\b", text, re.IGNORECASE)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _taken(pattern: "re.Pattern[str]", text: str) -> tuple[str, list[str]]:
    """The text without what the pattern finds, and what it found."""
    found = [next(group for group in match.groups() if group) for match in pattern.finditer(text)]
    return pattern.sub(" , ", text), found


def _without_lead(folder: str) -> str:
    """A folder without the words of the rule before it: "never show what lies in Work/Plans" means Work/Plans."""
    words = folder.partition("/")[0].split(" ")
    begin = _behind_lead(words, 0)
    places = [at for at, word in enumerate(words[:-1]) if word in _PLACES]
    if places and words[begin].islower():
        begin = _behind_lead(words, places[-1] + 1)
    return folder[len(" ".join(words[:begin])) :].lstrip()


def _behind_lead(words: Sequence[str], begin: int) -> int:
    """Past the words that say nothing; a capital is part of a folder's name, but for the rule's first word."""
    while begin < len(words) - 1 and (words[begin] if begin else words[begin].casefold()) in _SAYS_NOTHING:
        begin += 1
    return begin


def _capitalised(text: str) -> tuple[str, list[str]]:
    """Names written with capitals. One that owns what is meant ("Maya's phone") is not meant itself."""
    names: list[str] = []

    def taken(match: "re.Match[str]") -> str:
        words = match[0].split()
        first = bool(re.search(r"(?:^|[.!?]\s*)$", text[: match.start()]))
        while words and (_plain(words[0]) in _SAYS_NOTHING or (first and _plain(words[0]) in _VERBS)):
            words.pop(0)
        if words and (re.search(r"['’]s?$", words[-1]) or re.search(r"\b(?:of|for|by)\s+$", text[: match.start()])):
            return " , "
        name = " ".join(words)
        if not words or (first and len(words) == 1) or not _is_name(name) or set(_kinds([_plain(w) for w in words])):
            return match[0]
        names.append(name)
        return " , "

    return _CAPITALS.sub(taken, text), names


def _is_name(name: str) -> bool:
    return sum(character.isalnum() for character in name) >= 3


def _words(text: str) -> list[str]:
    joined = re.sub(r"\be-?mails?(?:\s+address(?:es)?)?\b", " email ", text.casefold())
    return _WORD.findall(re.sub(r"\w+['’]s\b", " ", joined))


def _kinds(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield from GROUPS.get(word, ())
        yield from (kind.name for kind in KINDS.values() if word in kind.words)


def _phrases(text: str) -> Iterator[str]:
    """Runs of words that say something and name no kind."""
    folded = re.sub(r"\be-?mails?(?:\s+address(?:es)?)?\b", " , ", text.casefold())
    run: list[str] = []
    for token in [*re.findall(r"[^\W_]+(?:['’]\w+)?|[^\w\s]", folded.replace("_", " ")), ","]:
        owns = bool(re.search(r"['’]s$", token))
        if _WORD.fullmatch(token) and not owns and token not in _SAYS_NOTHING and not set(_kinds([token])):
            run.append(token)
        elif run:
            yield " ".join(run)
            run = []


def _plain(word: str) -> str:
    return re.sub(r"\W", "", word).casefold()


class _Stems(Protocol):
    def stemWord(self, word: str) -> str: ...


_STEMS = cast("_Stems", Stemmer.Stemmer("english"))  # pyright: ignore[reportUnknownMemberType]  # as above


@lru_cache(maxsize=65_536)
def _stem(word: str) -> str:
    return _STEMS.stemWord(word)


_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"([a-z])([A-Z])")
_PERMITS = "always|tell|share|say|show|reveal|give|mention|may|can|allow|answer|everything|only|just"
_NEGATION = re.compile(r"\b(?:not|never|no|don['’]?t|cannot|nothing|none|without|avoid)\b", re.IGNORECASE)
_FOREIGN = frozenset(
    re.findall(
        r"\w+",
        """
        aldri aldrig aucun aucune geen ikke ingen inte jamais jamás kein keine keinem keinen keiner keines meine meinem
        meinen meiner mijn nada nenhum nenhuma nessun nessuna nicht nichts nie niemals niente niet niets ningún ninguna
        nooit nunca não pas rien über
        """,
    )
)
"""Words with which a rule is laid down in other languages, none of them English."""
_FOLDERS = re.compile(
    r"folder:\"([^\"]+)\"|folder:(\S+)|\b(?:folder|directory)\s+(?:called\s+|named\s+)?[\"“]?([\w/-]+)[\"”]?"
    r"|(?!(?:the|a|my|this|that|in|of)\b)\b([\w-]+)\s+(?:folder|directory)\b"
    r"|(?<!\S)[\"“]([\w-][\w .-]*(?:/[\w-][\w .-]*)*)/[\"”](?=\s|$|[.,;])",
    re.IGNORECASE,
)
_SPELLED_FOLDERS = re.compile(r"(?<!\S)([\w-][\w .-]*(?:/[\w-][\w .-]*)+|[\w-]+)/(?=\s|$|[.,;])")
"""Folders by their slashes; the first step may have words of the rule before it."""
_TAGS = re.compile(
    r"(?:\b(?:tag(?:s|ged)?|marked|labell?ed)\s+(?:with\s+|as\s+)?)?(?<![\w/])#([\w][\w/-]*)"
    r"|\btag:([\w/-]+)|\btagged\s+(?:with\s+|as\s+)?[\"“]?([\w/-]+)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"\[\[(?:[^\]|#]*/)?([^\]|#/]+?)(?:\.md)?(?:[|#][^\]]*)?\]\]|[\"“„]([^\"“”„]{1,120})[\"”“]")
_CAPITALS = re.compile(r"\b[A-ZÆØÅÄÖÜÉ][\w'’-]*(?:\s+(?:(?:of|the|de|von|van|and)\s+)?[A-ZÆØÅÄÖÜÉ][\w'’-]*)*")
_PLACES = frozenset(["below", "from", "in", "inside", "under", "within"])
_VERBS = frozenset(
    re.findall(r"\w+", "avoid decline forget hide ignore keep leave mask omit redact refuse remove skip withhold")
)
_SAYS_NOTHING = _VERBS | frozenset(
    re.findall(
        r"\w+",
        """
        a about all also although always an and answer answering answers any anybody anyone anything are as at be been
        but by can cannot concerning confidential could current data detail details did disclose disclosed discuss do
        does doing don dont each else ever every everything except explicit file files filter filters for from
        give given gives he her hers his how however i if in include info information is it its just may me mention
        mentioned mentions might mine must my never no none not note notes nothing number numbers of on only
        or other others our ours output people person personal please private provide question questions
        regarding related relating reveal revealed reveals s said say says secret sensitive share shared
        shares she should show shown some somebody someone speak status t talk tell tells that the their them
        there these they this those to told type unless user users value values was we what when where which
        who whom whose will with without would write you your yours
        """,
    )
)
