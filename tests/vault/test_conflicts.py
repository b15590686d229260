"""Conflict copies are known by names that only a program gives, and merge without losing a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.conflicts import merged, original_name


@pytest.mark.parametrize(
    "name",
    [
        "user.sync-conflict-20240501-101112-ABCDEF7.md",
        "user (conflicted copy 2024-05-01 101112).md",
        "user (Robin's conflicted copy 2024-05-01).md",
        "user (Conflicted copy laptop 202405011011).md",
        "user (Case Conflict 2024-05-01).md",
    ],
)
def test_a_conflict_copy_names_its_note(name: str) -> None:
    assert original_name(name) == "user.md"


@pytest.mark.parametrize("name", ["user.md", "user 2.md", "user (1).md", "My conflict with Jane.md", "Copy (2024).md"])
def test_a_persons_own_name_is_no_conflict_copy(name: str) -> None:
    assert original_name(name) is None


def test_lines_of_the_copy_stand_behind_those_that_they_follow_there() -> None:
    assert merged("# A\n- x: 1\n- z: 3\n", "# A\n- x: 1\n- y: 2\n- z: 4\n") == "# A\n- x: 1\n- z: 3\n- y: 2\n- z: 4\n"


LINES = st.lists(st.sampled_from(["- a: 1", "- b: 2", "- c: 3", "", "# T"]), max_size=8).map("\n".join)


@given(LINES, LINES)
def test_no_line_of_either_is_lost(text: str, copy: str) -> None:
    lines = merged(text, copy).split("\n")
    for line in {*text.split("\n"), *copy.split("\n")} - {""}:
        assert line in lines


@given(LINES)
def test_a_copy_that_says_the_same_changes_nothing(text: str) -> None:
    assert merged(text, text) == text
