"""An imported note as it goes to disk: its properties, its title, and a text that nothing in it can break. Pure."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from commonplace.importers.base import ImportedNote
from commonplace.vault import conventions, links
from commonplace.vault.frontmatter import FrontmatterMalformed, aliases, body_start, properties
from commonplace.vault.imported import PROPERTY, UPDATED

LARGEST_PART = 200_000
"""Bytes of a note; a longer one becomes several, since notes are read and searched piece by piece."""
PART = ":"
"""Between a note's id and the number of its second and later parts."""
LONGEST_TITLE = 100
_FENCE = re.compile(r"^([ \t>]*)(`{3,}|~{3,})")
_ALIASES = re.compile(r"^(?:alias|aliases)[ \t]*:")
_BEFORE = re.compile(rf"^{PROPERTY}(?=[ \t]*:)")
_LIVE_TAG = re.compile(
    r"(?<!\\)<(?=/?(?:script|iframe|object|embed|form|input|button|style|link|meta|base|img|svg|video|audio|source)\b)",
    re.IGNORECASE,
)
_MOST_ROUNDS = 10
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_HARMLESS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160), 65279), "") | dict.fromkeys(
    (0x85, 0x2028, 0x2029), "\n"
)

NoteOf = Callable[[str], str | None]
"""The path of the note that a link's target means, as the agent names it; None where there is none."""


def stamp(time: datetime) -> str:
    """A time as a property has it."""
    return f"{time:%Y-%m-%dT%H:%M:%S}"


def title_of(title: str) -> str:
    """A title on one line that can stand in a heading, a link and a property."""
    flat = " ".join(cleaned(title).split())
    for old, new in (("[", "("), ("]", ")"), ("|", "/"), ("`", "'"), ("%%", "%"), ("<%", "<"), ("^", "")):
        flat = flat.replace(old, new)
    flat = flat.strip(" #")
    return (flat if len(flat) <= LONGEST_TITLE else flat[: LONGEST_TITLE - 1].rstrip(" #") + "…") or "Untitled"


