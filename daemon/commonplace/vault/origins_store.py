"""What is remembered of notes and of the lines that turns wrote: the tables of ``origins.db``."""

from array import array
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from commonplace.vault.database import open_database
from commonplace.vault.provenance import Adrift, Anchor, Known

_VERSION = 1
_SCHEMA = """
CREATE TABLE vaults (id INTEGER PRIMARY KEY, root TEXT NOT NULL UNIQUE, seen INTEGER NOT NULL, aged_before REAL);
CREATE TABLE origins (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, turn TEXT NOT NULL UNIQUE, asked TEXT NOT NULL, time REAL NOT NULL
);
CREATE TABLE notes (
    vault INTEGER NOT NULL, path TEXT NOT NULL, modified INTEGER NOT NULL, size INTEGER NOT NULL,
    marks BLOB NOT NULL, fresh BLOB NOT NULL, noticed REAL NOT NULL, text TEXT, gone REAL,
    PRIMARY KEY (vault, path)
) WITHOUT ROWID;
CREATE INDEX notes_noticed ON notes (vault, noticed);
CREATE INDEX notes_gone ON notes (vault) WHERE gone IS NOT NULL;
CREATE TABLE anchors (
    vault INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL, origin INTEGER NOT NULL, written TEXT NOT NULL,
    PRIMARY KEY (vault, path, line)
) WITHOUT ROWID;
CREATE TABLE adrift (
    id INTEGER PRIMARY KEY, vault INTEGER NOT NULL, path TEXT NOT NULL, line INTEGER NOT NULL, text TEXT NOT NULL,
    origin INTEGER NOT NULL, written TEXT NOT NULL, since REAL NOT NULL
);
CREATE INDEX adrift_since ON adrift (vault, since)
"""

Stamp = tuple[int, int]
"""When a file was modified (nanoseconds) and how many bytes it has."""


@dataclass(frozen=True, slots=True)
class VaultRow:
    """How far a vault was followed."""

    id: int
    seen: int
    """The number of the last journal entry that was followed."""
    aged_before: float | None
    """When set, turns before this time may have written lines that are not known."""
    is_new: bool


@dataclass(frozen=True, slots=True)
class NoteRow:
    """What is remembered of a note; of most, only when it changed last and the marks of its lines."""

    stamp: Stamp = (0, 0)
    marks: frozenset[int] = frozenset()
    fresh: frozenset[int] = frozenset()
    """Marks of lines that came into it when it last changed."""
    noticed: float = 0.0
    """When that was noticed, in seconds since 1970."""
    known: Known | None = None
    """The text and its anchors, where a turn wrote one of its lines."""
    gone: float | None = None
    """Since when it is not there; what is remembered waits for its return."""


@dataclass(frozen=True, slots=True)
class OriginRow:
    """A turn that wrote lines."""

    session: str
    turn: str
    asked: str
    """The user's sentence; empty where it was purged."""
    time: float
    """When the turn first wrote, in seconds since 1970."""


