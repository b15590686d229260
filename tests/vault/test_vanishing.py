"""A note that goes between the listing and the reading, and a folder that may not be looked into."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from commonplace.server.examination import snapshot
from commonplace.vault.catalogue import WalkedCatalogue
from commonplace.vault.checks import examine
from commonplace.vault.index.index import Index
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

MAYA, TOM = NotePath("entities/maya.md"), NotePath("entities/tom.md")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "vault"
    (root / "entities").mkdir(parents=True)
    (root / "user.md").write_text("# User\n- sister: [[entities/maya.md]]\n- friend: [[entities/tom.md]]\n")
    (root / MAYA.value).write_text("# Maya\n- city: Bergen\n- knows: [[entities/tom.md]]\n")
    (root / TOM.value).write_text("# Tom\n- city: Bergen\n")
    return root


def everything(path: NotePath) -> bool:
    return True


QUESTIONS: dict[str, Callable[[Vault], object]] = {
    "search": lambda vault: [hit.path for hit in WalkedCatalogue(vault).search("bergen", everything).hits],
    "names": lambda vault: WalkedCatalogue(vault).named("Tom"),
    "backlinks": lambda vault: WalkedCatalogue(vault).linked([TOM], everything),
    "tree": lambda vault: "tom.md" in Memory(vault).tree(),
    "size": lambda vault: Memory(vault).size() > 0,
}


@pytest.mark.parametrize(
    ("name", "rest"),
    [("search", [TOM]), ("names", [TOM]), ("backlinks", {TOM}), ("tree", True), ("size", True)],
)
def test_a_note_that_goes_after_it_was_listed_leaves_the_answer_to_the_rest(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, rest: object
) -> None:
    listing = Vault.notes

    def list_and_lose(vault: Vault, under: NotePath | None = None) -> list[NotePath]:
        listed = listing(vault, under)
        (root / MAYA.value).unlink(missing_ok=True)
        return listed

    monkeypatch.setattr(Vault, "notes", list_and_lose)
    assert QUESTIONS[name](Vault(root)) == rest
    assert not (root / MAYA.value).exists()


def test_doctor_examines_what_is_left(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = Vault.read

    def lose_and_read(vault: Vault, path: NotePath) -> object:
        (root / MAYA.value).unlink(missing_ok=True)
        return read(vault, path)

    monkeypatch.setattr(Vault, "read", lose_and_read)
    vault = Vault(root)
    index = Index(root, tmp_path / "index.db")
    found = examine(snapshot(Memory(vault), index))
    assert MAYA.value in {finding.path for finding in found if finding.kind == "unreadable"}


def test_a_folder_that_may_not_be_looked_into_hides_its_own_notes_only(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "Locked").mkdir()
    (root / "Locked/diary.md").write_text("bergen\n")
    scan = os.scandir

    def refused(place: str | os.PathLike[str] = ".") -> object:
        if Path(place).name == "Locked":
            raise PermissionError(13, "Permission denied")
        return scan(place)

    monkeypatch.setattr(os, "scandir", refused)
    vault = Vault(root)
    assert vault.notes() == [MAYA, TOM, NotePath("user.md")]
    assert [hit.path for hit in WalkedCatalogue(vault).search("bergen", everything).hits] == [MAYA, TOM]
