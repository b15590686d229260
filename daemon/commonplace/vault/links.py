"""Links between notes, as Obsidian understands them: scan, resolve, spell."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import unquote

from commonplace.vault.path import NotePath
from commonplace.vault.text import line_spans

Kind = Literal["wikilink", "embed", "markdown"]
Span = tuple[int, int]
"""Start and end in a text."""

_WIKILINK = re.compile(r"\[\[(?<!\\\[\[)([^\[\]\n]{1,1000})\]\]")
"""It begins with what is literal, so that ``re`` searches several times as quickly."""
_MARKDOWN = re.compile(
    r"""\[(?<!\\\[)(?!\[)[^\[\]\n]{0,1000}(?:\[[^\[\]\n]{0,200}\](?!\()[^\[\]\n]{0,200}){0,3}\]
    \((?![^\S\n]*\))
    (?:<([^<>\[\]\n]{1,1000})>|([^()\s<>\[\]]{0,1000}(?:\([^()\s<>\[\]]{0,200}\)[^()\s<>\[\]]{0,200}){0,3}))
    (?:[^\S\n]+(?:"[^"\[\]\n]{0,500}"|'[^'\[\]\n]{0,500}'))?\)""",
    re.VERBOSE,
)
"""As above. Text and address may hold a few pairs of brackets of their own; every repetition has its limit."""
_BLANKS = str.maketrans({"\u00a0": " ", "\u202f": " "})
"""Obsidian takes spaces that do not break for spaces."""
_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:|^//")
_FENCE = re.compile(r"^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(`{3,}(?!.*`)|~{3,})")
"""Also in a quote or a list, where it may stand further in. Backticks after the first run are inline code."""
_QUOTE = re.compile(r"^(?:[ \t]*>)*")


@dataclass(frozen=True, slots=True)
class Link:
    """One link in a note's text."""

    kind: Kind
    start: int
    end: int
    """The span in the text, brackets included."""
    target: str
    """The note as the link names it, decoded; "" for a link within the note."""
    heading: str | None
    """A heading, or a block reference with its "^"."""
    alias: str | None

    def spelled(self, target: str) -> str:
        """The wikilink with another target, its heading, alias and embedding kept."""
        heading = f"#{self.heading}" if self.heading is not None else ""
        alias = f"|{self.alias}" if self.alias is not None else ""
        return f"{'!' if self.kind == 'embed' else ''}[[{target}{heading}{alias}]]"


def scan(text: str) -> list[Link]:
    """All links of a note in order, those in properties too; code and comments hold none."""
    found: list[Link] = []
    has_markdown = "](" in text
    for start, end in prose(text):
        for match in _WIKILINK.finditer(text, start, end):
            mark = _embed_mark(text, match.start(), start)
            kind = "embed" if mark else "wikilink"
            target, heading, alias = parse_target(match[1])
            found.append(Link(kind, match.start() - mark, match.end(), target, heading, alias))
        for match in _MARKDOWN.finditer(text, start, end) if has_markdown else ():
            address = match[1] or match[2]
            if not address or _SCHEME.match(address):
                continue
            target, hash_sign, heading = address.partition("#")
            part = unquote(heading) if hash_sign else None
            begin = match.start() - _embed_mark(text, match.start(), start)
            found.append(Link("markdown", begin, match.end(), unquote(target), part, None))
    return sorted(found, key=lambda link: link.start) if has_markdown else found


def targets(text: str, spans: Iterable[Span] | None = None) -> list[str]:
    """The targets of ``scan``'s links, those within the note left out; in half the time.

    ``spans`` are its ``prose``, where that is known already.
    """
    if "](" in text:
        return [link.target for link in scan(text) if link.target]
    found = [
        inside.partition("|")[0].removesuffix("\\").partition("#")[0].strip()
        for start, end in (prose(text) if spans is None else spans)
        for inside in _WIKILINK.findall(text, start, end)
    ]
    return [target for target in found if target]


def parse_target(inside: str) -> tuple[str, str | None, str | None]:
    """Split what stands between the brackets into target, heading and alias."""
    named, bar, alias = inside.partition("|")
    target, hash_sign, heading = named.removesuffix("\\").partition("#")
    return target.strip(), heading.strip() if hash_sign else None, alias.strip() if bar else None


def canonical(path: NotePath) -> str:
    """The one spelling that the agent adds: the full path with its extension."""
    return f"[[{path}]]"


def last_name(target: str) -> str:
    """The last name in a link's target, as names are compared; ``.md`` may be missing."""
    name = target.rpartition("/")[2]
    return name.strip().lower() if name.isascii() else (_normal_target(name) or "")


class LinkResolver(Protocol):
    """Whoever knows which note a link means."""

    def resolve(self, target: str, source: NotePath | None = None) -> NotePath | None:
        """The note that the target means in the source note; None where the link leads nowhere."""
        ...


class Resolver:
    """Which note a link means, in a vault that holds the given notes.

    Obsidian's order (observed on 1.13): the exact path from the vault's root, then a path from the source's
    own folder, then the shortest path that ends in the target; case is ignored, ``.md`` may be left out,
    an alias never resolves. "./" and "../" mean the source's folder first.
    """

    def __init__(self, notes: Iterable[NotePath]) -> None:
        self._by_path: dict[str, NotePath] = {}
        self._by_name: defaultdict[str, list[NotePath]] = defaultdict(list)
        for note in notes:
            self._by_path[note.value.casefold()] = note
            self._by_name[note.name.casefold()].append(note)

    def resolve(self, target: str, source: NotePath | None = None) -> NotePath | None:
        """The note that the target means in the source note; None where the link leads nowhere."""
        if not target:
            return source
        folder = f"{source.parent}/" if source and source.parent else ""
        for ending in ("", ".md"):
            exact = self._by_path.get(_normal_target(target + ending) or "")
            beside = self._by_path.get(_normal_target(folder + target + ending) or "")
            named = beside or exact if target.startswith(("./", "../")) else exact or beside
            if found := named or self._shortest(_normal_target(target + ending)):
                return found
        return None

    def _shortest(self, name: str | None) -> NotePath | None:
        if not name:
            return None
        ending = "/" + name
        candidates = [
            note
            for note in self._by_name.get(name.rpartition("/")[2], ())
            if ("/" + note.value.casefold()).endswith(ending)
        ]
        return min(candidates, key=lambda note: (len(note.parts), note.value), default=None)


def resolve(target: str, source: NotePath | None, notes: Iterable[NotePath]) -> NotePath | None:
    """Resolve one link; use ``Resolver`` for several."""
    return Resolver(notes).resolve(target, source)


def _normal_target(target: str) -> str | None:
    """The path with its steps walked, in NFC, case folded; None where it steps out of the vault."""
    parts: list[str] = []
    spelled = unicodedata.normalize("NFC", target.translate(_BLANKS)).strip()
    for part in spelled.removeprefix("/").casefold().split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _embed_mark(text: str, start: int, earliest: int) -> int:
    """1 where a "!" that is not escaped stands before the link."""
    return int(start > earliest and text[start - 1] == "!" and text[max(start - 2, 0)] != "\\")


def prose(text: str) -> Iterator[Span]:
    """The spans of the text in which a link can stand: no fenced or inline code, no ``%%`` comment.

    Lines that follow one another come as one span.
    """
    if "`" not in text and ("~" not in text or "~~~" not in text) and ("%" not in text or "%%" not in text):
        yield 0, len(text)
        return
    begin = end = 0
    for span_start, span_end in _prose_of_lines(text):
        if span_start == end + 1 and text[end] == "\n":
            end = span_end
            continue
        if end > begin:
            yield begin, end
        begin, end = span_start, span_end
    if end > begin:
        yield begin, end


def _prose_of_lines(text: str) -> Iterator[Span]:
    fence: str | None = None
    quoted = 0
    in_comment = False
    for start, end in line_spans(text):
        line = text[start:end]
        if fence is not None and _quotes(line) >= quoted:
            closing = line.lstrip(" \t>").rstrip()
            if closing.startswith(fence) and not closing.strip(fence[0]):
                fence = None
            continue
        fence = None
        opened = _FENCE.match(line)
        if opened and not in_comment:
            fence, quoted = opened[1], _quotes(line)
            continue
        if "%%" not in line and "`" not in line:
            if not in_comment:
                yield start, end
            continue
        for piece_start, piece_end in _outside_inline_code(line):
            position = piece_start
            for index, piece in enumerate(line[piece_start:piece_end].split("%%")):
                if index:
                    in_comment = not in_comment
                if piece and not in_comment:
                    yield start + position, start + position + len(piece)
                position += len(piece) + 2


def _quotes(line: str) -> int:
    """How deep in quotes the line stands."""
    found = _QUOTE.match(line)
    return found[0].count(">") if found else 0


def _outside_inline_code(line: str) -> Iterator[Span]:
    runs = [(match.start(), match.end()) for match in re.finditer(r"`+", line)]
    position = 0
    index = 0
    unmatched: set[int] = set()
    while index < len(runs):
        opening, after = runs[index]
        length = after - opening
        closing = None
        if length not in unmatched:
            closing = next((n for n in range(index + 1, len(runs)) if runs[n][1] - runs[n][0] == length), None)
        if closing is None:
            unmatched.add(length)
            index += 1
            continue
        yield position, opening
        position = runs[closing][1]
        index = closing + 1
    yield position, len(line)
