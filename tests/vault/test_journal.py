"""The journal: on disk before the write, quick to ask, pruned by whole turns, never in doubt for long."""

import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonplace.vault.database import set_aside_in
from commonplace.vault.errors import NoteRefused
from commonplace.vault.journal import Entry, Journal, JournalFailed, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

ROOT = Path("/vaults/notes")
USER = NotePath("user.md")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


def write(journal: Journal, turn: str, before: bytes | None, after: bytes | None, path: NotePath = USER) -> Entry:
    entry = journal.intend(ROOT, path, before, after, Origin("s", turn, f"asked in {turn}"))
    journal.settle(entry)
    return entry


def test_an_intent_is_on_disk_for_another_reader_before_the_write(journal: Journal, tmp_path: Path) -> None:
    journal.intend(ROOT, USER, b"old", b"new", Origin("s", "t", "asked"))
    with sqlite3.connect(f"file:{tmp_path}/journal/journal.db?mode=ro", uri=True) as other:
        assert other.execute("SELECT path, asked, done FROM entries").fetchall() == [("user.md", "asked", 0)]
        assert other.execute("SELECT data FROM contents ORDER BY data").fetchall() == [(b"new",), (b"old",)]


def test_only_its_owner_reads_it(journal: Journal, tmp_path: Path) -> None:
    write(journal, "t", None, b"private")
    assert stat.S_IMODE((tmp_path / "journal").stat().st_mode) == 0o700
    for file in (tmp_path / "journal").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file


def test_turns_come_newest_first_with_the_net_of_their_writes(journal: Journal) -> None:
    write(journal, "t1", b"a", b"b")
    write(journal, "t2", None, b"x", NotePath("new.md"))
    write(journal, "t1", b"b", b"c")
    turns = journal.turns(ROOT)
    assert [turn.turn for turn in turns] == ["t1", "t2"]
    ((path, before, after),) = turns[0].net()
    assert path == "user.md"
    assert (journal.content(before or ""), journal.content(after or "")) == (b"a", b"c")
    assert [turn.turn for turn in journal.turns(ROOT, most=1)] == ["t1"]
    assert journal.turns(Path("/vaults/other")) == []
    assert journal.turn(ROOT, "t9") is None


def test_a_write_that_was_not_done_is_forgotten_and_one_in_hand_is_not_told_yet(journal: Journal) -> None:
    first = write(journal, "t1", b"a", b"b")
    in_hand = journal.intend(ROOT, USER, b"b", b"c", Origin("s", "t2"))
    later = write(journal, "t3", None, b"d", NotePath("other.md"))
    assert [entry.number for entry in journal.entries_after(0)] == [first.number]
    journal.abandon(in_hand)
    assert [entry.number for entry in journal.entries_after(0)] == [first.number, later.number]
    assert [entry.number for entry in journal.entries_after(first.number, most=1)] == [later.number]
    assert write(journal, "t4", b"b", b"e").number > later.number


