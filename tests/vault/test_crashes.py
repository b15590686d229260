"""A disk that fails and a daemon that dies, at every system call of every kind of write."""

import errno
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from commonplace.vault import exchange
from commonplace.vault.batch import SESSION, write_together
from commonplace.vault.deletion import delete_together
from commonplace.vault.disk import version_of
from commonplace.vault.errors import NoteConflict, NoteRefused, VaultError
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.recovery import Recovered, recover, sweep
from system_calls import SystemCalls, die, in_a_process_of_its_own

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="forks")
MOST_CALLS = 40
USER, NEW = NotePath("user.md"), NotePath("entities/people/new.md")
SECOND = NotePath("entities/people/second.md")
BEFORE, AFTER = "# User\n- age: 4\n- city: Oslo\n", "# User\n- age: 5\n"


@dataclass(frozen=True)
class Write:
    """A kind of write: how it is done, and the contents of the vault before and after it."""

    name: str
    do: Callable[[Vault], object]
    after: dict[str, str]
    delete: str = "local"
    hard_link: bool = False
    exchanges: bool = True
    """Whether the system can exchange two names and rename without overwriting."""


def _replace(vault: Vault) -> None:
    vault.replace(vault.read(USER), AFTER, Origin("s", "t"))


def _create(vault: Vault) -> None:
    vault.create(NEW, "# New\n", Origin("s", "t"))


def _together(vault: Vault) -> None:
    changed = [(vault.read(USER), AFTER)]
    write_together(vault, [(NEW, "# New\n"), (SECOND, "# Second\n")], changed, Origin(SESSION, "t"))


def _delete(vault: Vault) -> None:
    vault.delete(USER, Origin("s", "t"))


def _delete_together(vault: Vault) -> None:
    (refused,) = delete_together(vault, [(USER, vault.read(USER).version)], Origin("s", "t")).values() or [None]
    if refused is not None:
        raise refused


CREATED = {"user.md": BEFORE, NEW.value: "# New\n"}
WRITES = [
    Write("replace", _replace, {"user.md": AFTER}),
    Write("replace without exchange", _replace, {"user.md": AFTER}, exchanges=False),
    Write("replace a note with two names", _replace, {"user.md": AFTER}, hard_link=True),
    Write("create", _create, CREATED),
    Write("together", _together, {"user.md": AFTER, NEW.value: "# New\n", SECOND.value: "# Second\n"}),
    Write("delete to the trash", _delete, {".trash/user.md": BEFORE}),
    Write("delete without such a rename", _delete, {".trash/user.md": BEFORE}, exchanges=False),
    Write("delete together to the trash", _delete_together, {".trash/user.md": BEFORE}),
    Write("delete together for good", _delete_together, {}, delete="none"),
    Write("delete for good", _delete, {}, delete="none"),
]


class Place:
    """A vault with one note, and its journal."""

    def __init__(self, folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "vault"
        (self.root / ".obsidian").mkdir(parents=True)
        (self.root / ".obsidian/app.json").write_text(json.dumps({"trashOption": write.delete}))
        (self.root / "user.md").write_text(BEFORE)
        if write.hard_link:
            (folder / "same.md").hardlink_to(self.root / "user.md")
        if not write.exchanges:
            monkeypatch.setattr("commonplace.vault.exchange._rename_function", lambda: None)
        self._folder = folder

    def journal(self) -> Journal:
        return Journal(self._folder / "journal")

    def contents(self) -> dict[str, str]:
        files = (path for path in self.root.rglob("*") if path.is_file() and path.name != "app.json")
        return {path.relative_to(self.root).as_posix(): path.read_text() for path in files}


def places(
    tmp_path: Path, write: Write, monkeypatch: pytest.MonkeyPatch, most: int = MOST_CALLS
) -> Iterator[tuple[int, Place]]:
    for at in range(1, most):
        yield at, Place(tmp_path / str(at), write, monkeypatch)


@pytest.fixture(params=WRITES, ids=lambda write: write.name)
def write(request: pytest.FixtureRequest) -> Write:
    return request.param


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
def test_a_disk_that_fails_anywhere_changes_nothing_or_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write, number: int
) -> None:
    """Disk full, broken, not ours to write, read-only: it is refused in a sentence, or it is done."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    refused = 0
    for at, place in places(tmp_path, write, monkeypatch):
        before = place.contents()
        journal = place.journal()
        calls = SystemCalls({at: fail})
        with calls.watched():
            try:
                write.do(Vault(place.root, journal=journal))
            except (NoteRefused, NoteConflict) as error:
                refused += 1
                assert str(error).endswith((" The note is as it was.", "repeat the edit."))
        notes = {name: text for name, text in place.contents().items() if "/.~" not in f"/{name}"}
        assert notes in (before, write.after), f"at call {at}"
        for turn in journal.turns(place.root):
            assert notes != before, f"at call {at}: {turn} was not done"
        journal.close()
        assert restarted(place) == []
        assert place.contents() == notes
        if calls.count < at:
            break
    else:
        pytest.fail("more system calls than expected")
    assert refused >= 2


@posix_only
def test_a_daemon_that_dies_anywhere_leaves_the_note_whole_and_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Write
) -> None:
    outcomes: set[bool] = set()
    for at, place in places(tmp_path, write, monkeypatch):
        before = place.contents()

        def work(at: int = at, place: Place = place) -> None:
            with SystemCalls({at: die}).watched(), suppress(VaultError):
                write.do(Vault(place.root, journal=place.journal()))

        if in_a_process_of_its_own(work):
            break
        restarted(place)
        now = {name: text for name, text in place.contents().items() if "half written" not in name}
        assert now in (before, write.after), f"at call {at}"
        outcomes.add(now == before)
    else:
        pytest.fail("more system calls than expected")
    assert outcomes == {True, False}


@posix_only
def test_an_edit_that_slipped_in_before_the_daemon_died_stands_in_the_note_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The daemon has exchanged its text with a newer one than it knew, and dies before it has seen that."""
    late = "# User\n- age: 4, says the human\n"
    found: list[Recovered] = []
    for at, place in places(tmp_path, WRITES[0], monkeypatch):

        def work(at: int = at, place: Place = place) -> None:
            vault = Vault(place.root, journal=place.journal())
            rename = getattr(exchange, "_rename_with")  # noqa: B009  # the gate to renameat2 is private

            def late_edit_first(*arguments: object) -> object:
                monkeypatch.setattr("commonplace.vault.exchange._rename_with", rename)
                (place.root / "user.md").write_text(late)
                return rename(*arguments)

            monkeypatch.setattr("commonplace.vault.exchange._rename_with", late_edit_first)
            with SystemCalls({at: die}).watched(), suppress(VaultError):
                _replace(vault)

        finished = in_a_process_of_its_own(work)
        found += restarted(place)
        assert late in place.contents().values() or place.contents() == {"user.md": BEFORE}, f"at call {at}"
        assert len(place.contents()) == 1
        if finished:
            break
    assert Recovered("user.md", "put back") in found