class OriginStore:
    """The file. Use it from one thread at a time."""

    def __init__(self, place: Path) -> None:
        """Open or make the file.

        Raises:
            OSError, sqlite3.OperationalError.

        """
        self._rows = open_database(place, _SCHEMA, version=_VERSION)
        self._rows.execute("PRAGMA secure_delete = ON")

    def close(self) -> None:
        """Close the file."""
        self._rows.close()

    @contextmanager
    def transaction(self) -> Generator[None]:
        """All that is written inside is kept, or nothing of it."""
        self._rows.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._rows.execute("ROLLBACK")
            raise
        self._rows.execute("COMMIT")

    def vault(self, root: Path) -> VaultRow:
        """How far the vault was followed; a new one from the beginning."""
        found = self._rows.execute("SELECT id, seen, aged_before FROM vaults WHERE root = ?", (str(root),)).fetchone()
        if found is not None:
            return VaultRow(*found, is_new=False)
        made = self._rows.execute("INSERT INTO vaults (root, seen) VALUES (?, 0)", (str(root),))
        return VaultRow(made.lastrowid or 0, 0, None, is_new=True)

    def set_seen(self, vault: int, seen: int, aged_before: float | None) -> None:
        """Remember how far the vault was followed."""
        self._rows.execute("UPDATE vaults SET seen = ?, aged_before = ? WHERE id = ?", (seen, aged_before, vault))

    def move_vault(self, old: Path, new: Path) -> None:
        """Remember the vault under its new folder, in place of what was seen there meanwhile."""
        known = dict(self._rows.execute("SELECT root, id FROM vaults WHERE root IN (?, ?)", (str(old), str(new))))
        if str(old) not in known or old == new:
            return
        if str(new) in known:
            for table in ("notes", "anchors", "adrift"):
                self._rows.execute(f"DELETE FROM {table} WHERE vault = ?", (known[str(new)],))
            self._rows.execute("DELETE FROM vaults WHERE id = ?", (known[str(new)],))
        self._rows.execute("UPDATE vaults SET root = ? WHERE id = ?", (str(new), known[str(old)]))

    def seen(self, roots: Iterable[Path]) -> int:
        """The last journal entry that was followed in each of the vaults."""
        wanted = {str(root) for root in roots}
        seen = dict(self._rows.execute("SELECT root, seen FROM vaults").fetchall())
        return min((seen.get(root, 0) for root in wanted), default=0)

    def stamps(self, vault: int) -> dict[str, tuple[Stamp, bool]]:
        """Every note's stamp, and whether it is gone."""
        rows = self._rows.execute("SELECT path, modified, size, gone FROM notes WHERE vault = ?", (vault,))
        return {path: ((modified, size), gone is not None) for path, modified, size, gone in rows}

    def note(self, vault: int, path: str) -> NoteRow | None:
        """What is remembered of the note."""
        row = self._rows.execute(
            "SELECT modified, size, marks, fresh, noticed, text, gone FROM notes WHERE vault = ? AND path = ?",
            (vault, path),
        ).fetchone()
        if row is None:
            return None
        modified, size, marked, fresh, noticed, text, gone = row
        known = None if text is None else Known(tuple(text.split("\n")), self._anchors(vault, path))
        return NoteRow((modified, size), _unpacked(marked), _unpacked(fresh), noticed, known, gone)

    def save(self, vault: int, path: str, row: NoteRow) -> None:
        """Remember this of the note, and nothing else."""
        known = row.known if row.known is not None and row.known.anchors else None
        self.drop(vault, path)
        self._rows.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(vault, path, *row.stamp, _packed(row.marks), _packed(row.fresh), row.noticed),
                *(None if known is None else "\n".join(known.lines), row.gone),
            ),
        )
        if known is not None:
            self._rows.executemany(
                "INSERT INTO anchors VALUES (?, ?, ?, ?, ?)",
                ((vault, path, line, anchor.origin, anchor.written) for line, anchor in known.anchors.items()),
            )

    def drop(self, vault: int, path: str) -> None:
        """Forget the note."""
        self._rows.execute("DELETE FROM notes WHERE vault = ? AND path = ?", (vault, path))
        self._rows.execute("DELETE FROM anchors WHERE vault = ? AND path = ?", (vault, path))

    def written(self, vault: int) -> list[Anchor]:
        """Every line that a turn wrote and that stands, as it was written."""
        rows = self._rows.execute("SELECT origin, written FROM anchors WHERE vault = ?", (vault,))
        return [Anchor(origin, written) for origin, written in rows]

    def noticed_since(self, vault: int, time: float) -> list[str]:
        """The notes that were noticed to have changed since then."""
        rows = self._rows.execute(
            "SELECT path FROM notes WHERE vault = ? AND noticed >= ? AND gone IS NULL", (vault, time)
        )
        return [path for (path,) in rows]

    def adrift(self, vault: int) -> dict[int, Adrift]:
        """The lines that left their notes, oldest first, by their row."""
        rows = self._rows.execute(
            "SELECT id, path, line, text, origin, written FROM adrift WHERE vault = ? ORDER BY id", (vault,)
        )
        return {
            number: Adrift(path, line, text, Anchor(origin, written))
            for number, path, line, text, origin, written in rows
        }

    def adrift_since(self, vault: int, time: float) -> list[int]:
        """The rows of the lines that left their notes since then."""
        rows = self._rows.execute("SELECT id FROM adrift WHERE vault = ? AND since >= ?", (vault, time))
        return [number for (number,) in rows]

    def gone(self, vault: int) -> list[str]:
        """The notes that were not there when they were looked for."""
        rows = self._rows.execute("SELECT path FROM notes WHERE vault = ? AND gone IS NOT NULL", (vault,))
        return [path for (path,) in rows]

    def set_adrift(self, vault: int, lines: Sequence[Adrift], since: float) -> None:
        """Add lines that left their notes."""
        self._rows.executemany(
            "INSERT INTO adrift (vault, path, line, text, origin, written, since) VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((vault, a.path, a.line, a.text, a.anchor.origin, a.anchor.written, since) for a in lines),
        )

    def take_back(self, rows: Iterable[int]) -> None:
        """Remove lines that are adrift no more."""
        self._rows.executemany("DELETE FROM adrift WHERE id = ?", ((row,) for row in rows))

    def forget_before(self, vault: int, time: float) -> None:
        """Wait no more for lines and notes that left before that time."""
        self._rows.execute("DELETE FROM adrift WHERE vault = ? AND since < ?", (vault, time))
        gone = self._rows.execute("SELECT path FROM notes WHERE vault = ? AND gone < ?", (vault, time)).fetchall()
        for (path,) in gone:
            self.drop(vault, path)

    def origin(self, number: int) -> OriginRow | None:
        """The turn of that number."""
        row = self._rows.execute("SELECT session, turn, asked, time FROM origins WHERE id = ?", (number,)).fetchone()
        return None if row is None else OriginRow(*row)

    def number_of(self, origin: OriginRow) -> int:
        """The turn's number, from 1; given when it first writes."""
        self._rows.execute(
            "INSERT OR IGNORE INTO origins (session, turn, asked, time) VALUES (?, ?, ?, ?)",
            (origin.session, origin.turn, origin.asked, origin.time),
        )
        return self._rows.execute("SELECT id FROM origins WHERE turn = ?", (origin.turn,)).fetchone()[0]

    def purge(self, holds: Callable[[str], bool]) -> int:
        """Remove the sentences and the lines that left their notes of which ``holds`` is true; how many there were."""
        asked = [row for row in self._rows.execute("SELECT DISTINCT asked FROM origins").fetchall() if holds(row[0])]
        adrift = [
            row[:1] for row in self._rows.execute("SELECT id, text, written FROM adrift") if any(map(holds, row[1:]))
        ]
        gone = [
            row[:2]
            for row in self._rows.execute("SELECT vault, path, text FROM notes WHERE gone IS NOT NULL").fetchall()
            if row[2] and holds(row[2])
        ]
        self._rows.executemany("UPDATE origins SET asked = '' WHERE asked = ?", asked)
        self._rows.executemany("DELETE FROM adrift WHERE id = ?", adrift)
        for vault, path in gone:
            self.drop(vault, path)
        return len(asked) + len(adrift) + len(gone)

    def overwrite(self) -> None:
        """Leave nothing of what was removed in the write-ahead log."""
        self._rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _anchors(self, vault: int, path: str) -> dict[int, Anchor]:
        rows = self._rows.execute(
            "SELECT line, origin, written FROM anchors WHERE vault = ? AND path = ? ORDER BY line", (vault, path)
        )
        return {line: Anchor(origin, written) for line, origin, written in rows}


def _packed(marks: frozenset[int]) -> bytes:
    return array("I", sorted(marks)).tobytes()


def _unpacked(data: bytes) -> frozenset[int]:
    return frozenset(array("I", data))
