"""Reading and writing notes: all or nothing, and never over what was not read."""

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.errors import (
    NotANote,
    NoteConflict,
    NoteExists,
    NoteNotFound,
    NoteNotText,
    NoteTooLarge,
    VaultError,
    VaultMissing,
)
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

USER = NotePath.parse("user.md")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def edit(vault: Vault, old: str, new: str) -> None:
    note = vault.read(USER)
    vault.replace(note, note.text.replace(old, new))


def test_a_vault_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(VaultMissing, match="commonplace vault init"):
        Vault(tmp_path / "nowhere")
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultMissing, match="is a file"):
        Vault(tmp_path / "file")


def test_a_vault_that_goes_away_is_said_to_be_away(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    vault = Vault(tmp_path / "vault")
    (tmp_path / "vault").rmdir()
    with pytest.raises(VaultMissing, match="not there any more"):
        vault.read(USER)


def test_an_edit_keeps_byte_order_mark_line_endings_and_final_newline(vault: Vault) -> None:
    place = vault.root / "user.md"
    place.write_bytes(b"\xef\xbb\xbf# Me\r\n- age: 4\r\nlast")
    assert vault.read(USER).text == "# Me\n- age: 4\nlast"
    edit(vault, "- age: 4", "- age: 5\n- city: Oslo")
    assert place.read_bytes() == b"\xef\xbb\xbf# Me\r\n- age: 5\r\n- city: Oslo\r\nlast"


def test_lines_that_stay_keep_their_own_ending_where_endings_are_mixed(vault: Vault) -> None:
    place = vault.root / "user.md"
    place.write_bytes(b"one\r\ntwo\nthree\r\nfour\n")
    edit(vault, "three", "3")
    assert place.read_bytes().startswith(b"one\r\ntwo\n3")
    assert place.read_bytes().endswith(b"four\n")


def test_an_edit_keeps_the_mode_of_the_file(vault: Vault) -> None:
    place = vault.root / "user.md"
    place.write_text("age: 4")
    place.chmod(0o640)
    edit(vault, "4", "5")
    assert stat.S_IMODE(place.stat().st_mode) == 0o640


def test_a_note_that_changed_since_it_was_read_is_left_alone(vault: Vault) -> None:
    place = vault.root / "user.md"
    place.write_text("age: 4")
    note = vault.read(USER)
    place.write_text("age: 4, says the human")
    with pytest.raises(NoteConflict, match="read it again"):
        vault.replace(note, "age: 5")
    assert contents(vault.root) == {"user.md": b"age: 4, says the human"}


def test_two_writers_at_once_lose_no_update(vault: Vault) -> None:
    (vault.root / "user.md").write_text("")

    def add(number: int) -> None:
        while True:
            note = vault.read(USER)
            try:
                vault.replace(note, f"{note.text}{number}\n")
            except NoteConflict:
                continue
            return

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(add, range(40)))
    assert sorted(map(int, vault.read(USER).text.split())) == list(range(40))


def test_create_never_overwrites(vault: Vault) -> None:
    (vault.root / "user.md").write_text("mine")
    with pytest.raises(NoteExists, match="update_file"):
        vault.create(USER, "other")
    assert contents(vault.root) == {"user.md": b"mine"}


def test_create_makes_the_folders_it_needs(vault: Vault) -> None:
    vault.create(NotePath.parse("entities/people/jane.md"), "# Jane\n")
    assert contents(vault.root) == {"entities/people/jane.md": b"# Jane\n"}


def test_delete_moves_to_the_trash_and_never_over_something_in_it(vault: Vault) -> None:
    for text in ("first", "second"):
        (vault.root / "user.md").write_text(text)
        vault.delete(USER)
    assert contents(vault.root) == {".trash/user.md": b"first", ".trash/user 1.md": b"second"}


