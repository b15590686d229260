"""Indexes that follow real folders, and end with the test."""

import ctypes
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from commonplace.vault.index.follower import Pace
from commonplace.vault.index.index import Index

BRISK = Pace(rescan=60.0, poll=0.05, alive=0.05, retry=0.1)

Follow = Callable[..., Index]


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until it is so."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.01)


def write(root: Path, notes: dict[str, str]) -> None:
    for name, text in notes.items():
        place = root / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")


def names(index: Index) -> set[str]:
    """The notes that the index knows by the name that all made notes share."""
    return {path.value for path in index.ask(lambda answers: answers.search(["made"], 1_000))}


@pytest.fixture
def root() -> Iterator[Path]:
    """A vault's folder that other users could enter, as far as its own modes go."""
    folder = Path(tempfile.mkdtemp(prefix="commonplace-vault-"))
    folder.chmod(0o755)
    yield folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def follow(root: Path, tmp_path: Path) -> Iterator[Follow]:
    """Starts an index of the vault and waits until it is ready."""
    started: list[Index] = []

    def begin(pace: Pace = BRISK, *, wait: bool = True, **settings: Any) -> Index:
        index = Index(root, tmp_path / "index.db", pace=pace, **settings)
        started.append(index)
        index.start()
        if wait:
            until(lambda: index.progress.phase == "ready")
        return index

    yield begin
    for index in started:
        index.close()


def become_nobody() -> None:
    """Take root's right to read everything from this thread; for others there is nothing to take."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ctypes.CDLL(None).setfsuid(65_534)
