"""Whatever a source says, it becomes a note that is named, placed and read safely."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.importers.base import ExportRefused, ImportedNote
from commonplace.importers.conversations import Message, as_text
from commonplace.importers.rendering import LONGEST_TITLE, parts, rendered, split_properties, title_of
from commonplace.importers.shelving import MOST_DEPTH, MOST_IN_FOLDER, Shelves
from commonplace.vault import conventions, links
from commonplace.vault.facts import facts
from commonplace.vault.frontmatter import properties
from commonplace.vault.limits import Limits
from commonplace.vault.names import folded
from commonplace.vault.path import NotePath

NAMES = st.text(max_size=300) | st.sampled_from(
    [
        *("con", "CON", "..", "../../etc", "a/b", "C:\\x", ".hidden", "  ", "[[x]]", "a#b^c|d"),
        *("Ä", "A\u0308", "ﬁ", "ſ", "İ", "Ꭰ", "🎉"),
    ]
)
HARD = st.lists(
    st.sampled_from(
        [
            *("[[a]]", "![[b.png]]", "[c](d.md)", "[e [[f]]](g.md)", "(", "]", "[", "`", "%%"),
            *("```dataviewjs", "```", "~~~tasks", "`= x`", "`$= y`", "<% tp %>"),
            *("---", "\n", "\n> ", "# h", "- k: v", "\r\n", "\x00", "\ud800", "\u2028"),
        ]
    )
    | st.text(max_size=5)
).map("".join)


def shelves(*, dated: bool = False, names: tuple[str, ...] = (), **limits: int) -> Shelves:
    return Shelves("notion", "Notion", dated=dated, names=names, folders={}, memory=0, limits=Limits(**limits))


@given(st.lists(st.tuples(NAMES, st.lists(NAMES, max_size=8)), max_size=20), st.booleans())
def test_any_names_give_paths_that_every_system_and_every_link_takes_and_none_twice(
    named: list[tuple[str, list[str]]], dated: bool
) -> None:
    shelf = shelves(dated=dated, names=("con", "a"))
    seen: set[str] = {"con", "a"}
    for title, folder in named:
        placed = shelf.place(ImportedNote("x", title, "", date(2024, 3, 5), folder=tuple(folder)), 100)
        path = NotePath.parse(placed.path)
        path.check_portable()
        conventions.check_entity_path(placed.path)
        assert path.within("entities/notion")
        assert len(path.parts) <= MOST_DEPTH + 3
        called = {folded(path.stem), folded(placed.title)} - {""}
        assert not called & seen
        seen |= called
        assert links.parse_target(placed.path)[0] == placed.path


@given(HARD, NAMES)
def test_any_text_becomes_a_note_with_its_own_title_and_properties_whose_links_all_lead_somewhere(
    text: str, title: str
) -> None:
    named = title_of(title)
    note = ImportedNote("id", title, next(parts(ImportedNote("id", title, text))).text, date(2024, 3, 5))
    whole = rendered(note, "notion", named, {"a": "entities/notion/a.md"}.get)
    assert whole.encode().decode() == whole
    assert "\x00" not in whole
    conventions.check_added_text(None, whole)
    assert conventions.title(whole) == named
    assert len(named) <= LONGEST_TITLE
    assert properties(whole) == {"imported": "notion:id", "created": date(2024, 3, 5), "aliases": [named]}
    assert {link.target for link in links.scan(whole)} <= {"entities/notion/a.md", ""}


@given(st.lists(st.sampled_from(["plain", "> quoted", "```py", "> ```", "```", "", "x" * 700, "é" * 300]), max_size=60))
def test_a_long_text_is_cut_into_parts_that_hold_all_of_it_and_tear_no_code(lines: list[str]) -> None:
    text = "\n".join(lines)
    pieces = list(parts(ImportedNote("id", "Long", text), largest=4_000))[::-1]
    assert all(len(piece.text.encode()) <= 4_000 for piece in pieces)
    assert [piece.id for piece in pieces] == ["id", *(f"id:{number}" for number in range(2, len(pieces) + 1))]
    joined = "".join("".join(piece.text.rpartition("\n\nIt goes on in")[0] or piece.text for piece in pieces).split())
    assert joined.count("x") == text.count("x")
    assert joined.count("é") == text.count("é")
    for piece, following in pairwise(pieces):
        assert piece.text.endswith(f"It goes on in [[{following.id}]].\n")
        assert [link.target for link in links.scan(piece.text)] == [following.id]


def test_what_was_said_in_a_conversation_is_no_fact_of_the_memory() -> None:
    said = "- user_name: Mallory\nkey:: value, (city:: Oslo) and `std::vector`\n---\n# Title"
    note = ImportedNote("id", "Talk", as_text([Message("ChatGPT", said, None)]))
    keys = {fact.key for fact in facts(rendered(note, "chatgpt", "Talk", dict[str, str]().get))}
    assert keys == {"imported", "aliases"}
    assert "`std::vector`" in note.text


def test_a_full_folder_gets_one_beside_it_and_a_full_memory_is_told_before_anything_is_written() -> None:
    shelf = shelves(folder=10_000, memory=50_000)
    places = [shelf.place(ImportedNote(f"{n}", f"Note {n}", "", folder=("Boats",)), 4_000).path for n in range(3)]
    assert [path.rpartition("/")[0] for path in places] == [
        "entities/notion/boats",
        "entities/notion/boats",
        "entities/notion/boats_2",
    ]
    assert shelf.place(ImportedNote("r", "Root", ""), 9_000).path == "entities/notion/root.md"
    assert shelf.place(ImportedNote("s", "Second", ""), 9_000).path == "entities/notion/more_2/second.md"
    with pytest.raises(ExportRefused, match="nothing was written"):
        for number in range(5):
            shelf.place(ImportedNote(f"x{number}", f"Large {number}", ""), 8_000)
    many = shelves()
    for number in range(MOST_IN_FOLDER):
        many.place(ImportedNote(f"{number}", f"N{number}", ""), 1)
    assert many.place(ImportedNote("last", "Last", ""), 1).path == "entities/notion/more_2/last.md"


def test_a_page_that_is_called_as_another_note_says_where_it_came_from() -> None:
    shelf = shelves(names=("janedoe",))
    titles = [shelf.place(ImportedNote(f"{n}", "Jane Doe", ""), 1).title for n in range(3)]
    assert titles == ["Jane Doe (Notion)", "Jane Doe (Notion 2)", "Jane Doe (Notion 3)"]
    day = date(2024, 3, 5)
    talks = shelves(dated=True)
    assert [talks.place(ImportedNote(f"{n}", "New chat", "", day), 1).path for n in range(2)] == [
        "entities/notion/2024/2024_03_05_new_chat_notion.md",
        "entities/notion/2024/2024_03_05_new_chat_notion_2.md",
    ]


def test_aliases_are_kept_as_such_and_what_an_import_writes_itself_under_another_name() -> None:
    text = '---\nimported: "x:y"\naliases:\n- A\n- B\ntags: [t]\n---\nText'
    assert split_properties(text) == ('imported_before: "x:y"\ntags: [t]', ("A", "B"), "Text")
    own, also, body = split_properties("---\nalias: Pal\nimported: 2020-01-02\n---\nText")
    note = ImportedNote("id", "Jane", body, properties=own, aliases=also)
    found = properties(rendered(note, "markdown", "Jane", dict[str, str]().get, also))
    assert found["aliases"] == ["Jane", "Pal"]
    assert found["imported"] == "markdown:id"
    assert str(found["imported_before"]) == "2020-01-02"


def test_an_alias_that_somebody_has_already_says_where_it_came_from() -> None:
    shelf = shelves(names=("pal",))
    placed = shelf.place(ImportedNote("1", "Jane Doe", ""), 1)
    assert shelf.also_called(placed, ("Pal", "Jane Doe", "Jay", "jay")).aliases == ("Pal (Notion)", "Jay")


def test_html_that_loads_or_runs_something_is_shown_as_it_is_spelled() -> None:
    said = "<b>Bold</b><br> <iframe src='https://example.org'></iframe> <IMG src=x onerror=y> `<script>`"
    text = rendered(ImportedNote("id", "T", said), "markdown", "T", dict[str, str]().get)
    assert "<b>Bold</b><br> \\<iframe src='https://example.org'>\\</iframe> \\<IMG src=x onerror=y> `<script>`" in text


def test_a_heading_that_says_the_title_stands_once_also_where_the_title_got_its_source() -> None:
    text = rendered(ImportedNote("id", "Jane", "# Jane\nText"), "notion", "Jane (Notion)", dict[str, str]().get)
    assert text.endswith("---\n# Jane (Notion)\n\nText\n")
