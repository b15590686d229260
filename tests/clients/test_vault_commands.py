"""``commonplace vault init|add|list``, and what they leave on disk."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from commonplace.config import config_file, load_config

Command = Any


def contents(folder: Path) -> Mapping[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A vault that somebody has."""
    root = tmp_path / "notes"
    (root / "People").mkdir(parents=True)
    (root / "Daily").mkdir()
    (root / "People" / "Jane Doe.md").write_text("Met in Oslo.\n")
    (root / "Daily" / "2026-01-02.md").write_text("Rain.\n")
    (root / "Daily" / "User.md").write_text("Mine.\n")
    return root


async def test_a_new_vault_is_made_from_the_template(commonplace: Command, home: Path, tmp_path: Path) -> None:
    ended = await commonplace("vault", "init", str(tmp_path / "new"), "--yes")
    assert ended.code == 0
    assert (tmp_path / "new" / "user.md").is_file()
    assert list((tmp_path / "new" / "entities").glob("*.md"))
    assert load_config(home).default_vault == "new"
    listed = await commonplace("vault", "list")
    assert listed.out == f"* new  {tmp_path / 'new'}\n"


async def test_memory_is_added_to_a_vault_and_nothing_else(commonplace: Command, home: Path, notes: Path) -> None:
    before = contents(notes)
    ended = await commonplace("vault", "init", str(notes), "--memory", "Memory", "--yes")
    assert ended.code == 0
    for said in ("3 notes", "Daily/  2", "People/  1", "Daily/User.md", "People/Jane Doe.md", "Memory/user.md"):
        assert said in ended.out
    after = contents(notes)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"Memory", "Memory/user.md", "Memory/entities"}
    assert load_config(home).vaults["notes"].memory == "Memory"


async def test_memory_may_live_at_the_root(commonplace: Command, home: Path, notes: Path) -> None:
    before = contents(notes)
    assert (await commonplace("vault", "init", str(notes), "--memory", ".", "--yes")).code == 0
    assert set(contents(notes)) - set(before) == {"user.md", "entities"}
    assert load_config(home).vaults["notes"].memory == ""


async def test_yes_takes_the_folder_that_is_proposed(commonplace: Command, home: Path, notes: Path) -> None:
    assert (await commonplace("vault", "init", str(notes), "--yes")).code == 0
    assert (notes / load_config(home).vaults["notes"].memory / "user.md").is_file()


async def test_init_twice_adds_nothing(commonplace: Command, notes: Path) -> None:
    await commonplace("vault", "init", str(notes), "--memory", "Memory", "--yes")
    before = contents(notes)
    ended = await commonplace("vault", "init", str(notes), "--yes")
    assert ended.code == 0
    assert "Nothing needs to be added." in ended.out
    assert contents(notes) == before


async def test_init_moves_the_memory_of_a_registered_vault(commonplace: Command, home: Path, notes: Path) -> None:
    await commonplace("vault", "add", str(notes))
    assert load_config(home).vaults["notes"].memory == ""
    await commonplace("vault", "init", str(notes), "--memory", "Mind", "--yes")
    assert load_config(home).vaults["notes"].memory == "Mind"


@pytest.mark.parametrize("memory", ["../outside", "/tmp/outside", ".hidden", "a/../../b", "con\x1btrol"])
async def test_memory_stays_in_the_vault(commonplace: Command, home: Path, notes: Path, memory: str) -> None:
    before = contents(notes.parent)
    ended = await commonplace("vault", "init", str(notes), "--memory", memory, "--yes")
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 1
    assert contents(notes.parent) == before
    assert not home.exists()


async def test_memory_is_not_put_beside_a_note_of_the_users_that_is_called_alike(
    commonplace: Command, home: Path, notes: Path
) -> None:
    before = contents(notes)
    ended = await commonplace("vault", "init", str(notes), "--memory", "Daily", "--yes")
    assert ended.code == 1
    assert ended.err == (
        "User.md stands there and is yours; on some systems user.md would be the same file. "
        f"Type: commonplace vault init {notes} --memory Memory\n"
    )
    assert "will be added" not in ended.out
    assert contents(notes) == before
    assert not home.exists()


@pytest.mark.parametrize("begin", [["vault", "add", "."], ["ask", "--vault", ".", "My name is Pia Holm"]])
async def test_a_vault_with_the_users_own_user_note_gets_its_memory_in_a_folder(
    commonplace: Command, home: Path, notes: Path, begin: list[str]
) -> None:
    (notes / "Daily" / "User.md").rename(notes / "USER.md")
    begin = [str(notes) if word == "." else word for word in begin]
    assert (await commonplace(*begin)).code == 0
    assert load_config(home).vaults["notes"].memory == "Memory"
    await commonplace("ask", "--vault", str(notes), "My name is Pia Holm")
    assert "Pia Holm" in (notes / "Memory" / "user.md").read_text()
    assert (notes / "USER.md").read_text() == "Mine.\n"


async def test_adding_a_vault_again_does_not_move_its_memory(commonplace: Command, home: Path, notes: Path) -> None:
    await commonplace("vault", "add", str(notes), "--memory", "Mind")
    (notes / "user.MD").write_text("Mine.\n")
    await commonplace("vault", "add", str(notes))
    assert load_config(home).vaults["notes"].memory == "Mind"


