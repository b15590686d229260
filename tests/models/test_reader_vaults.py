"""The reader in vaults of many kinds and styles, on questions and requests that it was not made for."""

from pathlib import Path

import pytest
from tests.models.conftest import StartTalk

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
