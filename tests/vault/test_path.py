"""A name that comes from outside reaches the disk only if it stays in the vault."""

import os
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.errors import PathRefused
from commonplace.vault.path import NotePath, locate


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../outside.md", "steps out"),
        ("entities/../../outside.md", "steps out"),
        ("entities/..", "steps out"),
        ("/etc/passwd", "not relative"),
        ("~/notes.md", "not relative"),
        ("C:/notes.md", "not relative"),
        ("c:notes.md", "not relative"),
        ("\\\\server\\share.md", "which not every system"),
        ("entities\\dria.md", "which not every system"),
        ("user.md\x00.txt", "which not every system"),
        ("line\nbreak.md", "which not every system"),
        ("note:stream.md", "which not every system"),
        (".obsidian/app.json", "hidden"),
        ("entities/.git/config", "hidden"),
        ("...", "hidden"),
        ("con.md", "Windows keeps"),
        ("entities/NUL", "Windows keeps"),
        ("com1.note.md", "Windows keeps"),
        ("name.", "space or dot"),
        ("folder /note.md", "space or dot"),
        (" note.md", "space or dot"),
        ("a//b.md", "empty step"),
        ("", "empty"),
        ("   ", "empty"),
        (".", "names the vault itself"),
        ("x" * 300 + ".md", "longer than"),
        ("a/" * 600 + "b.md", "are allowed"),
        ("\ud800.md", "which not every system"),
    ],
)
def test_a_name_that_could_leave_the_vault_or_break_a_system_is_refused_with_a_reason(name: str, reason: str) -> None:
    with pytest.raises(PathRefused, match=reason):
        NotePath.parse(name)


@pytest.mark.parametrize("thing", [None, 7, b"user.md", ["user.md"], 1.5, True, object()])
def test_what_is_no_text_is_refused(thing: object) -> None:
    with pytest.raises(PathRefused, match="must be text"):
        NotePath.parse(thing)


def test_a_decomposed_name_becomes_the_composed_one() -> None:
    assert NotePath.parse(unicodedata.normalize("NFD", "entities/café.md")).value == "entities/café.md"


def test_dot_steps_and_a_slash_at_the_end_mean_nothing() -> None:
    assert NotePath.parse("./entities/./dria.md") == NotePath.parse("entities/dria.md")
    assert NotePath.parse("entities/") == NotePath.parse("entities")


@given(st.text(max_size=60) | st.lists(st.sampled_from(["..", ".", "a", "/", "\\", "~", "con", "é", " "])).map("".join))
def test_whatever_is_accepted_stays_below_the_root(name: str) -> None:
    try:
        path = NotePath.parse(name)
    except PathRefused:
        return
    assert NotePath.parse(path.value) == path
    joined = os.path.normpath(Path("/vault") / path.value)
    assert joined.startswith("/vault/")
    assert not any(part.startswith(".") for part in path.parts)


def test_a_path_that_is_not_there_yet_is_located_below_the_root(tmp_path: Path) -> None:
    assert locate(tmp_path, NotePath.parse("entities/new.md")) == tmp_path / "entities" / "new.md"


def test_a_link_out_of_the_vault_is_refused_on_every_level(tmp_path: Path) -> None:
    vault, outside = tmp_path / "vault", tmp_path / "vault-sibling"
    vault.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text("secret")
    (vault / "folder").symlink_to(outside)
    (vault / "note.md").symlink_to(outside / "secret.md")
    (vault / "dangling.md").symlink_to(outside / "not-yet.md")
    for name in ("folder/secret.md", "folder/new.md", "note.md", "dangling.md"):
        with pytest.raises(PathRefused, match="leads out of the vault"):
            locate(vault, NotePath.parse(name))


def test_a_link_into_a_hidden_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / "config").symlink_to(tmp_path / ".obsidian")
    with pytest.raises(PathRefused, match="hidden folder"):
        locate(tmp_path, NotePath.parse("config/app.json"))


def test_a_link_within_the_vault_is_followed(tmp_path: Path) -> None:
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "jane.md").write_text("Jane")
    (tmp_path / "jane.md").symlink_to("people/jane.md")
    assert locate(tmp_path, NotePath.parse("jane.md")).read_text() == "Jane"


def test_a_name_that_differs_in_case_alone_is_refused_and_names_what_stands(tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "Dria.md").write_text("")
    with pytest.raises(PathRefused, match=r"entities/Dria\.md"):
        locate(tmp_path, NotePath.parse("entities/dria.md"))
    with pytest.raises(PathRefused, match="capitals only"):
        locate(tmp_path, NotePath.parse("Entities/dria.md"))


def test_a_note_named_in_decomposed_form_on_disk_is_found_by_its_composed_name(tmp_path: Path) -> None:
    decomposed = tmp_path / unicodedata.normalize("NFD", "café.md")
    decomposed.write_text("coffee")
    assert locate(tmp_path, NotePath.parse("café.md")).read_text() == "coffee"


def test_only_names_that_every_system_and_link_can_take_are_portable() -> None:
    NotePath.parse("entities/jane doe (work).md").check_portable()
    for name in ("why?.md", "a<b.md", 'say "x".md', "a|b.md", "c#.md", "[x].md"):
        with pytest.raises(PathRefused):
            NotePath.parse(name).check_portable()
