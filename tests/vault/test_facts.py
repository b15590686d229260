"""Facts of a note are found in all three forms, each at its line."""

from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.facts import Fact, facts

NOTE = """---
birthday: 1980-05-01
tags:
  - person
  - friend
empty:
---
# Jane
- employer: [[entities/acme.md]]
city:: Oslo
Met in [year:: 2019] at (place:: the fair), long ago.
```
not:: this
- nor: that
```
- name
  - nested: yes
http://example.org/a::b
"""


def test_each_form_is_found_at_its_line() -> None:
    assert facts(NOTE) == [
        Fact("birthday", "1980-05-01", 2, "property"),
        Fact("tags", "person, friend", 3, "property"),
        Fact("empty", "", 6, "property"),
        Fact("employer", "[[entities/acme.md]]", 9, "list"),
        Fact("city", "Oslo", 10, "field"),
        Fact("year", "2019", 11, "field"),
        Fact("place", "the fair", 11, "field"),
        Fact("nested", "yes", 17, "list"),
    ]


def test_a_note_that_begins_with_a_fact_has_it_on_line_one() -> None:
    assert facts("- key: value") == [Fact("key", "value", 1, "list")]
    assert facts("key:: value\n") == [Fact("key", "value", 1, "field")]


def test_malformed_frontmatter_is_read_as_far_as_its_lines_tell() -> None:
    assert facts("---\nkey: [\n---\n- a: b\n") == [Fact("key", "[", 2, "property"), Fact("a", "b", 4, "list")]


@given(st.text(alphabet="ab:- \n[]()`~%#", max_size=200))
def test_a_facts_line_holds_its_key_and_value_whatever_the_text(text: str) -> None:
    lines = text.split("\n")
    for fact in facts(text):
        assert fact.key in lines[fact.line - 1]
        assert fact.form == "property" or fact.value in lines[fact.line - 1]
