"""The index in made vaults of 1,000, 10,000 and 100,000 notes, beside basic-memory's published figures.

    .venv/bin/python benchmarks/index_scale.py                 all three sizes, about half an hour
    .venv/bin/python benchmarks/index_scale.py 1000 10000      some of them

The floor is measured in the same run: read every note, find ``[[...]]`` with one regular expression, insert the
text into a contentless FTS5 table and the links into an indexed table, in one loop without anything else.
"""

import asyncio
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from commonplace.clients.connection import DaemonConnection
from commonplace.config import load_config, register_vault
from commonplace.home import find_daemon
from commonplace.models.scripted import ScriptedModel
from commonplace.server.daemon import Start, run_daemon
from commonplace.vault.index.catalogue import IndexedCatalogue
from commonplace.vault.index.index import Index
from commonplace.vault.notes import Vault
from made_vault import Writer, make_vault, note_path
from timing import Timing

SMALL = 100
TURNS = 60
MOST_TURNS_WHILE_INDEXING = 100
SEARCHES = 300
EDITS = 40
STEPS = (
    'user = read_file("user.md")\nfound = go_to_link("[[note 7]]")\nlisted = list_files()',
    'made = create_file("entities/person_{0}.md", "# Person {0}\\n- employer: [[entities/dria.md]]\\n")',
    'told = update_file("user.md", "- employer:", "- friend_{0}: [[entities/person_{0}.md]]\\n- employer:")',
)
REPLY = "<think>\n</think>\n<python></python>\n<reply>\nNoted.\n</reply>"
FLOOR_SCHEMA = """
CREATE VIRTUAL TABLE words USING fts5(body, content='', tokenize="unicode61 remove_diacritics 2");
CREATE TABLE link(note INTEGER, target TEXT);
CREATE INDEX link_by_note ON link(note);
CREATE INDEX link_by_target ON link(target);
"""


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock, and of the processor."""

    seconds: float
    processor: float


@dataclass(frozen=True)
class Figures:
    """What was measured at one size."""

    notes: int
    floor: float
    first: float
    processor_ratio: float
    """Seconds of the processor, first index over floor: what other programs of the machine cost falls out."""
    restart: float
    restart_processor: float
    search: Timing
    edit: Timing
    turn_ratio: float
    turn: Timing
    turn_building: Timing
    resident: float
    """MB of the daemon, at its highest."""


def main() -> None:
    """Measure each size, print one table."""
    if sys.argv[1:2] == ["--daemon"]:
        asyncio.run(_serve(Path(sys.argv[2])))
        return
    measured: list[Figures] = []
    for notes in [int(size) for size in sys.argv[1:]] or [1_000, 10_000, 100_000]:
        with tempfile.TemporaryDirectory(prefix="commonplace-scale-") as folder:
            measured.append(measure(Path(folder), notes))
            show(measured)


def measure(folder: Path, notes: int) -> Figures:
    """Make a vault of that many notes and measure all of it."""
    root, small = folder / "vault", folder / "small"
    for place, size in ((root, notes), (small, SMALL)):
        place.mkdir()
        make_vault(place, size)
    rounds = {1_000: 9, 10_000: 3}.get(notes, 1)
    floors: list[Cost] = []
    firsts: list[Cost] = []
    for number in range(rounds):
        floors.append(cost(lambda number=number: floor(root, folder / f"floor-{number}.db")))
        firsts.append(cost(lambda number=number: build(root, folder / f"index-{number}.db")))
    place = folder / "index-0.db"
    restarts = [cost(lambda: build(root, place)) for _ in range(5)]
    with following(root, place) as index:
        search, edit = searches(index, root, notes), edits(index, root)
    turn, turn_small, building, resident = turns(folder, root, small)
    return Figures(
        notes=notes,
        floor=min(spent.seconds for spent in floors),
        first=min(spent.seconds for spent in firsts),
        processor_ratio=min(spent.processor for spent in firsts) / min(spent.processor for spent in floors),
        restart=sorted(spent.seconds for spent in restarts)[2],
        restart_processor=sorted(spent.processor for spent in restarts)[2],
        search=search,
        edit=edit,
        turn_ratio=turn.median / turn_small.median,
        turn=turn,
        turn_building=building,
        resident=resident,
    )


def floor(root: Path, place: Path) -> None:
    """The least that an index of words and links can do."""
    connection = sqlite3.connect(place, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.executescript(FLOOR_SCHEMA)
    link = re.compile(r"\[\[([^\[\]\n|#]+)")
    connection.execute("BEGIN")
    for number, path in enumerate(_walk(str(root)), start=1):
        with open(path, encoding="utf-8") as file:  # noqa: PTH123 (the quickest way is the floor)
            text = file.read()
        connection.execute("INSERT INTO words(rowid, body) VALUES(?, ?)", (number, text))
        connection.executemany("INSERT INTO link VALUES(?, ?)", [(number, target) for target in link.findall(text)])
        if number % 500 == 0:
            connection.execute("COMMIT")
            connection.execute("BEGIN")
    connection.execute("COMMIT")
    connection.close()


def build(root: Path, place: Path) -> None:
    """Wait until an index is ready: made, or found as it was left."""
    with following(root, place):
        pass


@contextmanager
def following(root: Path, place: Path) -> Generator[Index]:
    """An index that is ready."""
    index = Index(root.resolve(), place)
    index.start()
    try:
        while index.progress.phase != "ready":
            time.sleep(0.005)
        yield index
    finally:
        index.close()


def searches(index: Index, root: Path, notes: int) -> Timing:
    """One to three words of the common 3,000, as ``search_notes`` looks for them, the notes' lines included."""
    catalogue = IndexedCatalogue(Vault(root), index)
    chance = random.Random(2)
    words = Writer(notes).words[:3_000]
    seconds: list[float] = []
    for _ in range(SEARCHES):
        wanted = chance.sample(words, chance.randint(1, 3))
        began = time.perf_counter()
        catalogue.search(" ".join(wanted), lambda _: True)
        seconds.append(time.perf_counter() - began)
    return Timing("search", seconds)


