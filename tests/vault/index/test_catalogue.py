"""Out of the index come the answers that a walk over the files would give, and nothing that does not stand on disk."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.vault.index.conftest import BRISK, Follow, until, write

from commonplace.vault.catalogue import WalkedCatalogue
from commonplace.vault.index.catalogue import IndexedCatalogue
from commonplace.vault.index.index import Index
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath

FOLDERS = ["", "a/", "a/b/", "People/", "entities/"]
NAMES = ["Jane Doe", "jane_doe", "JANE DOE", "Zo\u00eb", "x", "note 1"]
TARGETS = [*NAMES, *(f"{name}.md" for name in NAMES), "a/x", "../x", "People/Jane Doe", "b/x.md", "none", "Zoe\u0308"]

NOTES = st.dictionaries(
    st.sampled_from([f"{folder}{name}.md" for folder in FOLDERS for name in NAMES]),
    st.lists(st.sampled_from([f"[[{target}]]" for target in TARGETS] + ["# Ann Smith", "---\naliases: [Jay]\n---"])),
    max_size=8,
)


def everywhere(_: NotePath) -> bool:
    return True


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(NOTES)
def test_both_catalogues_answer_alike(notes: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "vault"
        root.mkdir()
        write(root, {name: "\n".join(lines) for name, lines in notes.items()})
        vault = Vault(root)
        index = Index(vault.root, Path(folder) / "index.db", pace=BRISK)
        index.start()
        try:
            until(lambda: index.progress.phase == "ready")
            walked, indexed = WalkedCatalogue(vault), IndexedCatalogue(vault, index)
            for source in [None, *vault.notes()]:
                for target in TARGETS:
                    assert indexed.resolver().resolve(target, source) == walked.resolver().resolve(target, source)
            for name in [*NAMES, "ann smith", "JAY", ""]:
                assert indexed.named(name) == walked.named(name)
            paths = vault.notes()
            assert indexed.linked(paths, lambda _: True) == walked.linked(paths, lambda _: True)
            assert indexed.folders() == walked.folders()
        finally:
            index.close()


def test_what_was_just_written_counts_at_once(root: Path, follow: Follow) -> None:
    write(root, {"user.md": "# User"})
    vault, index = Vault(root), follow()
    catalogue = IndexedCatalogue(vault, index)
    for number in range(5):
        path = NotePath(f"entities/{number}.md")
        vault.create(path, f"# Person {number}\n[[user]]")
        catalogue.wrote(path)
        assert catalogue.named(f"Person {number}") == [path]
        assert catalogue.resolver().resolve(str(number)) == path
        assert catalogue.linked([NotePath("user.md")], lambda _: True) == {NotePath("user.md")}


def test_an_index_that_is_behind_is_found_out_on_disk(root: Path, follow: Follow) -> None:
    write(root, {"user.md": "[[Jane]]", "a/Jane.md": "# Jane", "People/x.md": "# Smith"})
    vault, index = Vault(root), follow()
    catalogue = IndexedCatalogue(vault, index)
    resolver = catalogue.resolver()
    index.close()
    (root / "a" / "Jane.md").rename(root / "People" / "Jane.md")
    assert resolver.resolve("Jane") == NotePath("People/Jane.md")
    assert catalogue.named("Jane") == [NotePath("People/Jane.md")]


def test_a_search_finds_by_all_words_before_some_and_shows_the_lines(root: Path, follow: Follow) -> None:
    write(
        root,
        {
            "Boat.md": "# Boat\nIt is red.\nThe harbour of Bergen is where it lies.\n",
            "Oslo.md": "Bergen is far.\n",
            "Ce\u0301line.md": "She sings.\n",
        },
    )
    catalogue = IndexedCatalogue(Vault(root), follow())
    found = catalogue.search("harbour Bergen", everywhere)
    assert [(hit.path.value, hit.lines) for hit in found.hits] == [
        ("Boat.md", ((3, "The harbour of Bergen is where it lies."),)),
        ("Oslo.md", ((1, "Bergen is far."),)),
    ]
    assert [hit.path.value for hit in catalogue.search("celine", everywhere).hits] == ["C\u00e9line.md"]
    assert catalogue.search('NEAR(" OR * -', everywhere).hits == ()
    assert catalogue.search("", everywhere).hits == ()


def test_a_search_shows_no_note_that_has_lost_the_words(root: Path, follow: Follow) -> None:
    write(root, {"Boat.md": "harbour", "Ship.md": "harbour"})
    index = follow()
    index.close()
    write(root, {"Boat.md": "nothing of the kind"})
    assert [hit.path.value for hit in IndexedCatalogue(Vault(root), index).search("harbour", everywhere).hits] == [
        "Ship.md"
    ]


def test_facts_are_known_with_their_place(root: Path, follow: Follow) -> None:
    write(root, {"Jane.md": "---\nbirthday: 1980\n---\ncity:: Oslo\n", "Ann.md": "- City: Bergen\n"})
    index = follow()
    cities = index.ask(lambda answers: answers.facts("city"))
    assert [(fact.note.value, fact.line, fact.value) for fact in cities] == [
        ("Ann.md", 1, "Bergen"),
        ("Jane.md", 4, "Oslo"),
    ]
    assert [fact.key for fact in index.ask(lambda answers: answers.facts_of(NotePath("Jane.md")))] == [
        "birthday",
        "city",
    ]
    assert index.ask(lambda answers: answers.links_from(NotePath("Ann.md"))) == []
