"""The vault to start from keeps the conventions that it explains."""

import json
from pathlib import Path

import pytest

from commonplace.setup import SetupError, make_from_template, template_folder
from commonplace.vault import conventions
from commonplace.vault.links import Resolver, canonical, scan
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault


def test_every_link_of_the_template_is_in_full_and_leads_to_a_note(tmp_path: Path) -> None:
    make_from_template(tmp_path / "vault")
    vault = Vault(tmp_path / "vault")
    notes = vault.notes()
    resolver = Resolver(notes)
    for note in notes:
        for link in scan(vault.read(note).text):
            found = resolver.resolve(link.target, note)
            assert found is not None, (note, link.target)
            assert link.spelled(link.target) == canonical(found)


def test_every_entity_keeps_the_conventions_and_is_reached_from_user_md() -> None:
    memory = Memory(Vault(template_folder()))
    resolver = Resolver(memory.vault.notes())
    for note in memory.notes()[1:]:
        text = memory.vault.read(note).text
        conventions.check_entity_path(note.value)
        conventions.check_entity_text(note.value, text)
        assert conventions.names_of(note, text)[1:] == (conventions.title(text),) * 2
    reached, waiting = set[object](), [memory.user_note]
    while waiting:
        note = waiting.pop()
        if note not in reached:
            reached.add(note)
            links = scan(memory.vault.read(note).text)
            waiting += [found for link in links if (found := resolver.resolve(link.target, note))]
    assert reached == set(memory.notes())


def test_obsidian_is_set_to_the_links_that_the_agent_writes() -> None:
    settings = json.loads((template_folder() / ".obsidian/app.json").read_text())
    assert settings["newLinkFormat"] == "absolute"
    assert settings["useMarkdownLinks"] is False


def test_a_folder_that_holds_something_is_not_filled(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text("")
    with pytest.raises(SetupError, match="is not an empty folder"):
        make_from_template(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.md"]
