"""Notion's export as "Markdown & CSV": a zip of zips; names and links end in the 32 hex digits of a page's id."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from commonplace.importers.archive import Archive
from commonplace.importers.base import ExportRefused, ImportedNote, id_of, with_files
from commonplace.importers.markdown import HTML, LARGEST_FILE
from commonplace.vault import links

_ID = re.compile(r"^(?P<title>.*?)[ _-]?(?P<id>[0-9a-f]{32})(?P<all>_all)?$")
_WRAPPER = re.compile(r"^(?:Export-[0-9a-f-]{36}|Private & Shared|Private)$")
"""Folders that every export has around its pages."""
_PROPERTY = re.compile(r"^[^\s:\[#>|-][^:\n\[]{0,60}: \S.*$")
_HTML = (
    "{name} is Notion's HTML export. In Notion choose Settings, then Export all workspace content, and there "
    "Markdown & CSV as the format; then import that zip."
)


class Notion:
    """Pages with their properties as facts, databases as lists of their rows; pictures and files stay in the zip."""

    name = "notion"
    label = "Notion"
    dated = False

    def __init__(self, place: Path) -> None:
        """Open the zip, or the folder that it was unpacked to.

        Raises:
            ExportRefused.

        """
        self.skipped: Counter[str] = Counter()
        self._unread: list[str] = []
        self._archive = Archive(place)
        self._pages = self._archive.names(".md")
        databases = self._archive.names(".csv")
        whole = {name.removesuffix("_all.csv") for name in databases if name.endswith("_all.csv")}
        self._databases = [name for name in databases if name.removesuffix(".csv") not in whole]
        self._ids = {name: _id(name) for name in (*self._pages, *self._databases)}
        if not self._ids and any(name.lower().endswith("conversations.json") for name in self._archive.names(".json")):
            raise ExportRefused(
                f"{place.name} holds conversations.json, as exports of ChatGPT and Claude do, and no page of Notion. "
                "Import it as what it is."
            )
        if not self._ids and self._archive.names(".html"):
            raise ExportRefused(_HTML.format(name=place.name))

    def fingerprint(self) -> str:
        """See ``Importer``."""
        return self._archive.fingerprint()

    def notes(self) -> Iterator[ImportedNote]:
        """See ``Importer``."""
        self.skipped.clear()
        self.skipped.update(self._archive.others)
        if pages := len(self._archive.names(".html")):
            self.skipped["HTML pages"] = pages
        self._unread.clear()
        known = set(self._ids.values())
        rows: dict[tuple[tuple[str, ...], str], str] = {}
        for name in self._pages:
            text = self._text(name)
            if text is None:
                continue
            if HTML.match(text):
                self.skipped["HTML pages under a markdown name"] += 1
                continue
            title, body = _titled(text, _named(name))
            rows[(_folder(name), title)] = self._ids[name]
            body = _with_links(body, lambda target: id_ if (id_ := _id(target)) in known else None)
            yield ImportedNote(self._ids[name], title, _with_facts(body), folder=_folder(name))
        for name in self._databases:
            text = self._text(name)
            if text is not None:
                inside = (*_folder(name), _named(name))
                body = "\n".join(_listed(text, lambda title, inside=inside: rows.get((inside, title))))
                yield ImportedNote(self._ids[name], _named(name), body, folder=_folder(name))
        if self._unread:
            self.skipped[with_files("not in UTF-8", self._unread)] = len(self._unread)

    def _text(self, name: str) -> str | None:
        """A file's text; None, and counted, where it is none or too large."""
        if self._archive.size(name) > LARGEST_FILE:
            self.skipped[f"larger than {LARGEST_FILE:,} bytes"] += 1
            return None
        with self._archive.open(name) as file:
            data = file.read()
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError:
            self._unread.append(name)
            return None


def _id(name: str) -> str:
    """The id of a page or a database out of its path; where it has none, the path."""
    found = _ID.match(PurePosixPath(name).stem)
    return found["id"] if found else id_of(name)


def _named(name: str) -> str:
    """What a page or folder is called, without its id."""
    path = PurePosixPath(name)
    stem = path.stem if path.suffix in (".md", ".csv") else path.name
    found = _ID.match(stem)
    return (found["title"] if found else stem).strip() or "Untitled"


def _folder(name: str) -> tuple[str, ...]:
    return tuple(_named(part) for part in PurePosixPath(name).parts[:-1] if not _WRAPPER.match(part))


def _titled(text: str, title: str) -> tuple[str, str]:
    """The page's title and the text below it; file names are cut, headings are not."""
    first, _, rest = text.partition("\n")
    return (first[2:].strip() or title, rest) if first.startswith("# ") else (title, text)


def _with_facts(text: str) -> str:
    """The page with its properties, which stand below the title as ``Key: value``, as the memory's facts."""
    head, gap, rest = text.strip("\n").partition("\n\n")
    lines = head.split("\n")
    if not all(map(_PROPERTY.match, lines)):
        return text
    return "\n".join(f"- {line}" for line in lines) + gap + rest


def _with_links(text: str, page: Callable[[str], str | None]) -> str:
    """The text with its links to other pages of the export as wikilinks to their ids."""
    pieces: list[str] = []
    position = 0
    for link in links.scan(text):
        id_ = page(unquote(link.target)) if link.kind == "markdown" and link.target else None
        if id_ is None or link.start < position:
            continue
        words = text[link.start : link.end].removeprefix("!")[1:].rpartition("](")[0]
        alias = re.sub(r"[\[\]|]", " ", words).strip()
        pieces += [text[position : link.start], f"[[{id_}|{alias}]]" if alias else f"[[{id_}]]"]
        position = link.end
    return "".join([*pieces, text[position:]])


def _listed(text: str, page: Callable[[str], str | None]) -> Iterator[str]:
    """The rows of a database, each with its page and its values."""
    reader = csv.reader(io.StringIO(text))
    try:
        header = next(reader, list[str]())
        for row in reader:
            title, *values = row or [""]
            id_ = page(title)
            words = " ".join(re.sub(r"[\[\]|]", " ", title).split()) or "Untitled"
            told = [
                f"{key} is {' '.join(value.split())}" for key, value in zip(header[1:], values, strict=False) if value
            ]
            yield f"- {f'[[{id_}|{words}]]' if id_ else words}" + (f" ({'; '.join(told)})" if told else "")
    except csv.Error:
        yield "(the rest of this database could not be read)"
