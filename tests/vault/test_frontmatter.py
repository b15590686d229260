"""Properties are read and never written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.frontmatter import FrontmatterMalformed, aliases, body_start, properties


def test_properties_are_read() -> None:
    assert properties("---\ntype: person\nage: 4\n---\ntext") == {"type": "person", "age": 4}


@pytest.mark.parametrize("text", ["", "# Title", "text\n---\na: b\n---"])
def test_a_note_without_frontmatter_has_no_properties(text: str) -> None:
    assert properties(text) == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("---\naliases: [Jane, J. Doe]\n---\n", ("Jane", "J. Doe")),
        ("---\naliases:\n  - Jane\n---\n", ("Jane",)),
        ("---\nalias: Jane\n---\n", ("Jane",)),
        ("---\naliases: 7\n---\n", ()),
        ("---\naliases: [unclosed\n---\n", ()),
        ("no frontmatter", ()),
    ],
)
def test_aliases_are_a_text_or_a_list_of_texts(text: str, found: tuple[str, ...]) -> None:
    assert aliases(text) == found


def test_malformed_properties_are_said_to_be_so() -> None:
    with pytest.raises(FrontmatterMalformed):
        properties("---\na: [unclosed\n---\ntext")


def test_the_body_begins_behind_the_closing_line() -> None:
    text = "---\na: b\n---\n# Title"
    assert text[body_start(text) :] == "# Title"
    assert body_start("# Title") == 0
    assert body_start("---\nnever closed") == 0


@given(st.text(st.sampled_from("-\n:[]{}&*!|> a'\"#%@`")))
def test_any_frontmatter_is_read_or_malformed(text: str) -> None:
    try:
        properties(f"---\n{text}\n---\n")
    except FrontmatterMalformed:
        assert aliases(f"---\n{text}\n---\n") == ()
