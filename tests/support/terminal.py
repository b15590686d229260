"""A terminal with a program in it: a real one, of the kind that turns Ctrl-C into a signal."""

import asyncio
import re

CTRL_C, CTRL_D = b"\x03", b"\x04"
LONGEST_SILENCE = 60.0
"""Seconds: longer than a client itself gives a daemon to start, so that a hang is told from a machine that is busy."""
SPAWN = (
    "import os, pty, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
)
"""A terminal as a person opens it: tests that run in the background are started with Ctrl-C ignored."""


class Terminal:
    """A terminal with a program in it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._unread = ""
        self.raw = ""

    async def until(self, text: str) -> str:
        """Wait for the text; what was shown up to it, without colours."""
        while text not in self._unread:
            assert self._process.stdout is not None
            chunk = await asyncio.wait_for(self._process.stdout.read(65_536), LONGEST_SILENCE)
            assert chunk, f"the program ended before {text!r}; it had shown {self._unread!r}"
            self.raw += chunk.decode()
            self._unread = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self._unread + chunk.decode()).replace("\r", "")
        before, _, self._unread = self._unread.partition(text)
        return before

    def type(self, keys: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(keys)

    async def ask(self, question: str) -> str:
        """Type a question at the prompt; what is shown until the next prompt."""
        self.type(question.encode() + b"\n")
        await self.until(f"{question}\n")
        return await self.until("> ")

    async def leave(self, keys: bytes = CTRL_D) -> int:
        self.type(keys)
        return await asyncio.wait_for(self._process.wait(), LONGEST_SILENCE)