def edits(index: Index, root: Path) -> Timing:
    """A human saves a note in place; until its new word is found."""
    seconds: list[float] = []
    for number in range(EDITS):
        place, word = root / note_path(number), f"newword{number}"
        text = place.read_text(encoding="utf-8")
        began = time.perf_counter()
        place.write_text(f"{text}{word}\n", encoding="utf-8")
        while not index.ask(lambda answers, word=word: answers.search([word], 1)):
            time.sleep(0.002)
        seconds.append(time.perf_counter() - began)
    return Timing("edit", seconds)


def turns(folder: Path, root: Path, small: Path) -> tuple[Timing, Timing, Timing, float]:
    """Turns in the large vault and in the small one by turns, in two daemons; those while the index is made apart."""
    with daemon(folder / "home", root) as (large, process), daemon(folder / "small-home", small) as (little, _):
        building = [_turn(large, root)]
        while len(building) < MOST_TURNS_WHILE_INDEXING and not _is_ready(large):
            time.sleep(0.05)
            building.append(_turn(large, root))
        for _ in building:
            _turn(little, small)
        while not (_is_ready(large) and _is_ready(little)):
            time.sleep(0.05)
        seconds: list[float] = []
        seconds_small: list[float] = []
        for _ in range(TURNS):
            seconds.append(_turn(large, root))
            seconds_small.append(_turn(little, small))
        resident = _highest_resident(process.pid)
    return Timing("turn", seconds), Timing("small", seconds_small), Timing("building", building), resident


@contextmanager
def daemon(home: Path, root: Path) -> Generator[tuple[DaemonConnection, "subprocess.Popen[bytes]"]]:
    """A daemon in a process of its own, with a model that always writes the same turn."""
    register_vault(home, root)
    process = subprocess.Popen([sys.executable, __file__, "--daemon", str(home)])
    try:
        while (found := find_daemon(home)) is None:
            time.sleep(0.01)
        with DaemonConnection(found) as connection:
            yield connection, process
    finally:
        process.terminate()
        process.wait()


async def _serve(home: Path) -> None:
    outputs: list[str] = []
    for turn in range(2 * TURNS + MOST_TURNS_WHILE_INDEXING):
        outputs += [f"<think>\n</think>\n<python>\n{step.format(turn)}\n</python>" for step in STEPS]
        outputs.append(REPLY)
    await run_daemon(load_config(home), home, ScriptedModel(outputs), Start())


def _turn(connection: DaemonConnection, root: Path) -> float:
    session = connection.new_session(root)
    return timed(lambda: list(connection.prompt(session, "I have a new friend.")))


def _is_ready(connection: DaemonConnection) -> bool:
    phases = [progress["phase"] for progress in connection.indexes().values()]
    return phases == ["ready"]


def _highest_resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1_000


def cost(work: Callable[[], object]) -> Cost:
    """What it takes."""
    began, processor = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - began, time.process_time() - processor)


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _walk(folder: str) -> Iterator[str]:
    for entry in os.scandir(folder):
        if entry.is_dir():
            yield from _walk(entry.path)
        else:
            yield entry.path


def show(measured: list[Figures]) -> None:
    """One column a size, the bars beside."""
    table = Table(title="The index, by the number of notes (3.5 KB and 20 links each)")
    for column in ("", *(f"{figures.notes:,}" for figures in measured), "bar", "basic-memory 0.23.2, 1,000 notes"):
        table.add_column(column, justify="left" if not column else "right")
    rows: list[tuple[str, Callable[[Figures], str], str, str]] = [
        ("floor, s", lambda f: f"{f.floor:.2f}", "", ""),
        ("first index, s", lambda f: f"{f.first:.2f}", "", "318"),
        ("first index / floor", lambda f: f"{f.first / f.floor:.2f}", "1.5", ""),
        ("the same in processor time", lambda f: f"{f.processor_ratio:.2f}", "", ""),
        ("restart with nothing changed, s", lambda f: f"{f.restart:.2f}", "0.5 at 10,000; 3 at 100,000", ""),
        ("the same in processor time, s", lambda f: f"{f.restart_processor:.2f}", "", ""),
        ("search p50 / p95, ms", lambda f: _pair(f.search), "p95 20; 100 at 100,000", ""),
        ("edit in the index p50 / p95, ms", lambda f: _pair(f.edit), "p95 500", "1,000"),
        ("turn p50 / p95, ms", lambda f: _pair(f.turn), "", ""),
        ("turn / the same in 100 notes", lambda f: f"{f.turn_ratio:.2f}", "1.2", ""),
        ("turn while indexing p50 / p95, ms", lambda f: _pair(f.turn_building), "", ""),
        ("daemon, resident at most, MB", lambda f: f"{f.resident:.0f}", "200", "362"),
    ]
    for name, figure, bar, peer in rows:
        table.add_row(name, *(figure(figures) for figures in measured), bar, peer)
    Console(width=140).print(table)


def _pair(timing: Timing) -> str:
    return f"{timing.median * 1000:.1f} / {timing.percentile(0.95) * 1000:.1f}"


if __name__ == "__main__":
    main()
