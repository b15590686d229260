"""Whatever a human wrote and nobody but the agent replaced is in the vault, its trash or the journal.

500 steps, unless told: COMMONPLACE_STEPS=10000 pytest -n 0 --timeout 0 tests/vault/test_nothing_is_lost.py
"""

import asyncio
import itertools
import json
import os
import secrets
import shutil
import sys
import tempfile
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from commonplace.vault import disk, exchange
from commonplace.vault.disk import version_of
from commonplace.vault.editor import EditorConflict, TextEdit, applied
from commonplace.vault.errors import VaultError
from commonplace.vault.journal import Journal, Origin
from commonplace.vault.notes import Vault
from commonplace.vault.path import NotePath
from commonplace.vault.recovery import recover, sweep
from commonplace.vault.undo import undo
from commonplace.vault.workspace import Workspace
from system_calls import SystemCalls, die, fail, in_a_process_of_its_own

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and needs a rename that exchanges")

STEPS = int(os.environ.get("COMMONPLACE_STEPS", "500"))
STEPS_A_RUN = 50
MEMORY = Path("/dev/shm")
"""Where a sync costs nothing: what survives is decided by the calls, and no power is cut here."""
NAMES = ("user.md", "entities/ann.md", "entities/bo.md")


class StandInEditor:
    """Notes open in an app: it answers, refuses, or says nothing whether it did what was asked or not."""

    def __init__(self) -> None:
        self.buffers: dict[NotePath, str] = {}
        self.manner = "answers"

    def holds(self, path: NotePath) -> bool:
        return path in self.buffers

    async def text(self, path: NotePath) -> str | None:
        return self.buffers.get(path)

    async def apply(self, path: NotePath, before: str, edits: Sequence[TextEdit]) -> None:
        if self.manner == "conflicts" or self.buffers[path] != before:
            raise EditorConflict
        if self.manner != "is silent and does nothing":
            self.buffers[path] = applied(self.buffers[path], edits)
        if self.manner != "answers":
            await asyncio.sleep(60)


