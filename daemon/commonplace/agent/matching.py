"""Where the text that ``update_file`` shall replace stands in a note: exactly once, or nowhere."""

from dataclasses import dataclass

from commonplace.vault import links


@dataclass(frozen=True, slots=True)
class Match:
    """One place in a note's text, and the text to put there."""

    start: int
    end: int
    new: str


class NoSingleMatch(ValueError):
    """The old text stands nowhere in the note, or in more than one place."""


def find_single(text: str, old: str, new: str) -> Match:
    """Find ``old`` in ``text``: exactly, else up to the spelling of links.

    Where only the links are spelled differently, links of ``new`` that stand in the note keep the note's
    spelling.

    Raises:
        NoSingleMatch: saying what to write instead.

    """
    starts = _occurrences(text, old)
    if not starts:
        return _find_by_links(text, old, new)
    _check_single(starts)
    return Match(starts[0], starts[0] + len(old), new)


@dataclass(frozen=True, slots=True)
class _Levelled:
    """A text with every link in one spelling, and the offset in the original for each of its characters."""

    text: str
    offsets: tuple[int, ...]


def _find_by_links(text: str, old: str, new: str) -> Match:
    wanted = _level(old)
    levelled = _level(text)
    starts = _occurrences(levelled.text, wanted.text) if "[[" in old else []
    if not starts:
        raise NoSingleMatch(
            "old_content does not stand in the note; read the note and copy the old text from it, line by line."
        )
    _check_single(starts)
    start = levelled.offsets[starts[0]]
    end = levelled.offsets[starts[0] + len(wanted.text)]
    spellings = {_key(link): text[link.start : link.end] for link in links.scan(text) if start <= link.start < end}
    return Match(start, end, _respell(new, spellings))


def _check_single(starts: list[int]) -> None:
    if len(starts) > 1:
        raise NoSingleMatch(
            "old_content stands in more than one place; add the lines before or after it until it is the only one."
        )


def _occurrences(text: str, part: str) -> list[int]:
    """The first two places where the part stands, overlapping ones too."""
    first = text.find(part)
    if first < 0:
        return []
    second = text.find(part, first + 1)
    return [first] if second < 0 else [first, second]


def _level(text: str) -> _Levelled:
    pieces: list[str] = []
    offsets: list[int] = []
    position = 0
    for link in links.scan(text):
        if link.kind == "markdown":
            continue
        pieces += [text[position : link.start], _key(link)]
        offsets += [*range(position, link.start), *([link.start] * len(_key(link)))]
        position = link.end
    pieces.append(text[position:])
    offsets += range(position, len(text) + 1)
    return _Levelled("".join(pieces), tuple(offsets))


def _key(link: links.Link) -> str:
    name = link.target.rpartition("/")[2].casefold().removesuffix(".md")
    return f"[[{name}]]" if link.kind == "wikilink" else f"![[{name}]]"


def _respell(text: str, spellings: dict[str, str]) -> str:
    pieces: list[str] = []
    position = 0
    for link in links.scan(text):
        if link.kind == "markdown":
            continue
        pieces += [text[position : link.start], spellings.get(_key(link), text[link.start : link.end])]
        position = link.end
    return "".join([*pieces, text[position:]])
