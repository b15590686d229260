"""Notes that are open in an editor are read and changed there, and nobody waits for it in vain."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.agent.tools import Tools
from commonplace.vault.editor import EditorConflict, TextEdit, applied, edits_between
from commonplace.vault.errors import EditorSilent, NoteConflict, NoteRefused, NoteTooLarge
from commonplace.vault.forget import carry_out, plan_fact
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace

USER = NotePath("user.md")
ON_DISK = "# User\n- city: Oslo\n"
IN_BUFFER = "# User\n- city: Oslo\n- typed just now, not sa"


class Editor:
    """An editor with one open note; what it does with an edit can be set."""

    def __init__(self, text: str) -> None:
        self.buffer = text
        self.conflicts = 0
        self.silent = False
        self.does = True
        self.edits: list[Sequence[TextEdit]] = []

    def holds(self, path: NotePath) -> bool:
        return path == USER

    async def text(self, path: NotePath) -> str | None:
        if self.silent and not self.does and self.edits:
            await asyncio.sleep(60)
        return self.buffer

    async def apply(self, path: NotePath, before: str, edits: Sequence[TextEdit]) -> None:
        if self.conflicts:
            self.conflicts -= 1
            self.buffer += "."
            raise EditorConflict
        if self.buffer != before:
            raise EditorConflict
        self.edits.append(edits)
        if self.does:
            self.buffer = applied(self.buffer, edits)
        if self.silent:
            await asyncio.sleep(60)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path / "journal")
    yield made
    made.close()


@pytest.fixture
def vault(tmp_path: Path, journal: Journal) -> Vault:
    root = tmp_path / "vault"
    root.mkdir()
    (root / "user.md").write_text(ON_DISK)
    opened = Vault(root, journal=journal)
    opened.editor = Editor(IN_BUFFER)
    return opened


def editor_of(vault: Vault) -> Editor:
    assert isinstance(vault.editor, Editor)
    return vault.editor


async def test_what_is_typed_and_not_saved_is_what_the_agent_reads(vault: Vault) -> None:
    assert (await Workspace(vault).read(USER)).text == IN_BUFFER
    assert await Tools(Memory(vault)).read_file("user.md") == IN_BUFFER


async def test_an_edit_is_made_in_the_editor_and_the_file_is_its_owners_to_save(vault: Vault, journal: Journal) -> None:
    tools = Tools(Memory(vault), Origin("s", "t1"))
    assert await tools.update_file("user.md", "Oslo", "Bergen") is True
    assert editor_of(vault).buffer == IN_BUFFER.replace("Oslo", "Bergen")
    assert editor_of(vault).edits == [(TextEdit(7, 20, "- city: Bergen\n"),)]
    assert (vault.root / "user.md").read_text() == ON_DISK
    (entry,) = journal.entries_after(0)
    assert journal.content(entry.before or "") == IN_BUFFER.encode()


async def test_an_edit_is_made_anew_where_somebody_typed_in_between(vault: Vault) -> None:
    editor_of(vault).conflicts = 1
    assert await Tools(Memory(vault)).update_file("user.md", "Oslo", "Bergen") is True
    assert editor_of(vault).buffer == IN_BUFFER.replace("Oslo", "Bergen") + "."


async def test_an_editor_that_always_conflicts_is_told_as_one(vault: Vault, journal: Journal) -> None:
    editor_of(vault).conflicts = 99
    answer = await Tools(Memory(vault)).update_file("user.md", "Oslo", "Bergen")
    assert "read it again" in str(answer)
    assert journal.entries_after(0) == []


async def test_an_edit_whose_answer_is_lost_is_known_by_its_result(vault: Vault, journal: Journal) -> None:
    editor_of(vault).silent = True
    workspace = Workspace(vault, patience=0.05)
    change = await workspace.replace(await workspace.read(USER), "# Anew\n")
    assert change.after == editor_of(vault).buffer == "# Anew\n"
    assert journal.in_doubt(vault.root) == []


async def test_an_editor_that_never_answers_ends_in_doubt_and_never_on_the_disk(vault: Vault, journal: Journal) -> None:
    workspace = Workspace(vault, patience=0.05)
    note = await workspace.read(USER)
    editor_of(vault).silent, editor_of(vault).does = True, False
    with pytest.raises(EditorSilent, match="Read it again"):
        await workspace.replace(note, "# Anew\n")
    with pytest.raises(EditorSilent):
        await workspace.read(USER)
    with pytest.raises(EditorSilent):
        await workspace.delete(USER)
    assert (vault.root / "user.md").read_text() == ON_DISK
    editor_of(vault).silent = False
    editor_of(vault).buffer = "# Anew\n"
    assert (await workspace.read(USER)).text == "# Anew\n", "the edit came late, and is seen when it is read again"


async def test_an_edit_in_doubt_stays_in_the_journal_and_can_be_undone(vault: Vault, journal: Journal) -> None:
    workspace = Workspace(vault, patience=0.05)
    note = await workspace.read(USER)
    editor_of(vault).silent, editor_of(vault).does = True, False
    with pytest.raises(EditorSilent):
        await workspace.replace(note, "# Anew\n", Origin("s", "t1"))
    editor_of(vault).silent, editor_of(vault).does, editor_of(vault).buffer = False, True, "# Anew\n"
    turn = journal.turn(vault.root, "t1")
    assert turn is not None
    (note_undone,) = (await undo(workspace, journal, turn)).notes
    assert (note_undone.outcome, editor_of(vault).buffer) == ("restored", IN_BUFFER)


async def test_while_an_editor_thinks_others_write_and_no_thread_waits(vault: Vault) -> None:
    editor_of(vault).silent = True
    workspace = Workspace(vault, patience=30)
    note = await workspace.read(USER)
    threads = threading.active_count()
    waiting = asyncio.create_task(workspace.replace(note, "# Anew\n"))
    while not editor_of(vault).edits:
        await asyncio.sleep(0.01)
    await workspace.create(NotePath("other.md"), "# Other\n")
    await workspace.delete(NotePath("other.md"))
    assert not waiting.done()
    assert threading.active_count() <= threads + 3
    waiting.cancel()
    await asyncio.wait([waiting])


async def test_an_undo_goes_to_the_editor_too(vault: Vault, journal: Journal) -> None:
    await Tools(Memory(vault), Origin("s", "t1")).update_file("user.md", "Oslo", "Bergen")
    editor_of(vault).buffer += "ved yet"
    turn = journal.turn(vault.root, "t1")
    assert turn is not None
    (note,) = (await undo(Workspace(vault), journal, turn)).notes
    assert (note.outcome, editor_of(vault).buffer) == ("merged", IN_BUFFER + "ved yet")
    assert (vault.root / "user.md").read_text() == ON_DISK


async def test_a_note_with_something_unsaved_is_not_deleted(vault: Vault) -> None:
    workspace = Workspace(vault)
    with pytest.raises(NoteRefused, match="not saved yet"):
        await workspace.delete(USER)
    editor_of(vault).buffer = ON_DISK
    await workspace.delete(USER)
    assert not (vault.root / "user.md").exists()


async def test_a_note_read_before_it_was_opened_is_compared_with_the_buffer(vault: Vault) -> None:
    editor, vault.editor = editor_of(vault), None
    workspace = Workspace(vault)
    note = await workspace.read(USER)
    vault.editor = editor
    with pytest.raises(NoteConflict):
        await workspace.replace(note, "# Anew\n")
    assert editor.buffer == IN_BUFFER


@given(
    st.text(st.sampled_from("ab\n\r\u2028é🙂"), max_size=30), st.text(st.sampled_from("ab\n\r\u2028é🙂"), max_size=30)
)
def test_the_edits_between_two_texts_lead_from_one_to_the_other(before: str, after: str) -> None:
    edits = edits_between(before, after)
    assert applied(before, edits) == after
    assert [edit.start for edit in edits] == sorted(edit.start for edit in edits)
    assert (edits == ()) is (before == after)


async def test_an_open_note_over_the_limit_is_neither_read_nor_made(vault: Vault, journal: Journal) -> None:
    workspace = Workspace(vault)
    note = await workspace.read(USER)
    with pytest.raises(NoteTooLarge, match="1,000,000"):
        await workspace.replace(note, "x" * 1_000_001)
    assert (editor_of(vault).buffer, editor_of(vault).edits) == (IN_BUFFER, [])
    editor_of(vault).buffer = "x" * 1_048_577
    with pytest.raises(NoteTooLarge, match="1,048,577"):
        await workspace.read(USER)
    assert journal.entries_after(0) == []


async def test_a_fact_is_forgotten_in_an_open_note_whose_editor_has_other_line_endings(
    vault: Vault, journal: Journal
) -> None:
    on_disk = (ON_DISK + "- age: 36\n").replace("\n", "\r\n").encode()
    (vault.root / "user.md").write_bytes(on_disk)
    editor_of(vault).buffer = ON_DISK + "- age: 36\n"
    memory = Memory(vault)
    origin = await carry_out(memory, plan_fact(memory, "age: 36"), "Forget: age: 36")
    assert editor_of(vault).buffer == ON_DISK
    assert (vault.root / "user.md").read_bytes() == on_disk, "the file is the editor's to save"
    turn = journal.turn(vault.root, origin.turn)
    assert turn is not None
    (undone,) = (await undo(Workspace(vault), journal, turn)).notes
    assert (undone.outcome, editor_of(vault).buffer) == ("restored", ON_DISK + "- age: 36\n")
