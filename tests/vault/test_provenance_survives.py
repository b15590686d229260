"""Lines of turns through a human's life with their notes: most still name their turn, and none a wrong one.

The numbers in docs/architecture.md come from a longer life:

    COMMONPLACE_EDITS=1000 COMMONPLACE_SEEDS=200-207 .venv/bin/pytest -q -s -n 0 tests/vault/test_provenance_survives.py
"""

import asyncio
import os
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.origins import Origins
from commonplace.vault.path import NotePath
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace

EDITS = int(os.environ.get("COMMONPLACE_EDITS", "150"))
FIRST, LAST = map(int, os.environ.get("COMMONPLACE_SEEDS", "0-5").split("-"))

STARTS = "ba be bi do du fa fe ka ko la li mo mu na no pa ra re sa si ta to"
ENDS = "ron lek mit sun ver dal pin gos tay bur nim fol"
WORDS = [start + end for start in STARTS.split() for end in ENDS.split()]
CITIES = ["Oslo", "Bergen", "Rome", "Porto", "Kyoto", "Quito"]
SMALL_LINES = [
    "## Notes",
    "## Ideas",
    "---",
    "",
    "- [ ] call back",
    "- todo",
    "- city: Oslo",
    "- likes: tea",
    "> quote",
]


@dataclass(frozen=True)
class Line:
    """A line and the truth about it."""

    text: str
    turn: str | None = None
    written: str = ""
    copied: bool = False
    """A human's copy of a turn's line, maybe changed: it may name the turn, and need not."""

    @property
    def survives(self) -> bool:
        """Whether most of the words that the turn wrote are still there, and most that are there are the turn's."""
        wrote, stand = set(words(self.written)), set(words(self.text))
        return not self.copied and bool(wrote and stand) and 2 * len(wrote & stand) >= max(len(wrote), len(stand))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


