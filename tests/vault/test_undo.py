"""Undo takes back what a turn wrote, keeps what the human wrote since, and says what it left alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commonplace.vault.disk import version_of
from commonplace.vault.journal import Journal, JournaledTurn, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.undo import Undone, UndoneTurn, latest_to_undo, undo
from commonplace.vault.workspace import Workspace

USER = NotePath("user.md")
TEXT = "# User\n- name: Robin\n- age: 4\n\n## Work\n- city: Oslo\n"


class Notes:
    """A journaled vault in which turns write and a human does."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "vault"
        self.root.mkdir()
        self.journal = Journal(folder / "journal")
        self.vault = Vault(self.root, journal=self.journal)
        self.workspace = Workspace(self.vault)

    def human(self, text: str | None, name: str = "user.md") -> None:
        place = self.root / name
        if text is None:
            place.unlink()
        else:
            place.write_text(text, newline="")

    def turn(self, name: str, old: str, new: str, path: NotePath = USER) -> None:
        note = self.vault.read(path)
        assert old in note.text
        self.vault.replace(note, note.text.replace(old, new), Origin("s", name, f"asked in {name}"))

    def text(self, name: str = "user.md") -> str | None:
        place = self.root / name
        return place.read_bytes().decode() if place.exists() else None

    def journaled(self, name: str) -> JournaledTurn:
        turn = self.journal.turn(self.vault.root, name)
        assert turn is not None
        return turn

    async def undo(self, name: str) -> UndoneTurn:
        return await undo(self.workspace, self.journal, self.journaled(name))

    async def outcomes(self, name: str) -> list[tuple[str, str]]:
        return [(note.path, note.outcome) for note in (await self.undo(name)).notes]


@pytest.fixture
def notes(tmp_path: Path) -> Iterator[Notes]:
    made = Notes(tmp_path)
    made.human(TEXT)
    yield made
    made.journal.close()


async def test_a_note_that_nobody_touched_since_is_restored_to_the_byte(notes: Notes) -> None:
    raw = "\ufeff" + TEXT.replace("\n", "\r\n")
    notes.human(raw)
    notes.turn("t1", "- age: 4", "- age: 5\n- pet: cat")
    assert await notes.outcomes("t1") == [("user.md", "restored")]
    assert notes.text() == raw


