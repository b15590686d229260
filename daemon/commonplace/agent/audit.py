"""What a turn left behind: links that lead nowhere, entities that nobody links."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from commonplace.vault import links
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change
from commonplace.vault.path import NotePath
from commonplace.vault.text import added_lines


@dataclass(frozen=True, slots=True)
class Audit:
    """What to tell the model, once, so that it can mend it; and what to tell the user alone."""

    for_model: str | None = None
    notices: tuple[str, ...] = ()


def audit(memory: Memory, changes: Sequence[Change]) -> Audit:
    """Look at what the turn itself added and took away; notes that it did not touch are not its business."""
    if not changes:
        return Audit()
    net = _net_changes(changes)
    resolver = memory.catalogue.resolver()
    created = {change.path for change in net if change.before is None and change.after is not None}
    unlinked = _unlinked(net, resolver)
    linked = memory.catalogue.linked(created | unlinked, memory.holds)
    problems = [
        f"In {memory.name(change.path)} you added {spelling}, which leads to no note: create it or correct the link."
        for change in net
        for spelling in _dangling(change, resolver)
    ]
    problems += [
        f"You created {memory.name(change.path)} and no note links to it: add {_shown_link(memory, change.path)} "
        "to the note where it belongs."
        for change in net
        if change.path in created - linked - {memory.user_note}
    ]
    notices = [
        f"{memory.name(path)} lost its last link in the memory; it still stands."
        for path in sorted(unlinked - linked)
        if memory.vault.is_note(path) and path != memory.user_note
    ]
    return Audit("\n".join(problems) or None, tuple(notices))


def _net_changes(changes: Sequence[Change]) -> list[Change]:
    first: dict[NotePath, str | None] = {}
    last: dict[NotePath, str | None] = {}
    for change in changes:
        first.setdefault(change.path, change.before)
        last[change.path] = change.after
    return [Change(path, first[path], after) for path, after in last.items() if first[path] != after]


def _dangling(change: Change, resolver: links.LinkResolver) -> list[str]:
    if change.after is None:
        return []
    added = "\n".join(line for _, line in added_lines(change.before, change.after))
    return [
        added[link.start : link.end]
        for link in links.scan(added)
        if link.kind == "wikilink" and resolver.resolve(link.target, change.path) is None
    ]


def _unlinked(changes: Iterable[Change], resolver: links.LinkResolver) -> set[NotePath]:
    """The notes to which a link was taken away."""
    gone: set[NotePath] = set()
    for change in changes:
        if change.before is not None:
            removed = "\n".join(line for _, line in added_lines(change.after or "", change.before))
            gone |= _targets(removed, change.path, resolver)
    return gone


def _targets(text: str, source: NotePath, resolver: links.LinkResolver) -> set[NotePath]:
    return {found for link in links.scan(text) if (found := resolver.resolve(link.target, source))}


def _shown_link(memory: Memory, path: NotePath) -> str:
    return f"[[{memory.name(path)}]]"
