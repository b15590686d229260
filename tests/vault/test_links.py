"""Links as Obsidian reads them."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.links import Link, Resolver, canonical, resolve, scan
from commonplace.vault.path import NotePath


def targets(text: str) -> list[str]:
    return [link.target for link in scan(text)]


def test_a_link_is_told_apart_into_target_heading_and_alias() -> None:
    (link,) = scan("see [[entities/jane_doe.md#Work|Jane]].")
    assert link == Link("wikilink", 4, 38, "entities/jane_doe.md", "Work", "Jane")
    assert link.spelled("x.md") == "[[x.md#Work|Jane]]"


@pytest.mark.parametrize(
    ("text", "kind", "target", "heading"),
    [
        ("![[photo.png]]", "embed", "photo.png", None),
        ("[[note#^block]]", "wikilink", "note", "^block"),
        ("[[#Heading]]", "wikilink", "", "Heading"),
        ("[Jane](People/Jane%20Doe.md)", "markdown", "People/Jane Doe.md", None),
        ("[Jane](<People/Jane Doe.md>)", "markdown", "People/Jane Doe.md", None),
        ('[x](note.md#part "a title")', "markdown", "note.md", "part"),
        ("| [[note\\|alias]] |", "wikilink", "note", None),
        ("[x](note.md 'a title')", "markdown", "note.md", None),
        ("[Ann](Ann%20(work).md)", "markdown", "Ann (work).md", None),
        ("[Ann](<Ann (work).md>)", "markdown", "Ann (work).md", None),
        ("[see [1] there](note.md)", "markdown", "note.md", None),
        ("[x](C%23.md#The%20part)", "markdown", "C#.md", "The part"),
        ("\\![[note]]", "wikilink", "note", None),
    ],
)
def test_every_form_of_link_is_known(text: str, kind: str, target: str, heading: str | None) -> None:
    (link,) = scan(text)
    assert (link.kind, link.target, link.heading) == (kind, target, heading)


def test_links_in_properties_count() -> None:
    assert targets('---\nemployer: "[[Acme]]"\n---\ntext') == ["Acme"]


@pytest.mark.parametrize(
    "text",
    [
        "`[[code]]`",
        "`` ` [[code]] ``",
        "```\n[[code]]\n```",
        "~~~md\n[[code]]\n```\n[[still code]]\n~~~",
        "````\n```\n[[code]]\n````",
        "> [!note]\n> ```\n> [[code]]\n> ```",
        "- item\n    ```\n    [[code]]\n    ```",
        "1. ```\n   [[code]]\n   ```",
        "\\[[escaped]]",
        "%% [[comment]] %%",
        "%%\n[[comment]]\n%%",
        "[web](https://example.org/x.md)",
        "[mail](mailto:jane@example.org)",
        "[[not\nclosed]]",
        "[[]]",
    ],
)
def test_what_is_no_link_to_a_note_is_passed_over(text: str) -> None:
    assert scan(text) == []


def test_prose_after_code_is_prose_again() -> None:
    assert targets("`a` [[x]] `b` [[y]]\n```\n[[no]]\n```\n[[z]]") == ["x", "y", "z"]


@pytest.mark.parametrize(
    "text",
    [
        "```inline``` [[x]]",
        "> ```\n> code\n\n[[x]]",
        "```\n[[no]]\n```\n[[x]]",
        "> ~~~\n> [[no]]\n> ~~~\n> [[x]]",
    ],
)
def test_code_ends_where_its_fence_or_its_quote_ends(text: str) -> None:
    assert targets(text) == ["x"]


def test_no_link_is_counted_twice() -> None:
    assert targets("[a](b[[c]]) [a](<[[d]]>) [a](e '[[f]]')") == ["c", "d", "f"]


NOTES = [
    NotePath.parse(name)
    for name in (
        "user.md",
        "dria.md",
        "entities/dria.md",
        "entities/jane_doe.md",
        "a/b/deep.md",
        "z/deep.md",
        "Mixed Case.md",
        "Caf\u00e9.md",
    )
]


@pytest.mark.parametrize(
    ("target", "source", "found"),
    [
        ("entities/dria.md", "user.md", "entities/dria.md"),
        ("entities/dria", "user.md", "entities/dria.md"),
        ("dria", "user.md", "dria.md"),
        ("dria", "entities/jane_doe.md", "dria.md"),
        ("jane_doe", "entities/dria.md", "entities/jane_doe.md"),
        ("JANE_DOE.md", "user.md", "entities/jane_doe.md"),
        ("mixed case", "user.md", "Mixed Case.md"),
        ("deep", "user.md", "z/deep.md"),
        ("deep", "a/b/other.md", "a/b/deep.md"),
        ("b/deep", "user.md", "a/b/deep.md"),
        ("../dria", "entities/jane_doe.md", "dria.md"),
        ("eep", "user.md", None),
        ("./dria", "entities/jane_doe.md", "entities/dria.md"),
        ("../entities/dria", "a/deep.md", "entities/dria.md"),
        ("/dria", "entities/jane_doe.md", "dria.md"),
        ("Cafe\u0301", "user.md", "Caf\u00e9.md"),
        ("mixed\u00a0case", "user.md", "Mixed Case.md"),
        ("../../../etc/passwd", "user.md", None),
        ("Jane Doe", "user.md", None),
    ],
)
def test_a_link_is_resolved_in_obsidians_order(target: str, source: str, found: str | None) -> None:
    resolved = resolve(target, NotePath.parse(source), NOTES)
    assert (resolved.value if resolved else None) == found


def test_a_link_without_target_means_its_own_note() -> None:
    source = NotePath.parse("user.md")
    assert Resolver(NOTES).resolve("", source) == source


def test_the_canonical_link_resolves_to_its_note_from_anywhere() -> None:
    for note in NOTES:
        (link,) = scan(canonical(note))
        for source in NOTES:
            assert resolve(link.target, source, NOTES) == note


@given(st.text(st.sampled_from("[]|#!()`%\n ax.<>~-")) | st.text())
def test_scanning_any_text_gives_exact_spans_in_order(text: str) -> None:
    position = 0
    for link in scan(text):
        assert position <= link.start < link.end <= len(text)
        raw = text[link.start : link.end]
        assert raw.startswith(("[", "!["))
        assert raw.endswith((")", "]]"))
        position = link.end


@pytest.mark.parametrize(
    "flood",
    ["[", "[[", "![", "`", "[[a|", "](", "%%", "` `` ", "[a](", "[[a\\|", "[]", "[[]", "[a](b(", "()", "[a [b] "],
)
def test_a_flood_of_brackets_is_scanned_in_linear_time(flood: str) -> None:
    def seconds(size: int) -> float:
        began = time.perf_counter()
        scan(flood * size)
        return time.perf_counter() - began

    seconds(1_000)
    assert seconds(40_000) < 60 * (seconds(4_000) + 0.005)
