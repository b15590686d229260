"""``commonplace why`` and ``commonplace forget``, with the daemon that they start."""

from pathlib import Path
from typing import Any

from commonplace.clients.origins import forgotten_lines, why_lines

Command = Any


async def test_why_and_forget_from_the_first_sentence_to_the_last(commonplace: Command, tmp_path: Path) -> None:
    user = tmp_path / "notes" / "user.md"
    (tmp_path / "notes" / "entities").mkdir(parents=True)
    user.write_text("# User\n- user_name: Robin Ashdown\n")
    await commonplace("vault", "add", str(user.parent))
    await commonplace("ask", "My shoe size is 39")
    told = await commonplace("why", f"{user}:3")
    assert told.code == 0
    assert "user.md:3  - shoe_size: 39" in told.out
    assert 'You said: "My shoe size is 39"' in told.out
    asked = await commonplace("forget", "shoe_size: 39")
    assert asked.code == 1
    assert "-- shoe_size: 39" in asked.err
    assert "--yes" in asked.err
    assert "shoe_size" in user.read_text()
    done = await commonplace("forget", "shoe_size: 39", "--purge", "--yes")
    assert (done.code, user.read_text()) == (0, "# User\n- user_name: Robin Ashdown\n")
    assert "cannot be taken back" in done.out
    assert "File Recovery" in done.out
    refused = await commonplace("why", "nobody.md")
    assert refused.code == 1
    assert len(refused.err.splitlines()) == 1


def told(**line: object) -> str:
    whole = {"line": 3, "text": "- a: b", "writer": "turn", "asked": "Say a is b", "session": "s", "turn": "s-1"}
    rest = {"time": 1e9, "edited": False, "written": "- a: b"}
    return "\n".join(why_lines({"path": "user.md", "lines": [{**whole, **rest, **line}]}))


def test_a_line_says_who_wrote_it() -> None:
    assert 'You said: "Say a is b"' in told()
    assert "session s, turn s-1" in told()
    assert "edited" not in told()
    assert "You edited this since; the turn wrote: - a: c" in told(edited=True, written="- a: c")
    assert "You wrote it; no turn did." in told(writer="human", time=None)
    assert "no record is kept any more" in told(writer="unknown")
    assert "What you said is not kept." in told(asked="")


def test_a_note_without_lines_of_turns_says_so() -> None:
    assert "No line of a.md comes from a turn" in "\n".join(why_lines({"path": "a.md", "lines": []}))


def test_what_can_be_taken_back_says_how() -> None:
    assert "commonplace undo forget-1" in "\n".join(forgotten_lines({"purged": None, "turn": "forget-1"}))
