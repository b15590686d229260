"""One look at a vault: from what was remembered, through what turns wrote since, to what stands there now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from commonplace.vault import provenance
from commonplace.vault.disk import version_of
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import Entry, Journal
from commonplace.vault.likeness import marks
from commonplace.vault.notes import Vault
from commonplace.vault.origins_store import NoteRow, OriginRow, OriginStore, Stamp
from commonplace.vault.pasting import FRESH_SECONDS, Pasting
from commonplace.vault.path import NotePath, locate
from commonplace.vault.provenance import AGED, Anchor, Known, Step, is_same
from commonplace.vault.remembered import Remembered
from commonplace.vault.text import NoteText

_SAVING_SECONDS = 60.0
"""An editor may save so much later what it was given; until then the file is behind what is known."""


class Following:
    """A look at one vault, inside one transaction of the store."""

    def __init__(self, store: OriginStore, vault: Vault, journal: Journal, now: float) -> None:
        self._store = store
        self._vault = vault
        self._journal = journal
        self._now = now
        self._row = store.vault(vault.root)
        self._aged_before = self._row.aged_before
        self._remembered = Remembered(store, self._row, now)
        self._pasting = Pasting(self._remembered)
        self._stamps: dict[str, Stamp] = {}
        self._altered: set[str] = set()
        self._unclear: set[str] = set()
        self._unsaved: set[str] = set()

    def run(self, changed: Iterable[NotePath] | None = None) -> None:
        """Follow the journal, then the notes that changed: those named, or (None) whichever did."""
        self._look(changed)
        seen = self._follow_journal()
        self._follow_renames()
        for path in sorted(self._altered.union(self._remembered.touched) - self._unsaved):
            self._follow_human(path)
        self._follow_pasted()
        self._remembered.save()
        self._store.set_seen(self._row.id, seen, self._aged_before)

    def _look(self, changed: Iterable[NotePath] | None) -> None:
        """See which notes are not as they were remembered."""
        remembered = self._store.stamps(self._row.id)
        paths = self._vault.notes() if changed is None else [path for path in changed if path.is_markdown]
        for path in paths:
            stamp = _stamp(self._vault, path)
            if stamp is not None:
                self._stamps[path.value] = stamp
                if remembered.get(path.value) != (stamp, False):
                    self._altered.add(path.value)
        looked_for = remembered.keys() if changed is None else remembered.keys() & {path.value for path in paths}
        self._altered |= {path for path in looked_for - self._stamps.keys() if not remembered[path][1]}

    def _follow_journal(self) -> int:
        """Follow what was written since the last look; the number of the last entry."""
        is_same_journal = self._row.seen <= self._journal.last_number()
        seen = self._row.seen if is_same_journal else 0
        entries: list[Entry] = []
        while batch := self._journal.entries_after(seen):
            if seen == 0 and self._row.is_new and batch[0].number > 1:
                self._aged_before = batch[0].time
            entries += [entry for entry in batch if entry.vault == str(self._vault.root)]
            seen = batch[-1].number
        for entry in self._done(entries):
            self._follow_entry(entry)
        return seen

    def _done(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries less those that a crash cut off before the note was written."""
        in_doubt = {entry.number for entry in self._journal.in_doubt(self._vault.root)}
        stands: dict[str, str | None] = {}
        done: list[Entry] = []
        for entry in reversed(entries):
            is_last = entry.path not in stands
            after = self._version(entry.path) if is_last else stands[entry.path]
            is_behind = entry.before is not None and entry.before == after
            if not is_behind or entry.number not in in_doubt:
                done.append(entry)
            if is_behind and is_last and self._now - entry.time < _SAVING_SECONDS:
                self._unsaved.add(entry.path)
            stands[entry.path] = entry.before
        return done[::-1]

    def _follow_entry(self, entry: Entry) -> None:
        before, after = self._content(entry.before), self._content(entry.after)
        if (before is None) != (entry.before is None) or (after is None) != (entry.after is None):
            self._unclear.add(entry.path)
            return
        known = self._before_write(entry.path, before, is_undo=bool(entry.origin.undoes))
        if after is None:
            self._remembered.put_known(entry.path, known, gone=self._now)
        elif entry.origin.undoes:
            step, restored = provenance.follow_undo(entry.path, known, after, self._remembered.adrift)
            self._remembered.take_back(restored)
            self._take(entry.path, step)
        elif entry.origin.session:
            origin = OriginRow(entry.origin.session, entry.origin.turn, entry.origin.asked, entry.time)
            number = self._store.number_of(origin)
            self._take(entry.path, provenance.follow_turn(entry.path, known, after, number))
        else:
            self._take(entry.path, provenance.follow_human(entry.path, known, after))

    def _before_write(self, path: str, before: Sequence[str] | None, *, is_undo: bool) -> Known:
        """The note as the write found it."""
        row = self._remembered.note(path)
        if before is None:
            if is_undo:
                return self._remembered.known(path)
            self._remembered.let_go(path)
            return Known()
        here = marks(before)
        if row is None or row.known is None:
            old = provenance.renamed(self._vanished(), {path: here}) if row is None else {}
            if not old:
                return self._first_known(path, row, before)
            for vanished in old:
                self._remembered.put_known(path, self._remembered.known(vanished))
                self._remembered.put(vanished, None)
        known = self._remembered.known(path)
        if not is_same(marks(known.lines), here):
            self._remembered.let_go(path)
            known = Known()
        step = provenance.follow_human(path, known, before)
        self._take(path, step)
        return step.note

    def _first_known(self, path: str, row: NoteRow | None, lines: Sequence[str]) -> Known:
        if row is not None:
            self._pasting.came(path, marks(lines) - row.marks)
        elif not self._row.is_new:
            self._pasting.came(path, marks(lines))
        elif self._aged_before is not None:
            return provenance.aged(lines)
        return Known(tuple(lines))

    def _follow_renames(self) -> None:
        """Let notes that appeared take over from those that vanished; two may have exchanged their names."""
        standing = sorted((self._altered & self._stamps.keys()) - self._unsaved)
        known = [path for path in standing if (row := self._remembered.note(path)) is not None and row.known]
        left = self._vanished()
        appeared = self._unlike(known)
        replaced = {path: marks(self._remembered.known(path).lines) for path in appeared}
        if not left and not replaced:
            return
        appeared |= self._unlike(path for path in standing if path not in known)
        pairs = provenance.renamed(left | replaced, appeared)
        moved = {new: self._remembered.known(old) for old, new in pairs.items()}
        for path in replaced.keys() & moved.keys() - pairs.keys():
            self._remembered.let_go(path)
        for old in pairs:
            self._remembered.put(old, NoteRow() if old in self._stamps else None)
        for new, text in moved.items():
            self._remembered.put(new, NoteRow(known=text))

    def _unlike(self, paths: Iterable[str]) -> dict[str, frozenset[int]]:
        """The marks of those of the notes that are new, or have another text than was remembered."""
        found: dict[str, frozenset[int]] = {}
        for path in paths:
            lines = self._read(path)
            row = self._remembered.note(path)
            before = None if row is None else marks(row.known.lines) if row.known else row.marks
            if lines is not None and (before is None or not is_same(before, marks(lines))):
                found[path] = marks(lines)
        return found

    def _vanished(self) -> dict[str, frozenset[int]]:
        """The marks of the notes with turns' lines that do not stand."""
        candidates = self._remembered.gone().union(self._remembered.touched, self._altered - self._stamps.keys())
        lines = {path: self._remembered.known(path).lines for path in candidates if not self._stands(path)}
        return {path: marks(text) for path, text in lines.items() if text}

    def _follow_human(self, path: str) -> None:
        """Follow a note to the text that stands there now."""
        row = self._remembered.note(path)
        if not self._stands(path):
            self._leave(path, row)
            return
        lines = self._read(path)
        if lines is None:
            return
        now = marks(lines)
        if row is not None and row.known is not None:
            self._take(path, provenance.follow_human(path, row.known, lines))
        elif row is not None:
            self._pasting.came(path, now - row.marks)
            self._pasting.left(row.marks - now)
        elif not self._row.is_new:
            self._pasting.came(path, now)
        is_place = self._pasting.look_at(path, lines)
        seen = self._as_seen(path, self._remembered.note(path) or NoteRow(), now)
        if is_place or seen.known is not None:
            self._remembered.put(path, seen)
        else:
            self._remembered.put_plain(path, seen)

    def _as_seen(self, path: str, row: NoteRow, now: frozenset[int]) -> NoteRow:
        row = replace(row, stamp=self._stamps.get(path, (0, 0)), marks=now, gone=None)
        fresh = self._pasting.fresh(path)
        if not fresh:
            return row
        still = row.fresh if row.noticed > self._now - FRESH_SECONDS else frozenset[int]()
        return replace(row, fresh=(still | fresh) & now, noticed=self._now)

    def _leave(self, path: str, row: NoteRow | None) -> None:
        if row is not None and row.known is None:
            self._pasting.left(row.marks)
            self._remembered.put(path, None)
        elif row is not None and row.gone is None:
            self._remembered.put(path, replace(row, gone=self._now))

    def _follow_pasted(self) -> None:
        vanished = self._vanished()
        if vanished or any(number < 0 for number in self._remembered.adrift):
            earlier = self._store.noticed_since(self._row.id, self._now - FRESH_SECONDS)
            self._pasting.look_at_earlier((path for path in earlier if path not in self._altered), self._read)
        self._pasting.settle(vanished, self._store.written(self._row.id))

    def _take(self, path: str, step: Step) -> None:
        """Keep a note's next text."""
        note = step.note
        if path in self._unclear:
            self._unclear.discard(path)
            aged = {index: Anchor(AGED, note.lines[index]) for index in step.fresh}
            note = Known(note.lines, {**note.anchors, **aged})
        else:
            self._pasting.came(path, marks(note.lines[index] for index in step.fresh))
        self._remembered.put_known(path, note)
        self._remembered.set_adrift(step.lost)
        self._pasting.left(marks(step.gone))

    def _stands(self, path: str) -> bool:
        return path in self._stamps or self._vault.is_note(NotePath(path))

    def _version(self, path: str) -> str | None:
        try:
            data = self._vault.bytes_of(NotePath(path))
        except VaultError:
            return None
        return None if data is None else version_of(data)

    def _content(self, version: str | None) -> Sequence[str] | None:
        return None if version is None else _lines(self._journal.content(version))

    def _read(self, path: str) -> Sequence[str] | None:
        try:
            return _lines(self._vault.bytes_of(NotePath(path)))
        except VaultError:
            return None


def _stamp(vault: Vault, path: NotePath) -> Stamp | None:
    try:
        found = (vault.root / path.value).stat()
    except OSError:
        try:
            found = locate(vault.root, path).stat()
        except (OSError, VaultError):
            return None
    return found.st_mtime_ns, found.st_size


def _lines(data: bytes | None) -> Sequence[str] | None:
    try:
        return None if data is None else NoteText.decode(data).text.split("\n")
    except UnicodeDecodeError:
        return None