def cleaned(text: str) -> str:
    """Text with line ends as ``\\n``, and without control characters and halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.translate(_HARMLESS) if _ODD.search(text) else text


def parts(note: ImportedNote, largest: int = LARGEST_PART) -> Iterator[ImportedNote]:
    """The note, or several when it is too long: each names the next, and no code is torn.

    The last comes first, so that each leads to one that was written before it.
    """
    text = cleaned(note.text)
    if len(text) * 4 <= largest or len(text.encode()) <= largest:
        yield replace(note, text=text)
        return
    pieces = list(_pieces(text, largest))
    for number, piece in reversed(list(enumerate(pieces, 1))):
        more = f"\n\nIt goes on in [[{note.id}{PART}{number + 1}]].\n" if number < len(pieces) else ""
        if number == 1:
            yield replace(note, text=piece + more)
        else:
            title = f"{title_of(note.title)} (part {number})"
            yield replace(note, id=f"{note.id}{PART}{number}", title=title, text=piece + more, properties="")


def rendered(note: ImportedNote, source: str, title: str, note_of: NoteOf, also: Sequence[str] = ()) -> str:
    """The note's whole text, called by the title, and by what else it is called.

    Links to what is not there, what a plugin would run, and HTML that loads or runs something become plain text.
    """
    own = [line for line in cleaned(note.properties).split("\n") if line.strip()]
    if not _is_mapping(own):
        own = []
    text = _without_title(note.text, {title, title_of(note.title)}).strip("\n")
    body = without_live_html(conventions.without_plugin_code(text))
    told = {"created": note.created, UPDATED: stamp(note.updated) if note.updated else None}
    when = [
        f"{key}: {value}"
        for key, value in told.items()
        if value and not any(line.startswith(f"{key}:") for line in own)
    ]
    alias = ["aliases:", *(f"  - {json.dumps(name, ensure_ascii=False)}" for name in dict.fromkeys((title, *also)))]
    head = ["---", f'{PROPERTY}: "{source}:{note.id}"', *when, *alias, *own, "---"]
    return _linked("\n".join([*head, f"# {title}", "", body, ""]), note_of)


def split_properties(text: str) -> tuple[str, tuple[str, ...], str]:
    """The properties of a note that comes from elsewhere, its aliases, and the rest.

    ``imported``, which an import writes itself, is kept as ``imported_before``; what is no YAML stays in the text as
    code.
    """
    start = body_start(text)
    if not start:
        return "", (), text
    inside = text[:start].removeprefix("---\n").rstrip("\n").removesuffix("---").rstrip("\n")
    kept = [_BEFORE.sub(f"{PROPERTY}_before", line) for line in _without_aliases(inside.split("\n"))]
    if _is_mapping(kept):
        return "\n".join(kept), tuple(map(title_of, aliases(text[:start]))), text[start:]
    return "", (), f"```yaml\n{inside}\n```\n{text[start:]}"


def _without_aliases(lines: list[str]) -> Iterator[str]:
    """The lines without ``aliases``, and what hangs on them."""
    inside = False
    for line in lines:
        if _ALIASES.match(line):
            inside = True
        elif not line.startswith((" ", "\t", "-")):
            inside = False
        if not inside:
            yield line


def without_live_html(text: str) -> str:
    """The text with tags that load or run something shown as they are spelled; bold, breaks and the like stay."""
    if "<" not in text:
        return text
    pieces: list[str] = []
    position = 0
    for start, end in links.prose(text):
        pieces += [text[position:start], _LIVE_TAG.sub(r"\\<", text[start:end])]
        position = end
    return "".join([*pieces, text[position:]])


def _is_mapping(lines: list[str]) -> bool:
    if any(line.startswith(("---", "...")) for line in lines):
        return False
    try:
        properties("\n".join(["---", f"{PROPERTY}: x", "aliases:", "  - x", *lines, "---", ""]))
    except FrontmatterMalformed:
        return False
    return True


def _without_title(text: str, titles: Collection[str]) -> str:
    """The text without a heading at its top that says the title once more."""
    first, _, rest = text.lstrip("\n").partition("\n")
    return rest if first.startswith("# ") and title_of(first[2:]) in titles else text


def _linked(text: str, note_of: NoteOf) -> str:
    """The text with every link leading to a note that is there, or being no link."""
    settled: set[str] = set()
    for _ in range(_MOST_ROUNDS):
        pieces: list[str] = []
        position = 0
        body = body_start(text)
        for link in links.scan(text):
            if not link.target or link.start < position or (link.target in settled and link.kind == "wikilink"):
                continue
            if (path := note_of(link.target)) is not None:
                settled.add(path)
            raw = text[link.start : link.end]
            pieces += [text[position : link.start], _spelled(link, raw, path, is_property=link.start < body)]
            position = link.end
        if not pieces:
            return text
        text = "".join([*pieces, text[position:]])
    return text.replace("[[", "\\[\\[").replace("](", "]\\(")


def _spelled(link: links.Link, raw: str, path: str | None, *, is_property: bool) -> str:
    if path is not None and link.kind != "markdown":
        return link.spelled(path).removeprefix("!")
    if is_property:
        return (link.alias or link.target).replace("[", "(").replace("]", ")")
    return raw.replace("[[", "\\[\\[") if link.kind != "markdown" else raw.replace("[", "\\[")


def _pieces(text: str, largest: int) -> Iterator[str]:
    """The text cut between lines, or within one that is longer than a piece; open code is closed, and opened again."""
    kept: list[str] = []
    size = 0
    fence: tuple[str, str] | None = None
    for line in _short_lines(text, largest // 4):
        if kept and size + len(line.encode()) > largest - 1_000:
            yield "\n".join([*kept, fence[0] + fence[1]] if fence else kept)
            kept = [fence[0] + fence[1]] if fence else []
            size = 0
        kept.append(line)
        size += len(line.encode()) + 1
        if found := _FENCE.match(line):
            if fence is None:
                fence = (found[1], found[2])
            elif found[2].startswith(fence[1]) and not line.strip(" \t>`~"):
                fence = None
        elif fence is not None and fence[0].startswith(">") and not line.startswith(">"):
            fence = None
    yield "\n".join(kept)


def _short_lines(text: str, longest: int) -> Iterator[str]:
    for line in text.split("\n"):
        if len(line) <= longest:
            yield line
        else:
            mark = "> " if line.startswith("> ") else ""
            for start in range(0, len(line), longest):
                yield (mark if start else "") + line[start : start + longest]
