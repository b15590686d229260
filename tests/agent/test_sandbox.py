"""Blocks run alone, within their limits, with the tools as their only door."""

import ast
import asyncio

import pytest

from commonplace.agent.sandbox import Sandbox, SandboxLimits, Tool, ToolRefused


async def text_of(name: str) -> str:
    return f"text of {name}"


async def refuse() -> bool:
    raise ToolRefused("Not there; use another.")


TOOLS: dict[str, Tool] = {"read": text_of, "refuse": refuse}


async def test_a_block_gives_back_its_variables(sandbox: Sandbox) -> None:
    result = await sandbox.run("a = read('x')\nb = [1, 2.5, None]\nc = {'k': (True,)}", TOOLS)
    assert result.ok
    assert ast.literal_eval(result.text) == {"a": "text of x", "b": [1, 2.5, None], "c": {"k": (True,)}}


async def test_a_block_that_assigns_nothing_gives_an_empty_dict(sandbox: Sandbox) -> None:
    assert (await sandbox.run("read('x')\nprint('hello')", TOOLS)).text == "{}"


async def test_functions_modules_and_types_are_no_variables(sandbox: Sandbox) -> None:
    code = "import re\nfrom datetime import date\ndef f(): return 1\nclass A: pass\n_hidden = 1\nf2 = read\nx = f()"
    assert (await sandbox.run(code, TOOLS)).text == "{'x': 1}"


async def test_an_error_comes_with_the_variables_and_its_line(sandbox: Sandbox) -> None:
    result = await sandbox.run("a = 1\nb = a / 0\nc = 3", TOOLS)
    assert not result.ok
    variables, error = ast.literal_eval(result.text)
    assert variables == {"a": 1}
    assert error == "ZeroDivisionError: division by zero (line 2: b = a / 0)"


async def test_a_refused_tool_raises_in_the_block_and_can_be_caught(sandbox: Sandbox) -> None:
    caught = await sandbox.run("try:\n    refuse()\nexcept Exception as e:\n    said = str(e)", TOOLS)
    assert caught.text == "{'said': 'Not there; use another.'}"
    uncaught = await sandbox.run("x = refuse()", TOOLS)
    assert "RuntimeError: Not there; use another." in uncaught.text


async def test_a_tool_called_wrongly_is_explained(sandbox: Sandbox) -> None:
    assert "missing 1 required positional argument: 'name'" in (await sandbox.run("x = read()", TOOLS)).text
    assert "unexpected keyword argument" in (await sandbox.run("x = read(nam='a')", TOOLS)).text


async def test_what_is_no_python_is_said_to_be_so(sandbox: Sandbox) -> None:
    assert "SyntaxError" in (await sandbox.run("x = (", TOOLS)).text


async def test_nothing_passes_from_one_block_to_the_next(sandbox: Sandbox) -> None:
    await sandbox.run("leak = 1", TOOLS)
    assert "NameError" in (await sandbox.run("x = leak", TOOLS)).text


async def test_a_block_that_computes_too_long_is_stopped() -> None:
    sandbox = Sandbox(SandboxLimits(seconds=0.2))
    try:
        assert "too much time" in (await sandbox.run("while True:\n    pass", TOOLS)).text
        assert (await sandbox.run("x = 1", TOOLS)).text == "{'x': 1}"
    finally:
        await sandbox.close()


async def test_waiting_for_a_tool_does_not_count_as_computing() -> None:
    async def slow() -> bool:
        await asyncio.sleep(0.5)
        return True

    sandbox = Sandbox(SandboxLimits(seconds=0.2))
    try:
        assert (await sandbox.run("x = slow()", {"slow": slow})).text == "{'x': True}"
    finally:
        await sandbox.close()