async def test_what_the_human_wrote_elsewhere_in_the_note_stays(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.human((notes.text() or "").replace("Oslo", "Bergen"))
    assert await notes.outcomes("t1") == [("user.md", "merged")]
    assert notes.text() == TEXT.replace("Oslo", "Bergen")


@pytest.mark.parametrize(("old", "new"), [("- b: 2\n", "- b: 2\n- human: 3\n"), ("- b: 2\n", "- human: 3\n- b: 2\n")])
async def test_a_line_put_right_beside_the_turns_line_stays(notes: Notes, old: str, new: str) -> None:
    notes.human("# User\n- a: 1\n")
    notes.turn("t1", "- a: 1\n", "- a: 1\n- b: 2\n")
    notes.human((notes.text() or "").replace(old, new))
    assert await notes.outcomes("t1") == [("user.md", "merged")]
    assert notes.text() == "# User\n- a: 1\n- human: 3\n"


async def test_a_line_that_the_human_changed_too_is_left_and_both_texts_are_told(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    changed = (notes.text() or "").replace("- age: 5", "- age: 6, says the human")
    notes.human(changed)
    assert (await notes.undo("t1")).notes == [Undone("user.md", "conflict", changed, TEXT)]
    assert notes.text() == changed


async def test_what_the_human_wrote_in_mid_turn_stays_even_if_nobody_wrote_since(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.human((notes.text() or "").replace("Oslo", "Bergen"))
    notes.turn("t1", "- name: Robin", "- name: Robin Ashdown")
    assert await notes.outcomes("t1") == [("user.md", "merged")]
    assert notes.text() == TEXT.replace("Oslo", "Bergen")


async def test_a_human_line_that_the_turn_took_away_comes_back(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.human((notes.text() or "") + "- human: 1\n")
    notes.turn("t1", "- human: 1\n", "")
    notes.turn("t1", "- age: 5", "- age: 4")
    assert await notes.outcomes("t1") == [("user.md", "merged")]
    assert notes.text() == TEXT + "- human: 1\n"


async def test_a_turn_under_a_later_one_is_taken_back_alone(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.turn("t2", "Oslo", "Bergen")
    assert await notes.outcomes("t1") == [("user.md", "merged")]
    assert notes.text() == TEXT.replace("Oslo", "Bergen")


async def test_a_new_note_goes_a_deleted_one_comes_back_and_each_can_be_had_again(notes: Notes) -> None:
    origin = Origin("s", "t1")
    notes.vault.create(NotePath("entities/jane.md"), "# Jane\n", origin)
    notes.vault.delete(USER, origin)
    undone = await notes.undo("t1")
    assert [(note.path, note.outcome) for note in undone.notes] == [
        ("entities/jane.md", "restored"),
        ("user.md", "restored"),
    ]
    assert (notes.text("entities/jane.md"), notes.text()) == (None, TEXT)
    await notes.undo(undone.turn)
    assert (notes.text("entities/jane.md"), notes.text()) == ("# Jane\n", None)


async def test_a_new_note_that_the_human_went_on_with_stays(notes: Notes) -> None:
    notes.vault.create(NotePath("entities/jane.md"), "# Jane\n", Origin("s", "t1"))
    notes.human("# Jane\n- age: 4\n", "entities/jane.md")
    assert (await notes.undo("t1")).notes == [Undone("entities/jane.md", "conflict", "# Jane\n- age: 4\n", None)]
    assert notes.text("entities/jane.md") == "# Jane\n- age: 4\n"


async def test_a_note_that_the_human_deleted_since_stays_deleted(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.human(None)
    assert (await notes.undo("t1")).notes == [Undone("user.md", "conflict", None, TEXT)]
    assert notes.text() is None


async def test_the_last_turns_in_force_are_chosen_and_an_undone_turn_comes_back_into_force(notes: Notes) -> None:
    root = notes.vault.root

    def chosen(last: int) -> list[str]:
        return [turn.turn for turn in latest_to_undo(notes.journal, root, last)]

    notes.turn("t1", "- age: 4", "- age: 5")
    notes.turn("t2", "Oslo", "Bergen")
    assert chosen(9) == ["t2", "t1"]
    undone = await notes.undo("t2")
    assert chosen(1) == ["t1"]
    await notes.undo(undone.turn)
    assert chosen(9) == ["t2", "t1"]
    assert "Bergen" in (notes.text() or "")


async def test_an_undo_done_twice_changes_nothing(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    await notes.undo("t1")
    entries = len(notes.journal.entries_after(0))
    assert await notes.outcomes("t1") == [("user.md", "unchanged")]
    assert len(notes.journal.entries_after(0)) == entries


async def test_a_text_that_is_no_longer_kept_is_said_to_be_gone(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    notes.journal.purge(lambda data: b"age: 4" in data)
    assert await notes.outcomes("t1") == [("user.md", "gone")]


async def test_a_note_that_is_no_text_is_told_by_its_size(notes: Notes) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    (notes.root / "user.md").write_bytes(b"\xff\xfe")
    (left,) = (await notes.undo("t1")).notes
    assert (left.outcome, left.now) == ("conflict", "(2 bytes that are no text)")


async def test_a_path_that_cannot_be_reached_any_more_is_left_with_its_reason(notes: Notes, tmp_path: Path) -> None:
    notes.turn("t1", "- age: 4", "- age: 5")
    (tmp_path / "outside.md").write_text("not ours")
    (notes.root / "user.md").unlink()
    (notes.root / "user.md").symlink_to(tmp_path / "outside.md")
    (left,) = (await notes.undo("t1")).notes
    assert left.outcome == "failed"
    assert "leads out of the vault" in (left.reason or "")


LINES = st.lists(st.integers(0, 9).map("- line {}\n".format), min_size=1, max_size=8, unique=True)


@given(LINES, LINES, LINES)
async def test_any_three_texts_give_a_merge_that_keeps_every_human_line_or_change_nothing(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str], now: list[str]
) -> None:
    notes = Notes(tmp_path_factory.mktemp("notes"))
    notes.human("".join(before))
    notes.vault.replace(notes.vault.read(USER), "".join(after), Origin("s", "t1"))
    notes.human("".join(now))
    if before == after:
        return
    (note,) = (await notes.undo("t1")).notes
    text = (notes.text() or "").splitlines(keepends=True)
    added_by_human = [line for line in now if line not in after]
    assert set(added_by_human) <= set(text)
    if note.outcome == "conflict":
        assert text == now
    if now == after:
        assert (note.outcome, text) == ("restored", before)
    assert version_of("".join(text).encode()) in {
        *(entry.after for entry in notes.journal.entries_after(0)),
        version_of("".join(now).encode()),
    }
    notes.journal.close()


async def test_single_notes_of_a_turn_are_undone_and_the_turn_counts_as_undone_with_the_last(notes: Notes) -> None:
    other = NotePath("entities/oslo.md")
    notes.human(TEXT)
    (notes.root / "entities").mkdir()
    notes.human("# Oslo\n- country: Norway\n", other.value)
    notes.turn("t1", "age: 4", "age: 5")
    notes.turn("t1", "Norway", "Norge", other)

    done = await undo(notes.workspace, notes.journal, notes.journaled("t1"), [other.value])
    assert [note.path for note in done.notes] == [other.value]
    assert "Norway" in (notes.text(other.value) or "")
    assert "age: 5" in (notes.text() or "")
    root = notes.vault.root
    assert notes.journal.undone_notes(root) == {"t1": {other.value}}
    assert notes.journal.undone(root) == set()
    assert [turn.turn for turn in latest_to_undo(notes.journal, root, 1)] == ["t1"]

    await undo(notes.workspace, notes.journal, notes.journaled("t1"), ["user.md"])
    assert notes.text() == TEXT
    assert notes.journal.undone(root) == {"t1"}
    await undo(notes.workspace, notes.journal, notes.journaled(done.turn))
    assert notes.journal.undone_notes(root)["t1"] == {"user.md"}


class Cut(BaseException):
    """The daemon is killed."""


def made_by_a_turn(notes: Notes, name: str, count: int) -> list[str]:
    """A turn that wrote as many new notes; their paths."""
    paths = [f"entities/{name}_{number}.md" for number in range(count)]
    for path in paths:
        notes.vault.create(NotePath(path), f"# {path}\n", Origin("s", name, f"asked in {name}"))
    return paths


async def cut_off(notes: Notes, name: str, after: int) -> None:
    """An undo whose daemon is killed before it comes to that note."""

    def cut(done: int, _total: int) -> None:
        if done >= after:
            raise Cut

    with pytest.raises(Cut):
        await undo(notes.workspace, notes.journal, notes.journaled(name), progress=cut)


async def test_an_undo_that_was_cut_off_goes_on_with_the_next_one_before_any_earlier_turn(notes: Notes) -> None:
    notes.turn("t1", "age: 4", "age: 5")
    paths = made_by_a_turn(notes, "t2", 130)
    await cut_off(notes, "t2", 60)
    standing = [path for path in paths if notes.text(path) is not None]
    assert 0 < len(standing) < len(paths)
    root = notes.vault.root
    assert notes.journal.undone(root) == set()
    assert notes.journal.undone_notes(root) == {"t2": set(paths) - set(standing)}
    (next_one,) = latest_to_undo(notes.journal, root, 1)
    assert next_one.turn == "t2"

    done = await undo(notes.workspace, notes.journal, next_one)
    assert {note.outcome for note in done.notes} == {"restored", "unchanged"}
    assert notes.journal.undone(root) == {"t2"}
    assert [turn.turn for turn in latest_to_undo(notes.journal, root, 1)] == ["t1"]
    assert [turn.turn for turn in notes.journal.turns(root) if turn.origin.undoes] == [done.turn]

    await notes.undo(done.turn)
    assert all(notes.text(path) is not None for path in paths)
    assert notes.journal.undone(root) == {done.turn}


async def test_an_undo_that_was_cut_off_after_its_last_note_is_not_whole_before_the_rest_is_done(notes: Notes) -> None:
    made_by_a_turn(notes, "t1", 2)

    async def cut(_origin: Origin, _notes: list[Undone]) -> list[Undone]:
        raise Cut

    with pytest.raises(Cut):
        await undo(notes.workspace, notes.journal, notes.journaled("t1"), rest=cut)
    root = notes.vault.root
    assert notes.journal.undone(root) == set()
    await notes.undo("t1")
    assert notes.journal.undone(root) == {"t1"}


async def test_an_undo_that_was_cut_off_and_taken_back_itself_leaves_its_turn_to_a_new_one(notes: Notes) -> None:
    paths = made_by_a_turn(notes, "t1", 130)
    await cut_off(notes, "t1", 60)
    (first,) = [turn.turn for turn in notes.journal.turns(notes.vault.root) if turn.origin.undoes]
    await notes.undo(first)
    assert all(notes.text(path) is not None for path in paths)
    assert notes.journal.undone_notes(notes.vault.root).get("t1", set()) == set()
    done = await notes.undo("t1")
    assert done.turn != first
    assert notes.journal.undone(notes.vault.root) >= {"t1"}
    assert not any(notes.text(path) for path in paths)


async def test_of_many_notes_that_go_each_that_was_changed_meanwhile_stays(
    notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = made_by_a_turn(notes, "t1", 12)
    before = notes.workspace.delete_together

    async def late(*arguments: Any) -> Any:
        notes.human("# Mine\n", paths[3])
        notes.human(None, paths[5])
        return await before(*arguments)

    monkeypatch.setattr(notes.workspace, "delete_together", late)
    outcomes = dict(await notes.outcomes("t1"))
    assert outcomes.pop(paths[3]) == "failed"
    assert outcomes.pop(paths[5]) in ("failed", "unchanged")
    assert set(outcomes.values()) == {"restored"}
    assert notes.text(paths[3]) == "# Mine\n"
    assert notes.journal.in_doubt(notes.vault.root) == []
    kept = {place.name for place in (notes.root / ".trash").iterdir()}
    assert kept == {NotePath(path).parts[-1] for path in paths} - {"t1_3.md", "t1_5.md"}