@pytest.mark.skipif(sys.platform != "linux", reason="needs a rename that exchanges")
@pytest.mark.parametrize("first", range(1, 12))
def test_of_two_edits_that_slip_into_a_write_the_newer_stands_and_no_older_one_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    for second, place in places(tmp_path, WRITES[0], monkeypatch, most=14):
        if second <= first:
            continue
        user, journal = place.root / "user.md", place.journal()
        replaced: list[str] = []

        def save(text: str, user: Path = user, replaced: list[str] = replaced) -> None:
            replaced.append(user.read_text())
            user.write_text(text)

        actions = {first: partial(save, "one\n"), second: partial(save, "two\n")}
        with SystemCalls(actions).watched(), suppress(VaultError):
            _replace(Vault(place.root, journal=journal))
        for text in (BEFORE, "one\n", "two\n") if len(replaced) == 2 else ():
            held = text in replaced or text in place.contents().values()
            assert held or journal.content(version_of(text.encode())), f"lost {text!r} at {first} and {second}"
        assert len(replaced) < 2 or user.read_text() == "two\n"
        journal.close()


def test_a_temporary_file_that_nobody_explains_is_kept_in_the_trash(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    (root / "entities").mkdir(parents=True)
    (root / "entities/.~jane.md.0123456789abcdef.tmp").write_text("who wrote this?")
    (root / "entities/.~bo.md.0123456789abcdef.tmp").write_text("")
    (root / "entities/.~mine.md.tmp").write_text("not of our making")
    journal = Journal(tmp_path / "journal")
    assert sweep(root, journal) == [Recovered(".trash/jane.md", "kept")]
    assert (root / ".trash/jane.md").read_text() == "who wrote this?"
    assert [path.name for path in (root / "entities").iterdir()] == [".~mine.md.tmp"]
    journal.close()


def test_a_temporary_file_in_use_is_left_alone(tmp_path: Path) -> None:
    place = exchange.temporary_beside(tmp_path / "user.md")
    place.write_text("being written")
    journal = Journal(tmp_path / "journal")
    assert sweep(tmp_path, journal) == []
    assert place.exists()
    journal.close()


def test_a_half_written_note_that_a_human_might_have_written_is_kept_too(tmp_path: Path) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    journal = Journal(tmp_path / "journal")
    journal.leave_open(journal.intend(root, USER, BEFORE.encode(), AFTER.encode(), Origin("s", "t")))
    torn = AFTER[:15] + BEFORE[15:]
    (root / "user.md").write_text(torn)
    (tmp_path / "same.md").hardlink_to(root / "user.md")
    assert recover(root, journal) == [
        Recovered(".trash/user (half written).md", "kept"),
        Recovered("user.md", "mended"),
    ]
    assert (tmp_path / "same.md").read_text() == BEFORE
    assert (root / ".trash/user (half written).md").read_text() == torn
    assert journal.in_doubt(root) == []
    journal.close()


def restarted(place: Place) -> list[Recovered]:
    """What a start of the daemon does, and finds; afterwards nothing is in doubt and nothing is left over."""
    exchange.PROCESS = os.urandom(4).hex()
    journal = place.journal()
    found = recover(place.root, journal) + sweep(place.root, journal)
    assert journal.in_doubt(place.root) == []
    journal.close()
    assert not list(place.root.rglob(".~*"))
    return found