async def test_tools_that_wait_hold_up_no_other_block(sandbox: Sandbox) -> None:
    """Order, not time: the waiting blocks can end only after the others have."""
    released = asyncio.Event()

    async def wait() -> bool:
        await released.wait()
        return True

    waiting = [asyncio.create_task(sandbox.run("x = wait()", {"wait": wait})) for _ in range(7)]
    await asyncio.sleep(0.2)
    for _ in range(20):
        assert (await sandbox.run("x = read('a')", TOOLS)).ok
    assert not any(task.done() for task in waiting)
    released.set()
    assert [result.text for result in await asyncio.gather(*waiting)] == ["{'x': True}"] * 7


async def test_a_cancelled_block_gives_its_place_to_the_next() -> None:
    sandbox = Sandbox(SandboxLimits(workers=1))
    try:
        endless = asyncio.create_task(sandbox.run("while True:\n    pass", TOOLS))
        await asyncio.sleep(0.3)
        endless.cancel()
        with pytest.raises(asyncio.CancelledError):
            await endless
        assert (await sandbox.run("x = 1", TOOLS)).text == "{'x': 1}"
    finally:
        await sandbox.close()


async def test_a_block_cancelled_while_a_tool_waits_gives_its_place_to_the_next() -> None:
    async def wait() -> bool:
        await asyncio.sleep(3600)
        return True

    sandbox = Sandbox(SandboxLimits(workers=1))
    try:
        waiting = asyncio.create_task(sandbox.run("x = wait()", {"wait": wait}))
        await asyncio.sleep(0.3)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert (await sandbox.run("x = 1", TOOLS)).text == "{'x': 1}"
    finally:
        await sandbox.close()


@pytest.mark.parametrize(
    ("code", "x"),
    [
        ("x = next((a for a in [1, 2] if a > 1), None)", 2),
        ("x = next((a for a in [1] if a > 1), 'none')", "none"),
        ("x = sorted(['b', 'A'], key=str.lower)", ["A", "b"]),
        ("x = [*map(str.strip, [' a '])]", ["a"]),
        ("x = list(map(read, ['a', 'b']))", ["text of a", "text of b"]),
        ("x = list(map(lambda n: read(n), ['a']))", ["text of a"]),
        ("x = list(filter(lambda n: 'b' in read(n), ['a', 'b']))", ["b"]),
        ("def size(n):\n    return len(read(n))\nx = max(['a', 'bbb', 'cc'], key=size)", "bbb"),
        (
            "def size(n):\n    return len(read(n))\nx = sorted(['aaa', 'b', 'cc', 'd'], key=size)",
            ["b", "d", "cc", "aaa"],
        ),
        (
            "def size(n):\n    return len(read(n))\nx = sorted(['b', 'aa', 'd'], key=size, reverse=True)",
            ["aa", "b", "d"],
        ),
        ("d = {'a': 1, 'b': 2}\ndel d['a']\nx = d", {"b": 2}),
        ("x = [1, 2, 3, 4]\ndel x[1:3]", [1, 4]),
        ("x = [1, 2, 3]\ndel x[0], x[0]", [3]),
        ("x = callable(len)", True),
        ("import string\nx = string.digits", "0123456789"),
        ("from string import ascii_lowercase as low\nx = low[:3]", "abc"),
        ("import json\nx = json.loads('[1]')", [1]),
        ("import re\nx = re.findall(r'- (\\w+):', '- a: 1')", ["a"]),
        ("x = read(name='a')", "text of a"),
    ],
)
async def test_what_models_commonly_write_runs(sandbox: Sandbox, code: str, x: object) -> None:
    result = await sandbox.run(code, TOOLS)
    assert result.ok, result.text
    assert ast.literal_eval(result.text)["x"] == x


@pytest.mark.parametrize("code", ["def g():\n    yield 1", "class A(dict):\n    pass"])
async def test_what_is_not_supported_says_what_to_write_instead(sandbox: Sandbox, code: str) -> None:
    assert "Write it without that" in (await sandbox.run(code, TOOLS)).text
