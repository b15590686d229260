"""Why a line stands in a note, on real files: through edits, renames and undo, followed at once or much later."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from commonplace.vault.database import set_aside_in
from commonplace.vault.errors import NoteNotFound
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.origins import Origins, Why
from commonplace.vault.path import NotePath
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace

JANE = NotePath("entities/jane.md")
TEXT = "# Jane Doe\n- city: Oslo in Norway\n- age: 36\n\nShe met Robin at the harbour.\n"


class Desk:
    """A vault with its journal and origins, and turns that write in it."""

    def __init__(self, folder: Path) -> None:
        self.now = 1_000_000_000.0
        self.place = folder / "origins.db"
        self.root = folder / "vault"
        (self.root / "entities").mkdir(parents=True)
        (self.root / "Daily").mkdir()
        self.journal = Journal(folder / "journal")
        self.vault = Vault(self.root, journal=self.journal)
        self.human("Daily/today.md", "# Today\nRain all day long.\n")
        self.origins = self.opened()

    def opened(self) -> Origins:
        return Origins(self.place, self.journal, clock=lambda: self.now)

    def restart(self) -> None:
        self.origins.close()
        self.origins = self.opened()

    def restart_with_another_journal(self) -> None:
        self.origins.close()
        self.journal.close()
        self.journal = Journal(self.place.parent / "another-journal")
        self.vault = Vault(self.root, journal=self.journal)
        self.origins = self.opened()

    def turn(self, number: int, path: NotePath, text: str | None) -> None:
        origin = Origin("s1", f"s1-{number}", f"sentence {number}")
        if text is None:
            self.vault.delete(path, origin)
        elif self.vault.is_note(path):
            self.vault.replace(self.vault.read(path), text, origin)
        else:
            self.vault.create(path, text, origin)

    def human(self, path: str, text: str) -> None:
        self.now += 100
        (self.root / path).write_text(text, encoding="utf-8")
        os.utime(self.root / path, (self.now, self.now))

    def edit(self, path: NotePath, old: str, new: str) -> None:
        self.human(path.value, (self.root / path.value).read_text(encoding="utf-8").replace(old, new))

    def why(self, path: NotePath | str, line: int) -> Why:
        return self.origins.why(self.vault, NotePath(str(path)), line)[0]

    def turns(self, path: NotePath | str) -> dict[str, str]:
        return {why.text: why.turn for why in self.origins.why(self.vault, NotePath(str(path)))}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.origins.close()
    desk.journal.close()


def test_a_line_names_the_sentence_the_session_and_the_turn(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    found = desk.why(JANE, 2)
    assert (found.writer, found.session, found.turn, found.asked) == ("turn", "s1", "s1-1", "sentence 1")
    assert (found.text, found.written, found.edited) == ("- city: Oslo in Norway", "- city: Oslo in Norway", False)
    assert found.time is not None


def test_a_humans_line_says_so_and_is_not_listed(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.edit(JANE, "- age", "My own remark about her.\n- age")
    assert desk.why(JANE, 3).writer == "human"
    assert "My own remark about her." not in desk.turns(JANE)
    assert len(desk.turns(JANE)) == 4
    assert desk.why("Daily/today.md", 2).writer == "human"


def test_an_edited_line_says_what_the_turn_wrote(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.edit(JANE, "Oslo", "Bergen")
    found = desk.why(JANE, 2)
    assert (found.turn, found.edited, found.written) == ("s1-1", True, "- city: Oslo in Norway")
    desk.edit(JANE, "Bergen", "Oslo")
    assert not desk.why(JANE, 2).edited


def test_each_turn_is_named_by_its_own_lines(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.edit(JANE, "- age", "A line of mine before the age.\n- age")
    desk.turn(2, JANE, desk.vault.read(JANE).text.replace("36", "37"))
    assert (desk.why(JANE, 2).turn, desk.why(JANE, 4).turn) == ("s1-1", "s1-2")
    assert desk.why(JANE, 3).writer == "human"


@pytest.mark.parametrize("followed", [True, False], ids=["followed at once", "daemon off"])
def test_a_note_renamed_and_edited_keeps_its_origins(desk: Desk, followed: bool) -> None:
    desk.turn(1, JANE, TEXT)
    if followed:
        desk.origins.sync(desk.vault)
    (desk.root / JANE.value).rename(desk.root / "Daily" / "Jane.md")
    desk.restart()
    desk.edit(NotePath("Daily/Jane.md"), "harbour", "old harbour")
    assert set(desk.turns("Daily/Jane.md").values()) == {"s1-1"}
    assert len(desk.turns("Daily/Jane.md")) == 4


def test_a_turn_writes_in_a_note_that_was_renamed_unseen(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.origins.sync(desk.vault)
    new = NotePath("entities/jane_doe.md")
    (desk.root / JANE.value).rename(desk.root / new.value)
    desk.turn(2, new, TEXT + "- likes: green tea\n")
    assert desk.turns(new)["- likes: green tea"] == "s1-2"
    assert desk.turns(new)["- city: Oslo in Norway"] == "s1-1"


def test_two_notes_that_exchange_their_names_keep_their_lines(desk: Desk) -> None:
    other = NotePath("entities/robin.md")
    desk.turn(1, JANE, TEXT)
    desk.turn(2, other, "# Robin Ashdown\n- city: Porto in Portugal\n- age: 36\n")
    desk.origins.sync(desk.vault)
    jane, robin = (desk.vault.read(path).text for path in (JANE, other))
    desk.human(JANE.value, robin)
    desk.human(other.value, jane)
    assert set(desk.turns(JANE).values()) == {"s1-2"}
    assert set(desk.turns(other).values()) == {"s1-1"}


@pytest.mark.parametrize("first", ["cut", "paste", "together"])
def test_a_line_cut_from_one_note_and_pasted_into_another_is_followed(desk: Desk, first: str) -> None:
    desk.turn(1, JANE, TEXT)
    desk.origins.sync(desk.vault)
    line = "She met Robin at the harbour."
    cut = (JANE, line + "\n", "")
    paste = (NotePath("Daily/today.md"), "Rain all", f"{line}\nRain all")
    for path, old, new in [paste, cut] if first == "paste" else [cut, paste]:
        desk.edit(path, old, new)
        if first != "together":
            desk.origins.sync(desk.vault)
    assert desk.turns("Daily/today.md") == {line: "s1-1"}


def test_a_line_that_a_turn_copied_from_a_humans_note_stays_the_humans_there(desk: Desk) -> None:
    desk.human("Daily/jane.md", "Jane keeps bees behind the house.\n")
    desk.origins.sync(desk.vault)
    desk.turn(1, JANE, TEXT + "Jane keeps bees behind the house.\n")
    desk.edit(NotePath("Daily/jane.md"), "house.\n", "house.\nAnother line that I add.\n")
    desk.edit(JANE, "Jane keeps bees behind the house.\n", "")
    assert desk.turns("Daily/jane.md") == {}


def test_a_note_split_in_two_keeps_both_halves(desk: Desk) -> None:
    facts = [f"- fact {word}: about the {word} house" for word in ["first", "second", "third", "fourth"]]
    desk.turn(1, JANE, "\n".join(["# Jane Doe", *facts]) + "\n")
    desk.origins.sync(desk.vault)
    desk.human("Daily/half.md", "# The other half\n" + "\n".join(facts[2:]) + "\n")
    desk.human(JANE.value, "# Jane Doe\n" + "\n".join(facts[:2]) + "\n")
    assert list(desk.turns("Daily/half.md")) == facts[2:]
    assert list(desk.turns(JANE)) == ["# Jane Doe", *facts[:2]]


def test_a_note_that_a_sync_program_takes_away_and_brings_back_is_known_again(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    (desk.root / JANE.value).unlink()
    desk.origins.sync(desk.vault)
    desk.human(JANE.value, TEXT.replace("36", "37"))
    assert len(desk.turns(JANE)) == 4
    assert desk.why(JANE, 3).edited


async def test_an_undo_gives_lines_back_the_origin_that_they_had(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.turn(2, JANE, TEXT.replace("Oslo in Norway", "Rome"))
    assert desk.why(JANE, 2).turn == "s1-2"
    turn = desk.journal.turn(desk.vault.root, "s1-2")
    assert turn is not None
    undone = await undo(Workspace(desk.vault), desk.journal, turn)
    assert desk.why(JANE, 2).turn == "s1-1"
    again = desk.journal.turn(desk.vault.root, undone.turn)
    assert again is not None
    await undo(Workspace(desk.vault), desk.journal, again)
    assert desk.why(JANE, 2).turn == "s1-2"


async def test_an_undone_deletion_gives_the_whole_note_back(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.turn(2, JANE, None)
    desk.origins.sync(desk.vault)
    turn = desk.journal.turn(desk.vault.root, "s1-2")
    assert turn is not None
    await undo(Workspace(desk.vault), desk.journal, turn)
    assert set(desk.turns(JANE).values()) == {"s1-1"}
    assert len(desk.turns(JANE)) == 4


def test_a_lost_file_is_made_again_from_the_journal(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.turn(2, JANE, TEXT + "- likes: green tea\n")
    before = desk.turns(JANE)
    desk.origins.close()
    desk.place.write_bytes(b"no database")
    desk.origins = desk.opened()
    assert len(set_aside_in(desk.place.parent)) == 1
    assert desk.turns(JANE) == before


def test_a_journal_that_began_anew_is_followed_from_its_beginning(desk: Desk) -> None:
    for number in range(1, 6):
        desk.turn(number, JANE, TEXT + f"- likes: tea number {number}\n")
    desk.origins.sync(desk.vault)
    desk.restart_with_another_journal()
    desk.turn(6, JANE, TEXT + "- works at: the library in Bergen\n")
    assert desk.turns(JANE)["- works at: the library in Bergen"] == "s1-6"
    assert desk.turns(JANE)["- city: Oslo in Norway"] == "s1-1", "what was known of older lines stays known"


def test_what_stood_before_the_journal_begins_is_said_to_be_unknown(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.turn(2, JANE, TEXT + "- likes: green tea\n")
    assert desk.journal.prune(days=10_000, most_bytes=1, keep_from=2) == 1
    assert desk.why(JANE, 2).writer == "unknown"
    assert desk.why(JANE, 6).turn == "s1-2"
    desk.edit(JANE, "- age", "A line that I write today.\n- age")
    assert desk.why(JANE, 3).writer == "human"


def test_hints_are_enough_to_follow(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.origins.sync(desk.vault)
    line = "She met Robin at the harbour."
    desk.edit(JANE, line + "\n", "")
    desk.edit(NotePath("Daily/today.md"), "Rain", line + "\nRain")
    desk.origins.sync(desk.vault, [JANE, NotePath("Daily/today.md")])
    assert desk.turns("Daily/today.md") == {line: "s1-1"}


def test_a_vault_that_is_not_there_loses_nothing(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    desk.origins.sync(desk.vault)
    desk.root.rename(desk.root.with_name("unmounted"))
    desk.origins.sync(desk.vault)
    desk.root.with_name("unmounted").rename(desk.root)
    assert len(desk.turns(JANE)) == 4


def test_a_note_or_line_that_is_not_there_is_refused(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    with pytest.raises(NoteNotFound, match="no line 99"):
        desk.why(JANE, 99)
    with pytest.raises(NoteNotFound):
        desk.why("entities/nobody.md", 1)


def test_the_file_is_its_owners_alone_and_says_what_was_seen(desk: Desk) -> None:
    desk.turn(1, JANE, TEXT)
    assert desk.origins.seen([desk.vault.root]) == 0
    desk.origins.sync(desk.vault)
    assert desk.origins.seen([desk.vault.root]) == 1
    assert desk.origins.seen([desk.vault.root, Path("/never/seen")]) == 0
    assert desk.place.stat().st_mode & 0o777 == 0o600