def test_a_vault_that_is_away_is_not_made_anew(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    vault = Vault(tmp_path / "vault")
    (tmp_path / "vault").rmdir()
    for write in (lambda: vault.create(NotePath.parse("a/b.md"), "x"), lambda: vault.make_folder(NotePath.parse("a"))):
        with pytest.raises(VaultMissing, match="not there any more"):
            write()
    assert list(tmp_path.iterdir()) == []


def test_a_note_with_several_names_keeps_them(vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> None:
    (vault.root / "user.md").write_text("age: 4, and more")
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "same.md"
    elsewhere.hardlink_to(vault.root / "user.md")
    edit(vault, "4, and more", "5")
    assert elsewhere.read_text() == "age: 5"
    note = vault.read(USER)
    elsewhere.write_text("the human's")
    with pytest.raises(NoteConflict):
        vault.replace(note, "age: 6")
    assert (vault.root / "user.md").read_text() == "the human's"


def test_a_loop_of_links_is_refused_and_does_not_hang(vault: Vault) -> None:
    (vault.root / "user.md").symlink_to("other.md")
    (vault.root / "other.md").symlink_to("user.md")
    with pytest.raises(VaultError):
        vault.read(USER)
    with pytest.raises(VaultError):
        vault.create(USER, "text")
    assert vault.notes() == []


def test_a_linked_note_stays_a_link_and_its_target_is_written(vault: Vault) -> None:
    (vault.root / "real.md").write_text("age: 4")
    (vault.root / "user.md").symlink_to("real.md")
    edit(vault, "4", "5")
    assert (vault.root / "user.md").is_symlink()
    assert (vault.root / "real.md").read_text() == "age: 5"


def test_a_folder_where_a_note_should_be_is_named_as_one(vault: Vault) -> None:
    (vault.root / "user.md").mkdir()
    with pytest.raises(NotANote, match="is a folder"):
        vault.read(USER)


def test_a_pipe_where_a_note_should_be_does_not_hang(vault: Vault) -> None:
    os.mkfifo(vault.root / "user.md")
    with pytest.raises(NotANote):
        vault.read(USER)


def test_a_note_that_is_not_utf8_is_left_alone(vault: Vault) -> None:
    (vault.root / "user.md").write_bytes(b"caf\xe9")
    with pytest.raises(NoteNotText, match="byte 3 of 4"):
        vault.read(USER)
    assert contents(vault.root) == {"user.md": b"caf\xe9"}


def test_a_note_of_50_megabytes_is_refused_without_being_read(vault: Vault) -> None:
    with (vault.root / "user.md").open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(NoteTooLarge, match="50,000,000 bytes"):
        vault.read(USER)


def test_a_note_cannot_grow_over_the_limit(tmp_path: Path) -> None:
    vault = Vault(tmp_path, largest_note=100)
    with pytest.raises(NoteTooLarge):
        vault.create(USER, "x" * 101)
    vault.create(USER, "x" * 100)
    with pytest.raises(NoteTooLarge):
        vault.replace(vault.read(USER), "y" * 101)
    assert contents(tmp_path) == {"user.md": b"x" * 100}


def test_only_notes_are_listed_and_hidden_folders_and_linked_folders_are_not(vault: Vault) -> None:
    for name in ("b.md", "a.md", ".trash/old.md", "folder/c.MD", "folder/picture.png"):
        place = vault.root / name
        place.parent.mkdir(exist_ok=True)
        place.write_text("")
    (vault.root / "loop").symlink_to(vault.root)
    (vault.root / "a:b.md").write_text("a name that cannot be told to every system stays its owner's")
    assert [note.value for note in vault.notes()] == ["a.md", "b.md", "folder/c.MD"]
    assert [note.value for note in vault.notes(NotePath.parse("folder"))] == ["folder/c.MD"]


def test_sizes_are_those_of_the_notes(vault: Vault) -> None:
    vault.create(USER, "12345")
    vault.create(NotePath.parse("entities/x.md"), "123")
    assert vault.size(USER) == 5
    assert vault.size(NotePath.parse("entities")) == 3
    assert vault.size(None) == 8
    with pytest.raises(NoteNotFound):
        vault.size(NotePath.parse("no.md"))


LINES = st.lists(
    st.text(st.characters(exclude_characters="\r\n\ufeff", exclude_categories=["Cs"]), max_size=8), max_size=6
)


@given(LINES, st.lists(st.sampled_from(["\n", "\r\n"]), min_size=6, max_size=6), st.booleans(), st.data())
def test_an_edit_of_one_line_changes_the_bytes_of_no_other(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], endings: list[str], mark: bool, data: st.DataObject
) -> None:
    lines = [f"{index} {line}" for index, line in enumerate([*lines, ""])]
    whole = [line + ending for line, ending in zip(lines, endings, strict=False)]
    raw = (b"\xef\xbb\xbf" if mark else b"") + "".join(whole).encode()
    vault = Vault(tmp_path_factory.mktemp("vault"))
    (vault.root / "user.md").write_bytes(raw)
    note = vault.read(USER)
    chosen = data.draw(st.integers(0, len(whole) - 1))
    after = note.text.split("\n")
    after[chosen] = "changed"
    vault.replace(note, "\n".join(after))
    written = (vault.root / "user.md").read_bytes()
    expected_before = (b"\xef\xbb\xbf" if mark else b"") + "".join(whole[:chosen]).encode()
    expected_after = "".join(whole[chosen + 1 :]).encode()
    assert written.startswith(expected_before + b"changed")
    assert written.endswith(expected_after)


@given(st.binary(max_size=200))
def test_reading_any_bytes_gives_a_note_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    vault = Vault(tmp_path_factory.mktemp("vault"))
    (vault.root / "user.md").write_bytes(raw)
    try:
        note = vault.read(USER)
    except VaultError as error:
        assert str(error).endswith(".")
        return
    vault.replace(note, note.text + "\n- added: 1")
    assert vault.read(USER).text.endswith("\n- added: 1")
    assert (vault.root / "user.md").read_bytes().startswith(raw)
