"""Imports of large exports, as a user runs them: the command, a daemon of its own, a vault with a small memory.

    .venv/bin/python benchmarks/imports.py                  10,000 conversations, pages, and notes of a folder
    .venv/bin/python benchmarks/imports.py chatgpt 1000     one source, as many

The floor is measured in the same run: read the export, and write each note as one synced file, nothing else.
"""

import json
import multiprocessing
import os
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from commonplace.clients import launch
from commonplace.home import find_daemon
from commonplace.importers.sources import SOURCES

COUNT = 10_000
BAR_SECONDS = 60.0
BAR_MEGABYTES = 300.0
WORDS = [f"{a}{b}{c}" for a in ("ta", "ri", "lo", "mes", "von") for b in ("ka", "du", "ne", "sil") for c in "aeiou"]
"""A hundred invented ones."""


def prose(source: random.Random, words: int) -> str:
    """Some invented words, a link that leads nowhere, and a little code."""
    text = " ".join(source.choices(WORDS, k=words))
    return f"{text}\n- key: {source.choice(WORDS)}\n[[nowhere]] `x = 1`\n```python\nprint(1)\n```"


def chatgpt(place: Path, count: int) -> None:
    """Conversations of six messages, 5 KB of text each."""
    source = random.Random(1)

    def conversation(number: int) -> dict[str, Any]:
        mapping: dict[str, Any] = {"root": {"id": "root", "message": None, "parent": None}}
        for step in range(6):
            message = {
                "author": {"role": ("user", "assistant")[step % 2]},
                "create_time": 1_600_000_000 + number * 9_000 + step,
                "content": {"content_type": "text", "parts": [prose(source, 150)]},
                "recipient": "all",
            }
            mapping[f"m{step}"] = {"id": f"m{step}", "message": message, "parent": f"m{step - 1}" if step else "root"}
        id_ = f"6f1c{number:08x}"
        title, began = f"Talk about {source.choice(WORDS)}", 1_600_000_000 + number * 9_000
        return {"id": id_, "title": title, "create_time": began, "mapping": mapping, "current_node": "m5"}

    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("conversations.json", json.dumps([conversation(number) for number in range(count)]))


def notion(place: Path, count: int) -> None:
    """Pages of 5 KB in folders of fifty, each with a link to the next."""
    source = random.Random(1)

    def path(number: int) -> str:
        return f"Area {number // 50}/{WORDS[number % 100].title()} {number} {number:032x}.md"

    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            link = f"[next](../{path((number + 1) % count).replace(' ', '%20')})"
            body = f"# {WORDS[number % 100].title()} {number}\n\nStatus: Open\n\n{prose(source, 900)}\n{link}\n"
            archive.writestr(path(number), body)


def markdown(place: Path, count: int) -> None:
    """A folder of notes of 5 KB in folders of fifty, each with properties and a link to the next."""
    source = random.Random(1)
    for number in range(count):
        note = place / f"Area {number // 50}" / f"{WORDS[number % 100].title()} {number}.md"
        note.parent.mkdir(parents=True, exist_ok=True)
        after = (number + 1) % count
        head = f"---\ntags: [{source.choice(WORDS)}]\naliases: [N{number}]\n---\n"
        body = f"{prose(source, 900)}\n[[{WORDS[after % 100].title()} {after}]]\n"
        note.write_text(f"{head}# {WORDS[number % 100].title()} {number}\n\n{body}")


