"""Copies that sync programs leave when two machines changed one note. Pure."""

import re
from difflib import SequenceMatcher

_COPY = re.compile(
    r"""^(?P<stem>.+?)(?:
        \.sync-conflict-\d{8}-\d{6}(?:-\w+)?                 # Syncthing
        | \ \((?:[^()]*\ )?[Cc]onflicted\ copy(?:\ [^()]*)?\) # Dropbox, Nextcloud, Obsidian Sync
        | \ \([^()]*[Cc]onflict\ \d{4}[^()]*\)                # Resilio, older Nextcloud
    )(?P<ending>\.md)$""",
    re.VERBOSE | re.IGNORECASE,
)
"""Only names that a program gives and no person would."""


def original_name(name: str) -> str | None:
    """The name of the note of which a file of that name is a conflict copy; None where it is none."""
    found = _COPY.match(name)
    return f"{found['stem']}{found['ending']}" if found else None


def merged(text: str, copy: str) -> str:
    """The note with the lines that only the copy has, each behind the line that it follows there.

    Nothing of either is left out: where both changed a line, both stand, the note's first.
    """
    ours, theirs = text.splitlines(keepends=True), copy.splitlines(keepends=True)
    lines: list[str] = []
    for _, start, end, other_start, other_end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        own, other = ours[start:end], theirs[other_start:other_end]
        added = other if own != other else []
        if own and added and not own[-1].endswith("\n"):
            own[-1] += "\n"
        lines += [*own, *added]
    return "".join(lines)
