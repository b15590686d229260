"""A look at a vault before memory is added to it."""

from pathlib import Path

import pytest

from commonplace.vault.errors import PathRefused
from commonplace.vault.notes import Vault
from commonplace.vault.survey import additions, find_memory, initialise, survey


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    notes = {
        "Diary/2026-01-01.md": "Snow.",
        "Diary/2026-01-02.md": "More snow.",
        "People/Jane.md": "A friend.",
        "Clients/Acme.md": "---\ntags: [contact]\n---\n",
        "User.md": "About me, by me.",
        "Memory.md": "Not a folder.",
    }
    for name, text in notes.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return Vault(tmp_path)


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    return {str(p.relative_to(root)): (p.read_bytes(), p.stat().st_mtime_ns) for p in root.rglob("*") if p.is_file()}


def test_a_survey_tells_what_stands_there_and_changes_nothing(vault: Vault) -> None:
    before = snapshot(vault.root)
    found = survey(vault)
    assert found.notes == 6
    assert dict(found.folders)["Diary"] == 2
    assert found.user_notes == ("User.md",)
    assert set(found.people) == {"People/Jane.md", "Clients/Acme.md"}
    assert found.memory is None
    assert found.proposal == "Memory"
    assert snapshot(vault.root) == before


def test_memory_is_added_as_user_md_and_entities_alone(vault: Vault) -> None:
    before = snapshot(vault.root)
    assert additions(vault, "Memory") == ("Memory/user.md", "Memory/entities/")
    assert initialise(vault, "Memory") == ("Memory/user.md", "Memory/entities/")
    after = snapshot(vault.root)
    assert set(after) - set(before) == {"Memory/user.md"}
    assert {name: after[name] for name in before} == before
    assert find_memory(vault.root) == "Memory"
    assert initialise(vault, "Memory") == ()


def test_a_user_note_in_other_capitals_is_not_shadowed(vault: Vault) -> None:
    with pytest.raises(PathRefused, match=r"User\.md"):
        initialise(vault, "")


def test_memory_is_found_at_the_root(tmp_path: Path) -> None:
    (tmp_path / "user.md").write_text("")
    assert find_memory(tmp_path) == ""
    assert find_memory(tmp_path / "nowhere") is None
