"""What it costs to follow the lines that turns wrote: a look at a vault in which nothing, or one note, changed.

.venv/bin/python benchmarks/following_lines.py [NOTES]
"""

import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.origins import Origins
from commonplace.vault.path import NotePath
from timing import Timing, print_table

RUNS = 15
TURNS = 200
WORDS = [f"word{number}" for number in range(3_000)]


def timed(name: str, work: Callable[[], object], runs: int = RUNS) -> Timing:
    seconds: list[float] = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return Timing(name, seconds)


def write_notes(root: Path, count: int, chance: random.Random) -> None:
    for number in range(count):
        folder = root / f"folder {number // 200}"
        folder.mkdir(parents=True, exist_ok=True)
        lines = (" ".join(chance.choices(WORDS, k=9)) for _ in range(50))
        (folder / f"note {number}.md").write_text("\n".join(lines))


def write_turns(vault: Vault, chance: random.Random) -> None:
    for number in range(TURNS):
        facts = "\n".join(f"- fact {n}: {' '.join(chance.choices(WORDS, k=5))}" for n in range(20))
        origin = Origin("session", f"turn-{number}", "Remember this.")
        vault.create(NotePath(f"entities/entity_{number}.md"), f"# Entity {number}\n{facts}\n", origin)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_notes(root / "vault", count, chance)
        journal = Journal(root / "journal")
        vault = Vault(root / "vault", journal=journal)
        origins = Origins(root / "origins.db", journal)
        path = NotePath("entities/entity_5.md")

        def change_a_note() -> None:
            place = vault.root / path.value
            place.write_text(place.read_text() + f"A line of mine, {time.time_ns()}.\n")

        first = timed("the first look", lambda: origins.sync(vault), runs=1)
        write_turns(vault, chance)
        turns = timed(f"{TURNS} turns since the last look", lambda: origins.sync(vault), runs=1)
        floor = timed("floor: list and stat every note", lambda: [(vault.root / n.value).stat() for n in vault.notes()])
        nothing = timed("a look, nothing changed", lambda: origins.sync(vault))
        changed = timed("why, a note changed", lambda: (change_a_note(), origins.why(vault, path, 3)))
        hinted = timed("a look at a note that is named", lambda: (change_a_note(), origins.sync(vault, [path])))
        rows = [floor, nothing, changed, hinted, turns, first]
        print_table(f"Following lines in {count:,} notes", rows, ["", "2 times the floor", "", "", "", ""])
        origins.close()
        print(f"origins.db: {(root / 'origins.db').stat().st_size / 1e6:.1f} MB")
        journal.close()


if __name__ == "__main__":
    main()
