"""Vaults made for measuring: notes of 3.5 KB with 20 links each, in folders of 100, and a small memory."""

import random
from itertools import accumulate
from pathlib import Path

_WORDS = 20_000
_WORDS_A_NOTE = 470
_LINKS = 20
_NOTES_A_FOLDER = 100

MEMORY = {
    "user.md": "# User\n- user_name: Robin Ashdown\n- employer: [[entities/dria.md]]\n",
    "entities/dria.md": "# Dria\n- city: Oslo\n- founded: 2021\n",
}


class Writer:
    """Writes the same notes whenever it is given the same seed."""

    def __init__(self, notes: int, seed: int = 1) -> None:
        self._notes = notes
        self._random = random.Random(seed)
        letters = "abcdefghijklmnopqrstuvwxyz"
        self.words = ["".join(self._random.choices(letters, k=self._random.randint(3, 10))) for _ in range(_WORDS)]
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(_WORDS)))

    def text(self, number: int) -> str:
        """The text of one note."""
        words = self._random.choices(self.words, cum_weights=self._weights, k=_WORDS_A_NOTE)
        for place in self._random.sample(range(len(words)), _LINKS):
            words[place] = f"[[note {self._random.randrange(self._notes)}]]"
        lines = [" ".join(words[start : start + 14]) for start in range(0, len(words), 14)]
        return (
            f"---\ntags: [made]\ncreated: 2024-05-01\n---\n# Made {number}\n- number: {number}\n\n"
            + "\n".join(lines)
            + "\n"
        )


def note_path(number: int) -> str:
    """Where a note lies."""
    return f"made/{number // _NOTES_A_FOLDER:04}/note {number}.md"


def make_vault(root: Path, notes: int) -> None:
    """Write a vault of that many notes, and a memory of two."""
    writer = Writer(notes)
    for number in range(notes):
        place = root / note_path(number)
        if number % _NOTES_A_FOLDER == 0:
            place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(writer.text(number), encoding="utf-8")
    (root / "entities").mkdir(exist_ok=True)
    for name, text in MEMORY.items():
        (root / name).write_text(text, encoding="utf-8")
