"""A block in plain words."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.titles import title_after, title_before
from commonplace.agent.tools import Record
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change, Vault


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ('user = read_file("user.md")', "Read user.md"),
        ('a = read_file("user.md")\nb = read_file("entities/dria.md")', "Read user.md, entities/dria.md"),
        ('a = read_file(file_path="user.md")', "Read user.md"),
        ('a = go_to_link("[[entities/dria.md]]")', "Read entities/dria.md"),
        ('r = update_file("user.md", "a", "b")', "Change user.md"),
        ('a = read_file("user.md")\nr = create_file("entities/x.md", "# X")', "Read user.md; create entities/x.md"),
        ("tree = list_files()", "List the notes"),
        ('ok = check_if_file_exists("user.md")', "Look for user.md"),
        ("a=read_file('1')\nb=read_file('2')\nc=read_file('3')\nd=read_file('4')", "Read 1 and 3 notes"),
        ("for n in names:\n    t = read_file(n)", "Read"),
        ("x = 1 + 1", "Run Python"),
        ("x = (", "Run Python"),
    ],
)
def test_a_block_is_told_in_plain_words(code: str, title: str, tmp_path: Path) -> None:
    assert title_before(Memory(Vault(tmp_path)), code) == title


def test_notes_of_a_memory_in_a_folder_are_told_as_they_lie_in_the_vault(tmp_path: Path) -> None:
    memory = Memory(Vault(tmp_path), "Memory")
    assert title_before(memory, 'a = read_file("user.md")') == "Read Memory/user.md"
    assert title_before(memory, 'a = read_file("People/Jane Doe.md")') == "Read People/Jane Doe.md"
    assert title_before(memory, 'a = go_to_link("[[entities/dria.md]]")') == "Read Memory/entities/dria.md"
    record = Record((), (Change(memory.user_note, "a", "b"),))
    assert title_after(record, "Run Python") == "Changed Memory/user.md"


VAULT = Memory(Vault(Path(__file__).parent))


@given(st.text())
def test_any_text_has_a_title(code: str) -> None:
    assert title_before(VAULT, code)
