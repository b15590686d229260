"""Kills a process that writes notes, at random moments, while a human edits the same notes; counts what is lost.

.venv/bin/python benchmarks/kills.py --kills 200
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from commonplace.vault.disk import version_of
from commonplace.vault.errors import VaultError
from commonplace.vault.exchange import exchange, rename_new
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.recovery import recover, sweep
from commonplace.vault.workspace import Workspace

NAMES = ("user.md", "entities/ann.md", "entities/bo.md", "entities/cy.md")
LINES = 400
"""A note of about 10 KB, so that a torn one would show."""


def text_of(writer: str, number: int) -> str:
    """A whole note whose every line says who wrote it and when."""
    return "".join(f"- {writer} {number} line {line}\n" for line in range(LINES)) + f"- {writer} {number} ends\n"


async def write_forever(root: Path, journal: Journal, seed: int) -> None:
    """The agent: creates, changes and deletes notes until it is killed."""
    choice = random.Random(seed)
    vault = Vault(root, journal=journal)
    workspace = Workspace(vault)
    print("ready", flush=True)
    for number in range(10**9):
        path, origin = NotePath(choice.choice(NAMES)), Origin("s", f"{seed}-{number}")
        with suppress(VaultError):
            if not vault.is_note(path):
                await workspace.create(path, text_of("agent", number), origin)
            elif choice.random() < 0.2:
                await workspace.delete(path, origin)
            else:
                note = await workspace.read(path)
                changed = choice.choice([note.text + f"- agent {number} added\n", text_of("agent", number)])
                await workspace.replace(note, changed, origin)


def is_whole(data: bytes, written: set[bytes], journal: Journal) -> bool:
    """Whether a human saved exactly that, or the journal knows it as somebody's whole text."""
    return data in written or journal.content(version_of(data)) is not None


class Human:
    """Saves whole notes. Each save exchanges two names, so that what it replaced is known for certain."""

    def __init__(self, root: Path, choice: random.Random) -> None:
        self._root = root
        self._choice = choice
        self.owed: set[bytes] = set()
        """What was written and not replaced by a later save, and has not been found in trash or journal yet."""
        self.written: set[bytes] = set()

    def save(self) -> None:
        """Save a note anew, or make it."""
        place = self._root / self._choice.choice(NAMES)
        data = text_of("human", self._choice.getrandbits(48)).encode()
        beside = place.with_name("saved-by-a-human")
        beside.write_bytes(data)
        try:
            exchange(beside, place)
            self.owed.discard(beside.read_bytes())
            beside.unlink()
        except FileNotFoundError:
            with suppress(FileExistsError):
                rename_new(beside, place)
        if not beside.exists():
            self.owed.add(data)
            self.written.add(data)


@dataclass
class Counts:
    """What was seen after the kills."""

    kills: int = 0
    writes: int = 0
    edits: int = 0
    cut_off: int = 0
    recovered: int = 0
    torn: int = 0
    lost: int = 0
    left_over: int = 0


def one_kill(folder: Path, human: Human, choice: random.Random, counts: Counts) -> None:
    """Let an agent write, edit meanwhile, kill it, start again and look."""
    root = folder / "vault"
    command = [sys.executable, __file__, "--agent", str(root), str(folder / "journal"), str(choice.getrandbits(32))]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as agent:
        assert agent.stdout is not None
        agent.stdout.readline()
        until = time.monotonic() + choice.random() * 0.15
        while time.monotonic() < until:
            time.sleep(choice.random() * 0.01)
            human.save()
            counts.edits += 1
        agent.send_signal(signal.SIGKILL)
    counts.kills += 1
    journal = Journal(folder / "journal")
    counts.cut_off += len(journal.in_doubt(root))
    counts.recovered += len(recover(root, journal) + sweep(root, journal))
    look(root, journal, human, counts)
    counts.writes = len(journal.entries_after(0, most=10**9))
    journal.close()


def look(root: Path, journal: Journal, human: Human, counts: Counts) -> None:
    """Count what is torn, lost or left over."""
    standing: set[bytes] = set()
    for place in root.rglob("*"):
        if place.name.startswith(".~"):
            counts.left_over += 1
        elif place.is_file():
            data = place.read_bytes()
            if ".trash" in place.parts:
                human.owed.discard(data)
                place.unlink()
            else:
                standing.add(data)
                counts.torn += not is_whole(data, human.written, journal)
    for data in human.owed - standing:
        counts.lost += journal.content(version_of(data)) is None
        human.owed.discard(data)


def main() -> None:
    """Kill, look, count; exit code 1 when anything is torn, lost or left over."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--agent", nargs=3, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.agent:
        root, journal, seed = arguments.agent
        asyncio.run(write_forever(Path(root), Journal(Path(journal)), int(seed)))
    choice, counts = random.Random(arguments.seed), Counts()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "vault"
        (root / "entities").mkdir(parents=True)
        human = Human(root, choice)
        for _ in range(arguments.kills):
            one_kill(root.parent, human, choice, counts)
    print(", ".join(f"{value:,} {name.replace('_', ' ')}" for name, value in asdict(counts).items()))
    sys.exit(1 if counts.torn or counts.lost or counts.left_over else 0)


if __name__ == "__main__":
    main()