def test_what_a_crash_left_is_in_doubt_and_what_is_in_hand_is_not(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    write(journal, "t1", b"a", b"b")
    cut_off = journal.intend(ROOT, USER, b"b", b"c", Origin("s", "t2"))
    assert journal.in_doubt(ROOT) == []
    journal.close()
    reopened = Journal(tmp_path / "journal")
    assert reopened.in_doubt(ROOT) == [cut_off]
    assert [entry.number for entry in reopened.entries_after(0)][-1] == cut_off.number
    reopened.settle(cut_off)
    assert reopened.in_doubt(ROOT) == []
    reopened.close()


def test_writes_without_a_turn_are_turns_of_their_own(journal: Journal) -> None:
    for data in (b"a", b"b"):
        journal.settle(journal.intend(ROOT, USER, None, data, Origin()))
    assert len(journal.turns(ROOT)) == 2


def test_old_turns_go_first_whole_and_their_texts_with_them(journal: Journal) -> None:
    write(journal, "t1", b"a" * 100, b"b" * 100)
    write(journal, "t2", b"b" * 100, b"c" * 100)
    write(journal, "t2", b"c" * 100, b"d" * 100)
    newest = write(journal, "t3", b"d" * 100, b"e" * 100)
    assert journal.kept().size == 500
    assert journal.prune(most_bytes=500) == 0
    assert journal.prune(most_bytes=300) == 3, "half of t2 would fit, but no turn is kept in part"
    assert [turn.turn for turn in journal.turns(ROOT)] == ["t3"]
    assert journal.kept().size == 200
    assert journal.content(newest.before or "") == b"d" * 100


def test_what_is_too_old_goes_and_what_somebody_has_yet_to_read_stays(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("commonplace.vault.journal.time.time", lambda: 1_000_000.0)
    write(journal, "t1", b"a", b"b")
    unread = write(journal, "t2", b"b", b"c")
    monkeypatch.setattr("commonplace.vault.journal.time.time", lambda: 1_000_000.0 + 91 * 86_400)
    write(journal, "t3", b"c", b"d")
    assert journal.prune(keep_from=unread.number) == 1
    assert [turn.turn for turn in journal.turns(ROOT)] == ["t3", "t2"]
    assert journal.prune() == 1
    assert [turn.turn for turn in journal.turns(ROOT)] == ["t3"]


def test_a_write_in_hand_is_never_pruned(journal: Journal) -> None:
    entry = journal.intend(ROOT, USER, b"a", b"b", Origin("s", "t1"))
    assert journal.prune(days=0, most_bytes=0) == 0
    journal.settle(entry)
    assert journal.prune(days=0, most_bytes=0) == 1


def test_what_is_purged_is_not_in_the_file_any_more(journal: Journal, tmp_path: Path) -> None:
    secret = b"the combination is 4711"
    write(journal, "t1", b"# Safe\n", b"# Safe\n" + secret)
    journal.settle(journal.intend(ROOT, USER, None, b"x", Origin("s", "t2", secret.decode())))
    assert journal.purge(lambda data: secret in data) == 1
    assert all(secret not in file.read_bytes() for file in (tmp_path / "journal").iterdir())
    assert [turn.turn for turn in journal.turns(ROOT)] == ["t2", "t1"]


def test_a_damaged_text_is_as_good_as_none(journal: Journal, tmp_path: Path) -> None:
    entry = write(journal, "t1", b"a", b"right")
    with sqlite3.connect(tmp_path / "journal" / "journal.db") as other:
        other.execute("UPDATE contents SET data = ? WHERE data = ?", (b"wrong", b"right"))
    assert journal.content(entry.after or "") is None
    assert journal.content(entry.before or "") == b"a"


def test_a_damaged_journal_is_moved_aside_and_a_new_one_begins(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal")
    write(journal, "t1", b"a", b"b" * 50_000)
    journal.close()
    place = tmp_path / "journal" / "journal.db"
    place.write_bytes(b"not a database" * 1_000)
    reopened = Journal(tmp_path / "journal")
    (aside,) = set_aside_in(tmp_path / "journal")
    assert aside.name.startswith("journal.db.damaged-")
    assert aside.read_bytes() == b"not a database" * 1_000
    assert reopened.turns(ROOT) == []
    reopened.close()


def test_a_journal_that_cannot_be_opened_names_its_folder(tmp_path: Path) -> None:
    (tmp_path / "journal" / "journal.db-wal").mkdir(parents=True)
    with pytest.raises(JournalFailed, match="the journal cannot be used") as failed:
        Journal(tmp_path / "journal")
    assert failed.value.filename == str(tmp_path / "journal")


def test_where_the_journal_cannot_be_written_the_note_is_not_either(tmp_path: Path) -> None:
    (tmp_path / "user.md").write_text("mine")
    journal = Journal(tmp_path / "journal")
    vault = Vault(tmp_path, journal=journal)
    note = vault.read(USER)
    journal.close()
    with pytest.raises(NoteRefused, match="the journal cannot be used"):
        vault.replace(note, "other")
    assert (tmp_path / "user.md").read_text() == "mine"
    with pytest.raises(JournalFailed):
        journal.turns(ROOT)
