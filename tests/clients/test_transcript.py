"""The transcript in the README is what a newcomer sees."""

import re
from pathlib import Path
from typing import Any

README = Path(__file__).parents[2] / "README.md"


async def test_the_readme_shows_what_the_first_questions_are_answered_with(commonplace: Any) -> None:
    shown = re.search(
        r"^\$ printf '(?P<asked>[^']+)' \| make run\n(?P<answers>.*?)```", README.read_text(), re.M | re.S
    )
    assert shown is not None
    ended = await commonplace("chat", stdin=shown["asked"].replace("\\n", "\n"))
    assert ended.out == shown["answers"]
