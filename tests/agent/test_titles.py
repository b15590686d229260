"""A block in plain words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.titles import title_before


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
def test_a_block_is_told_in_plain_words(code: str, title: str) -> None:
    assert title_before(code) == title


@given(st.text())
def test_any_text_has_a_title(code: str) -> None:
    assert title_before(code)