def floor(name: str, export: Path, folder: Path) -> float:
    """Seconds to read the export and write each note as one synced file."""
    began = time.perf_counter()
    folder.mkdir()
    for number, note in enumerate(SOURCES[name](export).notes()):
        descriptor = os.open(folder / f"{number}.md", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        os.write(descriptor, note.text.encode())
        os.fsync(descriptor)
        os.close(descriptor)
    return time.perf_counter() - began


@dataclass(frozen=True)
class Ran:
    """What a command took, and what it said."""

    seconds: float
    processor_seconds: float
    megabytes: float
    said: str


def command(home: Path, *arguments: str) -> Ran:
    """Run a command to its end; its memory is its own, not that of other processes of this benchmark."""
    began = time.perf_counter()
    environment = {**os.environ, "COMMONPLACE_HOME": str(home)}
    line = [sys.executable, "-m", "commonplace", *arguments]
    with tempfile.TemporaryFile() as out:
        started = subprocess.Popen(line, env=environment, stdout=out, stderr=out)
        _, status, usage = os.wait4(started.pid, 0)
        started.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        out.seek(0)
        said = out.read().decode()
    if started.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed: {said[-2_000:]}")
    return Ran(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1_024, said)


def peak_of(pid: int) -> float:
    """Megabytes that a process held at most; 0 where the system does not tell."""
    status = Path(f"/proc/{pid}/status")
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1_024 if found else 0.0


def processor_of(pid: int) -> float:
    """Seconds of processor that a process has had; 0 where the system does not tell."""
    place = Path(f"/proc/{pid}/stat")
    if not place.exists():
        return 0.0
    fields = place.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rows(name: str, make: Callable[[Path, int], None], count: int, folder: Path) -> Iterator[tuple[str, str, str]]:
    """What is measured of one source."""
    vault, home = folder / "vault", folder / "home"
    export = folder / ("export" if name == "markdown" else "export.zip")
    (vault / "entities").mkdir(parents=True)
    (vault / "user.md").write_text("# User\n- user_name: Robin Ashdown\n")
    # In a process of its own: a child's memory is counted with that of the process which starts it.
    making = multiprocessing.get_context("spawn").Process(target=make, args=(export, count))
    making.start()
    making.join()
    least = floor(name, export, folder / "floor")
    command(home, "vault", "add", str(vault))
    command(home, "doctor")
    daemon = find_daemon(home)
    assert daemon is not None
    try:
        busy = processor_of(daemon.pid)
        ran = command(home, "import", name, str(export))
        assert f"{count:,} notes imported" in ran.said, ran.said
        yield f"{name}: {count:,} notes", f"{ran.seconds:.1f} s", f"{BAR_SECONDS:.0f} s"
        yield "  beside the floor", f"{ran.seconds / least:.2f} times ({least:.1f} s)", ""
        yield "  processor time, command", f"{ran.processor_seconds:.1f} s", ""
        yield "  processor time, daemon, its index included", f"{processor_of(daemon.pid) - busy:.1f} s", ""
        yield "  memory at most, command", f"{ran.megabytes:.0f} MB", f"{BAR_MEGABYTES:.0f} MB"
        yield "  memory at most, daemon", f"{peak_of(daemon.pid):.0f} MB", f"{BAR_MEGABYTES:.0f} MB"
        examined = command(home, "doctor")
        yield "  doctor afterwards", "clean" if "Nothing is wrong" in examined.said else "NOT CLEAN", "clean"
        yield "  doctor took", f"{examined.seconds:.1f} s", ""
        again = command(home, "import", name, str(export))
        assert "0 notes imported" in again.said, again.said
        yield "  the same once more, nothing new", f"{again.seconds:.1f} s", ""
        yield "  undone as one turn", f"{command(home, 'undo', '--yes').seconds:.1f} s", ""
    finally:
        launch.stop(home)


def main(names: list[str]) -> None:
    """Measure, and print one table."""
    makers = {"chatgpt": chatgpt, "notion": notion, "markdown": markdown}
    count = next((int(name) for name in names if name.isdigit()), COUNT)
    table = Table(title=f"Imports (load at the beginning: {os.getloadavg()[0]:.1f})")
    for column in ("", "figure", "bar"):
        table.add_column(column)
    for name in [name for name in names if name in makers] or list(makers):
        with tempfile.TemporaryDirectory() as folder:
            for row in rows(name, makers[name], count, Path(folder)):
                table.add_row(*row)
    Console().print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