class NothingIsLost(RuleBasedStateMachine):
    """Human, agent, editor, sync program and crash, all in one vault."""

    @initialize(option=st.sampled_from(["local", "none"]))
    def begin(self, option: str) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        self.root = self.folder / "vault"
        (self.root / "entities").mkdir(parents=True)
        (self.root / ".obsidian").mkdir()
        (self.root / ".obsidian/app.json").write_text(json.dumps({"trashOption": option}))
        self.editor = StandInEditor()
        self.counter = itertools.count()
        self.owed: set[bytes] = set()
        """What a human wrote and no human or sync program has replaced."""
        self.written: set[bytes] = set()
        """Every whole text that a human ever saved."""
        self.turns: list[str] = []
        self.loop = asyncio.Runner()
        self.start_daemon()
        for name in NAMES:
            self.put(name, self.fresh())

    def teardown(self) -> None:
        self.journal.close()
        self.loop.close()
        shutil.rmtree(self.folder)

    def start_daemon(self) -> None:
        exchange.PROCESS = secrets.token_hex(4)
        self.journal = Journal(self.folder / "journal")
        recover(self.root.resolve(), self.journal)
        sweep(self.root.resolve(), self.journal)
        self.vault = Vault(self.root, journal=self.journal)
        self.vault.editor = self.editor
        self.workspace = Workspace(self.vault, patience=0.02)

    # What a human and a sync program do: bytes onto the disk, without asking anybody.

    def fresh(self) -> bytes:
        number = next(self.counter)
        return f"# Note\n- first: 1\n- middle: 2\n- human: {number}\n- last: 3\n".encode()

    def put(self, name: str, data: bytes, *, in_place: bool = True) -> None:
        place = self.root / name
        with suppress(FileNotFoundError):
            self.owed.discard(place.read_bytes())
        if in_place:
            with place.open("wb") as file:
                file.write(data)
        else:
            beside = place.with_name("saved-by-a-human")
            beside.write_bytes(data)
            shutil.move(beside, place)
        self.owed.add(data)
        self.written.add(data)

    def act(self, kind: str, name: str) -> None:
        place = self.root / name
        match kind:
            case "saves":
                self.put(name, self.fresh())
            case "saves whole":
                self.put(name, self.fresh(), in_place=False)
            case "adds a line":
                if place.exists():
                    self.put(name, place.read_bytes() + f"- added: {next(self.counter)}\n".encode())
            case "deletes":
                if place.exists():
                    self.owed.discard(place.read_bytes())
                    place.unlink()
            case _:
                other = self.root / NAMES[(NAMES.index(name) + 1) % len(NAMES)]
                if place.exists() and not other.exists():
                    shutil.move(place, other)

    HUMAN = st.sampled_from(["saves", "saves whole", "adds a line", "deletes", "renames"])
    NAME = st.sampled_from(NAMES)
    AT = st.integers(1, 14)
    """The system calls of a write; a deletion has the fewest, an exchange that is taken back the most."""
    WRITE = st.sampled_from(["changes the first line", "changes the last line", "writes anew", "deletes"])

    @rule(kind=HUMAN, name=NAME)
    def human(self, kind: str, name: str) -> None:
        self.act(kind, name)

    @rule(name=NAME)
    def sync_program(self, name: str) -> None:
        self.put(name, self.fresh(), in_place=False)
        self.put(f"{name} (conflict {next(self.counter)}).md", self.fresh(), in_place=False)

    # What the agent does, alone, with somebody in between, on a disk that fails, and killed.

    async def agent_writes(self, kind: str, name: str, turn: str) -> None:
        path, origin = NotePath(name), Origin("session", turn, "asked")
        workspace = self.workspace
        if await workspace.bytes_of(path) is None:
            await workspace.create(path, f"# New\n- agent: {turn}\n", origin)
            return
        note = await workspace.read(path)
        lines = note.text.split("\n")
        match kind:
            case "changes the first line":
                await workspace.replace(note, "\n".join([f"# Agent {turn}", *lines[1:]]), origin)
            case "changes the last line":
                await workspace.replace(note, "\n".join([*lines[:-2], f"- last: {turn}", ""]), origin)
            case "writes anew":
                await workspace.replace(note, f"# Anew\n- agent: {turn}\n", origin)
            case _:
                await workspace.delete(path, origin)

    def new_turn(self) -> str:
        self.turns.append(f"turn-{next(self.counter)}")
        return self.turns[-1]

    def tried(self, work: Coroutine[Any, Any, object]) -> None:
        with suppress(VaultError):
            self.loop.run(work)

    @rule(kind=WRITE, name=NAME)
    def agent(self, kind: str, name: str) -> None:
        self.tried(self.agent_writes(kind, name, self.new_turn()))

    @rule(kind=WRITE, name=NAME, meanwhile=st.dictionaries(AT, HUMAN, min_size=1, max_size=3))
    def agent_while_somebody_writes(self, kind: str, name: str, meanwhile: dict[int, str]) -> None:
        actions = {at: partial(self.act, action, name) for at, action in meanwhile.items()}
        with SystemCalls(actions).watched():
            self.tried(self.agent_writes(kind, name, self.new_turn()))

    @rule(kind=WRITE, name=NAME, at=AT)
    def agent_while_somebody_has_the_file_open(self, kind: str, name: str, at: int) -> None:
        """A program that opened the note before, and writes into it whatever name it has by then."""
        try:
            file = (self.root / name).open("r+b", buffering=0)
        except FileNotFoundError:
            return

        def save() -> None:
            if not file.closed:
                self.owed.discard(file.read())
                data = self.fresh()
                file.seek(0)
                file.truncate()
                file.write(data)
                file.close()
                self.owed.add(data)
                self.written.add(data)

        with SystemCalls({at: save}).watched():
            self.tried(self.agent_writes(kind, name, self.new_turn()))
        save()

    @rule(kind=WRITE, name=NAME, at=AT)
    def agent_on_a_disk_that_fails(self, kind: str, name: str, at: int) -> None:
        with SystemCalls({at: fail}).watched():
            self.tried(self.agent_writes(kind, name, self.new_turn()))
        self.journal.close()
        self.start_daemon()

    @rule(kind=WRITE, name=NAME, at=AT, before=st.integers(1, 4), afterwards=st.none() | HUMAN)
    def crash(self, kind: str, name: str, at: int, before: int, afterwards: str | None) -> None:
        """The daemon is killed at a system call, some calls after somebody saved the note."""
        turn, saved, replaced = self.new_turn(), self.fresh(), self.folder / "replaced"
        place = self.root / name
        self.journal.close()

        def save() -> None:
            replaced.write_bytes(place.read_bytes() if place.exists() else b"")
            place.write_bytes(saved)

        def work() -> None:
            self.journal = Journal(self.folder / "journal")
            self.vault.journal = self.journal
            with SystemCalls({at: die, at - before: save}).watched(), suppress(VaultError):
                asyncio.run(self.agent_writes(kind, name, turn))

        in_a_process_of_its_own(work)
        if replaced.exists():
            self.owed.discard(replaced.read_bytes())
            replaced.unlink()
            self.owed.add(saved)
            self.written.add(saved)
        if afterwards:
            self.act(afterwards, name)
        self.start_daemon()

    @precondition(lambda self: self.turns)
    @rule(data=st.data())
    def undoing(self, data: st.DataObject) -> None:
        turn = self.journal.turn(self.vault.root, data.draw(st.sampled_from(self.turns[-6:])))
        if turn is not None:
            undone = self.loop.run(undo(self.workspace, self.journal, turn))
            self.turns.append(undone.turn)

    # What happens in an app where notes are open.

    @rule(name=NAME)
    def opens(self, name: str) -> None:
        with suppress(FileNotFoundError):
            if NotePath(name) in self.editor.buffers:
                return
            self.editor.buffers[NotePath(name)] = (self.root / name).read_text()

    @precondition(lambda self: self.editor.buffers)
    @rule(data=st.data(), manner=st.sampled_from(["answers", "conflicts", "is silent", "is silent and does nothing"]))
    def types(self, data: st.DataObject, manner: str) -> None:
        path = data.draw(st.sampled_from(sorted(self.editor.buffers)))
        self.editor.manner = manner
        self.owed.discard(self.editor.buffers[path].encode())
        self.editor.buffers[path] += f"- typed: {next(self.counter)}\n"
        self.owed.add(self.editor.buffers[path].encode())

    @precondition(lambda self: self.editor.buffers)
    @rule(data=st.data())
    def saves_and_closes(self, data: st.DataObject) -> None:
        path = data.draw(st.sampled_from(sorted(self.editor.buffers)))
        text = self.editor.buffers.pop(path).encode()
        if (self.root / path.value).exists() or text in self.owed:
            owed = text in self.owed
            self.put(path.value, text)
            if not owed:
                self.owed.discard(text)

    @invariant()
    def every_text_is_somewhere(self) -> None:
        if not hasattr(self, "root"):
            return
        files = [path for path in self.root.rglob("*") if path.is_file()]
        there = {path.read_bytes() for path in files} | {text.encode() for text in self.editor.buffers.values()}
        for text in self.owed - there:
            assert self.journal.content(version_of(text)) is not None, f"lost: {text!r}"

    @invariant()
    def no_note_is_torn_and_nothing_is_left_over(self) -> None:
        if not hasattr(self, "root"):
            return
        for place in self.root.rglob("*"):
            assert not place.name.startswith(".~"), f"left over: {place.name}"
            if place.suffix == ".md":
                data = place.read_bytes()
                assert data in self.written or self.journal.content(version_of(data)) is not None, f"torn: {data!r}"


def test_nothing_that_a_human_wrote_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "_PATIENCE", 0.05)
    machine = settings(
        max_examples=max(1, STEPS // STEPS_A_RUN),
        stateful_step_count=STEPS_A_RUN,
        deadline=None,
        phases=[Phase.reuse, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(NothingIsLost, settings=machine)
