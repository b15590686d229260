"""A day of turns, undo, why, forget and doctor changes no byte of a note that nobody asked to change."""

import hashlib
import random
from pathlib import Path
from typing import Any

import pytest

DAY = """\
What is my name?
In which city does my employer have its office?
My favourite tea is Assam.
Change my employer's city to Bergen.
Add rowing to my hobbies.
What is my shoe size?
Tell me everything about me.
"""
MEMORY = {
    "user.md": b"# Robin Ashdown\n- name: Robin\n- employer: [[entities/dria.md]]\n- hobbies: chess, choir\n",
    "entities/dria.md": b"# Dria\n- city: Oslo\n- founded: 2021\n",
}
NAMES = (
    "Zebra 🦓 and émigré",
    "plain",
    "日本語のノート",
    "a.b.c",
    "with (brackets) & 'quotes'",
    "trailing space ",
    "cafe\u0301",
)
BODIES = (
    b"\xef\xbb\xbf# With a byte order mark\r\n- city: Oslo\r\n\r\nTwo lines.\r\n",
    b"---\ntags: [unclosed\nkey: : value\n---\n# Malformed properties\n[[user]] [[nowhere]]\n",
    b"no final newline, \ttabs and  two spaces  ",
    b"mixed\r\nline\nendings\rof three kinds\r\n",
    b"not \xff\xfe UTF-8 at all\n",
    b"",
    "emoji 👩‍👩‍👧 and a zero width\u200bspace\n<% tp.date.now() %>\n```dataviewjs\nlet x = 1\n```\n".encode(),
)


def make_vault(root: Path, notes: int) -> None:
    """A memory, and the notes of somebody who has had many editors and sync programs."""
    rng = random.Random(4)
    (root / ".obsidian").mkdir(parents=True)
    for name, body in MEMORY.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(body)
    for number in range(notes):
        folder = root / f"Notes {number // 500}"
        folder.mkdir(exist_ok=True)
        filler = f"Line about {rng.random()} with [[plain {rng.randrange(notes)}]]\n".encode() * rng.randrange(40)
        place = folder / f"{rng.choice(NAMES)} {number}.md"
        place.write_bytes(rng.choice(BODIES) + filler)


def checksums(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.timeout(900)
async def test_no_byte_of_an_untouched_note_changes(
    commonplace: Any, home: Path, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    root = tmp_path / "vault"
    make_vault(root, int(str(pytestconfig.getoption("--untouched-notes"))))
    before = checksums(root)
    assert (await commonplace("vault", "add", str(root))).code == 0

    day = await commonplace("chat", "--vault", str(root), stdin=DAY)
    assert day.code == 0, day.err
    assert (root / "entities" / "dria.md").read_bytes() != MEMORY["entities/dria.md"]
    await commonplace("why", "entities/dria.md:2", "--vault", str(root))
    await commonplace("history", "--vault", str(root))
    assert (await commonplace("forget", "hobbies: chess, choir, rowing", "--yes", "--vault", str(root))).code == 0
    assert (await commonplace("undo", "--yes", "--vault", str(root))).code == 0
    found = await commonplace("doctor", "--vault", str(root), "--json")
    assert found.out.startswith(("{", "[")), found.err

    after = checksums(root)
    assert {path for path in before | after if before.get(path) != after.get(path)} <= MEMORY.keys()
