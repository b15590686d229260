"""A change waits for leave, and waiting holds nothing: no worker, no lock, no deadline."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from commonplace.agent.events import TurnEnded
from commonplace.agent.sandbox import Sandbox, SandboxLimits
from commonplace.agent.tools import Tools
from commonplace.agent.turn import Turn, TurnLimits
from commonplace.agent.writing import Permit
from commonplace.models.scripted import ScriptedModel
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Change
from commonplace.vault.path import NotePath

MakeMemory = Callable[..., Memory]
NOTES = {
    "user.md": "# User\n- city: Oslo\n- link: [[entities/dria.md]]\n",
    "entities/dria.md": "# Dria\n- kind: firm\n",
}
MOVE = 'ok = update_file("user.md", "- city: Oslo", "- city: Bergen")'


def answers(*given: str | None) -> tuple[Permit, list[Change]]:
    """Gives these answers in turn, and keeps what it was asked."""
    asked: list[Change] = []

    async def permit(change: Change) -> str | None:
        asked.append(change)
        return given[len(asked) - 1]

    return permit, asked


async def test_a_change_is_shown_before_it_is_made(make_memory: MakeMemory) -> None:
    memory = make_memory(NOTES)
    permit, asked = answers(None, None, None, None)
    tools = Tools(memory, permit=permit)
    assert await tools.update_file("user.md", "Oslo", "Bergen") is True
    assert await tools.create_file("entities/fjord_inc.md", "# Fjord Inc\n- kind: firm\n") is True
    assert await tools.create_dir("entities/firms") is True
    assert await tools.delete_file("entities/dria.md") is True
    assert [(change.path.value, change.before, change.after) for change in asked] == [
        ("user.md", NOTES["user.md"], NOTES["user.md"].replace("Oslo", "Bergen")),
        ("entities/fjord_inc.md", None, (memory.vault.root / "entities/fjord_inc.md").read_text()),
        ("entities/firms", None, None),
        ("entities/dria.md", NOTES["entities/dria.md"], None),
    ]


async def test_a_no_is_the_tools_answer_and_nothing_changes(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    memory = make_memory(NOTES)
    permit, _ = answers(*["The user said no."] * 4)
    tools = Tools(memory, permit=permit)
    result = await sandbox.run(MOVE, tools.functions())
    assert "Error: The user said no." in result.text
    for code in (
        'create_file("entities/fjord_inc.md", "# Fjord Inc\\n- kind: firm\\n")',
        'create_dir("entities/firms")',
        'delete_file("entities/dria.md")',
    ):
        assert "RuntimeError: The user said no." in (await sandbox.run(code, tools.functions())).text
    assert sorted(note.value for note in memory.vault.notes()) == ["entities/dria.md", "user.md"]
    assert memory.vault.read(NotePath("user.md")).text == NOTES["user.md"]
    assert not (memory.vault.root / "entities/firms").exists()


@pytest.mark.parametrize("rewritten", ["# User\n- city: Oslo\n- age: 7\n", "# User\n- city: Rome\n"])
async def test_a_note_that_changed_while_it_waited_is_shown_again(make_memory: MakeMemory, rewritten: str) -> None:
    memory = make_memory(NOTES)
    note = memory.vault.root / "user.md"
    asked: list[Change] = []

    async def permit(change: Change) -> str | None:
        asked.append(change)
        if len(asked) == 1:
            note.write_text(rewritten)

    answer = await Tools(memory, permit=permit).update_file("user.md", "- city: Oslo", "- city: Bergen")
    if "Oslo" in rewritten:
        assert answer is True
        assert [change.before for change in asked] == [NOTES["user.md"], rewritten]
        assert note.read_text() == rewritten.replace("Oslo", "Bergen")
    else:
        assert str(answer).startswith("Error")
        assert note.read_text() == rewritten


async def test_a_deletion_is_of_the_bytes_that_were_shown(make_memory: MakeMemory) -> None:
    memory = make_memory(NOTES)
    note = memory.vault.root / "entities/dria.md"

    async def permit(change: Change) -> str | None:
        if change.before == NOTES["entities/dria.md"]:
            note.write_text("# Dria\n- kind: a human's second thought\n")
            return None
        return "No."

    with pytest.raises(Exception, match=r"^No\.$"):
        await Tools(memory, permit=permit).delete_file("entities/dria.md")
    assert "second thought" in note.read_text()


async def test_waiting_blocks_hold_no_worker(make_memory: MakeMemory) -> None:
    memory = make_memory(NOTES)
    sandbox = Sandbox(SandboxLimits(workers=1, patience=0.01))
    leave = asyncio.Event()
    waiting = 0

    async def permit(_: Change) -> str | None:
        nonlocal waiting
        waiting += 1
        await leave.wait()
        return "No."

    block = f"before = [n * n for n in range(3)]\n{MOVE}\nafter = before[-1]"
    held = [asyncio.create_task(sandbox.run(block, Tools(memory, permit=permit).functions())) for _ in range(8)]
    while waiting < 8:
        await asyncio.sleep(0.01)
    ninth = await asyncio.wait_for(sandbox.run('x = read_file("user.md")', Tools(memory).functions()), 10)
    assert "Oslo" in ninth.text
    leave.set()
    for result in await asyncio.gather(*held):
        assert result.ok
        for variable in ("'before': [0, 1, 4]", "Error: No.", "'after': 4"):
            assert variable in result.text
    await sandbox.close()


async def test_a_block_that_uses_helpers_survives_being_put_away(make_memory: MakeMemory) -> None:
    sandbox = Sandbox(SandboxLimits(patience=0.01))

    async def slow(text: object = "") -> object:
        await asyncio.sleep(0.05)
        return text

    code = (
        "import re\nclass A:\n    x = 1\nf = lambda n: n + 1\nfirst = slow('b a')\n"
        "words = sorted(re.split(' ', slow(first)), key=str.upper)\nn = f(A.x)\n"
        "def g():\n    return slow('in')\ni = g()"
    )
    result = await sandbox.run(code, {"slow": slow})
    assert result.ok, result.text
    assert "'words': ['a', 'b']" in result.text
    assert "'i': 'in'" in result.text
    await sandbox.close()


async def test_a_turn_cancelled_while_it_waits_ends_at_once_and_writes_nothing(make_memory: MakeMemory) -> None:
    memory = make_memory(NOTES)
    sandbox = Sandbox(SandboxLimits(workers=1, patience=0.01))
    asked = asyncio.Event()

    async def permit(_: Change) -> str | None:
        asked.set()
        await asyncio.Event().wait()
        return None

    for delay in (0.0, 0.012, 0.1):
        asked.clear()
        running = asyncio.create_task(sandbox.run(MOVE, Tools(memory, permit=permit).functions()))
        await asked.wait()
        await asyncio.sleep(delay)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 5)
    assert (await asyncio.wait_for(sandbox.run("x = 1", {}), 10)).ok
    assert memory.vault.read(NotePath("user.md")).text == NOTES["user.md"]
    await sandbox.close()


async def test_the_time_that_a_person_takes_is_not_the_turns(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    async def permit(_: Change) -> str | None:
        await asyncio.sleep(1.0)
        return None

    outputs = [f"<python>\n{MOVE}\n</python>", "<python></python><reply>Noted.</reply>"]
    turn = Turn(
        model=ScriptedModel(outputs),
        sandbox=sandbox,
        memory=make_memory(NOTES),
        history=(),
        question="I live in Bergen.",
        limits=TurnLimits(seconds=0.9),
        permit=permit,
    )
    events: list[Any] = [event async for event in turn.events()]
    assert events[-1] == TurnEnded("end_turn", "Noted.")