@dataclass
class Life:
    """A vault, a human who edits it, an agent that writes in it, and what really came from whom."""

    root: Path
    random: random.Random
    notes: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]])
    origins: Origins = field(init=False)
    turns: list[tuple[str, dict[str, list[Line] | None]]] = field(
        default_factory=list[tuple[str, dict[str, list[Line] | None]]]
    )
    clipboard: list[Line] = field(default_factory=list[Line])
    away: dict[str, list[Line]] = field(default_factory=dict[str, list[Line]])
    counter: int = 0
    edits: int = 0
    """A human does one in ten minutes."""

    def __post_init__(self) -> None:
        (self.root / "vault" / "entities").mkdir(parents=True)
        (self.root / "vault" / "Daily").mkdir()
        self.journal = Journal(self.root / "journal")
        self.vault = Vault(self.root / "vault", journal=self.journal)
        for number in range(8):
            lines = [Line(f"# Day {number}"), *(Line(self.sentence()) for _ in range(self.random.randint(2, 9)))]
            self.put(f"Daily/day {number}.md", lines)
        self.put("user.md", [Line("# User"), Line(""), Line("- user_name: Robin"), Line(self.sentence())])
        self.open()

    def open(self) -> None:
        self.origins = Origins(self.root / "origins.db", self.journal, clock=self.now)
        self.origins.sync(self.vault)

    def now(self) -> float:
        return time.time() + 3_600 + 600 * self.edits

    # What is written

    def sentence(self) -> str:
        some = " ".join(self.random.choices(WORDS, k=self.random.randint(3, 9)))
        shape = self.random.random()
        if shape < 0.3:
            return f"- {self.random.choice(WORDS)}: {some}"
        if shape < 0.4:
            return f"- met {self.random.choice(WORDS)} in {self.random.choice(CITIES)}"
        if shape < 0.55:
            return f"- met {self.random.choice(WORDS)} in {self.random.choice(CITIES)} about {some}"
        return some.capitalize() + "."

    def line_of_turn(self, turn: str) -> Line:
        small = self.random.random() < 0.08
        text = self.random.choice([line for line in SMALL_LINES if words(line)]) if small else self.sentence()
        return Line(text, turn, text)

    def some_note(self, least: int = 1) -> str | None:
        return self.random.choice([path for path, lines in self.notes.items() if len(lines) >= least] or [None])

    def put(self, path: str, lines: list[Line]) -> None:
        """Save a note as a human's program does."""
        self.notes[path] = lines
        place = self.root / "vault" / path
        place.parent.mkdir(exist_ok=True)
        place.write_text("\n".join(line.text for line in lines) + "\n", encoding="utf-8")
        self.counter += 1
        os.utime(place, ns=(self.counter * 10**9, self.counter * 10**9))

    def remove(self, path: str) -> list[Line]:
        (self.root / "vault" / path).unlink()
        return self.notes.pop(path)

    # What a turn does

    def turn(self) -> None:
        self.counter += 1
        name = f"turn-{self.counter}"
        origin = Origin("session", name, f"Remember {self.counter}")
        before: dict[str, list[Line] | None] = {}
        for _ in range(self.random.randint(1, 3)):
            self.turn_writes(origin, before)
        self.turns.append((name, before))

    def turn_writes(self, origin: Origin, before: dict[str, list[Line] | None]) -> None:
        path = self.some_note() if self.random.random() < 0.7 else None
        if path is None:
            path = f"entities/{self.random.choice(WORDS)}_{self.counter}.md"
            if path in self.notes:
                return
            title = Line(f"# {self.sentence()}", origin.turn)
            lines = [replace(title, written=title.text)]
            lines += [self.line_of_turn(origin.turn) for _ in range(self.random.randint(2, 8))]
            before.setdefault(path, None)
            self.vault.create(NotePath(path), text_of(lines), origin)
        else:
            old = self.notes[path]
            before.setdefault(path, old)
            lines = list(old)
            at = self.random.randint(0, len(lines))
            replaced = self.random.choice([0, 0, 0, 1, 1, 2])
            lines[at : at + replaced] = [self.line_of_turn(origin.turn) for _ in range(self.random.randint(1, 3))]
            self.vault.replace(self.vault.read(NotePath(path)), text_of(lines), origin)
        self.notes[path] = lines

    def undo_last_turn(self) -> None:
        """Undo it if nobody changed its notes since, so that the truth is plain."""
        if not self.turns:
            return
        name, before = self.turns.pop()
        found = self.journal.turn(self.vault.root, name)
        if found is None or any(
            path not in self.notes or any(line.turn == name and line.text != line.written for line in self.notes[path])
            for path in before
        ):
            return
        for path, _, after in found.net():
            if self.vault.read(NotePath(path)).version != after:
                return
        asyncio.run(undo(Workspace(self.vault), self.journal, found))
        for path, lines in before.items():
            if lines is None:
                self.notes.pop(path)
            else:
                self.notes[path] = lines

    # What a human does

    def edit(self) -> None:
        edits: list[tuple[float, Callable[[], None]]] = [
            (5, self.reword),
            (4, self.insert),
            (4, self.move),
            (3, self.cut_and_paste),
            (2, self.imitate),
            (2, self.delete),
            (1.5, self.rename),
            (1.4, self.paste),
            (1, self.copy),
            (0.7, self.cut),
            (0.7, self.split),
            (0.7, self.join),
            (0.6, self.bring_back),
            (0.5, self.reindent),
            (0.5, self.swap_notes),
            (0.5, self.touch),
            (0.3, self.take_away),
            (0.2, self.delete_note),
        ]
        weights, actions = zip(*edits, strict=True)
        self.random.choices(actions, weights)[0]()

    def span(self, lines: list[Line], most: int = 4) -> tuple[int, int]:
        start = self.random.randrange(len(lines))
        return start, min(len(lines), start + self.random.choice([1, 1, 1, 2, 3, most]))

    def insert(self) -> None:
        if path := self.some_note():
            lines = list(self.notes[path])
            text = self.sentence() if self.random.random() < 0.7 else self.random.choice(SMALL_LINES)
            lines.insert(self.random.randint(0, len(lines)), Line(text))
            self.put(path, lines)

    def imitate(self) -> None:
        """Copy a line and change some of its words."""
        path, source = self.some_note(), self.some_note()
        if path and source:
            model = self.random.choice(self.notes[source])
            text = self.changed(model.text, self.random.randint(1, 3))
            lines = list(self.notes[path])
            lines.insert(self.random.randint(0, len(lines)), replace(model, text=text, copied=True))
            self.put(path, lines)

    def delete(self) -> None:
        if path := self.some_note(3):
            lines = list(self.notes[path])
            del lines[self.random.randrange(len(lines))]
            self.put(path, lines)

    def move(self) -> None:
        if path := self.some_note(3):
            lines = list(self.notes[path])
            start, end = self.span(lines)
            block = lines[start:end]
            del lines[start:end]
            at = self.random.randint(0, len(lines))
            self.put(path, [*lines[:at], *block, *lines[at:]])

    def changed(self, text: str, times: int = 1) -> str:
        parts = text.split(" ")
        for _ in range(times):
            at = self.random.randrange(len(parts))
            match self.random.choice(["replace", "insert", "drop"]):
                case "replace":
                    parts[at] = self.random.choice(WORDS)
                case "insert":
                    parts.insert(at, self.random.choice(WORDS))
                case _ if len(parts) > 3:
                    del parts[at]
                case _:
                    pass
        return " ".join(parts)

    def reword(self) -> None:
        if path := self.some_note():
            lines = list(self.notes[path])
            at = self.random.randrange(len(lines))
            lines[at] = replace(lines[at], text=self.changed(lines[at].text, self.random.choice([1, 1, 2])))
            self.put(path, lines)

    def cut_and_paste(self) -> None:
        source, target = self.some_note(2), self.some_note()
        if source and target and source != target:
            lines = list(self.notes[source])
            start, end = self.span(lines)
            block = lines[start:end]
            del lines[start:end]
            there = list(self.notes[target])
            at = self.random.randint(0, len(there))
            writes = [(source, lines), (target, [*there[:at], *block, *there[at:]])]
            self.random.shuffle(writes)
            for path, text in writes:
                self.put(path, text)

    def cut(self) -> None:
        if (path := self.some_note(3)) and not self.clipboard:
            lines = list(self.notes[path])
            start, end = self.span(lines)
            self.clipboard = lines[start:end]
            del lines[start:end]
            self.put(path, lines)

    def paste(self) -> None:
        if path := self.some_note():
            lines = list(self.notes[path])
            at = self.random.randint(0, len(lines))
            self.put(path, [*lines[:at], *self.clipboard, *lines[at:]])
            self.clipboard = []

    def copy(self) -> None:
        source, target = self.some_note(), self.some_note()
        if source and target:
            start, end = self.span(self.notes[source], 2)
            block = [replace(line, copied=True) for line in self.notes[source][start:end]]
            there = list(self.notes[target])
            at = self.random.randint(0, len(there))
            self.put(target, [*there[:at], *block, *there[at:]])

    def rename(self) -> None:
        if path := self.some_note():
            folder = self.random.choice(["entities", "Daily", "People"])
            new = f"{folder}/{self.random.choice(WORDS)} {self.counter}.md"
            (self.root / "vault" / folder).mkdir(exist_ok=True)
            (self.root / "vault" / path).rename(self.root / "vault" / new)
            self.notes[new] = self.notes.pop(path)

    def split(self) -> None:
        if path := self.some_note(6):
            lines = self.notes[path]
            at = len(lines) // 2
            self.put(path, lines[:at])
            self.put(
                f"Daily/{self.random.choice(WORDS)} {self.counter}.md", [Line(f"# Part {self.counter}"), *lines[at:]]
            )

    def join(self) -> None:
        source, target = self.some_note(), self.some_note()
        if source and target and source != target and len(self.notes) > 8:
            lines = self.remove(source)
            self.put(target, [*self.notes[target], *lines])

    def reindent(self) -> None:
        if path := self.some_note():
            lines = list(self.notes[path])
            at = self.random.randrange(len(lines))
            lines[at] = replace(lines[at], text="\t" + lines[at].text)
            self.put(path, lines)

    def take_away(self) -> None:
        """A sync program removes a note, to bring it back later, maybe under another name."""
        if len(self.notes) > 8 and (path := self.some_note()):
            self.away[path] = self.remove(path)

    def bring_back(self) -> None:
        for path, lines in tuple(self.away.items()):
            del self.away[path]
            name = path if self.random.random() < 0.5 else f"Daily/back {self.counter}.md"
            if name not in self.notes:
                self.put(name, lines)

    def delete_note(self) -> None:
        if len(self.notes) > 8 and (path := self.some_note()):
            self.remove(path)

    def touch(self) -> None:
        if path := self.some_note():
            self.put(path, self.notes[path])

    def swap_notes(self) -> None:
        """Two notes exchange their names."""
        one, other = self.some_note(), self.some_note()
        if one and other and one != other:
            lines, others = self.notes[one], self.notes[other]
            self.put(one, others)
            self.put(other, lines)

    # What is said of it

    def compare(self) -> "Score":
        score = Score()
        for path, lines in self.notes.items():
            told = {why.line: why for why in self.origins.why(self.vault, NotePath(path))}
            for number, line in enumerate(lines, 1):
                named = told[number].turn if number in told else None
                if named is not None and named != line.turn:
                    score.wrong.append(f"{path}:{number} {line} names {named}")
                if line.turn is not None and line.survives:
                    score.surviving += 1
                    score.named += named == line.turn
                    score.missed += [(path, line)] * (named != line.turn)
        return score


