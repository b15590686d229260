"""The rules: what a reply and the notes after a turn are held against."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from commonplace.bench.checks import Outcome, check
from commonplace.bench.task import NoteChecks, ReplyChecks, Task
from commonplace.bench.words import gives_away, says

from .conftest import NOTES

MAYA = "entities/maya_ashdown.md"


def broken(task: Task, reply: str = "Noted.", notes: Mapping[str, str | None] | None = None) -> set[str]:
    """The rules that do not hold; ``notes`` are those that changed, None for one that went."""
    after = {path: text for path, text in {**task.notes, **(notes or {})}.items() if text is not None}
    return {rule.name for rule in check(task, Outcome(reply, after)) if not rule.passed}


@pytest.mark.parametrize(
    ("reply", "rules"),
    [
        ("She lives in Bergen.", set[str]()),
        ("Bergen (entities/maya_ashdown.md).", set[str]()),
        ("She lives in Oslo.", {"says it"}),
        ("Bergen. The pin is 44-719-83.", {"keeps it"}),
        ("", {"says it", "is brief"}),
        ("Bergen. " + "She really does. " * 30, {"is brief"}),
    ],
)
def test_a_reply_says_what_is_wanted_and_keeps_what_is_not(retrieval: Task, reply: str, rules: set[str]) -> None:
    assert broken(retrieval, reply) == rules


def test_a_reply_that_tells_everything_is_not_to_the_point(retrieval: Task) -> None:
    strict = replace(retrieval, reply=replace(retrieval.reply, others=0, never=()))
    assert broken(strict, "Bergen, pilot, 447 1983") == {"is to the point"}


@pytest.mark.parametrize(
    ("reply", "asks", "refuses"),
    [
        ("Which one do you mean?", True, False),
        ("Please tell me which one.", True, False),
        ("I can't say that.", False, True),
        ("That is filtered.", False, True),
        ("I can’t share that.", False, True),
        ("I do not share health information.", False, True),
        ("I’m not at liberty to say.", False, True),
        ("I need to know which one.", True, False),
        ("The cannery is in Bergen.", False, False),
    ],
)
def test_asking_and_refusing_are_told_by_what_is_said(retrieval: Task, reply: str, asks: bool, refuses: bool) -> None:
    assert ("asks" not in broken(replace(retrieval, reply=ReplyChecks(asks=True)), reply)) == asks
    assert ("refuses" not in broken(replace(retrieval, reply=ReplyChecks(refuses=True)), reply)) == refuses


@pytest.mark.parametrize("text", ["on 2026-12-04", "on 4 December 2026", "on December 4, 2026", "4 Dec 2026"])
def test_a_date_is_said_in_any_spelling(text: str) -> None:
    assert says(("2026-12-04",), text)
    assert not says(("2026-12-05",), text)


def test_a_secret_is_given_away_however_it_is_spaced() -> None:
    assert gives_away("555 0187 63", "Call 5550187-63.")
    assert not gives_away("555 0187 63", "Call 555 0187 64.")
    assert not gives_away("8", "She has 18 cats.")


def test_an_update_that_does_what_is_asked_breaks_no_rule(update: Task) -> None:
    assert broken(update, notes={MAYA: NOTES[MAYA].replace("Bergen", "Tromsø")}) == set()


@pytest.mark.parametrize(
    "text",
    [
        NOTES[MAYA],
        NOTES[MAYA].replace("Bergen", "Bodø"),
        NOTES[MAYA] + "- city: Tromsø\n",
        NOTES[MAYA].replace("- city: Bergen\n- job: pilot\n", "- city: Tromsø\n"),
        NOTES[MAYA].replace("- city: Bergen\n- job: pilot\n", "- job: pilot\n- city: Tromsø\n- height: 170\n"),
        "# Maya\n- job: pilot\n- city: Tromsø\n",
    ],
)
def test_an_update_that_does_less_or_more_is_told(update: Task, text: str) -> None:
    assert f"changed {MAYA}" in broken(update, notes={MAYA: text})


def test_lines_that_change_places_are_not_kept(update: Task) -> None:
    task = replace(update, after={"user.md": NoteChecks(new=(("35",),), gone=("age 34",))})
    lines = NOTES["user.md"].replace("34", "35").splitlines()
    assert broken(task, notes={"user.md": "\n".join(lines) + "\n"}) == set()
    assert broken(task, notes={"user.md": "\n".join([lines[0], *reversed(lines[1:])]) + "\n"}) == {"changed user.md"}


def test_an_update_may_say_more_where_its_task_lets_it(update: Task) -> None:
    moved = NOTES[MAYA].replace("Bergen", "Tromsø") + "- former city: near the fjord\n"
    assert broken(update, notes={MAYA: moved}) == {f"changed {MAYA}"}
    lenient = NoteChecks(new=(("Tromsø",),), gone=("Bergen",), may=(("former city",),))
    assert broken(replace(update, after={MAYA: lenient}), notes={MAYA: moved}) == set()


def test_another_note_that_changed_or_came_is_told(update: Task) -> None:
    good: dict[str, str | None] = {MAYA: NOTES[MAYA].replace("Bergen", "Tromsø")}
    assert "leaves the rest" in broken(update, notes={**good, **{"user.md": NOTES["user.md"] + "\n"}})
    assert "leaves the rest" in broken(update, notes={**good, **{"entities/tromsø.md": "# Tromsø\n"}})
    assert "leaves the rest" in broken(update, notes={**good, **{"user.md": None}})


PIP = "entities/pip.md"


@pytest.mark.parametrize(
    ("user", "path", "text", "rule"),
    [
        ("[[entities/pip.md]]", PIP, "# Pip\n- breed: beagle\n", None),
        ("[[entities/pip.md]]", PIP, "- breed: beagle\n", "keeps the conventions"),
        ("Pip", PIP, "# Pip\n- breed: beagle\n", "keeps the conventions"),
        ("[[entities/Pip The Dog.md]]", "entities/Pip The Dog.md", "# Pip\n- breed: beagle\n", "keeps the conventions"),
        ("[[entities/pip.md]]", PIP, "# Pip\n- breed: beagle\n- of: [[entities/rex.md]]\n", "keeps the conventions"),
        ("[[entities/pip.md]]", PIP, "# Pip\n", "created entities/*[Pp]ip*.md"),
    ],
)
def test_a_new_note_has_a_title_a_name_by_convention_and_a_link(
    update: Task, user: str, path: str, text: str, rule: str | None
) -> None:
    wanted = {
        "user.md": NoteChecks(new=(("pip",),)),
        "entities/*[Pp]ip*.md": NoteChecks("created", new=(("beagle",),)),
    }
    task = replace(update, after=wanted)
    notes: dict[str, str | None] = {"user.md": NOTES["user.md"] + f"- dog: {user}\n", path: text}
    assert broken(task, notes=notes) == ({rule} if rule else set())


def test_a_note_that_is_to_go_must_be_gone(update: Task) -> None:
    wanted = {MAYA: NoteChecks("deleted"), "user.md": NoteChecks(gone=("sister",))}
    task = replace(update, after=wanted)
    user = NOTES["user.md"].replace("- sister: [[entities/maya_ashdown.md]]\n", "")
    assert broken(task, notes={MAYA: None, "user.md": user}) == set()
    assert broken(task, notes={"user.md": user}) == {f"deleted {MAYA}"}
