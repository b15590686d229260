"""The reader in vaults of many kinds and styles, on questions and requests that it was not made for."""

from pathlib import Path

import pytest
from tests.models.conftest import StartTalk, Talk
from tests.models.vault_cases import VAULTS, read_vault_cases

from commonplace.agent.sandbox import Sandbox

pytestmark = pytest.mark.asyncio(loop_scope="module")

TEMPLATE = Path(__file__).parents[2] / "vault_template"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is my name?", "Robin Ashdown"),
        ("Who is my employer?", "Harbour Bindery"),
        ("In which city does my sister live?", "Bergen"),
        ("What is the deadline of my current project?", "2027-03-01"),
    ],
)
async def test_what_the_template_says_to_try_is_answered(start_talk: StartTalk, question: str, answer: str) -> None:
    notes = {path.relative_to(TEMPLATE).as_posix(): path.read_text(encoding="utf-8") for path in TEMPLATE.rglob("*.md")}
    assert answer in await start_talk(notes).say(question)


@pytest.mark.timeout(300)
async def test_most_of_what_the_vaults_are_asked_and_told_is_done_right(tmp_path: Path, sandbox: Sandbox) -> None:
    """The bars stand just under what is reached, on cases made on and held out; nothing wrong is written at all."""
    right: dict[bool, list[bool]] = {True: [], False: []}
    wrong_writes: list[str] = []
    for place in VAULTS:
        vault = read_vault_cases(place)
        for number, case in enumerate(vault.cases):
            talk = Talk(tmp_path / place.stem / str(number), sandbox)
            talk.write(vault.notes)
            reply = await talk.say(case.message, *case.filters)
            right[case.held_out].append(case.right(reply, vault.notes, talk.notes()))
            wrong_writes += [case.message] if not right[case.held_out][-1] and talk.notes() != vault.notes else []
    assert not wrong_writes
    assert sum(right[False]) / len(right[False]) >= 0.92
    assert sum(right[True]) / len(right[True]) >= 0.86