async def test_a_vault_that_is_named_for_the_first_time_hears_where_its_memory_will_be(
    commonplace: Command, notes: Path
) -> None:
    odd = notes.rename(notes.with_name("Pia's notes"))
    before = contents(odd)
    ended = await commonplace("ask", "--vault", str(odd), "What is my name?")
    assert "it gets user.md." in ended.err
    assert f"commonplace vault init {shlex.quote(str(odd))}" in ended.err
    assert contents(odd) == before


async def test_without_a_terminal_nothing_is_asked_and_nothing_changes(
    commonplace: Command, home: Path, notes: Path, tmp_path: Path
) -> None:
    before = contents(tmp_path)
    for arguments in ([str(tmp_path / "new")], [str(notes)], [str(notes), "--memory", "Memory"]):
        ended = await commonplace("vault", "init", *arguments)
        assert ended.code == 1
        assert "--yes" in ended.err
        assert "PATH" not in ended.err
    assert contents(tmp_path) == before
    assert not home.exists()


async def test_a_vault_is_added_under_a_name(commonplace: Command, home: Path, notes: Path) -> None:
    ended = await commonplace("vault", "add", str(notes), "--name", "mine", "--memory", "Daily")
    assert (ended.code, ended.out) == (0, f"Registered 'mine': {notes}\n")
    assert load_config(home).vaults["mine"].memory == "Daily"
    assert (await commonplace("vault", "add", str(notes))).out == f"Registered 'mine': {notes}\n"
    assert load_config(home).vaults["mine"].memory == "Daily"
    other = notes.parent / "other"
    other.mkdir()
    refused = await commonplace("vault", "add", str(other), "--name", "mine")
    assert refused.code == 1
    assert "'mine' is registered already" in refused.err


@pytest.mark.parametrize("command", ["init", "add"])
async def test_a_file_is_no_vault(commonplace: Command, tmp_path: Path, command: str) -> None:
    (tmp_path / "file.md").write_text("x")
    ended = await commonplace("vault", command, str(tmp_path / "file.md"), *(["--yes"] if command == "init" else []))
    assert ended.code == 1
    assert str(tmp_path / "file.md") in ended.err
    assert len(ended.err.splitlines()) == 1
    assert (tmp_path / "file.md").read_text() == "x"


async def test_a_folder_that_is_not_there_cannot_be_added(commonplace: Command, home: Path, tmp_path: Path) -> None:
    ended = await commonplace("vault", "add", str(tmp_path / "missing"))
    assert ended.code == 1
    assert "commonplace vault init" in ended.err
    assert not config_file(home).exists()


async def test_no_vaults_say_how_to_get_one(commonplace: Command) -> None:
    assert "commonplace vault init" in (await commonplace("vault", "list")).out


async def test_a_vault_that_has_gone_is_marked(commonplace: Command, notes: Path) -> None:
    await commonplace("vault", "add", str(notes))
    notes.rename(notes.with_name("moved"))
    assert "(not there now)" in (await commonplace("vault", "list")).out


@pytest.mark.parametrize("named", [[], ["--vault", "notes"], ["--vault", "{}"]])
async def test_a_vault_that_has_gone_is_asked_back_not_made_anew(
    commonplace: Command, notes: Path, named: list[str]
) -> None:
    await commonplace("vault", "add", str(notes))
    notes.rename(notes.with_name("moved"))
    ended = await commonplace("ask", "What is my name?", *(word.format(notes) for word in named))
    assert (ended.code, ended.out) == (1, "")
    assert ended.err.startswith(f"The folder of the registered vault {notes} is not there now.")
    assert "commonplace vault move notes" in ended.err
    assert not notes.exists()
    assert (await commonplace("vault", "move", "notes", str(notes.with_name("moved")))).code == 0
    assert (await commonplace("vault", "list")).out == f"* notes  {notes.with_name('moved')}\n"


async def test_a_folder_to_which_a_vault_may_have_moved_is_not_registered_as_a_second_one(
    commonplace: Command, home: Path, notes: Path
) -> None:
    await commonplace("vault", "init", str(notes), "--yes")
    moved, other = notes.with_name("moved"), notes.with_name("other")
    notes.rename(moved)
    for arguments in (["vault", "add", str(moved)], ["ask", "Hm?", "--vault", str(moved)]):
        refused = await commonplace(*arguments)
        assert (refused.code, refused.out) == (1, "")
        assert f"If it has moved here, type: commonplace vault move notes {moved};" in refused.err
        assert f"if this is another vault, type: commonplace vault add {moved} --name ITS_NAME" in refused.err
    other.mkdir()
    assert (await commonplace("vault", "add", str(other))).code == 0
    assert (await commonplace("vault", "add", str(moved), "--name", "second")).code == 0
    assert list(load_config(home).vaults) == ["notes", "other", "second"]


async def test_the_nearest_vault_is_offered_for_a_name_that_is_none(commonplace: Command, notes: Path) -> None:
    await commonplace("vault", "add", str(notes))
    ended = await commonplace("ask", "What is my name?", "--vault", "note")
    assert ended.err.startswith("There is no vault 'note'; did you mean 'notes'?")
