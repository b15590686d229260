"""Blocks that try to get out: none reaches a file, a process, the network or the daemon, and it lives on."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from commonplace.agent.sandbox import Sandbox, SandboxLimits
from commonplace.agent.tools import Tools
from commonplace.vault.memory import Memory
from commonplace.vault.notes import Vault

pytestmark = pytest.mark.attack

SECRET = "the-secret-outside-the-vault"


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "vault"
    sibling = tmp_path / "vault-sibling"
    for folder in (root / "entities", root / ".obsidian", sibling):
        folder.mkdir(parents=True)
    (root / "user.md").write_text("# User\n")
    (root / ".obsidian" / "app.json").write_text(SECRET)
    (tmp_path / "secret.md").write_text(SECRET)
    (sibling / "secret.md").write_text(SECRET)
    (root / "entities" / "escape").symlink_to(sibling)
    (root / "entities" / "escape.md").symlink_to(sibling / "secret.md")
    monkeypatch.setenv("COMMONPLACE_TEST_SECRET", SECRET)
    return root


@pytest_asyncio.fixture
async def small_sandbox() -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(SandboxLimits(seconds=0.5, memory=16 * 1024 * 1024, workers=2))
    yield sandbox
    await sandbox.close()


REACHES_OUT = [
    "x = open('/etc/passwd').read()",
    "x = open('{outside}/secret.md').read()",
    "with open('user.md', 'w') as f:\n    f.write('gone')",
    "import os\nx = os.listdir('/')",
    "import os\nx = os.environ",
    "import os\nx = os.getenv('COMMONPLACE_TEST_SECRET')",
    "import os\nx = os.open('/etc/passwd', 0)",
    "import os\nx = os.system('id')",
    "import os\nos.remove('user.md')",
    "import os\nos.rename('user.md', 'x')",
    "import shutil\nshutil.rmtree('/')",
    "import subprocess\nx = subprocess.check_output(['id'])",
    "import socket\nx = socket.socket()",
    "import urllib.request\nx = urllib.request.urlopen('http://127.0.0.1')",
    "import ctypes",
    "import importlib\nx = importlib.import_module('os')",
    "import sys\nx = sys.modules['os'].listdir('/')",
    "import sys\nx = sys._getframe()",
    "import pickle\nx = pickle.loads(b'')",
    "import signal, threading",
    "import commonplace",
    "from commonplace.agent.tools import Tools",
    "import pydantic_monty",
    "from pathlib import Path\nx = Path('/etc/passwd').read_text()",
    "from pathlib import Path\nx = list(Path('/').iterdir())",
    "from pathlib import Path\nPath('user.md').unlink()",
    "x = ().__class__.__base__.__subclasses__()",
    "x = ''.__class__.__mro__[1].__subclasses__()",
    "x = [c for c in object.__subclasses__()]",
    "x = (lambda: 0).__globals__",
    "x = (lambda: 0).__code__",
    "x = read_file.__globals__",
    "x = read_file.__self__._memory",
    "x = read_file.__closure__",
    "x = getattr(read_file, '__self__')",
    "x = '{{0.__class__.__init__.__globals__}}'.format(read_file)",
    "x = f'{{read_file.__self__}}'",
    "x = eval('1 + 1')",
    "exec('import os')",
    "x = compile('1', 'a', 'eval')",
    "x = __import__('os')",
    "x = __builtins__['open']",
    "x = globals()['__builtins__']",
    "x = vars()",
    "breakpoint()",
    "x = input()",
    "try:\n    1 / 0\nexcept Exception as e:\n    x = e.__traceback__.tb_frame.f_globals",
    "class A:\n    def __del__(self): open('/etc/passwd')\nA()",
    "type('X', (object,), {{}})",
    "import asyncio\nx = asyncio.create_subprocess_shell('id')",
    "import time\ntime.sleep(30)",
]


@pytest.mark.parametrize("code", REACHES_OUT)
async def test_a_block_reaches_nothing_but_the_tools(vault: Path, small_sandbox: Sandbox, code: str) -> None:
    before = {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()}
    result = await small_sandbox.run(code.format(outside=vault.parent), Tools(Memory(Vault(vault))).functions())
    assert SECRET not in result.text
    assert "root:" not in result.text
    assert str(os.getpid()) not in result.text
    assert "<bound method" not in result.text
    assert {path: path.read_bytes() for path in vault.rglob("*") if path.is_file()} == before
    assert (await small_sandbox.run("alive = 1", {})).text == "{'alive': 1}"


WRITES_OUT = [
    "../secret.md",
    "../vault-sibling/secret.md",
    "{outside}/secret.md",
    "entities/../../secret.md",
    "entities/escape/secret.md",
    "entities/escape.md",
    "entities/..%2f..%2fsecret.md",
    ".obsidian/app.json",
    "entities/.hidden.md",
    "file:///etc/passwd",
    "~/secret.md",
    "entities/x.md\x00.png",
    "entities\\..\\..\\secret.md",
    "//etc/passwd",
    "entities/CON.md",
]


@pytest.mark.parametrize("name", WRITES_OUT)
async def test_no_tool_reads_or_writes_outside_the_vault(vault: Path, small_sandbox: Sandbox, name: str) -> None:
    outside = {path: path.read_bytes() for path in vault.parent.rglob("*") if path.is_file()}
    tools = Tools(Memory(Vault(vault))).functions()
    target = repr(name.format(outside=vault.parent))
    for call in (
        f"read_file({target})",
        f"create_file({target}, '# X')",
        f"update_file({target}, 'secret', 'gone')",
        f"delete_file({target})",
        f"go_to_link({target})",
        f"create_dir({target})",
        f"get_size({target})",
    ):
        result = await small_sandbox.run(f"x = {call}", tools)
        assert SECRET not in result.text
        assert not result.ok or "Error: " in result.text, (call, result.text)
    assert {path: path.read_bytes() for path in vault.parent.rglob("*") if path.is_file()} == outside


EXHAUSTS = [
    "while True:\n    pass",
    "def f():\n    f()\nf()",
    "x = 'a' * 10 ** 10",
    "x = [0] * 10 ** 9",
    "x = 'a'\nwhile True:\n    x = x + x",
    "x = []\nwhile True:\n    x.append('a' * 1000)",
    "x = 2\nwhile True:\n    x = x * x",
    "x = 10 ** 10 ** 10",
    "for i in range(10 ** 12):\n    print('flood' * 100)",
    "x = sum(i for i in range(10 ** 12))",
    "x = {}\nx['x'] = x\ny = str(x) * 10 ** 9",
    "x = '%1000000000d' % 1",
    "x = f'{1:1000000000}'",
    "x = ((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))" + " + 1" * 20_000,
    "x = " + "[" * 5_000 + "]" * 5_000,
    "while True:\n    check_if_file_exists('user.md')",
    "[read_file('user.md') for _ in range(10 ** 6)]",
    "import asyncio\nasync def f():\n    await asyncio.gather(*[f() for _ in range(10)])\nawait f()",
]


@pytest.mark.parametrize("code", EXHAUSTS)
async def test_a_block_that_wants_everything_is_stopped(vault: Path, small_sandbox: Sandbox, code: str) -> None:
    result = await small_sandbox.run(code, Tools(Memory(Vault(vault))).functions())
    assert not result.ok
    assert len(result.text) < 20_000
    assert (await small_sandbox.run("alive = 1", {})).text == "{'alive': 1}"
