"""What is known to go wrong in mem-agent-mcp, the server this project learned from, does not go wrong here.

Its weaknesses of the sandbox stand in test_attacks, of the path check in test_path, of the tags in
test_grammar; those of the tools and the loop stand here.
"""

import ast
from collections.abc import Callable
from typing import Any

import pytest

from commonplace.agent.sandbox import Sandbox, ToolRefused
from commonplace.agent.tools import Tools
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

MakeMemory = Callable[..., Memory]


async def run(memory: Memory, sandbox: Sandbox, code: str) -> Any:
    result = await sandbox.run(code, Tools(memory).functions())
    return ast.literal_eval(result.text)


async def test_functions_and_generator_expressions_see_the_blocks_names(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    code = "names = ['user.md', 'entities/dria.md']\ndef size(n):\n    return len(read_file(n))\n"
    code += "sizes = [size(n) for n in names]\ntotal = sum(size(n) for n in names)"
    found = await run(make_memory(), sandbox, code)
    assert found["total"] == sum(found["sizes"])


async def test_printing_does_not_corrupt_the_result(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    assert await run(make_memory(), sandbox, "print('{\"x\": 2}')\nx = 1") == {"x": 1}


async def test_a_block_of_more_than_110_kilobytes_runs(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    code = f"text = {'y' * 150_000!r}\nsize = len(text)\ntext = ''"
    assert await run(make_memory(), sandbox, code) == {"text": "", "size": 150_000}


async def test_the_text_that_a_block_writes_keeps_its_blank_lines_and_spaces(
    make_memory: MakeMemory, sandbox: Sandbox
) -> None:
    memory = make_memory()
    text = "# X\n\n\n\n- a:   1\n  \n\ttab\n\n"
    assert await run(memory, sandbox, f"ok = create_file('entities/x.md', {text!r})") == {"ok": True}
    written = (memory.vault.root / "entities/x.md").read_text()
    assert written.endswith(text)


async def test_an_ambiguous_update_writes_nothing_and_says_so(make_memory: MakeMemory) -> None:
    memory = make_memory({"user.md": "- a: 1\n- a: 1\n"})
    answer = await Tools(memory).update_file("user.md", "- a: 1", "- a: 2")
    assert "more than one place" in str(answer)
    assert (memory.vault.root / "user.md").read_text() == "- a: 1\n- a: 1\n"


async def test_creating_over_a_note_is_refused(make_memory: MakeMemory) -> None:
    memory = make_memory()
    with pytest.raises(ToolRefused):
        await Tools(memory).create_file("user.md", "# Mine now\n")
    assert "Robin" in (memory.vault.root / "user.md").read_text()


async def test_the_list_of_files_stays_small_in_a_large_vault_with_a_loop(make_memory: MakeMemory) -> None:
    memory = make_memory({f"entities/e_{index}.md": "" for index in range(3_000)})
    (memory.vault.root / "entities" / "loop").symlink_to(memory.vault.root)
    tree = await Tools(memory).list_files()
    assert len(tree) < 8_000
    assert "entities/ (3,000 notes)" in tree


async def test_the_size_limit_of_a_note_is_enforced(make_memory: MakeMemory) -> None:
    memory = Memory(Vault(make_memory().vault.root, largest_note=1_000))
    with pytest.raises(ToolRefused, match="a note may have 1,000"):
        await Tools(memory).create_file("entities/x.md", "# X\n" + "y" * 1_000)
    assert "a note may have 1,000" in str(await Tools(memory).update_file("user.md", "Robin", "R" * 1_000))


async def test_a_long_result_is_cut_and_not_the_models_context(make_memory: MakeMemory, sandbox: Sandbox) -> None:
    memory = make_memory({"user.md": "x" * 500_000})
    result = await sandbox.run("a = read_file('user.md')\nb = read_file('user.md')", Tools(memory).functions())
    assert len(result.text) < 16_500
    assert "of 500,000 characters" in result.text
