"""Bytes of a note to text and back, so that an edit leaves the rest of the file as it was."""

import codecs
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from itertools import accumulate, pairwise


@dataclass(frozen=True, slots=True)
class NoteText:
    """A note's text as a person reads it: no byte order mark, every line ending as "\\n"."""

    text: str
    has_mark: bool
    endings: tuple[str, ...]
    """The ending of each line as it stands in the file, in order."""

    @classmethod
    def decode(cls, data: bytes) -> "NoteText":
        """Read a note's bytes.

        Raises:
            UnicodeDecodeError: the bytes are not UTF-8.

        """
        has_mark = data.startswith(codecs.BOM_UTF8)
        raw = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
        if "\r" not in raw:
            return cls(raw, has_mark, ("\n",) * raw.count("\n"))
        lines = raw.split("\n")
        endings = tuple("\r\n" if line.endswith("\r") else "\n" for line in lines[:-1])
        body = [line.removesuffix("\r") for line in lines[:-1]]
        return cls("\n".join([*body, lines[-1]]), has_mark, endings)

    def encode(self, text: str) -> bytes:
        """The bytes of the note with this text: lines that stay keep their own ending, new ones the usual."""
        mark = codecs.BOM_UTF8 if self.has_mark else b""
        if "\r\n" not in self.endings:
            return mark + text.encode("utf-8")
        lines = text.split("\n")
        endings = self._endings_for(lines)
        return mark + "".join(line + ending for line, ending in zip(lines, [*endings, ""], strict=True)).encode("utf-8")

    def _endings_for(self, lines: list[str]) -> list[str]:
        usual = max(("\n", "\r\n"), key=self.endings.count)
        endings = [usual] * (len(lines) - 1)
        if len(set(self.endings)) == 1:
            return endings
        matcher = SequenceMatcher(None, self.text.split("\n"), lines, autojunk=False)
        for block in matcher.get_matching_blocks():
            for offset in range(block.size):
                if block.a + offset < len(self.endings) and block.b + offset < len(endings):
                    endings[block.b + offset] = self.endings[block.a + offset]
        return endings


def added_lines(before: str | None, after: str) -> list[tuple[int, str]]:
    """The lines of ``after`` that ``before`` does not have, with their index from 0."""
    lines = after.split("\n")
    if before is None:
        return list(enumerate(lines))
    matcher = SequenceMatcher(None, before.split("\n"), lines, autojunk=False)
    kept = {block.b + offset for block in matcher.get_matching_blocks() for offset in range(block.size)}
    return [(index, line) for index, line in enumerate(lines) if index not in kept]


def changed_lines(before: str, after: str) -> list[str]:
    """The lines in which two texts differ, each after "-" or "+"."""
    lines = list(unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0))
    return [line for line in lines[2:] if not line.startswith("@@")]


def line_spans(text: str) -> list[tuple[int, int]]:
    """Start and end (without the ending) of each line of the text."""
    starts = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
    return [(start, following - 1) for start, following in pairwise(starts)]
