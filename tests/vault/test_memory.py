"""The memory within a vault: names and links as the agent sees them, conventions for what it adds."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.conventions import entity_name
from commonplace.vault.errors import ConventionError, PathRefused
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath


def memory_of(root: Path, notes: dict[str, str], folder: str = "") -> Memory:
    for name, text in notes.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return Memory(Vault(root), folder)


IN_FOLDER = {
    "Memory/user.md": "# User\n- employer: [[Memory/entities/dria.md|Dria]]\n- friend: [[jane]]\n",
    "Memory/entities/dria.md": "# Dria\n",
    "Memory/entities/jane.md": "# Jane\n",
    "People/Ann.md": "# Ann\n",
}


def test_names_are_those_of_the_memory_folder_and_the_rest_those_of_the_vault(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, IN_FOLDER, "Memory")
    for name, on_disk in [
        ("user.md", "Memory/user.md"),
        ("entities/dria.md", "Memory/entities/dria.md"),
        ("People/Ann.md", "People/Ann.md"),
        ("Memory/user.md", "Memory/user.md"),
    ]:
        assert memory.path(name).value == on_disk
    assert memory.name(NotePath.parse("Memory/entities/dria.md")) == "entities/dria.md"
    assert memory.name(NotePath.parse("People/Ann.md")) == "People/Ann.md"


def test_links_are_shown_without_the_folder_and_stored_with_it(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, IN_FOLDER, "Memory")
    on_disk = IN_FOLDER["Memory/user.md"]
    shown = memory.shown(on_disk)
    assert "[[entities/dria.md|Dria]]" in shown
    edited = shown + "- rival: [[entities/jane.md]]\n"
    stored = memory.stored(edited, on_disk, memory.user_note)
    assert stored == on_disk + "- rival: [[Memory/entities/jane.md]]\n"


def test_a_link_that_stands_keeps_its_spelling_even_in_a_line_that_changes(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, IN_FOLDER, "Memory")
    on_disk = IN_FOLDER["Memory/user.md"]
    edited = memory.shown(on_disk).replace("- friend:", "- best_friend:")
    assert "- best_friend: [[jane]]\n" in memory.stored(edited, on_disk, memory.user_note)


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("[[dria]]", "[[entities/dria.md]]"),
        ("[[dria.md|the lab]]", "[[entities/dria.md|the lab]]"),
        ("[[entities/dria#Team]]", "[[entities/dria.md#Team]]"),
        ("![[dria]]", "![[entities/dria.md]]"),
        ("[[entities/not_yet.md]]", "[[entities/not_yet.md]]"),
        ("[[somewhere]]", "[[somewhere]]"),
        ("`[[dria]]`", "`[[dria]]`"),
        ("[x](dria.md)", "[x](dria.md)"),
    ],
)
def test_added_links_are_stored_in_full(tmp_path: Path, written: str, stored: str) -> None:
    memory = memory_of(tmp_path, {"user.md": "# User\n", "entities/dria.md": "# Dria\n"})
    assert memory.stored(f"# User\n- x: {written}\n", "# User\n", memory.user_note) == f"# User\n- x: {stored}\n"


@given(
    st.lists(st.sampled_from(["# User", "- a: [[dria]]", "- a: [[Memory/entities/dria.md]]", "", "- b: 1"]), max_size=8)
)
def test_text_that_is_not_changed_is_stored_as_it_stood(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    memory = memory_of(tmp_path_factory.mktemp("vault"), {"Memory/entities/dria.md": "# Dria\n"}, "Memory")
    on_disk = "\n".join(lines)
    assert memory.stored(memory.shown(on_disk), on_disk, memory.user_note) == on_disk


def test_the_agent_writes_its_memory_and_nothing_else(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, IN_FOLDER, "Memory")
    for name in ("user.md", "entities/dria.md", "entities/people/new.md"):
        assert memory.may_write(memory.path(name))
    for name in ("People/Ann.md", "notes.md", "entities/picture.png", "Memory/other.md"):
        assert not memory.may_write(memory.path(name))
        with pytest.raises(ConventionError, match="not part of the memory"):
            memory.check_addition(memory.path(name), None, "# X\n")


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("entities/Jane Doe.md", "entities/jane_doe.md"),
        ("entities/Jane-Doe.md", "entities/jane_doe.md"),
        ("entities/people/JaneDoe.md", "entities/people/janedoe.md"),
        ("entities/My Folder/x.md", "entities/my_folder/x.md"),
    ],
)
def test_a_new_entity_is_named_in_snake_case(tmp_path: Path, name: str, instead: str) -> None:
    memory = memory_of(tmp_path, {})
    with pytest.raises(ConventionError, match=instead):
        memory.check_addition(memory.path(name), None, "# Jane\n")
    memory.check_addition(memory.path(instead), None, "# Jane\n")


def test_snake_case_has_letters_of_every_script() -> None:
    assert entity_name("Žofie Nováková-Černá") == "žofie_nováková_černá"
    assert entity_name("東京 タワー") == "東京_タワー"
    assert entity_name("!!!") == "unnamed"


def test_a_new_entity_has_a_title(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {})
    with pytest.raises(ConventionError, match="# Jane Doe"):
        memory.check_addition(memory.path("entities/jane_doe.md"), None, "- age: 4\n")


def test_the_real_name_becomes_an_alias_unless_the_text_brings_frontmatter(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {})
    path = memory.path("entities/jane_doe.md")
    assert memory.prepared_entity(path, "# Jane Doe\n") == '---\naliases:\n  - "Jane Doe"\n---\n# Jane Doe\n'
    for text in ("# jane_doe\n", "---\ntype: person\n---\n# Jane Doe\n"):
        assert memory.prepared_entity(path, text) == text


@pytest.mark.parametrize(
    "line",
    ["```dataviewjs", "~~~ dataviewjs", "> ```dataviewjs", "<% tp.date.now() %>", "`$= dv.current()`", "```templater"],
)
def test_added_text_that_a_plugin_would_run_is_refused_and_standing_text_is_not(tmp_path: Path, line: str) -> None:
    memory = memory_of(tmp_path, {})
    with pytest.raises(ConventionError, match="run as code"):
        memory.check_addition(memory.user_note, "# User\n", f"# User\n{line}\n")
    memory.check_addition(memory.user_note, f"# User\n{line}\n", f"# User\n{line}\n- age: 4\n")


def test_a_second_entity_for_the_same_name_is_refused(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {"entities/people/jane_doe.md": "# Jane Doe\n"})
    with pytest.raises(ConventionError, match=r"entities/people/jane_doe\.md is about"):
        memory.check_new_entity(memory.path("entities/janedoe.md"), "# Jane DOE\n")


def test_somebody_of_whom_the_human_has_a_note_gets_a_card(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {"People/JD.md": "---\naliases: [Jane Doe]\n---\nA friend."})
    path = memory.path("entities/jane_doe.md")
    with pytest.raises(ConventionError, match=r"- note: \[\[People/JD\.md\]\]"):
        memory.check_new_entity(path, "# Jane Doe\n")
    memory.check_new_entity(path, "# Jane Doe\n- note: [[People/JD.md]]\n")


def test_two_candidates_are_asked_about(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {"Work/Jane Doe.md": "", "Club/jane-doe.md": ""})
    with pytest.raises(ConventionError, match="Ask the user"):
        memory.check_new_entity(memory.path("entities/jane_doe.md"), "# Jane Doe\n")


def test_a_name_that_changes_on_disk_is_known_at_the_next_look(tmp_path: Path) -> None:
    memory = memory_of(tmp_path, {"People/X.md": "# Somebody\n"})
    path = memory.path("entities/jane_doe.md")
    memory.check_new_entity(path, "# Jane Doe\n")
    (tmp_path / "People" / "X.md").write_text("# Jane Doe (she)\n")
    (tmp_path / "People" / "Y.md").write_text("---\nalias: Jane Doe\n---\n")
    with pytest.raises(ConventionError, match="People/Y"):
        memory.check_new_entity(path, "# Jane Doe\n")


def test_the_tree_shows_the_memory_and_counts_the_rest(tmp_path: Path) -> None:
    memory = memory_of(
        tmp_path,
        {
            "user.md": "",
            "entities/dria.md": "",
            "entities/people/jane.md": "",
            "Diary/a.md": "",
            "Diary/b.md": "",
            "x.md": "",
        },
    )
    assert memory.tree() == (
        "user.md\nentities/\n  dria.md\n  people/\n    jane.md\nDiary/ (2 notes of the user)\n(1 more note of the user)"
    )


def test_a_tree_over_its_budget_becomes_folders_with_counts(tmp_path: Path) -> None:
    notes = {f"entities/group_{index % 5}/entity_{index}.md": "" for index in range(500)}
    tree = memory_of(tmp_path, {"user.md": "", **notes}).tree(budget=600)
    assert len(tree) <= 600
    assert "entities/group_3/ (100 notes)" in tree
    assert "user.md" in tree


@pytest.mark.parametrize("folders", [1, 40, 400])
@pytest.mark.parametrize("depth", [1, 6])
def test_a_tree_stays_within_its_budget_whatever_the_vault_holds(tmp_path: Path, folders: int, depth: int) -> None:
    notes = {f"Folder {'of the human ' * 8}{index}/a.md": "" for index in range(folders)}
    below = "/".join(f"level_{level}" for level in range(depth))
    notes |= {f"entities/{below}/group_{index}/{'long_' * 20}{index}.md": "" for index in range(folders)}
    assert len(memory_of(tmp_path, {"user.md": "", **notes}).tree(budget=2_000)) <= 2_000


def test_an_empty_memory_says_so(tmp_path: Path) -> None:
    assert "no user.md yet" in Memory(Vault(tmp_path)).tree()


def test_the_folder_of_a_memory_cannot_leave_the_vault(tmp_path: Path) -> None:
    with pytest.raises(PathRefused):
        Memory(Vault(tmp_path), "../elsewhere")
