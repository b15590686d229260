"""What a turn left behind is told to the model or to the user; what it did not touch is nobody's business."""

from collections.abc import Callable

from commonplace.agent.audit import audit
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change
from commonplace.vault.path import NotePath

MakeMemory = Callable[..., Memory]


def change(memory: Memory, name: str, before: str | None) -> Change:
    path = memory.path(name)
    after = memory.vault.read(path).text if memory.vault.is_note(path) else None
    return Change(path, before, after)


def test_a_turn_that_changed_nothing_left_nothing(make_memory: MakeMemory) -> None:
    assert audit(make_memory(), ()).for_model is None


def test_an_added_link_that_leads_nowhere_goes_to_the_model(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "- old: [[gone]]\n- friend: [[entities/nobody.md]]\n"})
    told = audit(memory, [change(memory, "user.md", "- old: [[gone]]\n")]).for_model
    assert told is not None
    assert "[[entities/nobody.md]]" in told
    assert "gone" not in told


def test_a_new_entity_that_is_linked_is_fine(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "- friend: [[entities/x.md]]\n", "entities/x.md": "# X\n"})
    assert audit(memory, [change(memory, "entities/x.md", None)]).for_model is None


def test_a_new_entity_that_links_only_itself_is_not_linked(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "", "entities/x.md": "# X\n- me: [[entities/x.md]]\n"})
    assert "no note links to it" in (audit(memory, [change(memory, "entities/x.md", None)]).for_model or "")


def test_a_new_user_note_needs_no_link(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "# User\n"})
    assert audit(memory, [change(memory, "user.md", None)]).for_model is None


def test_a_note_that_lost_its_last_link_is_told_to_the_user_alone(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "", "entities/x.md": "# X\n", "entities/y.md": "# Y\n- friend: [[y2]]\n"})
    found = audit(memory, [change(memory, "user.md", "- friend: [[x]]\n")])
    assert found.for_model is None
    assert found.notices == ("entities/x.md lost its last link in the memory; it still stands.",)


def test_a_link_taken_from_one_note_and_standing_in_another_is_not_lost(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "", "entities/x.md": "# X\n", "entities/y.md": "- friend: [[x]]\n"})
    assert audit(memory, [change(memory, "user.md", "- friend: [[x]]\n")]).notices == ()


def test_what_a_turn_added_and_took_back_counts_as_nothing(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "# User\n"})
    path = NotePath.parse("user.md")
    changes = [
        Change(path, "# User\n", "# User\n- a: [[nobody]]\n"),
        Change(path, "# User\n- a: [[nobody]]\n", "# User\n"),
    ]
    assert audit(memory, changes).for_model is None