@dataclass
class Score:
    surviving: int = 0
    named: int = 0
    wrong: list[str] = field(default_factory=list[str])
    missed: list[tuple[str, Line]] = field(default_factory=list[tuple[str, Line]])


def text_of(lines: list[Line]) -> str:
    return "\n".join(line.text for line in lines) + "\n"


def live(root: Path, seed: int, edits: int) -> Score:
    life = Life(root, random.Random(seed))
    until_look = 1
    for _ in range(edits):
        life.edits += 1
        life.edit()
        if life.random.random() < 0.12:
            life.turn()
        if life.random.random() < 0.015:
            life.undo_last_turn()
        until_look -= 1
        if until_look == 0:
            if life.random.random() < 0.2:
                life.origins.close()
                life.open()
            else:
                life.origins.sync(life.vault)
            until_look = life.random.choice([1, 1, 2, 3, 5, 10, 40])
    return life.compare()


@pytest.mark.timeout(120 + EDITS * (LAST - FIRST + 1))
def test_lines_name_their_turn_through_lives_of_edits(tmp_path: Path) -> None:
    scores: list[Score] = []
    for seed in range(FIRST, LAST + 1):
        score = live(tmp_path / str(seed), seed, EDITS)
        scores.append(score)
        told = f"{score.named} of {score.surviving} surviving lines named, {len(score.wrong)} wrong"
        print(f"seed {seed}, {EDITS} edits: {told}", flush=True)
        assert score.surviving > EDITS / 10
    assert [wrong for score in scores for wrong in score.wrong] == []
    assert sum(score.named for score in scores) >= 0.95 * sum(score.surviving for score in scores)
